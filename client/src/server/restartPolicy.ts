/** When a server that ends by itself is started again. Times in milliseconds. */
export interface RestartLimits {
  /** Most ends within the window that are answered with a restart. */
  readonly restarts: number;
  readonly windowMs: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

export const defaultRestartLimits: RestartLimits = {
  restarts: 4,
  windowMs: 180_000,
  firstDelayMs: 500,
  longestDelayMs: 8_000,
};

export type RestartDecision =
  | { readonly kind: 'restart'; readonly delayMs: number; readonly attempt: number }
  | { readonly kind: 'giveUp'; readonly ends: number };

export interface RestartStep {
  readonly decision: RestartDecision;
  /** Times of the ends that still count, this one included; give them to the next call. */
  readonly endTimes: readonly number[];
}

/** Decides what follows an unexpected end: each restart waits twice as long as the one before, and too many in a row are the last. */
export function decideRestart(earlierEnds: readonly number[], now: number, limits: RestartLimits): RestartStep {
  const endTimes = [...earlierEnds.filter((time) => now - time < limits.windowMs), now];
  const ends = endTimes.length;
  if (ends > limits.restarts) return { decision: { kind: 'giveUp', ends }, endTimes };
  const delayMs = Math.min(limits.firstDelayMs * 2 ** (ends - 1), limits.longestDelayMs);
  return { decision: { kind: 'restart', delayMs, attempt: ends }, endTimes };
}
