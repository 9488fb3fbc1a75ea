import {
  fieldsAt,
  listKindOf,
  ownedPart,
  ownersOf,
  readManagers,
  type FieldManager,
} from '#core/live/edit/ownership.ts';
import { formatFieldPath, isItem, isSameJson, type FieldPath, type ListStep } from '#core/live/fieldPath.ts';
import { FIELD_MANAGER, type JsonObject } from '#core/live/ports.ts';
import { isUntrustedObject, objectAt, textAt, type UntrustedObject } from '#core/live/reading.ts';

/** A field that is changed or taken away, and who else owns it. */
export interface FieldChange {
  readonly path: string;
  readonly change: 'set' | 'removed';
  /** Names of the managers besides us. */
  readonly owners: readonly string[];
}

/**
 * How an edit is written. Server-side apply names only what was changed (and what we own already, which it would drop otherwise), so
 * everything else stays with its owners. It cannot take away what others own; then the whole object is replaced, on condition that
 * nobody changed it meanwhile.
 */
export type WritePlan =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'apply' | 'replace'; readonly body: JsonObject; readonly changes: readonly FieldChange[] };

/**
 * @param live the object as it is, with `metadata.managedFields`
 * @param wanted the same object as it should become
 */
export function planWrite(live: JsonObject, wanted: JsonObject): WritePlan {
  const managers = readManagers(live).filter(({ subresource }) => subresource === '');
  const collector = new ChangeCollector(managers);
  const changed = collector.collect([], live, wanted);
  if (collector.changes.length === 0) return { kind: 'nothing' };
  const { changes } = collector;
  if (collector.needsReplacement) return { kind: 'replace', body: wanted, changes };
  const kept = collector.ours ? ownedPart(wanted, collector.ours.fields) : undefined;
  const body = mergeParts(kept, changed, managers, []);
  return { kind: 'apply', body: withIdentity(isUntrustedObject(body) ? body : {}, live), changes };
}

/** What names the object, and the version it must still have for the write to count. */
function withIdentity(body: UntrustedObject, live: JsonObject): JsonObject {
  const metadata = objectAt(body, 'metadata');
  const names = Object.fromEntries(
    ['name', 'namespace', 'resourceVersion'].flatMap((key): [string, string][] => {
      const text = textAt(live, 'metadata', key);
      return text === '' ? [] : [[key, text]];
    }),
  );
  return { ...body, apiVersion: live['apiVersion'], kind: live['kind'], metadata: { ...metadata, ...names } };
}

/** Walks both states of an object and notes what differs; what it returns names the changed fields and nothing else. */
class ChangeCollector {
  readonly changes: FieldChange[] = [];
  readonly ours: FieldManager | undefined;
  /** Something is taken away that is not ours alone. */
  needsReplacement = false;
  readonly #managers: readonly FieldManager[];

  constructor(managers: readonly FieldManager[]) {
    this.#managers = managers;
    this.ours = managers.find(({ name, operation }) => name === FIELD_MANAGER && operation === 'Apply');
  }

  /** The part of `after` that differs from `before`; undefined when nothing does. */
  collect(path: FieldPath, before: unknown, after: unknown): unknown {
    if (isSameJson(before, after)) return undefined;
    if (isUntrustedObject(before) && isUntrustedObject(after)) return this.#collectKeys(path, before, after);
    if (Array.isArray(before) && Array.isArray(after)) return this.#collectItems(path, before, after);
    this.#note(path, 'set');
    return after;
  }

  #collectKeys(path: FieldPath, before: UntrustedObject, after: UntrustedObject): unknown {
    const part: Record<string, unknown> = {};
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const next = [...path, key];
      const isGone = after[key] === undefined || (after[key] === null && before[key] !== null);
      if (isGone && before[key] !== undefined) this.#note(next, 'removed');
      if (isGone) continue;
      const changed = this.collect(next, before[key], after[key]);
      if (changed !== undefined) part[key] = changed;
    }
    return Object.keys(part).length === 0 ? undefined : part;
  }

  #collectItems(path: FieldPath, before: readonly unknown[], after: readonly unknown[]): unknown {
    const list = listKindOf(this.#managers, path);
    if (list.kind === 'atomic') {
      this.#note(path, 'set');
      return after;
    }
    const stepOf = (item: unknown): ListStep =>
      list.kind === 'keyed'
        ? { keys: Object.fromEntries(list.keys.map((key) => [key, keyOf(item, key)])) }
        : { value: item };
    for (const item of before) {
      const step = stepOf(item);
      if (!after.some((candidate, index) => isItem(candidate, index, step))) this.#note([...path, step], 'removed');
    }
    const items = after.flatMap((item): unknown[] => {
      const step = stepOf(item);
      const known = before.find((candidate, index) => isItem(candidate, index, step));
      const changed = this.collect([...path, step], known, item);
      if (changed === undefined) return [];
      return ['keys' in step && isUntrustedObject(changed) ? { ...step.keys, ...changed } : changed];
    });
    return items.length === 0 ? undefined : items;
  }

  #note(path: FieldPath, change: FieldChange['change']): void {
    const owners = ownersOf(this.#managers, path).filter((manager) => manager !== this.ours);
    const isOurs = this.ours !== undefined && fieldsAt(this.ours.fields, path) !== undefined;
    if (change === 'removed' && (!isOurs || owners.length > 0)) this.needsReplacement = true;
    this.changes.push({ path: formatFieldPath(path), change, owners: [...new Set(owners.map(({ name }) => name))] });
  }
}

function keyOf(item: unknown, key: string): unknown {
  const value = isUntrustedObject(item) ? item[key] : undefined;
  return value ?? (key === 'protocol' ? 'TCP' : undefined);
}

/** Lays the changed part over what we own; items of lists are matched as the server matches them. */
function mergeParts(kept: unknown, changed: unknown, managers: readonly FieldManager[], path: FieldPath): unknown {
  if (changed === undefined) return kept;
  if (isUntrustedObject(kept) && isUntrustedObject(changed)) {
    const keys = new Set([...Object.keys(kept), ...Object.keys(changed)]);
    return Object.fromEntries(
      [...keys].map((key) => [key, mergeParts(kept[key], changed[key], managers, [...path, key])]),
    );
  }
  if (!Array.isArray(kept) || !Array.isArray(changed)) return changed;
  return mergeItems(kept, changed, managers, path);
}

function mergeItems(
  kept: readonly unknown[],
  changed: readonly unknown[],
  managers: readonly FieldManager[],
  path: FieldPath,
): unknown {
  const list = listKindOf(managers, path);
  if (list.kind === 'atomic') return changed;
  if (list.kind === 'set') return [...kept, ...changed.filter((item) => !kept.some((own) => isSameJson(own, item)))];
  const isSame = (a: unknown, b: unknown): boolean =>
    list.keys.every((key) => isSameJson(keyOf(a, key), keyOf(b, key)));
  const merged = kept.map((item) => {
    const step = { keys: Object.fromEntries(list.keys.map((key) => [key, keyOf(item, key)])) };
    return mergeParts(
      item,
      changed.find((other) => isSame(item, other)),
      managers,
      [...path, step],
    );
  });
  return [...merged, ...changed.filter((item) => !kept.some((own) => isSame(own, item)))];
}
