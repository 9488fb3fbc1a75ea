import type { TextEdit } from '#core/text/range.ts';

/** Above this many changed lines on both sides, the changed middle is replaced as a whole. */
const TABLE_LIMIT = 4_000_000;

/** The edits that turn one text into another, whole lines at a time; lines that stay are not touched. */
export function diffLines(before: string, after: string): readonly TextEdit[] {
  const a = splitKeepingBreaks(before);
  const b = splitKeepingBreaks(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const offset = lengthOf(a.slice(0, head));
  return diffMiddle(a.slice(head, a.length - tail), b.slice(head, b.length - tail), offset);
}

function diffMiddle(a: readonly string[], b: readonly string[], offset: number): TextEdit[] {
  if (a.length === 0 && b.length === 0) return [];
  if (a.length * b.length > TABLE_LIMIT) return [replace(offset, a, b)];
  const edits: TextEdit[] = [];
  let at = offset;
  let removed: string[] = [];
  let added: string[] = [];
  const flush = (): void => {
    if (removed.length > 0 || added.length > 0) edits.push(replace(at - lengthOf(removed), removed, added));
    removed = [];
    added = [];
  };
  for (const step of lineSteps(a, b)) {
    if (step.kind === 'keep') flush();
    if (step.kind === 'remove') removed.push(step.line);
    if (step.kind === 'add') added.push(step.line);
    else at += step.line.length;
  }
  flush();
  return edits;
}

interface LineStep {
  readonly kind: 'keep' | 'remove' | 'add';
  readonly line: string;
}

/** The shortest way from one list of lines to the other, by the table of longest common subsequences. */
function lineSteps(a: readonly string[], b: readonly string[]): readonly LineStep[] {
  const common = commonLengths(a, b);
  const width = b.length + 1;
  const steps: LineStep[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const [left = '', right = ''] = [a[i], b[j]];
    if (i < a.length && j < b.length && left === right) {
      steps.push({ kind: 'keep', line: left });
      i++;
      j++;
    } else if (
      j >= b.length ||
      (i < a.length && (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
    ) {
      steps.push({ kind: 'remove', line: left });
      i++;
    } else {
      steps.push({ kind: 'add', line: right });
      j++;
    }
  }
  return steps;
}

function commonLengths(a: readonly string[], b: readonly string[]): Uint32Array {
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const here = i * width + j;
      table[here] =
        a[i] === b[j] ? (table[here + width + 1] ?? 0) + 1 : Math.max(table[here + width] ?? 0, table[here + 1] ?? 0);
    }
  }
  return table;
}

function replace(start: number, removed: readonly string[], added: readonly string[]): TextEdit {
  return { range: { start, end: start + lengthOf(removed) }, newText: added.join('') };
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0);
}

function splitKeepingBreaks(text: string): string[] {
  return text.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [];
}
