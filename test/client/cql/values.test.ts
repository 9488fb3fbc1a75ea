import { types } from 'cassandra-driver';
import { describe, expect, test } from 'vitest';
import { BodyReader } from '#client/cluster/cql/body.ts';
import { readType } from '#client/cluster/cql/values.ts';
import { int, short, text } from '../../support/fakeCql.ts';

const hex = (digits: string): Buffer => Buffer.from(digits, 'hex');
const item = (bytes: Buffer): Buffer => Buffer.concat([int(bytes.length), bytes]);

/** What a value of this type and these bytes is as JSON. */
function read(type: Buffer, bytes: Buffer): unknown {
  const body = new BodyReader(type);
  const decode = readType(body);
  expect(body.left).toBe(0);
  return decode(bytes);
}

const VARCHAR = short(0x0d);
const INT = short(0x09);

describe('values of CQL', () => {
  test.each<[string, Buffer, Buffer, unknown]>([
    ['ascii', short(0x01), Buffer.from('NORMAL'), 'NORMAL'],
    ['varchar', VARCHAR, Buffer.from('Zürich'), 'Zürich'],
    ['bigint', short(0x02), hex('ffffffffffffffff'), -1],
    ['a bigint that no number holds', short(0x02), hex('7fffffffffffffff'), '9223372036854775807'],
    ['blob', short(0x03), hex('c0ffee'), 'c0ffee'],
    ['boolean', short(0x04), hex('01'), true],
    ['double', short(0x07), hex('3ff8000000000000'), 1.5],
    ['a double that is no number', short(0x07), hex('7ff8000000000000'), 'NaN'],
    ['float', short(0x08), hex('c0200000'), -2.5],
    ['int', INT, hex('fffffffe'), -2],
    ['timestamp', short(0x0b), hex('0000019abf9b097b'), Date.UTC(2025, 10, 26, 10, 0, 0, 123)],
    ['varint', short(0x0e), hex('ff'), -1],
    ['inet of 4', short(0x10), hex('0a010203'), '10.1.2.3'],
    ['inet of 6', short(0x10), hex('20010db8000000000000000000000001'), '2001:db8:0:0:0:0:0:1'],
    ['date', short(0x11), types.LocalDate.fromString('2025-07-02').toBuffer(), '2025-07-02'],
    ['smallint', short(0x13), hex('8000'), -32_768],
    ['tinyint', short(0x14), hex('7f'), 127],
    ['a type nobody knows', short(0x7777), hex('0102'), '0102'],
    ['a custom type', Buffer.concat([short(0), text('org.example.Type')]), hex('0a'), '0a'],
  ])('%s', (_, type, bytes, expected) => {
    expect(read(type, bytes)).toEqual(expected);
  });

  test('collections, structures and tuples, one in the other', () => {
    const list = Buffer.concat([short(0x20), INT]);
    expect(read(list, Buffer.concat([int(2), item(int(1)), item(int(2))]))).toEqual([1, 2]);
    const map = Buffer.concat([short(0x21), INT, short(0x22), VARCHAR]);
    const set = Buffer.concat([int(1), item(Buffer.from('a'))]);
    expect(read(map, Buffer.concat([int(1), item(int(7)), item(set)]))).toEqual({ 7: ['a'] });
    const tuple = Buffer.concat([short(0x31), short(3), INT, VARCHAR, INT]);
    expect(read(tuple, Buffer.concat([item(int(1)), int(-1)]))).toEqual([1, null, null]);
    const struct = Buffer.concat([short(0x30), text('shop'), text('place'), short(1), text('__proto__'), VARCHAR]);
    expect(Object.entries(read(struct, item(Buffer.from('x'))) ?? {})).toEqual([['__proto__', 'x']]);
  });

  test('uuids and addresses are those that the driver of the npm registry reads', () => {
    for (let times = 0; times < 20; times += 1) {
      const bytes = types.Uuid.random().getBuffer();
      expect(read(short(0x0c), bytes)).toBe(new types.Uuid(bytes).toString());
      const address = bytes.subarray(0, 4);
      expect(read(short(0x10), address)).toBe(new types.InetAddress(address).toString());
    }
  });

  test.each([
    ['a uuid that is too short', short(0x0c), hex('00')],
    ['an int of three bytes', INT, hex('000000')],
    ['a boolean of none', short(0x04), hex('')],
    ['a varint of none', short(0x0e), hex('')],
    ['an address of five', short(0x10), hex('0102030405')],
    ['a list of more than there is', Buffer.concat([short(0x20), INT]), int(2_000_000_000)],
    ['a list of fewer than none', Buffer.concat([short(0x20), INT]), int(-5)],
  ])('%s is not understood', (_, type, bytes) => {
    expect(() => read(type, bytes)).toThrow(/cannot be understood/);
  });

  test('types that are nested without end are not followed', () => {
    const endless = Buffer.concat(Array.from({ length: 10_000 }, () => short(0x20)));
    expect(() => readType(new BodyReader(endless))).toThrow(/nested too deep/);
  });
});
