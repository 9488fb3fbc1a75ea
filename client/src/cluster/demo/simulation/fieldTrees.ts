import { isRecord, type FieldTree } from './objects.ts';

/**
 * Fields of an object as paths, and the trees that `metadata.managedFields` keeps of them. Lists whose items have names are merged
 * by name, as containers, variables, volumes and ports are; any other list is one value. The real server reads this from schemas.
 */

/** `f:spec`, `k:{"name":"kafka"}`. */
export type FieldPath = readonly string[];

const SERVER_OWNED = new Set(['apiVersion', 'kind', 'status']);
const KEPT_METADATA = new Set(['labels', 'annotations', 'ownerReferences', 'finalizers']);

/** Every value of an object that somebody can own, with its path. */
export function leavesOf(object: Readonly<Record<string, unknown>>): Map<string, unknown> {
  const leaves = new Map<string, unknown>();
  for (const [key, value] of Object.entries(object)) {
    if (SERVER_OWNED.has(key)) continue;
    if (key !== 'metadata') {
      collect(value, [`f:${key}`], leaves);
      continue;
    }
    for (const [name, part] of Object.entries(isRecord(value) ? value : {})) {
      if (KEPT_METADATA.has(name)) collect(part, ['f:metadata', `f:${name}`], leaves);
    }
  }
  return leaves;
}

function collect(value: unknown, path: FieldPath, leaves: Map<string, unknown>): void {
  if (isNamedList(value)) {
    for (const item of value) {
      const step = `k:${JSON.stringify({ name: item.name })}`;
      for (const [key, part] of Object.entries(item)) collect(part, [...path, step, `f:${key}`], leaves);
    }
    return;
  }
  if (!isRecord(value) || Object.keys(value).length === 0) {
    leaves.set(JSON.stringify(path), value);
    return;
  }
  for (const [key, part] of Object.entries(value)) collect(part, [...path, `f:${key}`], leaves);
}

export interface NamedItem {
  readonly name: string;
  readonly [field: string]: unknown;
}

export function isNamedList(value: unknown): value is readonly NamedItem[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item: unknown) => isRecord(item) && typeof item['name'] === 'string')
  );
}

export function treeOf(paths: Iterable<string>): FieldTree {
  const root: MutableTree = {};
  for (const path of paths) {
    let place = root;
    for (const step of stepsOf(path)) place = place[step] ??= {};
  }
  return root;
}

interface MutableTree {
  [step: string]: MutableTree;
}

export function pathsOf(tree: FieldTree): string[] {
  const paths: string[] = [];
  const visit = (place: FieldTree, path: FieldPath): void => {
    const steps = Object.entries(place);
    if (steps.length === 0 && path.length > 0) paths.push(JSON.stringify(path));
    for (const [step, below] of steps) visit(below, [...path, step]);
  };
  visit(tree, []);
  return paths;
}

/** `.spec.template.spec.containers[name="kafka"].image`, as the server names a field in a conflict. */
export function fieldText(path: string): string {
  return stepsOf(path)
    .map((step) => (step.startsWith('k:') ? `[name=${JSON.stringify(nameInStep(step))}]` : `.${step.slice(2)}`))
    .join('');
}

export function removeField(value: unknown, path: string): unknown {
  return without(value, stepsOf(path));
}

function without(value: unknown, [step, ...rest]: FieldPath): unknown {
  if (step === undefined) return undefined;
  if (step.startsWith('k:')) {
    if (!isNamedList(value)) return value;
    const name = nameInStep(step);
    return value.flatMap((item) => {
      if (item.name !== name) return [item];
      const left = without(item, rest);
      return left === undefined || (isRecord(left) && Object.keys(left).length === 0) ? [] : [left];
    });
  }
  if (!isRecord(value)) return value;
  const key = step.slice(2);
  const changed = without(value[key], rest);
  const { [key]: _dropped, ...others } = value;
  return changed === undefined ? others : { ...value, [key]: changed };
}

/** What is applied laid over what is there. */
export function overlay(base: unknown, change: unknown): unknown {
  if (isNamedList(change) && isNamedList(base)) {
    const changes = new Map(change.map((item) => [item.name, item]));
    const kept = base.map((item) => (changes.has(item.name) ? overlay(item, changes.get(item.name)) : item));
    const known = new Set(base.map(({ name }) => name));
    return [...kept, ...change.filter(({ name }) => !known.has(name))];
  }
  if (!isRecord(change) || !isRecord(base)) return change;
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(change)) result[key] = overlay(base[key], value);
  return result;
}

/** RFC 7386. */
export function mergePatched(base: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Record<string, unknown> = isRecord(base) ? { ...base } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatched(result[key], value);
  }
  return result;
}

export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  }
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && sameValue(a[key], b[key]));
}

function stepsOf(path: string): FieldPath {
  const steps: unknown = JSON.parse(path);
  return Array.isArray(steps) ? steps.map(String) : [];
}

function nameInStep(step: string): unknown {
  const key: unknown = JSON.parse(step.slice(2));
  return isRecord(key) ? key['name'] : undefined;
}
