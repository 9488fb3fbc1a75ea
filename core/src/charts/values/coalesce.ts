import { isObject, type JsonObject } from '#core/json.ts';

/**
 * Values laid over those of a chart, as Helm does it: maps are merged, everything else is replaced, and a null over something takes it
 * away (`CoalesceTables` in helm v3.22.0 pkg/chartutil/coalesce.go).
 */
export function coalesce(over: JsonObject, under: JsonObject): JsonObject {
  const merged: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = under[key];
    if (value === null && below !== undefined && below !== null) delete merged[key];
    else if (isObject(value) && isObject(below)) merged[key] = coalesce(value, below);
    else merged[key] = value;
  }
  return merged;
}
