/** A value of which only its being JSON is known. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

export function parseJson(text: string): Json {
  const value: unknown = JSON.parse(text);
  if (!isJson(value)) throw new Error('Not JSON.');
  return value;
}

export function parseJsonObject(text: string): JsonObject {
  return asObject(parseJson(text));
}

/** An object; anything else reads as one without keys, so that a path may be followed through what is missing. */
export const asObject = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
export const asArray = (value: Json | undefined): readonly Json[] => (isArray(value) ? value : []);
export const asText = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
export const asNumber = (value: Json | undefined): number => (typeof value === 'number' ? value : 0);

/** The value under a path of keys and positions. */
export function at(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (inner, step) => (typeof step === 'number' ? asArray(inner)[step] : asObject(inner)[step]),
    value,
  );
}

const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Text that JSON.parse accepts gives nothing else, so only the outermost kind is looked at. */
function isJson(value: unknown): value is Json {
  return value === null || ['string', 'number', 'boolean', 'object'].includes(typeof value);
}
