/**
 * How much a text tells about itself.
 * - `kubernetes`: it names an apiVersion and a kind.
 * - `blank`: nothing but comments and markers, or a first word; anything may be written here.
 * - `other`: some other YAML.
 */
export type TextNature = 'kubernetes' | 'blank' | 'other';

/** Longest piece of a document that is looked at, in UTF-16 units; a manifest names its kind long before. */
export const INSPECTED_LENGTH = 200_000;

/** Judges a text by its first lines, without parsing: broken and half-written manifests count too. */
export function judgeText(text: string): TextNature {
  const inspected = text.slice(0, INSPECTED_LENGTH).replace(/^\uFEFF/, '');
  if (API_VERSION.test(inspected) && KIND.test(inspected)) return 'kubernetes';
  return isBlank(inspected) ? 'blank' : 'other';
}

/** Whether somebody who works on this text may want the language server. */
export function isWorthServing(text: string): boolean {
  return judgeText(text) !== 'other';
}

const API_VERSION = keyPattern('apiVersion');
const KIND = keyPattern('kind');

/** A key in block or flow style, quoted or not, at any depth: the objects of a List and of a flow map count. */
function keyPattern(key: string): RegExp {
  return new RegExp(`(?:^|[{,])[ \\t]*(?:-[ \\t]+)*["']?${key}["']?[ \\t]*:`, 'm');
}

function isBlank(text: string): boolean {
  const words = text.split(/\r\n|\r|\n/).filter((line) => !/^\s*(?:#.*|---\s*|%.*)?$/.test(line));
  const [first] = words;
  return first === undefined || (words.length === 1 && isFirstWord(first));
}

/** One of the two keys with whatever value, or a single word: the beginning of one of them, or a kind that completion makes an object of. */
function isFirstWord(line: string): boolean {
  const word = line.trimEnd();
  return /^[A-Za-z\d]+$/.test(word) || [API_VERSION, KIND].some((pattern) => pattern.test(word));
}
