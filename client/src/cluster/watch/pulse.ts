import type { Clock, Stoppable } from '#core/live/ports.ts';

/** How often the time is looked at. */
export const beatMs = 10_000;
/** A beat that comes this much later means that the computer was asleep, or its clock was set. */
export const sleepMs = 20_000;

export interface Pulse extends Stoppable {
  /** Called at every beat, or with `hasSlept` after a gap. */
  onBeat(listener: (beat: { readonly now: number; readonly hasSlept: boolean }) => void): Stoppable;
}

/**
 * Beats as long as somebody listens.
 * @param slept called after a sleep, before the listeners are
 */
export function createPulse(clock: Clock, slept: () => void): Pulse {
  const listeners = new Set<(beat: { readonly now: number; readonly hasSlept: boolean }) => void>();
  let timer: Stoppable | undefined;
  const schedule = (): void => {
    const expected = clock.now() + beatMs;
    timer = clock.after(beatMs, () => {
      const now = clock.now();
      const hasSlept = Math.abs(now - expected) > sleepMs;
      schedule();
      if (hasSlept) slept();
      for (const listener of listeners) listener({ now, hasSlept });
    });
  };
  const stop = (): void => {
    timer?.stop();
    timer = undefined;
  };
  return {
    onBeat(listener) {
      listeners.add(listener);
      if (timer === undefined) schedule();
      return {
        stop() {
          listeners.delete(listener);
          if (listeners.size === 0) stop();
        },
      };
    },
    stop() {
      listeners.clear();
      stop();
    },
  };
}
