import { timeOf } from '#core/systems/cassandra/nodetool/text.ts';

/** Reads specs and statuses of custom resources, whose shapes are promised by nobody. */

export type Fields = Readonly<Record<string, unknown>>;

const nothing: Fields = {};

/** The object at a path of keys; empty when something else is there. */
export function fieldsAt(value: unknown, ...path: readonly string[]): Fields {
  const found = valueAt(value, path);
  return isFields(found) ? found : nothing;
}

export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = valueAt(value, path);
  return typeof found === 'string' ? cleanText(found) : '';
}

export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = valueAt(value, path);
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}

/** Milliseconds since 1970 of a time as Kubernetes writes it, `2026-11-24T10:15:30Z`. */
export const timeAt = (value: unknown, ...path: readonly string[]): number | undefined =>
  timeOf(textAt(value, ...path).replace(/Z$/, ''));

export function isTrueAt(value: unknown, ...path: readonly string[]): boolean {
  return valueAt(value, path) === true;
}

export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? (found as readonly unknown[]) : [];
}

export function textsAt(value: unknown, ...path: readonly string[]): readonly string[] {
  return listAt(value, ...path)
    .filter((item) => typeof item === 'string')
    .map(cleanText);
}

/** Texts of a cluster are untrusted: without what moves a cursor or turns the direction, and not endless. */
export function cleanText(text: string): string {
  return text
    .slice(0, 1000)
    .replaceAll(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, ' ')
    .trim();
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let current = value;
  for (const key of path) current = isFields(current) && Object.hasOwn(current, key) ? current[key] : undefined;
  return current;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
