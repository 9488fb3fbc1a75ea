import type { JsonObject } from '#core/live/ports.ts';

/** Reading values that nobody has checked: whatever has another type is absent. */

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const objectAt = (value: unknown, key: string): JsonObject => {
  const found = isObject(value) ? value[key] : undefined;
  return isObject(found) ? found : {};
};

export const listAt = (value: unknown, key: string): readonly unknown[] => {
  const found = isObject(value) ? value[key] : undefined;
  return Array.isArray(found) ? found : [];
};

/** Empty text counts as absent, as it does for kubectl. */
export const textAt = (value: unknown, key: string): string | undefined => {
  const found = isObject(value) ? value[key] : undefined;
  return typeof found === 'string' && found !== '' ? found : undefined;
};

export const textsAt = (value: unknown, key: string): readonly string[] =>
  listAt(value, key).filter((one) => typeof one === 'string');
