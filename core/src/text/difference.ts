import { diffLines } from '#core/text/diff.ts';

const CONTEXT_LINES = 3;

interface Row {
  /** As it stands before the line: a blank for what stays. */
  readonly mark: ' ' | '-' | '+';
  readonly line: string;
}

/** The difference of two texts for people: lines that go and come with a few that stay around them; empty when they are equal. */
export function describeDifference(before: string, after: string): string {
  const rows = rowsOf(before, after);
  const shown = new Set<number>();
  for (const [index, { mark }] of rows.entries()) {
    if (mark === ' ') continue;
    for (let near = index - CONTEXT_LINES; near <= index + CONTEXT_LINES; near++) shown.add(near);
  }
  const lines: string[] = [];
  let last = -1;
  for (const [index, { mark, line }] of rows.entries()) {
    if (!shown.has(index)) continue;
    if (index > last + 1) lines.push(`@@ ${describeGap(index - last - 1)} @@`);
    lines.push(`${mark}${line}`);
    last = index;
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

function describeGap(count: number): string {
  return count === 1 ? '1 line as before' : `${count} lines as before`;
}

function rowsOf(before: string, after: string): readonly Row[] {
  const rows: Row[] = [];
  let from = 0;
  for (const { range, newText } of diffLines(before, after)) {
    pushRows(rows, ' ', before.slice(from, range.start));
    pushRows(rows, '-', before.slice(range.start, range.end));
    pushRows(rows, '+', newText);
    from = range.end;
  }
  pushRows(rows, ' ', before.slice(from));
  return rows;
}

function pushRows(rows: Row[], mark: Row['mark'], text: string): void {
  if (text === '') return;
  const lines = text.replace(/(?:\r\n|\n|\r)$/, '').split(/\r\n|\n|\r/);
  for (const line of lines) rows.push({ mark, line });
}
