import { ago } from '#core/live/durations.ts';
import { plainText } from '#core/live/plainText.ts';

/** A name and its text, or several texts below each other; a row without text is left out. */
export type Row = readonly [name: string, text: string | readonly string[]];

/** Longest text of one line; messages of operators are long, and cut only far beyond what people read. */
const LONGEST_LINE = 2_000;

/** Rows as lines whose texts begin in one column. Texts lose their control characters here. */
export function table(rows: readonly Row[], indent = ''): readonly string[] {
  const cleaned = rows.flatMap(([name, text]) => {
    const texts = (typeof text === 'string' ? [text] : text).map(oneLine).filter((line) => line !== '');
    return texts.length === 0 ? [] : [{ name: oneLine(name), texts }];
  });
  const width = Math.min(32, Math.max(0, ...cleaned.map(({ name }) => name.length)));
  return cleaned.flatMap(({ name, texts }) =>
    texts.map((text, index) => `${indent}${(index === 0 ? name : '').padEnd(width)}  ${text}`),
  );
}

/** Nothing at all when there is nothing to say. */
export function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, '-'.repeat(title.length), ...lines];
}

/** A line and what belongs to it, a little to the right. */
export function linesOf(head: string, message: string): readonly string[] {
  const text = oneLine(message);
  return text === '' ? [oneLine(head)] : [oneLine(head), `    ${text}`];
}

/** `2026-01-01 12:00:00Z, 3 min ago`; empty for no time. */
export function timeWithAge(at: number | undefined, now: number): string {
  return at === undefined ? '' : `${timeText(at)}, ${ago(now - at)}`;
}

/** A point in time in UTC to the second, without a clock: `2026-01-01 12:00:00Z`. */
export function timeText(at: number): string {
  const seconds = Math.floor(at / 1_000);
  const day = Math.floor(seconds / 86_400);
  const rest = seconds - day * 86_400;
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = [Math.floor(rest / 3_600), Math.floor(rest / 60) % 60, rest % 60].map(two).join(':');
  const { year, month, date } = dateOf(day);
  return `${year}-${two(month)}-${two(date)} ${clock}Z`;
}

/** Days since 1970 as a date of the Gregorian calendar, counted in years that begin in March. */
function dateOf(day: number): { readonly year: number; readonly month: number; readonly date: number } {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return { year, month, date: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1 };
}

function oneLine(text: string): string {
  return plainText(text, LONGEST_LINE);
}
