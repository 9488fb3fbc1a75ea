import type { JsonObject } from '#core/live/ports.ts';

/** Readers of JSON that nobody has checked: what is not of the wanted type is as if it were absent. None of them throws. */

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

/** What stands at a path of keys; undefined when something on the way is no object. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const key of path) found = isObject(found) ? found[key] : undefined;
  return found;
}
