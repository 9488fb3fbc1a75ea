/** Base64 as Secrets hold it. Core has no Node and no browser, so it is spelled out here. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The text that base64 stands for; undefined when it is no base64 or no UTF-8 that can be shown as text. */
export function decodeBase64Text(base64: string): string | undefined {
  const bytes = decodeBase64(base64);
  const text = bytes && decodeUtf8(bytes);
  return text === undefined || /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/.test(text) ? undefined : text;
}

export function encodeBase64Text(text: string): string {
  const bytes = encodeUtf8(text);
  let result = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = bytes.slice(at, at + 3);
    const group = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    result += ALPHABET.charAt(group >> 18) + ALPHABET.charAt((group >> 12) & 63);
    result += b === undefined ? '=' : ALPHABET.charAt((group >> 6) & 63);
    result += c === undefined ? '=' : ALPHABET.charAt(group & 63);
  }
  return result;
}

function decodeBase64(base64: string): readonly number[] | undefined {
  const digits = base64.replaceAll(/[\r\n]/g, '').replace(/={0,2}$/, '');
  const bytes: number[] = [];
  let group = 0;
  let bits = 0;
  for (const digit of digits) {
    const value = ALPHABET.indexOf(digit);
    if (value < 0) return undefined;
    group = ((group << 6) | value) & 0xff_ff_ff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((group >> bits) & 255);
  }
  return bytes;
}

function encodeUtf8(text: string): readonly number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    // A half of a pair is no character: written as the sign for that.
    const code = point >> 11 === 27 ? 0xff_fd : point;
    const more = code < 0x80 ? 0 : code < 0x8_00 ? 1 : code < 0x1_00_00 ? 2 : 3;
    bytes.push(more === 0 ? code : ([0, 0xc0, 0xe0, 0xf0][more] ?? 0) | (code >> (6 * more)));
    for (let rest = more - 1; rest >= 0; rest--) bytes.push(0x80 | ((code >> (6 * rest)) & 63));
  }
  return bytes;
}

/** Undefined for anything but well-formed UTF-8, overlong forms and surrogates included. */
function decodeUtf8(bytes: readonly number[]): string | undefined {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at] ?? 0;
    const more = lead < 0x80 ? 0 : lead >> 5 === 6 ? 1 : lead >> 4 === 14 ? 2 : lead >> 3 === 30 ? 3 : -1;
    const rest = bytes.slice(at + 1, at + 1 + more);
    if (more < 0 || rest.length < more || rest.some((byte) => byte >> 6 !== 2)) return undefined;
    const code = rest.reduce((sum, byte) => (sum << 6) | (byte & 63), more === 0 ? lead : lead & (0x3f >> more));
    if (code < ([0, 0x80, 0x8_00, 0x1_00_00][more] ?? 0) || code > 0x10_ff_ff || code >> 11 === 27) return undefined;
    text += String.fromCodePoint(code);
    at += more + 1;
  }
  return text;
}
