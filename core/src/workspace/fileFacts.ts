import { sniffRole } from '#core/lint/role.ts';
import { LineIndex } from '#core/text/lines.ts';
import type { ObjectFacts } from '#core/workspace/facts.ts';
import { isKustomizationUri, readKustomization, type KustomizationFacts } from '#core/workspace/kustomization.ts';
import { factsOf } from '#core/workspace/readFacts.ts';
import type { DocumentSlice } from '#core/yaml/documents.ts';

/** A named object of the workspace and where it stands. */
export interface IndexedObject extends ObjectFacts {
  readonly uri: string;
  /** Offset and line of its document in the file. */
  readonly offset: number;
  readonly line: number;
  /** What was read of the document; the same as long as its text is. */
  readonly facts: ObjectFacts;
}

/** What one file tells. */
export interface FileFacts {
  readonly objects: readonly IndexedObject[];
  /** Kinds of objects that may be here and cannot be named; empty text where not even the kind is known. */
  readonly unread: readonly string[];
  readonly kustomization: KustomizationFacts | undefined;
}

const NOTHING: FileFacts = { objects: [], unread: [], kustomization: undefined };

/** Reads what a file tells. Templates are not read as manifests: what they make has other names, or is not made at all. */
export function readFile(uri: string, text: string, parse: (text: string) => readonly DocumentSlice[]): FileFacts {
  if (isKustomizationUri(uri)) {
    const kustomization = readKustomization(uri, text);
    const objects = kustomization.generated.map((facts) => placeObject(facts, uri, 0, 0));
    return { objects, unread: [], kustomization };
  }
  if (!/\bkind["']?[ \t]*:/.test(text)) return NOTHING;
  const role = sniffRole(text, { path: uri });
  if (role === 'kustomizePatch') return NOTHING;
  if (role === 'helmTemplate') return { ...NOTHING, unread: kindsOfTemplate(text) };
  const slices = parse(text);
  const lines = slices.length > 1 ? new LineIndex(text) : undefined;
  const objects: IndexedObject[] = [];
  const unread: string[] = [];
  for (const { document, offset } of slices) {
    const facts = factsOf(document);
    const line = lines?.lineOf(offset) ?? 0;
    objects.push(...facts.objects.map((object) => placeObject(object, uri, offset, line)));
    unread.push(...facts.unread);
  }
  return { objects, unread, kustomization: undefined };
}

export function placeObject(facts: ObjectFacts, uri: string, offset: number, line: number): IndexedObject {
  return { ...facts, uri, offset, line, facts };
}

function kindsOfTemplate(text: string): readonly string[] {
  return [...text.matchAll(/^kind:[ \t]*["']?([^\s"'#]*)/gm)].map(([, kind = '']) => (/^\w+$/.test(kind) ? kind : ''));
}
