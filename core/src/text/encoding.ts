const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Value of a character of base64 by its code; 255 for any other. Those of the alphabet for URLs are taken as well. */
const values = new Uint8Array(128).fill(255);
for (let index = 0; index < ALPHABET.length; index++) values[ALPHABET.charCodeAt(index)] = index;
values['-'.charCodeAt(0)] = 62;
values['_'.charCodeAt(0)] = 63;

const BREAKS = /[\r\n]+/g;

/** Bytes of a base64 text, line breaks ignored; undefined when it is none. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const digits = text.replaceAll(BREAKS, '').replace(/={1,2}$/, '');
  if (digits.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let at = 0;
  let bits = 0;
  let count = 0;
  for (let index = 0; index < digits.length; index++) {
    const value = values[digits.charCodeAt(index)] ?? 255;
    if (value === 255) return undefined;
    bits = ((bits << 6) | value) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes[at++] = (bits >> count) & 0xff;
  }
  return bytes;
}

const CHUNK = 8_192;
const REPLACEMENT = 0xfffd;

/** The text of bytes in UTF-8; what is not well formed becomes the replacement character. */
export function decodeUtf8(bytes: Uint8Array): string {
  const parts: string[] = [];
  let codes: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const { code, length } = decodeCharacter(bytes, at);
    codes.push(code);
    at += length;
    if (codes.length < CHUNK) continue;
    parts.push(String.fromCodePoint(...codes));
    codes = [];
  }
  parts.push(String.fromCodePoint(...codes));
  return parts.join('');
}

interface Character {
  readonly code: number;
  readonly length: number;
}

const BROKEN: Character = { code: REPLACEMENT, length: 1 };

function decodeCharacter(bytes: Uint8Array, at: number): Character {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return { code: first, length: 1 };
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return BROKEN;
  let code = first & (0xff >> (length + 1));
  for (let index = 1; index < length; index++) {
    const next = bytes[at + index] ?? 0;
    if ((next & 0xc0) !== 0x80) return BROKEN;
    code = (code << 6) | (next & 0x3f);
  }
  const isWrong = code < (leastCodes[length] ?? 0) || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff);
  return isWrong ? BROKEN : { code, length };
}

/** The least code that needs so many bytes. */
const leastCodes: readonly number[] = [0, 0, 0x80, 0x800, 0x10000];
