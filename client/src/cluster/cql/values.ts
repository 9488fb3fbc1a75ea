import { BodyReader } from './body.ts';
import { notUnderstood } from './frames.ts';

/**
 * Values of CQL as JSON: numbers where they are exact, else texts; uuids, addresses and dates as texts, timestamps in milliseconds since
 * 1970, blobs and what is not known in hexadecimal digits, maps by the text of their keys.
 */
export type CqlValue = string | number | boolean | null | readonly CqlValue[] | { readonly [key: string]: CqlValue };

/** Turns the bytes of one value into JSON. */
export type Decoder = (bytes: Buffer) => CqlValue;

const LIST = 0x20;
const MAP = 0x21;
const SET = 0x22;
const UDT = 0x30;
const TUPLE = 0x31;
const CUSTOM = 0x00;

/** Types in types: the deepest of a system table has three. */
const DEEPEST = 8;

/** Reads the description of a type. */
export function readType(body: BodyReader, depth = 0): Decoder {
  if (depth > DEEPEST) throw notUnderstood('its types are nested too deep');
  const id = body.short();
  if (id === CUSTOM) {
    body.string();
    return hex;
  }
  if (id === LIST || id === SET) return listOf(readType(body, depth + 1));
  if (id === MAP) return mapOf(readType(body, depth + 1), readType(body, depth + 1));
  if (id === TUPLE) return tupleOf(body.many(body.short(), 2, () => readType(body, depth + 1)));
  if (id === UDT) {
    body.string();
    body.string();
    return structOf(body.many(body.short(), 4, () => [body.string(), readType(body, depth + 1)] as const));
  }
  return simple[id] ?? hex;
}

const hex: Decoder = (bytes) => bytes.toString('hex');
const text: Decoder = (bytes) => bytes.toString('utf8');

const simple: Readonly<Record<number, Decoder>> = {
  0x01: text,
  0x02: (bytes) => wholeNumber(bytes, 8),
  0x04: (bytes) => sized(bytes, 1).readUInt8(0) !== 0,
  0x05: (bytes) => wholeNumber(bytes, 8),
  0x07: (bytes) => finite(sized(bytes, 8).readDoubleBE(0)),
  0x08: (bytes) => finite(sized(bytes, 4).readFloatBE(0)),
  0x09: (bytes) => wholeNumber(bytes, 4),
  0x0b: (bytes) => wholeNumber(bytes, 8),
  0x0c: uuid,
  0x0d: text,
  0x0e: (bytes) => wholeNumber(bytes, bytes.length),
  0x0f: uuid,
  0x10: address,
  0x11: date,
  0x12: (bytes) => wholeNumber(bytes, 8),
  0x13: (bytes) => wholeNumber(bytes, 2),
  0x14: (bytes) => wholeNumber(bytes, 1),
};

function sized(bytes: Buffer, length: number): Buffer {
  if (bytes.length !== length) throw notUnderstood(`a value has ${bytes.length} bytes where its type has ${length}`);
  return bytes;
}

/** A `varint` may be of any length; one that no number holds exactly is a text. */
const LONGEST_VARINT = 128;

function wholeNumber(bytes: Buffer, length: number): CqlValue {
  if (bytes.length === 0 || bytes.length > LONGEST_VARINT) throw notUnderstood('a number has no length that can be');
  const value = BigInt.asIntN(length * 8, BigInt(`0x${sized(bytes, length).toString('hex')}`));
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** JSON has no NaN. */
const finite = (value: number): CqlValue => (Number.isFinite(value) ? value : String(value));

function uuid(bytes: Buffer): string {
  return sized(bytes, 16)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function address(bytes: Buffer): string {
  if (bytes.length === 4) return [...bytes].join('.');
  const groups = sized(bytes, 16).toString('hex').match(/.{4}/g) ?? [];
  return groups.map((group) => group.replace(/^0{1,3}/, '')).join(':');
}

const DAY_MS = 86_400_000;

function date(bytes: Buffer): string {
  const days = sized(bytes, 4).readUInt32BE(0) - 2 ** 31;
  const at = new Date(days * DAY_MS);
  return Number.isNaN(at.getTime()) ? String(days) : at.toISOString().slice(0, 10);
}

function listOf(element: Decoder): Decoder {
  return (bytes) => {
    const body = new BodyReader(bytes);
    return body.many(body.int(), 4, () => valueOf(body.bytes(), element));
  };
}

function mapOf(key: Decoder, value: Decoder): Decoder {
  return (bytes) => {
    const body = new BodyReader(bytes);
    const entries = body.many(body.int(), 8, () => {
      const name = valueOf(body.bytes(), key);
      return [typeof name === 'string' ? name : JSON.stringify(name), valueOf(body.bytes(), value)] as const;
    });
    return Object.fromEntries(entries);
  };
}

function tupleOf(elements: readonly Decoder[]): Decoder {
  return (bytes) => {
    const body = new BodyReader(bytes);
    // One that was written before its type got more has fewer.
    return elements.map((element) => (body.left === 0 ? null : valueOf(body.bytes(), element)));
  };
}

function structOf(fields: readonly (readonly [string, Decoder])[]): Decoder {
  return (bytes) => {
    const body = new BodyReader(bytes);
    return Object.fromEntries(
      fields.map(([name, decode]) => [name, body.left === 0 ? null : valueOf(body.bytes(), decode)]),
    );
  };
}

export const valueOf = (bytes: Buffer | null, decode: Decoder): CqlValue => (bytes === null ? null : decode(bytes));
