import { valueAt } from '#core/json.ts';
import { plainText } from '#core/live/plainText.ts';

/** Fields of custom resources as people and operators write them: numbers as texts, and the other way round. */

/** As one line without control characters; empty when it is no scalar. */
export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = valueAt(value, ...path);
  if (typeof found === 'number' || typeof found === 'boolean') return String(found);
  return typeof found === 'string' ? oneLine(found) : '';
}

/** A whole number, written as such or as a text. */
export function integerAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = valueAt(value, ...path);
  if (typeof found === 'number') return Number.isSafeInteger(found) ? found : undefined;
  return typeof found === 'string' ? parseDigits(found) : undefined;
}

export function parseDigits(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text.trim()) ? Number(text) : undefined;
}

/** What a broker or an operator says, with room for a sentence or two. */
export const oneLine = (text: string, limit = 400): string => plainText(text, limit);
