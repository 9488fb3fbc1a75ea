import type { DocumentView } from '#core/language/view.ts';
import type { LineRange } from '#core/lint/finding.ts';
import { shiftRange, type TextRange } from '#core/text/range.ts';
import type { FactPlace } from '#core/workspace/facts.ts';
import { placeObject, type IndexedObject } from '#core/workspace/fileFacts.ts';
import type { WorkspaceIndex } from '#core/workspace/index.ts';
import { factsOf } from '#core/workspace/readFacts.ts';
import { WorkspaceView } from '#core/workspace/view.ts';

/** What can be reached from a document. */
export interface NavigationWorld {
  readonly uri: string;
  /** Text of the document. */
  readonly text: string;
  /** Objects of the document itself. */
  readonly here: readonly IndexedObject[];
  /** Objects of the workspace, those of the document among them. */
  readonly all: readonly IndexedObject[];
  readonly index: WorkspaceIndex;
  /** Whether the document is a whole manifest; names of templates and patches are only known inside them. */
  readonly isManifest: boolean;
}

/** A place where a name stands. */
export interface SymbolPlace {
  readonly uri: string;
  /** In the file. */
  readonly range: TextRange;
  readonly lines: LineRange;
  readonly role: 'definition' | 'reference';
  readonly isVerbatim: boolean;
}

/** @param uri of the document, as the index writes it */
export function worldOf(view: DocumentView, index: WorkspaceIndex, uri: string): NavigationWorld {
  const { analysis } = view.checked;
  const here = analysis.slices.flatMap(({ document, offset }) =>
    factsOf(document).objects.map((facts) => placeObject(facts, uri, offset, view.lines.lineOf(offset))),
  );
  const isManifest = analysis.role === 'manifest';
  const known = index.objectsIn(uri);
  const own = isManifest && known.length === 0 ? here : known;
  const others = index.all().filter((object) => object.uri !== uri);
  return { uri, text: view.text, here: isManifest ? own : here, all: [...others, ...own], index, isManifest };
}

export function viewOf(object: IndexedObject, { index }: NavigationWorld): WorkspaceView {
  return new WorkspaceView(object.facts, object.uri, index, new Set());
}

export function placeIn(
  object: IndexedObject,
  { range, lines }: FactPlace,
  rest: Pick<SymbolPlace, 'role' | 'isVerbatim'>,
): SymbolPlace {
  const { uri, offset, line } = object;
  return {
    uri,
    range: shiftRange(range, offset),
    lines: {
      start: { line: lines.start.line + line, character: lines.start.character },
      end: { line: lines.end.line + line, character: lines.end.character },
    },
    ...rest,
  };
}

/** Each place once, definitions first, then in the order of files and text. */
export function uniquePlaces(places: readonly SymbolPlace[]): readonly SymbolPlace[] {
  const byKey = new Map<string, SymbolPlace>();
  for (const place of places) {
    const key = `${place.uri} ${place.range.start}`;
    if (byKey.get(key)?.role !== 'definition') byKey.set(key, place);
  }
  return [...byKey.values()].toSorted(
    (a, b) => a.role.localeCompare(b.role) || a.uri.localeCompare(b.uri) || a.range.start - b.range.start,
  );
}

export function isSameObject(a: IndexedObject, b: IndexedObject): boolean {
  return a.uri === b.uri && a.offset === b.offset && a.prefix === b.prefix;
}
