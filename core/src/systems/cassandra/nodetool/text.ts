/** What all of nodetool's answers have in common. Whatever a node prints, nothing here throws. */

const LONGEST_LINE = 4000;
const MOST_LINES = 50_000;
/** Everything that moves a cursor or turns the direction of text, but not the tab. */
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Lines are cut where no table goes on, so that no pattern works long on what is none. */
export function linesOf(text: string, longest = LONGEST_LINE): readonly string[] {
  return text.split('\n', MOST_LINES).map((line) => line.slice(0, longest).replace(UNPRINTABLE, ''));
}

/** One line for people of whatever a node printed. */
export function oneLine(text: string): string {
  return text
    .slice(0, LONGEST_LINE)
    .replaceAll(/[\r\n\t]+/g, ' ')
    .replace(UNPRINTABLE, '')
    .trim();
}

const UNITS: ReadonlyMap<string, number> = new Map(
  ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'].flatMap((unit, power) => [
    [unit, 1024 ** power] as const,
    // Up to 3.0 the same powers of 1024 were spelled KB, MB and so on.
    [unit.replace('iB', 'B'), 1024 ** power] as const,
  ]),
);

/** `100.41 KiB` in bytes; undefined for `?` and anything else. */
export function bytesOf(text: string): number | undefined {
  const [, amount = '', unit = ''] = /^([\d.,]+) ?([A-Za-z]+)$/.exec(text.trim()) ?? [];
  const factor = UNITS.get(unit);
  const value = decimalOf(amount);
  return factor === undefined || value === undefined ? undefined : Math.round(value * factor);
}

/** `66.7%` is 66.7; undefined for `?` and `NaN%`. */
export function percentOf(text: string): number | undefined {
  return text.trim().endsWith('%') ? decimalOf(text.trim().slice(0, -1)) : undefined;
}

/** A number with a point, or with the comma of another locale, where the locale could not be set. */
export function decimalOf(text: string): number | undefined {
  const plain = text.includes('.') ? text.replaceAll(',', '') : text.replace(',', '.');
  return /^\d+(?:\.\d+)?$/.test(plain) ? Number(plain) : undefined;
}

export function wholeNumberOf(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** `host/10.0.0.1:7000`, `/10.0.0.1` and `[fd00::1]:7000` without name and port. */
export function addressOf(text: string): string {
  const bare = text.trim().slice(text.trim().lastIndexOf('/') + 1);
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(bare);
  if (bracketed) return bracketed[1] ?? '';
  return bare.split(':').length === 2 ? bare.replace(/:\d+$/, '') : bare;
}

/** `[10.0.0.1, 10.0.0.2]`. */
export function addressesOf(list: string): readonly string[] {
  return list
    .trim()
    .replace(/^\[/, '')
    .replace(/\]$/, '')
    .split(',')
    .map(addressOf)
    .filter((address) => address !== '');
}

/** `2026-11-24 10:15:30,123` in UTC as milliseconds since 1970; core has no calendar of its own. */
export function timeOf(text: string): number | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2}):(\d{2})(?:[.,](\d{3}))?$/.exec(text.trim());
  if (!parts) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, milli = 0] = parts
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  return ((daysSince1970(year, month, day) * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + milli;
}

/** Counts from March, so that the leap day is the last of its year. */
function daysSince1970(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  return shifted * 365 + leapDays + dayOfYear - 719_468;
}
