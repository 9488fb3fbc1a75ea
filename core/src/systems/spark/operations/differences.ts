import { isObject, objectOf, type JsonObject } from '#core/json.ts';
import { isSameJson } from '#core/live/fieldPath.ts';

/** One field that an edit would change; a list is one field. */
export interface Change {
  readonly path: readonly string[];
  /** Undefined where there was none. */
  readonly before: unknown;
  /** Undefined where it is taken away. */
  readonly after: unknown;
}

/** Fields of maps whose keys hold dots are one step of the path each. Nothing, null and an empty list are the same. */
export function changesBetween(before: unknown, after: unknown, path: readonly string[] = []): readonly Change[] {
  if (isSame(before, after)) return [];
  if (!isObject(before) && !isObject(after)) return [{ path, before, after }];
  const [old, fresh] = [objectOf(before), objectOf(after)];
  // A text in the place of a map, or the other way round, is one change.
  if ((!isObject(before) && !isNothing(before)) || (!isObject(after) && !isNothing(after))) {
    return [{ path, before, after }];
  }
  const keys = [...new Set([...Object.keys(old), ...Object.keys(fresh)])].toSorted();
  // A map that becomes an empty one, or an empty one that is there from now on, may mean something: `emptyDir: {}`.
  if (keys.length === 0) return [{ path, before, after }];
  return keys.flatMap((key) => changesBetween(valueOf(old, key), valueOf(fresh, key), [...path, key]));
}

function valueOf(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The merge patch that makes these changes and no other. */
export function patchOf(changes: readonly Change[]): JsonObject {
  let patch: JsonObject = {};
  for (const { path, after } of changes) patch = withValue(patch, path, after === undefined ? null : after);
  return patch;
}

function withValue(object: JsonObject, [key, ...rest]: readonly string[], value: unknown): JsonObject {
  if (key === undefined) return object;
  return { ...object, [key]: rest.length === 0 ? value : withValue(objectOf(object[key]), rest, value) };
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

/** As values of JSON, whatever the order of keys. */
function isSame(a: unknown, b: unknown): boolean {
  return isSameJson(a, b) || (isNothing(a) && isNothing(b));
}

/** `spec.sparkConf["spark.sql.shuffle.partitions"]`. */
export function fieldText(path: readonly string[]): string {
  return path
    .map((key, index) => {
      if (!/^[A-Za-z_][\w-]*$/.test(key)) return `[${JSON.stringify(key)}]`;
      return index === 0 ? key : `.${key}`;
    })
    .join('');
}
