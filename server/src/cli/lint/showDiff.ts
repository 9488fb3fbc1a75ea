import { diffLines } from '#core/text/diff.ts';
import { LineIndex } from '#core/text/lines.ts';

const CONTEXT_LINES = 3;

interface LineChange {
  /** First replaced line of the old text, from 0, and the line behind the last. */
  readonly start: number;
  readonly end: number;
  readonly added: readonly string[];
}

/** What `--fix` would change in a file, in the unified form that `patch` and `git apply` read. Empty for equal texts. */
export function showDiff(name: string, before: string, after: string): string {
  const changes = toLineChanges(before, after);
  if (changes.length === 0) return '';
  const lines = splitLines(before);
  const hunks: string[] = [];
  let shift = 0;
  for (const group of groupChanges(changes)) {
    const hunk = drawHunk(group, lines, shift);
    hunks.push(hunk.text);
    shift += hunk.growth;
  }
  return `--- a/${name}\n+++ b/${name}\n${hunks.join('')}`;
}

/** Widens edits to whole lines and joins those that meet. */
function toLineChanges(before: string, after: string): readonly LineChange[] {
  const index = new LineIndex(before);
  return diffLines(before, after).map(({ range, newText }) => {
    const start = index.lineOf(range.start);
    const head = before.slice(index.startOf(start), range.start);
    const endsAtLineStart = range.end > range.start && index.startOf(index.lineOf(range.end)) === range.end;
    const isPureInsertion = range.start === range.end && head === '';
    const end = endsAtLineStart || isPureInsertion ? index.lineOf(range.end) : index.lineOf(range.end) + 1;
    const tail = before.slice(range.end, endsAtLineStart || isPureInsertion ? range.end : index.startOf(end));
    return { start, end, added: splitLines(`${head}${newText}${tail}`) };
  });
}

function groupChanges(changes: readonly LineChange[]): readonly (readonly LineChange[])[] {
  const groups: LineChange[][] = [];
  for (const change of changes) {
    const last = groups.at(-1);
    const gap = change.start - (last?.at(-1)?.end ?? -Infinity);
    if (last && gap <= CONTEXT_LINES * 2) last.push(change);
    else groups.push([change]);
  }
  return groups;
}

function drawHunk(
  group: readonly LineChange[],
  lines: readonly string[],
  shift: number,
): { readonly text: string; readonly growth: number } {
  const from = Math.max(0, (group[0]?.start ?? 0) - CONTEXT_LINES);
  const to = Math.min(lines.length, (group.at(-1)?.end ?? 0) + CONTEXT_LINES);
  const body: string[] = [];
  let at = from;
  let growth = 0;
  for (const { start, end, added } of group) {
    body.push(...lines.slice(at, start).map((line) => mark(' ', line)));
    body.push(...lines.slice(start, end).map((line) => mark('-', line)));
    body.push(...added.map((line) => mark('+', line)));
    growth += added.length - (end - start);
    at = end;
  }
  body.push(...lines.slice(at, to).map((line) => mark(' ', line)));
  const head = `@@ -${from + 1},${to - from} +${from + 1 + shift},${to - from + growth} @@\n`;
  return { text: head + body.join(''), growth };
}

function mark(sign: string, line: string): string {
  return /[\r\n]$/.test(line) ? `${sign}${line}` : `${sign}${line}\n\\ No newline at end of file\n`;
}

/** Lines with their line breaks. */
function splitLines(text: string): readonly string[] {
  return text.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [];
}
