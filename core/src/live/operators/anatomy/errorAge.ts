import type { ErrorLine } from '#core/live/operators/anatomy/model.ts';

/** Whether an error of a log still counts for how its operator is: it does, it is over as far as anybody can tell, or its time is not known. */
export type ErrorAge = 'current' | 'past' | 'undated';

const HOUR_MS = 60 * 60_000;

/**
 * An error that still holds is met again at the next try, and controllers wait at most 1,000 s between tries (source: the default rate
 * limiter of client-go's work queues), so that three tries fit into this time. A restart of an operator counts for as long.
 */
export const CURRENT_MS = HOUR_MS;

/** Some work is done every few hours only: what fails in each of its turns goes on, but nothing that has been silent for a day does. */
const LONGEST_RHYTHM_MS = 24 * HOUR_MS;

/** Two times may be chance; from the third on there is a rhythm. */
const TIMES_OF_A_RHYTHM = 3;

/**
 * A line without a readable time is neither: to call it past could hide what is wrong now, and to call it current would warn for ever.
 * It is shown, and said to be unknown.
 */
export function ageOf(line: ErrorLine, now: number): ErrorAge {
  if (line.at === undefined) return 'undated';
  return now - line.at <= Math.max(CURRENT_MS, rhythmOf(line)) ? 'current' : 'past';
}

/** Twice the time between one occurrence and the next, so that one that comes a little late is waited for; zero when it has no rhythm. */
function rhythmOf({ at, firstAt, count }: ErrorLine): number {
  if (at === undefined || firstAt === undefined || count < TIMES_OF_A_RHYTHM) return 0;
  return Math.min(LONGEST_RHYTHM_MS, (2 * (at - firstAt)) / (count - 1));
}
