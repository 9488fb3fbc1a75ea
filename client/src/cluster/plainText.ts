/** Longer than any word of a sentence, and of the letters that tokens and keys are made of. */
const secretLike = /[A-Za-z0-9_+/=.~-]{40,}/g;
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text of a server or a program as it may be shown: without control characters, and at most `limit` characters. */
export function plainText(text: string, limit = 2000): string {
  const clean = text
    .replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '')
    .replace(controls, '')
    .trim();
  return clean.length > limit ? `${clean.slice(0, limit)} ...` : clean;
}

/** The same without what may be a token or a key; an address keeps its host and path. */
export const withoutSecrets = (text: string, limit = 2000): string =>
  plainText(text, limit).replace(secretLike, (word) => (looksLikePath(word) ? word : '(left out)'));

const looksLikePath = (word: string): boolean => word.split(/[/.]/).every((part) => part.length < 32);
