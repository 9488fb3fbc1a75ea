/**
 * Text from a manifest, fit for a terminal: control characters and marks that change the direction of writing could
 * rewrite what the user sees, so they are shown as U+FFFD. Line breaks become blanks.
 */
export function printable(text: string): string {
  return text
    .replaceAll(/\r\n|[\r\n\t]/g, ' ')
    .replaceAll(/[\u0000-\u001F\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069]/g, '\uFFFD');
}
