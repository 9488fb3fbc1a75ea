import { parseTime } from '#core/time.ts';

/**
 * Readers of JSON that nobody has checked: what a server sent, what stands in settings. What has another type than expected is as if
 * it were absent. None of them throws. Those that end in `Of` read a value, those that end in `At` what stands at a path of keys.
 */
export type JsonObject = Readonly<Record<string, unknown>>;

const EMPTY: JsonObject = {};

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object, or an empty one. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : EMPTY;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The objects of a list. */
export function objectsOf(value: unknown): readonly JsonObject[] {
  return listOf(value).filter(isObject);
}

/** The text, or an empty one. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((item) => typeof item === 'string');
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A field that is a number or a text, as it would be written: `minAvailable: 50%`. */
export function scalarText(value: unknown): string {
  return typeof value === 'number' ? String(value) : textOf(value);
}

/** The entries whose value is a text: labels, selectors. The same object when all are. */
export function textMapOf(value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) return NO_TEXTS;
  if (hasOnlyTexts(value)) return value;
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => isText(entry[1])));
}

const NO_TEXTS: Readonly<Record<string, string>> = {};

function hasOnlyTexts(value: JsonObject): value is Readonly<Record<string, string>> {
  return Object.values(value).every(isText);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Undefined when something on the way is no object or has no such key of its own. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const key of path) found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  return found;
}

export function objectAt(value: unknown, ...path: readonly string[]): JsonObject {
  return objectOf(valueAt(value, ...path));
}

export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  return listOf(valueAt(value, ...path));
}

export function textAt(value: unknown, ...path: readonly string[]): string {
  return textOf(valueAt(value, ...path));
}

export function textsAt(value: unknown, ...path: readonly string[]): readonly string[] {
  return textsOf(valueAt(value, ...path));
}

export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  return numberOf(valueAt(value, ...path));
}

/** True only when it is `true`. */
export function isSetAt(value: unknown, ...path: readonly string[]): boolean {
  return valueAt(value, ...path) === true;
}

/** Milliseconds since 1970 of a field that holds a time of RFC 3339. */
export function timeAt(value: unknown, ...path: readonly string[]): number | undefined {
  return parseTime(textAt(value, ...path));
}
