const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** From the largest; a unit is used from twice its length on, so that a number never says less than half of what is so. */
const units: readonly { readonly length: number; readonly name: string }[] = [
  { length: DAY, name: 'days' },
  { length: HOUR, name: 'h' },
  { length: MINUTE, name: 'min' },
];

/** A length of time for people, rounded down: `40 s`, `3 min`, `2 h`, `5 days`. Nothing below zero. */
export function duration(milliseconds: number): string {
  const { length, name } = units.find(({ length }) => milliseconds >= 2 * length) ?? { length: SECOND, name: 's' };
  return `${Math.max(0, Math.floor(milliseconds / length))} ${name}`;
}

/** How long ago something was: `3 min ago`; `just now` for less than a second and for what clocks that differ put into the future. */
export function ago(milliseconds: number): string {
  return milliseconds < SECOND ? 'just now' : `${duration(milliseconds)} ago`;
}

/** When something will be, rounded up so that it is never promised too early: `in 40 s`; `now` when the time has come. */
export function ahead(milliseconds: number): string {
  return milliseconds <= 0 ? 'now' : `in ${duration(milliseconds + SECOND - 1)}`;
}
