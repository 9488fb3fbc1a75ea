import {
  DocumentHighlightKind,
  type DocumentHighlight,
  type Location,
  type Range,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver-types';
import { findSymbol } from '#core/language/navigation/navigation.ts';
import { refuseNewName, refuseRename } from '#core/language/navigation/rename.ts';
import { worldOf, type SymbolPlace } from '#core/language/navigation/world.ts';
import type { DocumentView } from '#core/language/view.ts';
import type { WorkspaceIndex } from '#core/workspace/index.ts';

/** A question about the name at a place of a document. */
export interface NavigationRequest {
  readonly view: DocumentView;
  readonly offset: number;
  readonly index: WorkspaceIndex;
  /** URI of the document as the index writes it. */
  readonly uri: string;
  /** URI of a file as the client knows it. */
  readonly clientUri: (uri: string) => string;
}

/** Why something cannot be done, in whole sentences for the user. */
export interface Refusal {
  readonly refusal: string;
}

/** Where the name is given; the place itself when that is it. */
export function definitionsAt(request: NavigationRequest): readonly Location[] {
  return placesAt(request)
    .filter(({ role }) => role === 'definition')
    .map((place) => toLocation(place, request));
}

export function referencesAt(request: NavigationRequest, declarations: 'with' | 'without'): readonly Location[] {
  return placesAt(request)
    .filter(({ role }) => role === 'reference' || declarations === 'with')
    .map((place) => toLocation(place, request));
}

export function highlightsAt(request: NavigationRequest): readonly DocumentHighlight[] {
  return placesAt(request)
    .filter(({ uri }) => uri === request.uri)
    .map(({ lines, role }) => ({
      range: lines,
      kind: role === 'definition' ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
    }));
}

/** What would be renamed; undefined where no name is. */
export function renameRangeAt(request: NavigationRequest): { range: Range; placeholder: string } | Refusal | undefined {
  const world = worldOf(request.view, request.index, request.uri);
  const found = findSymbol(world, request.offset);
  if (!found) return undefined;
  const refusal = refuseRename(found, world);
  if (refusal !== undefined) return { refusal };
  const { range } = found.at;
  const placeholder = request.view.text.slice(range.start, range.end);
  return { range: request.view.lines.toPositions(range), placeholder };
}

/** Changes the name in all its places, in whatever file they are; quotes stay. */
export function renameAt(request: NavigationRequest, newName: string): WorkspaceEdit | Refusal | undefined {
  const world = worldOf(request.view, request.index, request.uri);
  const found = findSymbol(world, request.offset);
  if (!found) return undefined;
  const refusal = refuseRename(found, world) ?? refuseNewName(found, newName, world);
  if (refusal !== undefined) return { refusal };
  const changes: Record<string, TextEdit[]> = {};
  for (const { uri, lines } of found.places) {
    (changes[request.clientUri(uri)] ??= []).push({ range: lines, newText: newName });
  }
  return { changes };
}

function placesAt({ view, offset, index, uri }: NavigationRequest): readonly SymbolPlace[] {
  return findSymbol(worldOf(view, index, uri), offset)?.places ?? [];
}

function toLocation({ uri, lines }: SymbolPlace, { clientUri }: NavigationRequest): Location {
  return { uri: clientUri(uri), range: lines };
}
