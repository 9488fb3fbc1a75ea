import { SymbolKind, type DocumentSymbol } from 'vscode-languageserver-types';
import { describePart, findPart, partTable } from '#core/language/outline/parts.ts';
import type { DocumentView } from '#core/language/view.ts';
import type { AnalyzedSlice } from '#core/lint/engine.ts';
import { shiftRange, type TextRange } from '#core/text/range.ts';
import { findEntry, resolveAlias, type YamlNode, type YamlPath } from '#core/yaml/nodes.ts';

/** Deeper than any path of the table, floating ones included. */
const DEPTH_LIMIT = Math.max(...partTable.map(({ path }) => path.split('.').length)) + 12;

/** The objects of a file by kind and name, and in them the parts people look for. */
export function outlineOf(view: DocumentView): readonly DocumentSymbol[] {
  return view.checked.analysis.slices.flatMap((slice) => outlineObject(slice, view));
}

function outlineObject(slice: AnalyzedSlice, view: DocumentView): DocumentSymbol[] {
  const { resource, root, document } = slice.analysis;
  if (!resource || !root) return [];
  const end = document.text.trimEnd().length;
  const start = document.text.search(/^(?!---|#|%|\s*$)./m);
  const whole = { start: Math.max(start, 0), end: Math.max(end, start) };
  const map = resolveAlias(root);
  const metadata = map?.kind === 'map' ? findEntry(map, 'metadata')?.value : undefined;
  const inner = resolveAlias(metadata);
  const named = inner?.kind === 'map' ? findEntry(inner, 'name')?.value?.range : undefined;
  const children = childSymbols(root, [], slice, view);
  return [
    makeSymbol(
      {
        name: resource.name === '' ? resource.kind : `${resource.kind}/${resource.name}`,
        detail: resource.apiVersion,
        kind: SymbolKind.Class,
        range: whole,
        selection: named ?? { start: whole.start, end: whole.start },
      },
      children,
      slice,
      view,
    ),
  ];
}

/** Symbols of the parts at and below a node; places that are no part hand on those below them. */
function childSymbols(
  node: YamlNode | undefined,
  path: YamlPath,
  slice: AnalyzedSlice,
  view: DocumentView,
): DocumentSymbol[] {
  if (path.length > DEPTH_LIMIT) return [];
  if (node?.kind === 'map') {
    return node.entries.flatMap(({ key, value, range }) =>
      partSymbols(value, [...path, key.text], range, key.range, slice, view),
    );
  }
  if (node?.kind !== 'sequence') return [];
  return node.items.flatMap((item, index) =>
    partSymbols(item.value, [...path, index], item.range, undefined, slice, view),
  );
}

function partSymbols(
  value: YamlNode | undefined,
  path: YamlPath,
  range: TextRange,
  key: TextRange | undefined,
  slice: AnalyzedSlice,
  view: DocumentView,
): DocumentSymbol[] {
  const children = childSymbols(value, path, slice, view);
  const row = findPart(path);
  const step = path.at(-1);
  if (!row || step === undefined) return children;
  const { name, detail } = describePart(row, value, step);
  const selection = key ?? { start: range.start, end: Math.min(range.end, range.start + 1) };
  return [makeSymbol({ name, detail, kind: row.symbol, range, selection }, children, slice, view)];
}

interface SymbolParts {
  readonly name: string;
  readonly detail: string;
  readonly kind: SymbolKind;
  readonly range: TextRange;
  readonly selection: TextRange;
}

function makeSymbol(
  { name, detail, kind, range, selection }: SymbolParts,
  children: DocumentSymbol[],
  slice: AnalyzedSlice,
  { lines }: DocumentView,
): DocumentSymbol {
  const whole = { start: Math.min(range.start, selection.start), end: Math.max(range.end, selection.end) };
  return {
    name: printable(name),
    detail: printable(detail),
    kind,
    range: lines.toPositions(shiftRange(whole, slice.offset)),
    selectionRange: lines.toPositions(shiftRange(selection, slice.offset)),
    children,
  };
}

/** Names may not be empty, and one line is all there is room for. */
function printable(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line === '' ? '""' : line.slice(0, 120);
}
