import { isObject } from '#core/live/json.ts';
import type { JsonObject } from '#core/live/ports.ts';

/** RFC 7386: null takes away, objects are merged, everything else replaces. */
export function mergedPatch(target: unknown, patch: JsonObject): JsonObject {
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = isObject(value) ? mergedPatch(merged[key], value) : value;
  }
  return merged;
}
