import { stringify } from 'yaml';
import { isUntrustedObject, type UntrustedObject } from '#core/live/reading.ts';

/** Deeper values than these are nobody's configuration. */
const MAX_DEPTH = 100;

/**
 * Values of a chart with those of a user laid over them: maps are merged, everything else is replaced, and a null of the user takes a
 * value of the chart away. Source: CoalesceValues of Helm.
 */
export function coalesceValues(chart: UntrustedObject, user: UntrustedObject, depth = 0): UntrustedObject {
  const result = new Map(Object.entries(chart));
  for (const [key, value] of Object.entries(user)) {
    const below = result.get(key);
    if (value === null) result.delete(key);
    else if (isUntrustedObject(value) && isUntrustedObject(below) && depth < MAX_DEPTH) {
      result.set(key, coalesceValues(below, value, depth + 1));
    } else result.set(key, value);
  }
  return Object.fromEntries(result);
}

/** Values as a values file shows them; empty for none. */
export function printValues(values: UntrustedObject): string {
  return Object.keys(values).length === 0 ? '' : stringify(values, { lineWidth: 0, aliasDuplicateObjects: false });
}
