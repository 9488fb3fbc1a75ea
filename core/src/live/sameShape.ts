import { isObject } from '#core/live/json.ts';

/**
 * Whether two values say the same. Objects of the cluster, which have `meta`, are the same only when they are the very same: the store
 * keeps an object as long as the server does not change it, so looking into it would cost much and tell nothing.
 */
export function sameShape(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameShape(item, b[i]));
  if (a instanceof Set) return b instanceof Set && a.size === b.size && [...a].every((item) => b.has(item));
  if (!isObject(a) || !isObject(b) || 'meta' in a || 'meta' in b) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && sameShape(a[key], b[key]));
}

/** The old value where it says the same, so that it can be compared by identity. */
export function keptIfSame<T>(old: T | undefined, fresh: T): T {
  return old !== undefined && sameShape(old, fresh) ? old : fresh;
}
