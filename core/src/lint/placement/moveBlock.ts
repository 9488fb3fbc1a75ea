import type { Fix } from '#core/lint/finding.ts';
import { lineBreakAfter, lineBreakOf, lineStart } from '#core/lint/fixes/edits.ts';
import type { Home } from '#core/lint/placement/homes.ts';
import type { TextEdit, TextRange } from '#core/text/range.ts';
import type { MapEntry } from '#core/yaml/nodes.ts';

/**
 * Moves a key with everything below it, and the comments right above it, to the end of the object it belongs to.
 * Lines keep their text; only their indentation changes, all by the same amount. Undefined where lines are shared with
 * flow style, because then nothing can move without being rewritten.
 */
export function moveBlock(
  text: string,
  entry: MapEntry,
  home: Home,
  title: string,
  preferred: boolean,
): Fix | undefined {
  const block = cutBlock(text, entry);
  const slot = findSlot(text, home);
  if (!block || !slot) return undefined;
  const column = entry.key.range.start - lineStart(text, entry.key.range.start);
  const moved = shiftLines(block.text, slot.column - column);
  const at = slot.offset;
  if (at > block.removal.start && at < block.removal.end) return undefined;
  return { title, preferred, edits: joinEdits(text, block.removal, at, moved) };
}

interface Block {
  /** The block's lines, beginning at the indentation of the first line. */
  readonly text: string;
  readonly removal: TextRange;
}

/** Where a block is inserted, and the column of its key there. */
interface Slot {
  readonly offset: number;
  readonly column: number;
}

function cutBlock(text: string, entry: MapEntry): Block | undefined {
  const keyStart = entry.key.range.start;
  const start = lineStart(text, keyStart);
  const column = keyStart - start;
  const end = blockEnd(text, entry, column);
  const lead = text.slice(start, keyStart);
  if (lead.trim() === '') {
    const from = commentsAbove(text, start, column);
    return { text: text.slice(from, end), removal: { start: from, end } };
  }
  // The first key of a list item shares its line with the dash: the next key moves up to the dash.
  if (!/^[\s-]*- +$/.test(lead)) return undefined;
  const next = text.slice(end).search(/\S/);
  if (next < 0 || columnAt(text, end + next) !== column) return undefined;
  return { text: ' '.repeat(column) + text.slice(keyStart, end), removal: { start: keyStart, end: end + next } };
}

/**
 * Behind the last line of the entry: all that is indented deeper than its key goes with it, also blocks that stand in a wrong column
 * inside it and comments. Blank lines at the end stay behind.
 */
function blockEnd(text: string, entry: MapEntry, column: number): number {
  let end = lineBreakAfter(text, entry.range.end);
  for (let at = end; at < text.length; at = lineBreakAfter(text, at)) {
    const line = text.slice(at, lineBreakAfter(text, at));
    const indent = line.search(/\S/);
    if (indent < 0) continue;
    if (indent <= column) break;
    end = at + line.length;
  }
  return end;
}

function commentsAbove(text: string, start: number, column: number): number {
  let from = start;
  while (from > 0) {
    const above = lineStart(text, from - (text[from - 1] === '\n' && text[from - 2] === '\r' ? 2 : 1));
    const line = text.slice(above, from);
    if (line.search(/\S/) !== column || line[column] !== '#') return from;
    from = above;
  }
  return from;
}

function findSlot(text: string, home: Home): Slot | undefined {
  const host = 'map' in home.target ? home.target.map.host : home.target.emptyEntry;
  if (host) {
    const column = columnAt(text, host.key.range.start) + indentUnit(text);
    return { offset: lineBreakAfter(text, host.range.start), column };
  }
  const first = 'map' in home.target ? home.target.map.entries[0] : undefined;
  if (!first) return undefined;
  const column = columnAt(text, first.key.range.start);
  return { offset: regionEnd(text, first.key.range.start, column), column };
}

/** Behind the last line that stands at or right of a column, counted on from an offset; blank lines and comments after it stay behind. */
function regionEnd(text: string, from: number, column: number): number {
  let end = lineBreakAfter(text, from);
  for (let at = end; at < text.length; at = lineBreakAfter(text, at)) {
    const line = text.slice(at, lineBreakAfter(text, at));
    const indent = line.search(/\S/);
    if (indent < 0) continue;
    const isDashInColumn = indent === column && /^-(?:\s|$)/.test(line.slice(indent));
    if (line[indent] === '#') continue;
    if (indent < column && !/^\s*[\]}]/.test(line)) break;
    if (isDashInColumn && !isIndentlessItem(text, at, column)) break;
    end = at + line.length;
  }
  return end;
}

/** A dash in the column of the keys belongs to the map when the key above it has no value on its line. */
function isIndentlessItem(text: string, at: number, column: number): boolean {
  const above = text
    .slice(0, at)
    .split(/\r\n|\n|\r/)
    .findLast((line) => line.search(/\S/) === column && !/^\s*(?:#|-(?:\s|$))/.test(line));
  return above !== undefined && /:\s*(?:#.*)?$/.test(above);
}

function columnAt(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** The indentation step the author uses, judged by the first indented line; two when there is none. */
export function indentUnit(text: string): number {
  const match = /^( +)[^\s#-]/m.exec(text);
  return match?.[1]?.length ?? 2;
}

/** Shifts all lines by the same number of blanks; a line never loses more than the blanks it has. */
function shiftLines(block: string, by: number): string {
  if (by === 0) return block;
  return block.replaceAll(/^( *)(?=[^\r\n])/gm, (blanks) =>
    by > 0 ? ' '.repeat(by) + blanks : blanks.slice(Math.min(-by, blanks.length)),
  );
}

function joinEdits(text: string, removal: TextRange, at: number, moved: string): readonly TextEdit[] {
  const eol = lineBreakOf(text);
  const endsOpen = at === text.length && at > 0 && !/[\r\n]/.test(text.charAt(at - 1));
  const body = /[\r\n]$/.test(moved) || at === text.length ? moved : moved + eol;
  if (at === removal.end || at === removal.start) {
    return [{ range: removal, newText: at === text.length ? moved : body }];
  }
  const newText = endsOpen ? eol + body.replace(/(?:\r\n|\n|\r)$/, '') : body;
  return [
    { range: removal, newText: '' },
    { range: { start: at, end: at }, newText },
  ];
}
