import type { Clock } from '#core/live/ports.ts';

/** The time of this machine. */
export const editorClock: Clock = {
  now: Date.now,
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    return { stop: () => clearTimeout(timer) };
  },
};
