import { isObject, objectOf, textAt, valueAt, type JsonObject } from '#core/json.ts';

/**
 * Where a field is in an object: keys, and `key=value` for the element of a list that has it:
 * `spec`, `cassandra`, `datacenters`, `metadata.name=dc1`, `size`. It can be written into a plan.
 */
export type FieldPath = readonly string[];

/** As people write it: `spec.cassandra.datacenters[dc1].size`. */
export function pathText(path: FieldPath): string {
  return path
    .map((part) => (isElement(part) ? `[${part.slice(part.indexOf('=') + 1)}]` : `.${part}`))
    .join('')
    .slice(1);
}

/** Undefined when something on the way is not there. */
export function fieldAt(object: unknown, path: FieldPath): unknown {
  let found = object;
  for (const part of path) found = isElement(part) ? elementIn(found, part) : valueAt(found, part);
  return found;
}

/**
 * The merge patch that gives the field another value. A merge patch replaces lists as a whole (RFC 7386), so a list on the way is sent as it was read;
 * it must be made conditional on the version of the object that was read.
 */
export function patchFor(object: unknown, path: FieldPath, value: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (isElement(part)) return changed(object, path, value);
  return { [part]: patchFor(valueAt(object, part), rest, value) };
}

/** The whole value with the field changed. */
function changed(object: unknown, path: FieldPath, value: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (!isElement(part)) return { ...objectOf(object), [part]: changed(valueAt(object, part), rest, value) };
  const chosen = elementIn(object, part);
  const list: readonly unknown[] = Array.isArray(object) ? object : [];
  return list.map((one) => (one === chosen ? changed(one, rest, value) : one));
}

const isElement = (part: string): boolean => part.includes('=');

function elementIn(list: unknown, part: string): JsonObject | undefined {
  const at = part.indexOf('=');
  const [keys, wanted] = [part.slice(0, at).split('.'), part.slice(at + 1)];
  const all: readonly unknown[] = Array.isArray(list) ? list : [];
  return all.filter(isObject).find((one) => textAt(one, ...keys) === wanted);
}
