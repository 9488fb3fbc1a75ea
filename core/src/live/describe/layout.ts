import { ago } from '#core/live/durations.ts';
import { plainText } from '#core/live/plainText.ts';
import { formatTime } from '#core/time.ts';

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

/** A point in time in UTC to the second: `2026-01-01 12:00:00Z`. */
export function timeText(at: number): string {
  return formatTime(at).replace('T', ' ');
}

function oneLine(text: string): string {
  return plainText(text, LONGEST_LINE);
}
