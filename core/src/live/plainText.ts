/** Control characters, and the marks that turn the direction of writing and could make a name look like another. */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g;

/** A text of a cluster as one line that may be shown as plain text: without control characters, at most `limit` characters long. */
export function plainText(text: string, limit = 200): string {
  const line = text
    .slice(0, 8 * limit)
    .replaceAll(UNSAFE, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1).trimEnd()}…`;
}

/** A message of a cluster as a part of a sentence of ours: one line without the full stop at its end. */
export function messageText(message: string, limit = 200): string {
  return plainText(message, limit).replace(/\.+$/, '');
}

/** One thing or several: `1 worker`, `3 workers`. */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}
