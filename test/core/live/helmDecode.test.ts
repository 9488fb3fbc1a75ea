import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decodeRelease, MAX_RELEASE_BYTES } from '#core/live/helm/decode.ts';
import { coalesceValues } from '#core/live/helm/values.ts';
import { decodeBase64, decodeUtf8 } from '#core/text/encoding.ts';
import {
  contentOf,
  decodeMade,
  encodeInConfigMap,
  encodeInSecret,
  inflate,
  makeRelease,
} from '#test/support/helmReleases.ts';

const problemOf = (data: string): string => {
  const decoded = decodeRelease(data, inflate);
  return decoded.kind === 'problem' ? decoded.problem : 'none';
};

describe('a stored release', () => {
  test('is read from a Secret, from a ConfigMap, and when it is not packed', () => {
    const release = makeRelease();
    const plain = Buffer.from(Buffer.from(JSON.stringify(release)).toString('base64')).toString('base64');
    const [first, ...others] = [encodeInSecret(release), encodeInConfigMap(release), plain].map((data) =>
      contentOf(decodeRelease(data, inflate)),
    );
    expect(first).toEqual({
      name: 'orders',
      namespace: 'prod',
      revision: 7,
      status: 'deployed',
      description: 'Upgrade complete',
      firstDeployedAt: Date.parse('2026-08-20T09:30:00.123Z'),
      lastDeployedAt: Date.parse('2026-08-24T12:00:00.500Z'),
      chart: { name: 'kafka', version: '32.4.3', appVersion: '4.0.0', isDeprecated: true },
      values: { replicas: 3, auth: { password: 'hunter2' }, resources: { limits: null } },
      computedValues: { replicas: 3, auth: { enabled: true, password: 'hunter2' }, resources: {} },
      notes: 'Bestellungen laufen – 注文 🚀',
      manifest:
        '---\n# Source: kafka/templates/statefulset.yaml\napiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: orders\n',
      hooks: [
        {
          name: 'orders-test',
          kind: 'Pod',
          events: ['test'],
          manifest: 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: orders-test',
        },
      ],
    });
    for (const other of others) expect(other).toEqual(first);
  });

  test('that lacks everything is empty, and the year 1 is no time', () => {
    const release = decodeMade({ info: { first_deployed: '0001-01-01T00:00:00Z' }, hooks: 7, config: null, chart: [] });
    expect(release).toMatchObject({
      name: '',
      revision: 0,
      firstDeployedAt: undefined,
      values: {},
      hooks: [],
      manifest: '',
    });
  });

  test('that cannot be read says why', () => {
    const base64 = (data: string | Uint8Array): string => Buffer.from(data).toString('base64');
    const packed = gzipSync('{"name":"x"}');
    const lying = Buffer.from(packed);
    lying.writeUInt32LE(4_000_000_000, lying.length - 4);
    expect(problemOf('%%%')).toBe('The stored release is not base64.');
    expect(problemOf('')).toBe('The stored release is empty.');
    expect(problemOf(base64('hello'))).toBe('The stored release is not base64.');
    expect(problemOf(base64(base64(packed.subarray(0, 20))))).toMatch(/cannot be unpacked|is longer than/);
    expect(problemOf(base64(base64(gzipSync('[1]'))))).toBe('The stored release is no JSON object.');
    expect(problemOf(base64(base64(gzipSync('{"name":'))))).toBe('The stored release is no JSON object.');
    expect(problemOf(base64(base64(lying)))).toBe('The stored release is longer than 64 MB when unpacked.');
    expect(problemOf('A'.repeat(3_000_001))).toBe('The stored release is longer than 3 MB.');
  });

  test('that unpacks to far more than it says is given up', () => {
    const data = encodeInSecret(makeRelease());
    const asked: number[] = [];
    const tooLong = decodeRelease(data, (_, maxBytes) => {
      asked.push(maxBytes);
      return new Uint8Array(MAX_RELEASE_BYTES + 1);
    });
    expect(tooLong).toEqual({ kind: 'problem', problem: 'The stored release is longer than 64 MB when unpacked.' });
    expect(asked).toEqual([MAX_RELEASE_BYTES]);
    const bomb = gzipSync(Buffer.alloc(2_000_000));
    expect(() => inflate(bomb, 1_000_000)).toThrow();
  });
});

test('values of a user replace those of the chart, maps are merged and nulls take away', () => {
  const chart = { a: 1, b: { c: 2, d: 3 }, e: [1, 2], f: { g: 1 } };
  expect(coalesceValues(chart, { b: { c: null, x: 1 }, e: [3], f: 'text', h: null, ['__proto__']: 1 })).toEqual({
    a: 1,
    b: { d: 3, x: 1 },
    e: [3],
    f: 'text',
    ['__proto__']: 1,
  });
  expect(chart).toEqual({ a: 1, b: { c: 2, d: 3 }, e: [1, 2], f: { g: 1 } });
});

describe('encodings', () => {
  test('base64 is read as Node reads it', () => {
    for (let length = 0; length < 70; length++) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 37 + length) % 256);
      const text = Buffer.from(bytes).toString('base64');
      expect(decodeBase64(text)).toEqual(bytes);
      expect(decodeBase64(text.replace(/(.{10})/g, '$1\n'))).toEqual(bytes);
    }
    expect(['A', 'ab c', 'ab=c', 'é'].map(decodeBase64)).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('UTF-8 is read as Node reads it, broken or not', () => {
    const texts = ['', 'plain', 'ä–注🚀', '\u{10ffff}\u0800\u07ff\u{10000}', 'x'.repeat(20_000)];
    for (const text of texts) expect(decodeUtf8(Buffer.from(text))).toBe(text);
    expect(decodeUtf8(Uint8Array.from([0x61, 0xff, 0x62, 0xc3]))).toBe('a\ufffdb\ufffd');
    expect(decodeUtf8(Uint8Array.from([0xed, 0xa0, 0x80]))).not.toContain('\ud800');
    expect(decodeUtf8(Uint8Array.from([0xc0, 0x80]))).toBe('\ufffd\ufffd');
  });
});
