import { isItem, readJson, type FieldPath, type FieldStep, type ListStep } from '#core/live/fieldPath.ts';
import { isUntrustedObject, listAt, objectAt, textAt, timeAt, type UntrustedObject } from '#core/live/reading.ts';

/**
 * Who owns which field, as `metadata.managedFields` tells it (structured-merge-diff, FieldsV1): `f:` names a field, `k:` an item of
 * a list by its keys, `v:` an item by its value, `.` the thing itself.
 */
export interface FieldManager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  /** `status` and the like; empty for the object itself. */
  readonly subresource: string;
  readonly at: number | undefined;
  readonly fields: UntrustedObject;
}

export function readManagers(object: unknown): readonly FieldManager[] {
  return listAt(object, 'metadata', 'managedFields').map((entry) => ({
    name: textAt(entry, 'manager'),
    operation: textAt(entry, 'operation') === 'Apply' ? 'Apply' : 'Update',
    subresource: textAt(entry, 'subresource'),
    at: timeAt(entry, 'time'),
    fields: objectAt(entry, 'fieldsV1'),
  }));
}

/** The managers that own a field or something in it. */
export function ownersOf(managers: readonly FieldManager[], path: FieldPath): readonly FieldManager[] {
  return managers.filter(({ fields }) => fieldsAt(fields, path) !== undefined);
}

/** The part of a set of fields below a path; undefined when nothing there is owned. */
export function fieldsAt(fields: UntrustedObject, path: FieldPath): UntrustedObject | undefined {
  let current: UntrustedObject | undefined = fields;
  for (const step of path) {
    if (!current) return undefined;
    const key: string | undefined = Object.keys(current).find((name) => isNameOf(name, step));
    current = key === undefined ? undefined : objectAt(current, key);
  }
  return current;
}

function isNameOf(name: string, step: FieldStep): boolean {
  if (typeof step === 'string') return name === `f:${step}`;
  const told = readListStep(name);
  if (!told) return false;
  if ('keys' in told && 'keys' in step) return isItem(told.keys, -1, step);
  return 'value' in told && 'value' in step && told.value === step.value;
}

/** The item that `k:{"name":"a"}`, `v:"a"` or `i:0` names; undefined for everything else. */
export function readListStep(name: string): ListStep | undefined {
  const value = readJson(name.slice(2));
  if (name.startsWith('k:') && isUntrustedObject(value)) return { keys: value };
  if (name.startsWith('v:')) return { value };
  return name.startsWith('i:') && typeof value === 'number' ? { index: value } : undefined;
}

/** How the items of a list are told apart: by keys, by their values, or not at all, so that the list is one value. */
export type ListKind =
  { readonly kind: 'keyed'; readonly keys: readonly string[] } | { readonly kind: 'set' } | { readonly kind: 'atomic' };

/** What the managers know of a list that exists: the server writes an item by its keys only where the schema says so. */
export function listKindOf(managers: readonly FieldManager[], path: FieldPath): ListKind {
  const names = managers.flatMap(({ fields }) => Object.keys(fieldsAt(fields, path) ?? {}));
  for (const name of names) {
    const step = readListStep(name);
    if (step && 'keys' in step) return { kind: 'keyed', keys: Object.keys(step.keys) };
    if (step && 'value' in step) return { kind: 'set' };
  }
  return { kind: 'atomic' };
}

/** The part of a value that a set of fields names, as server-side apply wants to hear it again; undefined when there is none. */
export function ownedPart(value: unknown, fields: UntrustedObject): unknown {
  const names = Object.keys(fields).filter((name) => name !== '.');
  if (names.length === 0) return '.' in fields ? emptied(value) : value;
  if (Array.isArray(value)) return ownedItems(value, fields, names);
  if (!isUntrustedObject(value)) return value;
  const entries = names.flatMap((name): [string, unknown][] => {
    const key = name.slice(2);
    const part = name.startsWith('f:') && key in value ? ownedPart(value[key], objectAt(fields, name)) : undefined;
    return part === undefined ? [] : [[key, part]];
  });
  return Object.fromEntries(entries);
}

/** Who owns a thing and nothing in it, as `.` says. */
function emptied(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  return isUntrustedObject(value) ? {} : value;
}

function ownedItems(items: readonly unknown[], fields: UntrustedObject, names: readonly string[]): unknown {
  return items.flatMap((item, index): unknown[] => {
    const name = names.find((candidate) => {
      const step = readListStep(candidate);
      return step !== undefined && isItem(item, index, step);
    });
    const step = name === undefined ? undefined : readListStep(name);
    if (name === undefined || !step) return [];
    const part = ownedPart(item, objectAt(fields, name));
    return ['keys' in step && isUntrustedObject(part) ? { ...step.keys, ...part } : part];
  });
}
