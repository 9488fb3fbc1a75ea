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

/** Base64 of bytes, in one line and with its padding. */
export function encodeBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = bytes.subarray(at, at + 3);
    const group = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    parts.push(
      ALPHABET.charAt(group >> 18) + ALPHABET.charAt((group >> 12) & 63),
      b === undefined ? '=' : ALPHABET.charAt((group >> 6) & 63),
      c === undefined ? '=' : ALPHABET.charAt(group & 63),
    );
  }
  return parts.join('');
}

/** A text in UTF-8. Half of a pair, which is no character, is written as the sign for that. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let at = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    const code = point >= 0xd800 && point <= 0xdfff ? REPLACEMENT : point;
    const more = code < 0x80 ? 0 : code < 0x8_00 ? 1 : code < 0x1_00_00 ? 2 : 3;
    bytes[at++] = more === 0 ? code : (leads[more] ?? 0) | (code >> (6 * more));
    for (let rest = more - 1; rest >= 0; rest--) bytes[at++] = 0x80 | ((code >> (6 * rest)) & 63);
  }
  return bytes.slice(0, at);
}

/** The bits that say how many bytes follow the first. */
const leads: readonly number[] = [0, 0xc0, 0xe0, 0xf0];

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
