/** How many bytes a text has in UTF-8. */
export function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

/** How many bytes a base64 text stands for; line breaks in it do not count. */
export function base64Length(text: string): number {
  const { length } = text.replaceAll(/[\r\n=]/g, '');
  return Math.floor((length * 3) / 4);
}
