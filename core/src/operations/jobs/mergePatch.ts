import { isObject, objectOf, type JsonObject } from '#core/json.ts';
import { isSameJson } from '#core/live/fieldPath.ts';

/** The object as RFC 7386 changes it. */
export function patched(object: JsonObject, patch: JsonObject): JsonObject {
  const result: Record<string, unknown> = { ...object };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = isObject(value) ? patched(objectOf(result[key]), value) : value;
  }
  return result;
}

/** Whether the object is as the patch would make it. */
export function isPatched(object: JsonObject, patch: JsonObject): boolean {
  return Object.entries(patch).every(([key, value]) => {
    const now = object[key];
    if (value === null) return now === undefined || now === null;
    return isObject(value) ? isPatched(objectOf(now), value) : isSameJson(now, value);
  });
}

/** The patch that makes the fields of another patch as they are in the object now. */
export function inverseOf(object: JsonObject, patch: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(patch).map(([key, value]) => {
      const now = object[key];
      if (isObject(value) && isObject(now)) return [key, inverseOf(now, value)];
      return [key, now ?? null];
    }),
  );
}

/** What makes one object of the other; of what the second does not name nothing is changed unless `isWhole`. */
export function differenceOf(before: JsonObject, after: JsonObject, isWhole: boolean): JsonObject {
  const changes: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(after)) {
    const now = before[key];
    if (isWhole ? isSameJson(now, value) : isCovered(now, value)) continue;
    if (!isObject(value) || !isObject(now)) changes[key] = value;
    else {
      const inner = differenceOf(now, value, isWhole);
      if (Object.keys(inner).length > 0) changes[key] = inner;
    }
  }
  if (isWhole) for (const key of Object.keys(before)) if (!(key in after)) changes[key] = null;
  return changes;
}

/** Paths of what a patch sets, each as `spec.runPolicy.suspend`. */
export function pathsOf(patch: JsonObject, above = ''): readonly string[] {
  return Object.entries(patch).flatMap(([key, value]) => {
    const path = above === '' ? key : `${above}.${key}`;
    return isObject(value) && Object.keys(value).length > 0 ? pathsOf(value, path) : [path];
  });
}

/** Whether what is there says all that is wanted; what a server has filled in besides is no difference. */
function isCovered(now: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted) && Array.isArray(now))
    return wanted.length === now.length && wanted.every((one, index) => isCovered(now[index], one));
  if (isObject(wanted) && isObject(now)) return Object.entries(wanted).every(([key, one]) => isCovered(now[key], one));
  return isSameJson(now, wanted);
}
