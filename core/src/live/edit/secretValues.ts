import { decodeBase64Text, encodeBase64Text } from '#core/live/edit/base64.ts';
import type { JsonObject } from '#core/live/ports.ts';
import { isUntrustedObject, objectAt, type UntrustedObject } from '#core/live/reading.ts';
import { base64Length } from '#core/text/bytes.ts';

/** How the values of a Secret are shown: not at all, as they are kept, or as the texts they stand for. */
export type SecretDisplay = 'hidden' | 'encoded' | 'decoded';

export function isSecret(object: JsonObject): boolean {
  return object['apiVersion'] === 'v1' && object['kind'] === 'Secret';
}

/**
 * The Secret as it is shown. Hidden and decoded values stand under `stringData`, as a manifest would have them; what is no text stays in
 * `data`.
 *
 * @param before the state it is compared with: a hidden value says whether it is another one
 */
export function showSecret(object: JsonObject, display: SecretDisplay, before?: JsonObject): JsonObject {
  if (!isSecret(object) || !isUntrustedObject(object['data'])) return object;
  if (display === 'encoded') return object;
  const { data } = object;
  if (display === 'decoded') return decoded(object, data);
  const old = before && objectAt(before, 'data');
  const hidden = mapValues(data, (value, key) => placeholderOf(value, old && old[key] !== value));
  // A placeholder is no base64, so that it stands where any text may.
  return renamed(object, 'data', [['stringData', hidden]]);
}

function decoded(object: JsonObject, data: UntrustedObject): JsonObject {
  const texts: Record<string, unknown> = {};
  const rest: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(data)) {
    const text = typeof value === 'string' ? decodeBase64Text(value) : undefined;
    if (text === undefined) rest[key] = value;
    else texts[key] = text;
  }
  const binary: [string, unknown][] = Object.keys(rest).length === 0 ? [] : [['data', rest]];
  return renamed(object, 'data', [...binary, ['stringData', texts]]);
}

/** The object with other entries in the place of one. */
function renamed(object: JsonObject, key: string, entries: readonly [string, unknown][]): JsonObject {
  return Object.fromEntries(Object.entries(object).flatMap((entry) => (entry[0] === key ? entries : [entry])));
}

/** A key whose hidden value stands for nothing: it was renamed, or the sign for it was changed. Writing it would lose the value. */
export function strayPlaceholder(shown: JsonObject, live: JsonObject): string | undefined {
  if (!isSecret(live)) return undefined;
  const kept = objectAt(live, 'data');
  const entries = [...Object.entries(objectAt(shown, 'data')), ...Object.entries(objectAt(shown, 'stringData'))];
  return entries.find(([key, value]) => isLikePlaceholder(value) && !(isPlaceholder(value) && key in kept))?.[0];
}

/** The Secret as it is written: texts encoded, and hidden values as they are in the cluster. */
export function readShownSecret(shown: JsonObject, live: JsonObject): JsonObject {
  if (!isSecret(live)) return shown;
  const kept = objectAt(live, 'data');
  const data = mapValues(objectAt(shown, 'data'), (value, key) => (isPlaceholder(value) ? kept[key] : value));
  const texts = mapValues(objectAt(shown, 'stringData'), (value, key) => {
    if (isPlaceholder(value)) return kept[key];
    return typeof value === 'string' ? encodeBase64Text(value) : value;
  });
  const all = { ...data, ...texts };
  const { stringData: _texts, ...rest } = shown;
  return Object.keys(all).length > 0 || 'data' in live ? { ...rest, data: all } : rest;
}

const PLACEHOLDER = /^\(hidden, (?:changed, )?\d+ bytes?\)$/;

function placeholderOf(value: unknown, isChanged: boolean | undefined): string {
  const length = typeof value === 'string' ? base64Length(value) : 0;
  return `(hidden, ${isChanged === true ? 'changed, ' : ''}${length} ${length === 1 ? 'byte' : 'bytes'})`;
}

function isLikePlaceholder(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('(hidden,');
}

function isPlaceholder(value: unknown): boolean {
  return typeof value === 'string' && PLACEHOLDER.test(value);
}

function mapValues(object: UntrustedObject, of: (value: unknown, key: string) => unknown): UntrustedObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, of(value, key)]));
}
