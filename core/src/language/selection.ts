import type { SelectionRange } from 'vscode-languageserver-types';
import { sliceAt } from '#core/language/locate.ts';
import type { DocumentView } from '#core/language/view.ts';
import { containsOffset, shiftRange, type TextRange } from '#core/text/range.ts';
import type { YamlNode } from '#core/yaml/nodes.ts';

/** The ranges around an offset, from the word to the whole file. */
export function selectionAt(view: DocumentView, offset: number): SelectionRange {
  const slice = sliceAt(view, offset);
  const ranges: TextRange[] = [{ start: 0, end: view.text.length }];
  if (slice) {
    ranges.push({ start: slice.offset, end: slice.offset + slice.document.text.trimEnd().length });
    const inner: TextRange[] = [];
    collect(slice.document.root, offset - slice.offset, inner);
    ranges.push(...inner.map((range) => shiftRange(range, slice.offset)));
  }
  let selection: SelectionRange | undefined;
  let around: TextRange | undefined;
  for (const range of ranges) {
    const isInside = !around || (range.start >= around.start && range.end <= around.end);
    const isSame = around && range.start === around.start && range.end === around.end;
    if (!isInside || isSame || !containsOffset(range, offset)) continue;
    selection = { range: view.lines.toPositions(range), ...(selection ? { parent: selection } : {}) };
    around = range;
  }
  return selection ?? { range: view.lines.toPositions({ start: offset, end: offset }) };
}

/** Ranges that contain the offset, outer ones first. */
function collect(node: YamlNode | undefined, offset: number, ranges: TextRange[]): void {
  if (!node || !containsOffset(node.range, offset)) return;
  ranges.push(node.range);
  if (node.kind === 'map') {
    const entry = node.entries.find(({ range }) => containsOffset(range, offset));
    if (!entry) return;
    ranges.push(entry.range);
    if (containsOffset(entry.key.range, offset)) ranges.push(entry.key.range);
    else collect(entry.value, offset, ranges);
  } else if (node.kind === 'sequence') {
    const item = node.items.find(({ range }) => containsOffset(range, offset));
    if (!item) return;
    ranges.push(item.range);
    collect(item.value, offset, ranges);
  }
}
