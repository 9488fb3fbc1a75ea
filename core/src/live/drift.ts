import { parseQuantity } from '#core/kubernetes/quantity.ts';
import { encodeBase64Text } from '#core/live/edit/base64.ts';
import { listKindOf, readManagers, type FieldManager } from '#core/live/edit/ownership.ts';
import { isSecret, showSecret } from '#core/live/edit/secretValues.ts';
import { formatFieldPath, isItem, isSameJson, type FieldPath, type ListStep } from '#core/live/fieldPath.ts';
import type { JsonObject } from '#core/live/ports.ts';
import { isUntrustedObject, objectAt, type UntrustedObject } from '#core/live/reading.ts';

/** One field that a manifest names and that is something else in the cluster. */
export interface DriftedField {
  readonly path: string;
  readonly wanted: unknown;
  /** Undefined when the cluster has no such field. */
  readonly actual: unknown;
}

export interface Drift {
  readonly fields: readonly DriftedField[];
  /** What the manifest names, without what a cluster keeps for itself; values of Secrets hidden. */
  readonly wanted: JsonObject;
  /** The live object reduced to the fields the manifest names, in its order, so that the two can be compared line by line. */
  readonly actual: JsonObject;
}

/**
 * How a live object differs from a manifest, in the fields the manifest names. What the server, its defaults, its controllers and other
 * people added is no drift; neither is a value that is only spelled differently (`1000m` and `1`).
 */
export function driftOf(manifest: JsonObject, live: JsonObject): Drift {
  const named = normalized(manifest);
  const reducer = new Reducer(readManagers(live));
  const actual = reducer.reduce([], named, live);
  const reduced = isUntrustedObject(actual) ? actual : {};
  return { fields: reducer.fields, wanted: showSecret(named, 'hidden'), actual: showSecret(reduced, 'hidden', named) };
}

/** A manifest as the server keeps it: texts of Secrets encoded; without status and without metadata that the server writes. */
function normalized(manifest: JsonObject): JsonObject {
  const { status: _status, ...rest } = manifest;
  const own = Object.entries(objectAt(manifest, 'metadata')).filter(([key]) => !SERVER_METADATA.has(key));
  const { stringData: _texts, ...secret } = rest;
  const texts = Object.entries(objectAt(manifest, 'stringData')).map(([key, value]): [string, unknown] => [
    key,
    typeof value === 'string' ? encodeBase64Text(value) : value,
  ]);
  const isEncoded = isSecret(manifest) && texts.length > 0;
  const spec = isEncoded ? { ...secret, data: { ...objectAt(manifest, 'data'), ...Object.fromEntries(texts) } } : rest;
  return { ...spec, metadata: Object.fromEntries(own) };
}

const SERVER_METADATA: ReadonlySet<string> = new Set([
  'managedFields',
  'resourceVersion',
  'uid',
  'creationTimestamp',
  'generation',
  'selfLink',
  'generateName',
]);

class Reducer {
  readonly fields: DriftedField[] = [];
  readonly #managers: readonly FieldManager[];

  constructor(managers: readonly FieldManager[]) {
    this.#managers = managers;
  }

  /** The part of `actual` that `wanted` names; undefined when there is none. */
  reduce(path: FieldPath, wanted: unknown, actual: unknown): unknown {
    if (isEmpty(wanted) && isEmpty(actual)) return wanted;
    if (isUntrustedObject(wanted) && isUntrustedObject(actual)) return this.#reduceKeys(path, wanted, actual);
    if (Array.isArray(wanted) && Array.isArray(actual)) return this.#reduceItems(path, wanted, actual);
    if (isSameValue(path, wanted, actual)) return wanted;
    this.fields.push({ path: formatFieldPath(path), wanted, actual });
    return actual;
  }

  #reduceKeys(path: FieldPath, wanted: UntrustedObject, actual: UntrustedObject): UntrustedObject {
    const entries = Object.entries(wanted).flatMap(([key, value]): [string, unknown][] => {
      const part = this.reduce([...path, key], value, actual[key]);
      return part === undefined ? [] : [[key, part]];
    });
    return Object.fromEntries(entries);
  }

  #reduceItems(path: FieldPath, wanted: readonly unknown[], actual: readonly unknown[]): readonly unknown[] {
    const stepOf = this.#matching(path, wanted, actual);
    if (!stepOf) return this.#reduceByPosition(path, wanted, actual);
    return wanted.flatMap((item): unknown[] => {
      const step = stepOf(item);
      const found = actual.find((candidate, index) => isItem(candidate, index, step));
      const part = this.reduce([...path, step], item, found);
      return part === undefined ? [] : [part];
    });
  }

  /** A list without keys is one value: more items in the cluster are drift as well. */
  #reduceByPosition(path: FieldPath, wanted: readonly unknown[], actual: readonly unknown[]): readonly unknown[] {
    const length = Math.max(wanted.length, actual.length);
    return Array.from({ length }).flatMap((_, index): unknown[] => {
      if (index >= wanted.length) {
        this.fields.push({ path: formatFieldPath([...path, { index }]), wanted: undefined, actual: actual[index] });
        return [actual[index]];
      }
      const part = this.reduce([...path, { index }], wanted[index], actual[index]);
      return part === undefined ? [] : [part];
    });
  }

  /** How items find each other: as the server tells them apart, else by their names. */
  #matching(
    path: FieldPath,
    wanted: readonly unknown[],
    actual: readonly unknown[],
  ): ((item: unknown) => ListStep) | undefined {
    const list = listKindOf(this.#managers, path);
    if (list.kind === 'set') return (value) => ({ value });
    const keys = list.kind === 'keyed' ? list.keys : ['name'];
    if (list.kind === 'atomic' && ![wanted, actual].every(hasNames)) return undefined;
    return (item) => ({ keys: Object.fromEntries(keys.map((key) => [key, keyOf(item, key)])) });
  }
}

function keyOf(item: unknown, key: string): unknown {
  return (isUntrustedObject(item) ? item[key] : undefined) ?? (key === 'protocol' ? 'TCP' : undefined);
}

function hasNames(items: readonly unknown[]): boolean {
  const names = items.map((item) => (isUntrustedObject(item) ? item['name'] : undefined));
  return names.every((name) => typeof name === 'string') && new Set(names).size === names.length;
}

/** Servers drop what is null or empty, so that one is as good as none. */
function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isUntrustedObject(value) && Object.values(value).every(isEmpty);
}

function isSameValue(path: FieldPath, wanted: unknown, actual: unknown): boolean {
  if (isSameJson(wanted, actual)) return true;
  if (!isScalar(wanted) || !isScalar(actual)) return false;
  if (String(wanted) === String(actual)) return true;
  if (!path.some((step) => typeof step === 'string' && QUANTITY_FIELDS.has(step))) return false;
  const [a, b] = [parseQuantity(String(wanted)), parseQuantity(String(actual))];
  return a !== undefined && b !== undefined && Math.abs(a.value - b.value) <= 1e-9 * Math.abs(a.value);
}

/** Fields at or below which amounts stand, which the server spells in its own way. Elsewhere `4.0` and `4` are two versions. */
const QUANTITY_FIELDS: ReadonlySet<string> = new Set([
  'resources',
  'requests',
  'limits',
  'capacity',
  'sizeLimit',
  'divisor',
  'averageValue',
  'hard',
]);

function isScalar(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
