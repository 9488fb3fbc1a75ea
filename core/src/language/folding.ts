import { FoldingRangeKind, type FoldingRange } from 'vscode-languageserver-types';
import type { DocumentView } from '#core/language/view.ts';
import type { AnalyzedSlice } from '#core/lint/engine.ts';
import type { YamlNode } from '#core/yaml/nodes.ts';

/** What can be folded: documents, blocks, texts over several lines, and runs of comments. */
export function foldingOf(view: DocumentView): readonly FoldingRange[] {
  const folds = new Map<number, FoldingRange>();
  const add = (startLine: number, endLine: number, kind?: FoldingRangeKind): void => {
    const known = folds.get(startLine);
    if (endLine <= startLine || (known && known.endLine >= endLine)) return;
    folds.set(startLine, { startLine, endLine, ...(kind === undefined ? {} : { kind }) });
  };
  const { slices } = view.checked.analysis;
  for (const slice of slices) {
    foldTree(slice.document.root, slice, view, add);
    if (slices.length > 1) foldDocument(slice, view, add);
  }
  foldComments(view, add);
  return [...folds.values()].toSorted((a, b) => a.startLine - b.startLine);
}

type AddFold = (startLine: number, endLine: number, kind?: FoldingRangeKind) => void;

function foldDocument({ document, offset }: AnalyzedSlice, { lines }: DocumentView, add: AddFold): void {
  add(lines.lineOf(offset), lines.lineOf(offset + document.text.trimEnd().length));
}

function foldTree(node: YamlNode | undefined, slice: AnalyzedSlice, view: DocumentView, add: AddFold): void {
  if (node?.kind === 'map') {
    for (const { key, value, range } of node.entries) {
      foldLines(key.range.start, value?.range.end ?? range.end, slice, view, add);
      foldTree(value, slice, view, add);
    }
  } else if (node?.kind === 'sequence') {
    for (const { value, range } of node.items) {
      foldLines(range.start, value?.range.end ?? range.end, slice, view, add);
      foldTree(value, slice, view, add);
    }
  }
}

function foldLines(
  start: number,
  end: number,
  slice: AnalyzedSlice,
  { lines, text }: DocumentView,
  add: AddFold,
): void {
  let last = slice.offset + end;
  // A block scalar ends behind its line break; the fold must not take the next line along.
  while (last > slice.offset + start && /\s/.test(text.charAt(last - 1))) last--;
  add(lines.lineOf(slice.offset + start), lines.lineOf(last));
}

function foldComments({ lines, text }: DocumentView, add: AddFold): void {
  let first: number | undefined;
  for (let line = 0; line <= lines.lineCount; line++) {
    const isComment =
      line < lines.lineCount && /^[ \t]*#/.test(text.slice(lines.startOf(line), lines.startOf(line + 1)));
    if (isComment) first ??= line;
    else if (first !== undefined) {
      add(first, line - 1, FoldingRangeKind.Comment);
      first = undefined;
    }
  }
}
