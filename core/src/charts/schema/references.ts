import { isObject } from '#core/json.ts';
import { SchemaAbstention, type SchemaRun } from '#core/charts/schema/model.ts';

/** The schema a reference names inside its own document. @throws SchemaAbstention for every other document */
export function resolveReference(reference: unknown, { root }: Pick<SchemaRun, 'root'>): unknown {
  const found = typeof reference === 'string' ? findReferenced(reference, root) : undefined;
  if (found === undefined) throw new SchemaAbstention('a reference to another document');
  return found;
}

/** Undefined when the reference names another document, or nothing. */
export function findReferenced(reference: string, root: unknown): unknown {
  if (isObject(root) && hasBaseBelow(root)) return undefined;
  if (reference === '#') return root;
  if (reference.startsWith('#/')) return followPointer(root, reference.slice(2));
  if (!reference.startsWith('#')) return undefined;
  return findAnchor(root, reference.slice(1), 0);
}

/** JSON pointer, RFC 6901, as it stands in the fragment of a URI. */
function followPointer(root: unknown, pointer: string): unknown {
  let found = root;
  for (const step of decodeFragment(pointer).split('/')) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(found)) found = found[Number(key)];
    else if (isObject(found) && Object.hasOwn(found, key)) found = found[key];
    else return undefined;
  }
  return found;
}

function decodeFragment(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function findAnchor(node: unknown, name: string, depth: number): unknown {
  if (depth > 100 || typeof node !== 'object' || node === null) return undefined;
  if (isObject(node) && (node['$anchor'] === name || node['$id'] === `#${name}` || node['id'] === `#${name}`))
    return node;
  for (const part of Object.values(node)) {
    const found = findAnchor(part, name, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

const withBase = new WeakMap<object, boolean>();

/** Whether a schema inside names itself by a URI: references in it start from there, which is not followed. */
function hasBaseBelow(root: object): boolean {
  const known = withBase.get(root);
  if (known !== undefined) return known;
  const found = Object.values(root).some((part) => namesItself(part, 0));
  withBase.set(root, found);
  return found;
}

function namesItself(node: unknown, depth: number): boolean {
  if (depth > 100 || typeof node !== 'object' || node === null) return false;
  const id = isObject(node) ? node['$id'] : undefined;
  if (typeof id === 'string' && !id.startsWith('#')) return true;
  return Object.values(node).some((part) => namesItself(part, depth + 1));
}
