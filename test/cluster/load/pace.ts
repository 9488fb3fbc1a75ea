import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** No load goes beyond these, whatever somebody asks for: the machine is shared and runs the cluster too. */
export const limits = { perSecond: 2000, bytesPerSecond: 8_000_000, seconds: 1800, partitions: 120 } as const;

/** Throws when a wanted value is not a number between 0 and its limit. */
export function requireWithin(what: string, value: number, limit: number): void {
  if (Number.isFinite(value) && value > 0 && value <= limit) return;
  throw new Error(`${what} must be more than 0 and at most ${limit}.`);
}

/**
 * Calls `work` at fixed moments, whatever earlier calls are doing: a system that hangs must not slow down the load that
 * measures it. Moments that were missed because this process was busy are left out. Returns when the signal aborts.
 */
export async function everyInterval(milliseconds: number, signal: AbortSignal, work: () => void): Promise<void> {
  const started = performance.now();
  for (let tick = 0; !signal.aborted;) {
    work();
    const passed = Math.floor((performance.now() - started) / milliseconds);
    tick = Math.max(tick + 1, passed);
    await pause(started + tick * milliseconds - performance.now(), signal);
  }
}

/** Sleeps, but not beyond the moment at which the signal aborts. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  if (milliseconds <= 0 || signal?.aborted === true) return;
  await sleep(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}
