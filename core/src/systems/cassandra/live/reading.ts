import * as json from '#core/json.ts';
import { plainText } from '#core/live/plainText.ts';

/** Texts of custom resources as they may be shown. */

export const textAt = (value: unknown, ...path: readonly string[]): string => cleanText(json.textAt(value, ...path));

export const textsAt = (value: unknown, ...path: readonly string[]): readonly string[] =>
  json.textsAt(value, ...path).map(cleanText);

/** Texts of a cluster are untrusted; whole, because patterns are looked for in some. */
export const cleanText = (text: string): string => plainText(text, 1000);
