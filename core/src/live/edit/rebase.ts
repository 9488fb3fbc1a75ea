import { formatFieldPath, isSameJson, type FieldPath } from '#core/live/fieldPath.ts';
import { isUntrustedObject, type UntrustedObject } from '#core/live/reading.ts';

export interface Rebased {
  /** The object as it is now, with what was edited. Where both changed the same field, what was edited. */
  readonly object: UntrustedObject;
  /** Fields that others changed since the text was read and that were not edited. */
  readonly meanwhile: readonly string[];
  /** Fields that were edited and that others changed as well, to something else. */
  readonly overlaps: readonly string[];
}

/**
 * Carries an edit over to the object as it is now. A list that both sides changed is an overlap as a whole: its items may mean
 * something else in another order.
 *
 * @param base the object the text was made from
 * @param edited what the text says now
 * @param live the object as it is now
 */
export function rebase(base: UntrustedObject, edited: UntrustedObject, live: UntrustedObject): Rebased {
  const meanwhile: string[] = [];
  const overlaps: string[] = [];
  const merge = (path: FieldPath, was: unknown, wanted: unknown, is: unknown): unknown => {
    if (isSameJson(was, is)) return wanted;
    if (isSameJson(wanted, is)) return is;
    if (isUntrustedObject(wanted) && isUntrustedObject(is) && (was === undefined || isUntrustedObject(was))) {
      return mergeKeys(wanted, is, (key) => merge([...path, key], was?.[key], wanted[key], is[key]));
    }
    const isOverlap = !isSameJson(was, wanted);
    (isOverlap ? overlaps : meanwhile).push(formatFieldPath(path));
    return isOverlap ? wanted : is;
  };
  const object = merge([], base, edited, live);
  return { object: isUntrustedObject(object) ? object : edited, meanwhile, overlaps };
}

/** Keys in the order of the object as it is, then what is new; keys without a value are gone. */
function mergeKeys(wanted: UntrustedObject, is: UntrustedObject, of: (key: string) => unknown): UntrustedObject {
  const keys = [...new Set([...Object.keys(is), ...Object.keys(wanted)])];
  return Object.fromEntries(
    keys.flatMap((key): [string, unknown][] => {
      const value = of(key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
}
