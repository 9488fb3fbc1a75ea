import { isObject, type JsonObject, textAt } from '#core/json.ts';
import { listKindOf, readManagers, type FieldManager } from '#core/live/edit/ownership.ts';
import { isItem, isSameJson, type FieldPath, type ListStep } from '#core/live/fieldPath.ts';

/**
 * What an object becomes when Helm patches it:
 *
 * 1. What the new manifest sets is set, whatever it is in the cluster.
 * 2. What the old manifest set and the new one does not is taken away.
 * 3. Everything else stays: what the server, controllers and people added.
 *
 * Of custom resources, whose lists Helm does not know, only what differs between the manifests is written (2 and the changes of 1), and a
 * list is one value. Source: createPatch in pkg/kube of Helm 3, which is the strategic merge of kubectl apply for kinds of Kubernetes.
 */
export function patchedByHelm(original: JsonObject | undefined, wanted: JsonObject, live: JsonObject): JsonObject {
  if (!isBuiltIn(wanted)) return patchedJson(original ?? live, wanted, live);
  const merger = new Merger(readManagers(live));
  const merged = merger.merge([], original, wanted, live);
  return isObject(merged) ? merged : live;
}

/** Groups whose kinds Helm knows the fields of. */
const BUILT_IN_GROUPS: ReadonlySet<string> = new Set([
  '',
  'apps',
  'batch',
  'autoscaling',
  'policy',
  'extensions',
  'networking.k8s.io',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
  'events.k8s.io',
  'node.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'certificates.k8s.io',
  'flowcontrol.apiserver.k8s.io',
]);

export function isBuiltIn(object: JsonObject): boolean {
  const apiVersion = textAt(object, 'apiVersion');
  const slash = apiVersion.indexOf('/');
  return BUILT_IN_GROUPS.has(slash < 0 ? '' : apiVersion.slice(0, slash));
}

/** The merge patch from the old manifest to the new one, laid over what is there. */
function patchedJson(original: JsonObject, wanted: JsonObject, live: JsonObject): JsonObject {
  const result = new Map(Object.entries(live));
  for (const key of Object.keys(original)) if (!isGiven(wanted, key)) result.delete(key);
  for (const [key, value] of Object.entries(wanted)) {
    if (value === null || isSameJson(value, original[key])) continue;
    const [before, now] = [original[key], live[key]];
    const isDeep = isObject(value) && isObject(before) && isObject(now);
    result.set(key, isDeep ? patchedJson(before, value, now) : value);
  }
  return Object.fromEntries(result);
}

class Merger {
  readonly #managers: readonly FieldManager[];

  constructor(managers: readonly FieldManager[]) {
    this.#managers = managers;
  }

  merge(path: FieldPath, original: unknown, wanted: unknown, live: unknown): unknown {
    if (isObject(wanted) && isObject(live))
      return this.#mergeKeys(path, isObject(original) ? original : {}, wanted, live);
    if (Array.isArray(wanted) && Array.isArray(live)) return this.#mergeItems(path, original, wanted, live);
    return isObject(wanted) ? withoutNulls(wanted) : wanted;
  }

  #mergeKeys(path: FieldPath, original: JsonObject, wanted: JsonObject, live: JsonObject): JsonObject {
    const result = new Map(Object.entries(live));
    for (const key of Object.keys(original)) if (!isGiven(wanted, key)) result.delete(key);
    for (const [key, value] of Object.entries(wanted)) {
      if (value === null) result.delete(key);
      else result.set(key, this.merge([...path, key], original[key], value, live[key]));
    }
    return Object.fromEntries(result);
  }

  #mergeItems(path: FieldPath, original: unknown, wanted: readonly unknown[], live: readonly unknown[]): unknown {
    const before: readonly unknown[] = Array.isArray(original) ? original : [];
    const stepOf = this.#matching(path, wanted, live);
    if (!stepOf) return wanted;
    const find = (items: readonly unknown[], item: unknown): unknown =>
      items.find((one, index) => isItem(one, index, stepOf(item)));
    const isGone = (item: unknown): boolean => find(before, item) !== undefined && find(wanted, item) === undefined;
    const merged = wanted.map((item) => {
      const now = find(live, item);
      return now === undefined ? item : this.merge([...path, stepOf(item)], find(before, item), item, now);
    });
    return [...merged, ...live.filter((item) => find(wanted, item) === undefined && !isGone(item))];
  }

  /** How items find each other: as the server tells them apart, else by their names; undefined for a list that is one value. */
  #matching(
    path: FieldPath,
    wanted: readonly unknown[],
    live: readonly unknown[],
  ): ((item: unknown) => ListStep) | undefined {
    const list = listKindOf(this.#managers, path);
    if (list.kind === 'set') return (value) => ({ value });
    if (list.kind === 'atomic' && ![wanted, live].every(areNamed)) return undefined;
    const keys = list.kind === 'keyed' ? list.keys : ['name'];
    return (item) => ({ keys: Object.fromEntries(keys.map((key) => [key, keyOf(item, key)])) });
  }
}

function isGiven(object: JsonObject, key: string): boolean {
  return Object.hasOwn(object, key) && object[key] !== null;
}

function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}

function keyOf(item: unknown, key: string): unknown {
  return (isObject(item) ? item[key] : undefined) ?? (key === 'protocol' ? 'TCP' : undefined);
}

function areNamed(items: readonly unknown[]): boolean {
  const names = items.map((item) => (isObject(item) ? item['name'] : undefined));
  return names.length > 0 && names.every((name) => typeof name === 'string') && new Set(names).size === names.length;
}
