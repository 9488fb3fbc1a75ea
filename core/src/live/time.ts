/** Times of servers, read without a clock: core has none. All numbers are milliseconds, points in time since 1970. */

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** RFC 3339, as the server writes times: `2026-01-01T12:00:00Z`; undefined for everything else. */
export function timeOf(value: unknown): number | undefined {
  const parts = typeof value === 'string' ? RFC_3339.exec(value) : null;
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '0', sign, offsetHours, offsetMinutes] = parts;
  const days = daysSince1970(Number(year), Number(month), Number(day));
  const local = days * DAY + Number(hour) * HOUR + Number(minute) * MINUTE + Number(second) * SECOND;
  const offset = Number(offsetHours ?? 0) * HOUR + Number(offsetMinutes ?? 0) * MINUTE;
  return Math.round(local + Number(fraction) * SECOND) + (sign === '-' ? offset : -offset);
}

/** Counts in years that begin in March, so that the leap day is the last of its year. Of the Gregorian calendar. */
function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  const DAYS_FROM_YEAR_0_TO_1970 = 719_468;
  return shifted * 365 + leapDays + dayOfYear - DAYS_FROM_YEAR_0_TO_1970;
}

/** How long, in the largest unit that is full: `12 s`, `3 min`, `5 h`, `2 d`. */
export function durationText(milliseconds: number): string {
  const length = Math.max(0, milliseconds);
  if (length < MINUTE) return `${Math.floor(length / SECOND)} s`;
  if (length < HOUR) return `${Math.floor(length / MINUTE)} min`;
  if (length < DAY) return `${Math.floor(length / HOUR)} h`;
  return `${Math.floor(length / DAY)} d`;
}
