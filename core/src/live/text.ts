/** C0 and C1 controls, and what turns, hides or joins text: none of it belongs into a row of a tree or a line of a terminal. */
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE =
  /[\u0000-\u001F\u007F-\u009F\u00AD\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF\uFFF9-\uFFFB]+/g;

/** Most that a message of a server is shown with. */
export const MESSAGE_LENGTH = 1000;

/**
 * A text of a cluster as one line that is safe to show as plain text: control characters become one blank, what is too long is cut.
 * It is not fit for Markdown or HTML.
 */
export function plainText(text: string, maxLength = MESSAGE_LENGTH): string {
  const line = text.replace(UNPRINTABLE, ' ').trim();
  if (line.length <= maxLength) return line;
  const cut = line.slice(0, Math.max(0, maxLength - 1));
  // A pair that is cut in the middle is no character.
  return `${cut.replace(/[\uD800-\uDBFF]$/, '')}…`;
}
