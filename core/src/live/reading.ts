/**
 * Reading of values that a server sent and that nobody has checked: `spec` and `status` of custom resources. What has another type
 * than expected counts as absent.
 */
export type UntrustedObject = Readonly<Record<string, unknown>>;

const NOTHING: UntrustedObject = {};

export function objectAt(value: unknown, ...path: readonly string[]): UntrustedObject {
  let at = value;
  for (const key of path) at = isUntrustedObject(at) ? at[key] : undefined;
  return isUntrustedObject(at) ? at : NOTHING;
}

export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = valueAt(value, path);
  return typeof found === 'string' ? found : '';
}

export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = valueAt(value, path);
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}

/** True only when it is `true`. */
export function isSetAt(value: unknown, ...path: readonly string[]): boolean {
  return valueAt(value, path) === true;
}

export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found : [];
}

/** Milliseconds since 1970 of a field that holds a time. */
export function timeAt(value: unknown, ...path: readonly string[]): number | undefined {
  return parseTime(textAt(value, ...path));
}

export function isUntrustedObject(value: unknown): value is UntrustedObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  const last = path.at(-1);
  return last === undefined ? value : objectAt(value, ...path.slice(0, -1))[last];
}

const TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):?(\d\d))$/;

/** Milliseconds since 1970 of a time as RFC 3339 writes it, with any number of decimals; undefined for anything else. */
export function parseTime(text: string): number | undefined {
  const [, year, month, day, hour, minute, second, fraction = '', sign, zoneHour, zoneMinute] = TIME.exec(text) ?? [];
  if (year === undefined) return undefined;
  const days = daysSince1970(Number(year), Number(month), Number(day));
  const zone = (Number(zoneHour ?? 0) * 60 + Number(zoneMinute ?? 0)) * (sign === '-' ? -1 : 1);
  const minutes = (days * 24 + Number(hour)) * 60 + Number(minute) - zone;
  return (minutes * 60 + Number(second)) * 1_000 + Number(fraction.padEnd(3, '0').slice(0, 3));
}

/** Days of the Gregorian calendar; years are counted from March, so that the day that leap years add is their last. */
function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  return shifted * 365 + leapDays + dayOfYear - DAYS_TO_1970;
}

/** From the 1st of March of the year 0. */
const DAYS_TO_1970 = 719_468;
