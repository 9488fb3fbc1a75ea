import { describe, expect, test } from 'vitest';
import {
  parseCompactionThroughput,
  throughputQuestion,
} from '#core/systems/cassandra/nodetool/compactionThroughput.ts';
import { readDataFiles } from '#core/systems/cassandra/nodetool/dataFiles.ts';
import { readFileEnds } from '#core/systems/cassandra/nodetool/fileEnds.ts';
import { parseSnapshots } from '#core/systems/cassandra/nodetool/snapshots.ts';
import { nodetoolText, nodetoolVersions } from '#test/core/systems/cassandra/nodetoolFixtures.ts';

describe('getcompactionthroughput', () => {
  test.each([
    ['3.11', 16],
    ['4.0', 16],
    ['4.1', 64.5],
    ['5.0', 64],
  ] as const)('of %s is %s MiB a second', (version, amount) => {
    const text = nodetoolText(version, 'getcompactionthroughput');
    expect(parseCompactionThroughput(text)).toBe(amount * 1024 ** 2);
  });

  test('without a limit, and without an answer', () => {
    expect(parseCompactionThroughput('Current compaction throughput: 0 MB/s\n')).toBe(0);
    expect(parseCompactionThroughput('Use the -d flag to quiet this error\n')).toBeUndefined();
  });

  test.each([
    ['3.11.19', false],
    ['4.0.19', false],
    ['4.1.10', true],
    ['5.0.9', true],
    ['', false],
  ])('%s knows -d: %s', (version, isKnown) => {
    expect(throughputQuestion(version).args.includes('-d')).toBe(isKnown);
  });
});

describe('listsnapshots', () => {
  test.each(nodetoolVersions)('of %s', (version) => {
    expect(parseSnapshots(nodetoolText(version, 'listsnapshots'))).toEqual([
      { name: 'before upgrade', keyspace: 'shop', table: 'orders', pinnedBytes: 0, bytes: 1_572_864 },
      {
        name: 'nightly-2026',
        keyspace: 'shop',
        table: 'items_by_customer',
        pinnedBytes: 1_299_227_607,
        bytes: 2_576_980_378,
      },
    ]);
    expect(parseSnapshots(nodetoolText(version, 'listsnapshots-none'))).toEqual([]);
    expect(parseSnapshots('Error during list snapshot')).toBeUndefined();
  });
});

describe('sstablemetadata', () => {
  test.each(nodetoolVersions)('of %s', (version) => {
    expect(readFileEnds(nodetoolText(version, 'sstablemetadata'))).toEqual({
      count: 2,
      ends: [
        { keyspace: 'shop', first: -9_223_297_786_983_086_897n, last: 9_221_740_328_273_537_951n },
        { keyspace: 'shop', first: 12n, last: 13n },
      ],
    });
  });

  test('that is not there, or has another partitioner', () => {
    expect(readFileEnds('@@absent@@\n')).toBeUndefined();
    const other =
      '@@count 1@@\nSSTable: /data/shop/orders-1/nb-1-big\nFirst token: 0a1b (x)\nLast token: ff (y)\n@@over@@\n';
    expect(readFileEnds(other)).toEqual({ count: 1, ends: [] });
  });
});

describe('a listing of files of data', () => {
  const row = (size: number, path: string): string => `-rw-r--r-- 1 999 999 ${size} Nov 26 08:37 /data/${path}`;
  const listing = [
    row(4000, 'shop/orders-29a0/nb-1-big-Data.db'),
    row(900, 'shop/orders-29a0/.by_day/nb-1-big-Data.db'),
    row(500, 'system_auth/roles-5bc5/me-3gxj_0abc-big-Data.db'),
    'ls: cannot access',
  ];

  test('is told by keyspace and by format', () => {
    expect(readDataFiles(['@@files@@', ...listing, '@@over@@'].join('\n'))).toEqual({
      count: 3,
      bytes: 5400,
      keyspaces: [
        { keyspace: 'shop', bytes: 4900 },
        { keyspace: 'system_auth', bytes: 500 },
      ],
      formats: { me: 500, nb: 4900 },
      isCut: false,
    });
  });

  test('that broke off is none', () => {
    expect(readDataFiles(['@@files@@', ...listing].join('\n'))).toBeUndefined();
    expect(readDataFiles('sh: find: not found')).toBeUndefined();
  });
});
