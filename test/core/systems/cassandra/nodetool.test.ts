import { describe, expect, test } from 'vitest';
import { parseCompactionStats } from '#core/systems/cassandra/nodetool/compactionStats.ts';
import { parseCompactionThroughput } from '#core/systems/cassandra/nodetool/compactionThroughput.ts';
import { readDataFiles } from '#core/systems/cassandra/nodetool/dataFiles.ts';
import { parseDescribeCluster } from '#core/systems/cassandra/nodetool/describeCluster.ts';
import { parseDescribeRing } from '#core/systems/cassandra/nodetool/describeRing.ts';
import { readFileEnds } from '#core/systems/cassandra/nodetool/fileEnds.ts';
import { failureOf } from '#core/systems/cassandra/nodetool/failure.ts';
import { parseGossipInfo } from '#core/systems/cassandra/nodetool/gossipInfo.ts';
import { parseInfo } from '#core/systems/cassandra/nodetool/info.ts';
import { parseNetstats } from '#core/systems/cassandra/nodetool/netstats.ts';
import { parsePendingHints } from '#core/systems/cassandra/nodetool/pendingHints.ts';
import { parseSnapshots } from '#core/systems/cassandra/nodetool/snapshots.ts';
import { parseStatus, type StatusRow } from '#core/systems/cassandra/nodetool/status.ts';
import { addressOf, bytesOf, timeOf } from '#core/systems/cassandra/nodetool/text.ts';
import {
  allNodetoolTexts,
  hasNodetoolText,
  nodetoolText,
  nodetoolVersions,
} from '#test/core/systems/cassandra/nodetoolFixtures.ts';
import { makeRandom } from '#test/support/random.ts';

const H1 = '1b583a1a-7125-4b54-89f4-8fe1ed1b6e88';
const H2 = '0c9f6d52-3f6c-4a55-9d0e-1f2e3d4c5b6a';
const H3 = 'af2332ed-7020-466e-b35a-7ade80c77703';
const H4 = '7d1e2f30-4a5b-4c6d-8e7f-90a1b2c3d4e5';

const sketch = ({ liveness, state, address, datacenter, rack, hostId, tokens, owns }: StatusRow): string =>
  [liveness, state, address, datacenter, rack, hostId || 'no id', tokens, owns].join(' | ');

describe('status', () => {
  test.each(['4.0', '4.1', '5.0'])('of %s', (version) => {
    const answer = parseStatus(nodetoolText(version, 'status'));
    expect(answer.rows.map(sketch)).toEqual([
      `up | normal | 10.1.0.11 | dc1 | r1 | ${H1} | 16 | 100`,
      `up | normal | 10.1.0.12 | dc1 | r2 | ${H2} | 16 | 100`,
      `down | normal | 10.1.0.13 | dc1 | r3 | ${H3} | 16 | 100`,
    ]);
    expect(answer.rows.map(({ loadBytes }) => loadBytes)).toEqual([102_820, 101_140, 70_523]);
    expect(answer).toMatchObject({ isOwnershipEffective: true, note: '' });
  });

  test.each(['4.0', '4.1', '5.0'])('of %s while nodes come and go, in two datacenters', (version) => {
    const answer = parseStatus(nodetoolText(version, 'status-changing'));
    expect(answer.rows.map(sketch)).toEqual([
      `up | normal | 10.1.0.11 | dc1 | rack one | ${H1} | 16 | `,
      `up | joining | 10.1.0.14 | dc1 | r2 | ${H4} | 16 | `,
      'unknown | normal | 10.1.0.15 | dc1 | r3 | no id | 16 | ',
      `up | leaving | fd00::21 | dc2 | r1 | ${H3} | 16 | `,
      `down | moving | fd00::22 | dc2 | r1 | ${H2} | 1 | `,
    ]);
    expect(answer.isOwnershipEffective).toBe(false);
    expect(answer.note).toMatch(/^Note: /);
  });

  test('of 3.11, whose long loads shift the row', () => {
    const { rows } = parseStatus(nodetoolText('3.11', 'status'));
    expect(rows.map(sketch)).toEqual([
      `up | normal | 10.1.0.11 | dc1 | r1 | ${H1} | 256 | 66.7`,
      `up | normal | 10.1.0.12 | dc1 | r2 | ${H2} | 256 | 66.6`,
      `down | normal | 10.1.0.13 | dc1 | r3 | ${H3} | 256 | 66.7`,
    ]);
    expect(rows.map(({ loadBytes }) => loadBytes)).toEqual([102_820, 1_048_013, undefined]);
  });

  test('of 3.11 with one token a node', () => {
    expect(parseStatus(nodetoolText('3.11', 'status-single-token')).rows.map(sketch)).toEqual([
      `up | normal | 10.1.0.11 | dc1 | r1 | ${H1} | 1 | 100`,
      'up | normal | 10.1.0.12 | dc1 | r2 | no id | 1 | 100',
      `up | normal | 10.2.0.11 | dc2 | r1 | ${H4} | 1 | 100`,
    ]);
  });

  test('with ports, names and the decimals of another locale', () => {
    const row = `UN  10.1.0.11:7000  100,41 KiB  16  33,3%  ${H1}  r1`;
    expect(parseStatus(row).rows).toMatchObject([{ address: '10.1.0.11', loadBytes: 102_820, owns: 33.3 }]);
    expect(parseStatus(`UN  cassandra-0.ring  1 GiB  16  ?  ${H1}  r1`).rows[0]?.address).toBe('cassandra-0.ring');
  });
});

describe('describecluster', () => {
  test.each(nodetoolVersions)('of %s', (version) => {
    const answer = parseDescribeCluster(nodetoolText(version, 'describecluster'));
    expect(answer).toMatchObject({
      name: 'shop',
      snitch: 'GossipingPropertyFileSnitch',
      partitioner: 'Murmur3Partitioner',
      schemas: [
        { version: 'e84b6a60-24cf-30ca-9b58-452d92911703', addresses: ['10.1.0.11', '10.1.0.12', '10.1.0.13'] },
      ],
      unreachable: [],
    });
    if (version === '3.11') {
      expect([answer.releases, answer.keyspaces]).toEqual([[], undefined]);
      return;
    }
    expect(answer.releases.map(({ addresses }) => addresses)).toEqual([['10.1.0.11', '10.1.0.12', '10.1.0.13']]);
    expect(answer.releases[0]?.version).toMatch(new RegExp(`^${version}`));
    expect(answer.keyspaces).toEqual([
      { keyspace: 'system_auth', strategy: 'SimpleStrategy', factors: { replication_factor: 1 } },
      { keyspace: 'shop', strategy: 'NetworkTopologyStrategy', factors: { dc1: 3 } },
      { keyspace: 'archive', strategy: 'NetworkTopologyStrategy', factors: { dc1: 3, dc2: 2 } },
      { keyspace: 'system', strategy: 'LocalStrategy', factors: {} },
    ]);
  });

  test.each(nodetoolVersions)('of %s with two versions of the schema and a node that does not answer', (version) => {
    const { schemas, unreachable } = parseDescribeCluster(nodetoolText(version, 'describecluster-split'));
    expect(schemas.map(({ addresses }) => addresses)).toEqual([['10.1.0.11'], ['10.1.0.12']]);
    expect(unreachable).toEqual(['10.1.0.13']);
  });

  test('of a thousand nodes in one line', () => {
    const addresses = Array.from({ length: 1000 }, (_, i) => `fd00:1234:5678:9abc::${(i + 1).toString(16)}`);
    const text = `Cluster Information:\n\tSchema versions:\n\t\t${H1}: [${addresses.join(', ')}]\n`;
    expect(parseDescribeCluster(text).schemas[0]?.addresses).toEqual(addresses);
  });
});

describe('info', () => {
  test.each(nodetoolVersions)('of %s', (version) => {
    expect(parseInfo(nodetoolText(version, 'info'))).toEqual({
      hostId: H1,
      isGossiping: true,
      isServingClients: true,
      loadBytes: 102_820,
      generation: 1_764_000_000,
      uptimeSeconds: 3600,
      heapUsedBytes: 129_446_707,
      heapMaxBytes: 536_870_912,
      datacenter: 'dc1',
      rack: 'r1',
      exceptions: 0,
      isJoined: true,
    });
  });

  test('of a node that has not joined', () => {
    const answer = parseInfo(
      'Gossip active          : false\nToken                  : (node is not joined to the cluster)\n',
    );
    expect(answer).toMatchObject({ hostId: '', isGossiping: false, isServingClients: undefined, isJoined: false });
  });
});

describe('compactionstats', () => {
  test.each(nodetoolVersions)('of %s', (version) => {
    const { pending, running } = parseCompactionStats(nodetoolText(version, 'compactionstats'));
    expect(pending).toBe(3);
    expect(running.map(({ type, keyspace, table, percent }) => [type, keyspace, table, percent])).toEqual([
      ['Cleanup', 'shop', 'orders', 25],
      ['Anticompaction after repair', 'shop', 'items', 50],
    ]);
    expect(parseCompactionStats(nodetoolText(version, 'compactionstats-idle'))).toEqual({ pending: 0, running: [] });
  });
});

describe('gossipinfo', () => {
  test.each(nodetoolVersions)('of %s', (version) => {
    const [first, second, ...others] = parseGossipInfo(nodetoolText(version, 'gossipinfo'));
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      address: '10.1.0.11',
      generation: 1_764_000_000,
      heartbeat: 100,
      status: 'NORMAL',
      hostId: H1,
      datacenter: 'dc1',
      rack: 'r1',
      isServingClients: true,
    });
    expect(first?.release).toMatch(new RegExp(`^${version}`));
    expect(second).toMatchObject({ address: '10.1.0.13', status: 'shutdown', isServingClients: false });
  });
});

describe('listpendinghints', () => {
  test.each(['4.1', '5.0'])('of %s', (version) => {
    expect(hasNodetoolText(version, 'listpendinghints')).toBe(true);
    expect(parsePendingHints(nodetoolText(version, 'listpendinghints'))).toEqual([
      {
        hostId: H3,
        files: 4,
        newestAt: Date.UTC(2026, 10, 24, 10, 15, 30, 123),
        oldestAt: Date.UTC(2026, 10, 24, 10, 2, 11, 4),
      },
      { hostId: H4, files: 1, newestAt: Date.UTC(2026, 10, 23), oldestAt: Date.UTC(2026, 10, 23) },
    ]);
    expect(parsePendingHints(nodetoolText(version, 'listpendinghints-none'))).toEqual([]);
    expect(parsePendingHints('')).toBeUndefined();
  });
});

describe('describering', () => {
  test.each(nodetoolVersions)('of %s', (version) => {
    expect(parseDescribeRing(nodetoolText(version, 'describering'))).toEqual([
      {
        start: '-9223372036854775808',
        end: '-3074457345618258603',
        addresses: ['10.1.0.11', '10.1.0.12', '10.1.0.13'],
      },
      { start: '-3074457345618258603', end: '3074457345618258602', addresses: ['10.1.0.12', '10.1.0.13', '10.1.0.11'] },
    ]);
  });
});

describe('what a command that fails says', () => {
  const connect =
    "nodetool: Failed to connect to '127.0.0.1:7199' - ConnectException: 'Connection refused (Connection refused)'.";
  test.each([
    [
      'closed port',
      { exitCode: 1, stdout: '', stderr: `Picked up JAVA_TOOL_OPTIONS: -Da=b\n${connect}\n` },
      'unreachable',
      /^Failed to connect/,
    ],
    [
      'no login',
      {
        exitCode: 1,
        stdout: '',
        stderr:
          "nodetool: Failed to connect to 'h:7199' - SecurityException: 'Authentication failed! Credentials required'.",
      },
      'login',
      /Credentials required/,
    ],
    [
      'wrong password of a file',
      {
        exitCode: 1,
        stdout: '',
        stderr: "nodetool: Failed to connect to 'h:7199' - FailedLoginException: 'Invalid username or password'.",
      },
      'login',
      /Invalid username/,
    ],
    [
      'wrong password of a role',
      {
        exitCode: 1,
        stdout: '',
        stderr:
          "nodetool: Failed to connect to 'h:7199' - SecurityException: 'Authentication failed! Invalid credentials'.",
      },
      'login',
      /Invalid credentials/,
    ],
    [
      'refusal',
      {
        exitCode: 1,
        stdout:
          "nodetool: Found unexpected parameters: [listpendinghints]\nSee 'nodetool help' or 'nodetool help <command>'.\n",
        stderr: '',
      },
      'refused',
      /^Found unexpected/,
    ],
    [
      'failure of the node',
      {
        exitCode: 2,
        stdout: 'Cluster Information:\n',
        stderr: 'error: event executor terminated\n-- StackTrace --\njava.util.concurrent.RejectedExecutionException\n',
      },
      'server',
      /^event executor terminated$/,
    ],
    ['time that ran out', { exitCode: 124, stdout: '', stderr: '' }, 'timeout', /too long/],
    ['nothing', { exitCode: 1, stdout: '', stderr: '' }, 'refused', /ended with 1/],
  ])('%s', (_, result, kind, text) => {
    expect(failureOf(result)?.kind).toBe(kind);
    expect(failureOf(result)?.text).toMatch(text);
  });

  test('is nothing for a command that ended well', () => {
    expect(failureOf({ exitCode: 0, stdout: '', stderr: 'WARN' })).toBeUndefined();
  });
});

describe('amounts, addresses and times', () => {
  test.each([
    ['512 bytes', 512],
    ['1 KB', 1024],
    ['1.5 GiB', 1_610_612_736],
    ['?', undefined],
    ['12 parsecs', undefined],
  ])('%s', (text, bytes) => expect(bytesOf(text)).toBe(bytes));

  test.each([
    ['/10.0.0.1', '10.0.0.1'],
    ['host/10.0.0.1:7000', '10.0.0.1'],
    ['[fd00::1]:7000', 'fd00::1'],
    ['fd00::1', 'fd00::1'],
  ])('%s', (text, address) => expect(addressOf(text)).toBe(address));

  test.each([
    '1970-01-01 00:00:00,000',
    '2000-02-29 23:59:59,999',
    '2026-11-24 10:15:30,123',
    '2100-03-01 00:00:00,000',
  ])('%s', (text) => expect(timeOf(text)).toBe(Date.parse(`${text.replace(' ', 'T').replace(',', '.')}Z`)));
});

describe('any text', () => {
  const parsers = [
    parseStatus,
    parseDescribeCluster,
    parseNetstats,
    parseInfo,
    parseCompactionStats,
    parseGossipInfo,
    parsePendingHints,
    parseDescribeRing,
    parseCompactionThroughput,
    parseSnapshots,
    readDataFiles,
    ends,
  ];

  test('cut, shuffled or squeezed, is read without a throw and without control characters', () => {
    const random = makeRandom(20_261_126);
    const texts = allNodetoolTexts();
    for (let round = 0; round < 800; round += 1) {
      const text = damage(texts[random.below(texts.length)] ?? '', random);
      for (const parse of parsers) expect(JSON.stringify(parse(text)) ?? '').not.toMatch(/\\u001b|\\u202e|\\u0007/);
    }
  });

  test('long and made to be slow, is read at once', () => {
    const started = performance.now();
    const nasty = [
      `UN ${' '.repeat(50_000)}`,
      `UN a 1 KiB 16 1% ${'x '.repeat(25_000)}`,
      `${'a'.repeat(60_000)}: [`,
      ' '.repeat(60_000),
    ];
    for (const parse of parsers) for (const text of nasty) parse(text);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

/** Tokens have no form in JSON. */
const ends = (text: string): unknown =>
  readFileEnds(text)?.ends.map(({ keyspace, first, last }) => [keyspace, String(first), String(last)]);

/** A text as a broken connection, another width or a hostile node would give it. */
function damage(text: string, random: ReturnType<typeof makeRandom>): string {
  const lines = text.split('\n');
  switch (random.below(5)) {
    case 0:
      return text.slice(0, random.below(text.length));
    case 1:
      return lines.toSorted(() => random.below(3) - 1).join('\n');
    case 2:
      return text.replaceAll(/ {2,}/g, () => ' '.repeat(1 + random.below(6)));
    case 3:
      return lines.map((line) => line.slice(random.below(line.length + 1))).join('\r\n');
    default: {
      const at = random.below(text.length);
      return `${text.slice(0, at)}\u001b[2J\u202e\u0007${text.slice(at)}`;
    }
  }
}
