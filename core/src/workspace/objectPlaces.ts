import type { ObjectIdentity, ObjectPlace } from '#core/protocol.ts';
import { parseApiVersion } from '#core/kubernetes/identity.ts';
import type { IndexedObject, WorkspaceIndex } from '#core/workspace/index.ts';

/** The object whose document an offset stands in; of the objects of a List, the last whose name stands before it. */
export function objectAt(index: WorkspaceIndex, uri: string, offset: number): ObjectIdentity | undefined {
  const objects = index.objectsIn(uri);
  const start = objects.findLast((object) => object.offset <= offset)?.offset ?? objects[0]?.offset;
  const inDocument = objects.filter((object) => object.offset === start);
  const found =
    inDocument.findLast((object) => object.offset + object.namePlace.range.start <= offset) ?? inDocument[0];
  return found && identityOf(found);
}

/**
 * Where the files of the workspace define an object. The version does not count; a file that names no namespace may be applied to any,
 * and comes after one that names the right one.
 */
export function placesOf(index: WorkspaceIndex, wanted: ObjectIdentity): readonly ObjectPlace[] {
  const group = parseApiVersion(wanted.apiVersion)?.group;
  const named = index
    .named(wanted.kind, wanted.name)
    .filter((object) => object.group === group && isIn(object, wanted.namespace));
  const exact = named.filter(({ namespace }) => namespace !== undefined);
  return [...exact, ...named.filter((object) => !exact.includes(object))].map(placeOf);
}

function isIn({ namespace }: IndexedObject, wanted: string | undefined): boolean {
  return namespace === undefined || wanted === undefined || namespace === wanted;
}

function identityOf({ apiVersion, kind, namespace, name }: IndexedObject): ObjectIdentity {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

/** Places of facts are counted from their document. */
function placeOf({ uri, line, namePlace }: IndexedObject): ObjectPlace {
  const { start, end } = namePlace.lines;
  const range = { start: { ...start, line: start.line + line }, end: { ...end, line: end.line + line } };
  return { uri, range };
}
