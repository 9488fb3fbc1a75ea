import { textOf, valueAt } from '#core/json.ts';

/** Undefined when it is no text. Empty text counts as absent, as it does for kubectl. */
export const textAt = (value: unknown, key: string): string | undefined => textOf(valueAt(value, key)) || undefined;
