import { describe, expect, test } from 'vitest';
import { obstaclesTo, type Departure } from '#core/systems/cassandra/operations/obstacles.ts';
import { readRing, type RingReading } from '#core/systems/cassandra/operations/reading.ts';
import { restartOrder, orderRisks } from '#core/systems/cassandra/operations/restartOrder.ts';
import { quorumLosses } from '#core/systems/cassandra/operations/safety.ts';
import { podsOf, setOf } from '#test/core/systems/cassandra/objects.ts';
import { drained, nodes, readingOf, shop, up, whole } from '#test/core/systems/cassandra/restartScenes.ts';
import { answersOf, hostId, type RingSketch } from '#test/core/systems/cassandra/sketches.ts';
import { clusterOf } from '#test/core/systems/cassandra/told.ts';

describe('what is against taking a node out', () => {
  const leaving = (target: string, level: Departure['level'] = 'fully replicated'): Departure => ({
    target,
    members: nodes.map(({ pod }) => pod),
    level,
    consented: new Set(),
  });
  const streams = [
    { operation: 'Rebuild', planId: 'p', sessions: [{ peer: '10.1.0.12', receiving: undefined, sending: undefined }] },
  ];
  const validation = {
    pending: 1,
    running: [
      {
        id: 'i',
        type: 'Validation',
        keyspace: 'shop',
        table: 'orders',
        completed: 1,
        total: 2,
        unit: 'bytes',
        percent: 50,
      },
    ],
  };
  const down: RingSketch['views'] = { 0: { sees: ['UN', 'UN', 'DN'] }, 1: { sees: ['UN', 'UN', 'DN'] } };

  test.each([
    ['nothing, when all see all', whole, 'cassandra-1', []],
    [
      'a node that is down for the others',
      down,
      'cassandra-1',
      ['cassandra-2 was not asked', 'cassandra-0 sees cassandra-2 down', 'cassandra-1 sees cassandra-2 down'],
    ],
    [
      'a node that was drained and calls itself up',
      drained,
      'cassandra-1',
      [
        'cassandra-2 was not asked',
        'cassandra-0 sees cassandra-2 down',
        'cassandra-1 sees cassandra-2 down',
        'cassandra-2 is in mode DRAINED',
        'cassandra-2 does not serve clients',
      ],
    ],
    ['nothing, when it is the one that was drained', drained, 'cassandra-2', []],
    [
      'a node that joins',
      { 0: { sees: ['UN', 'UN', 'UJ'] }, 1: { sees: ['UN', 'UN', 'UJ'] }, 2: { ...up, mode: 'JOINING' } },
      'cassandra-0',
      [
        'cassandra-0 sees cassandra-2 up and joining',
        'cassandra-1 sees cassandra-2 up and joining',
        'cassandra-2 is in mode JOINING',
      ],
    ],
    [
      'gossip that reaches one way only',
      { 0: up, 1: { sees: ['UN', 'UN', 'DN'] }, 2: up },
      'cassandra-0',
      ['cassandra-1 sees cassandra-2 down'],
    ],
    [
      'another that serves nobody',
      { ...whole, 2: { ...up, isServing: false } },
      'cassandra-0',
      ['cassandra-2 does not serve clients'],
    ],
    ['nothing, when only it serves nobody itself', { ...whole, 2: { ...up, isServing: false } }, 'cassandra-2', []],
    [
      'streams',
      { ...whole, 1: { ...up, answer: { netstats: { mode: 'NORMAL', streams } } } },
      'cassandra-0',
      ['cassandra-1 streams (Rebuild with 10.1.0.12)'],
    ],
    [
      'a repair',
      { ...whole, 1: { ...up, answer: { compactions: validation } } },
      'cassandra-0',
      ['cassandra-1 repairs shop.orders (Validation)'],
    ],
  ] as const)('%s', (_, views, target, expected) => {
    expect(obstaclesTo(leaving(target), readingOf(views)).map(({ text }) => text)).toEqual(expected);
  });

  test('two versions of the schema', () => {
    const split = readingOf(whole, { schemas: { [hostId(900)]: [0, 1], [hostId(901)]: [2] } });
    expect(obstaclesTo(leaving('cassandra-0'), split)).toEqual([{ kind: 'schema', text: '2 versions of the schema' }]);
  });

  test('a schema that is unknown counts for nodes, not for addresses that gossip has kept', () => {
    const withUnknown = (address: string): RingReading => {
      const answers = answersOf({ views: whole }).map((answer) => ({
        ...answer,
        cluster: answer.cluster && { ...answer.cluster, unreachable: [address] },
      }));
      return readRing(answers, nodes);
    };
    expect(obstaclesTo(leaving('cassandra-0'), withUnknown('10.9.9.9'))).toEqual([]);
    expect(obstaclesTo(leaving('cassandra-0'), withUnknown('10.1.0.12'))).toEqual([
      { kind: 'schema', text: 'the schema of 10.1.0.12 is not known' },
    ]);
  });

  test('where QUORUM is all that counts, one that is down is put up with if nobody shares a range with it', () => {
    const sameRack = readingOf(down, { racks: ['r1', 'r2', 'r2'] });
    const kept = { ...sameRack, keyspaces: [shop(2, 'pair'), shop(3)] };
    const texts = (target: string, reading: RingReading): readonly string[] =>
      obstaclesTo(leaving(target, 'min-ISR safe'), reading).map(({ text }) => text);
    expect(texts('cassandra-1', { ...kept, keyspaces: [] })).toEqual([]);
    expect(texts('cassandra-1', kept)).toEqual([
      'pair: 1 replicas would be left where QUORUM needs 2',
      'shop: 1 replicas would be left where QUORUM needs 2',
    ]);
  });
});

describe('keyspaces that lose QUORUM', () => {
  const reading = readingOf(whole);
  test.each([
    ['three replicas', [shop(3)], [0], []],
    ['three replicas, two away', [shop(3)], [0, 1], ['shop']],
    ['two replicas', [shop(2)], [0], ['shop']],
    ['one replica', [shop(1)], [0], ['shop']],
    ['of Cassandra itself', [shop(1, 'system_traces')], [0], []],
    ['more replicas than nodes', [shop(5)], [0], ['shop']],
    ['only elsewhere', [{ ...shop(1), factors: { dc9: 1 } }], [0], ['shop']],
    ['of one node each', [{ keyspace: 'own', strategy: 'LocalStrategy', factors: {} }], [0], []],
  ] as const)('%s', (_, keyspaces, away, expected) => {
    const lost = quorumLosses(reading.ring, keyspaces, new Set(away.map(hostId)));
    expect(lost.map(({ keyspace }) => keyspace)).toEqual(expected);
  });

  test('ranges tell what racks cannot', () => {
    const six = answersOf({
      racks: ['r1', 'r1', 'r2', 'r2', 'r1', 'r2'],
      views: Object.fromEntries(
        [0, 1, 2, 3, 4, 5].map((index) => [index, { sees: Array.from({ length: 6 }, () => 'UN') }]),
      ),
    });
    const { ring } = readRing(six, []);
    const away = new Set([hostId(0), hostId(2)]);
    const addresses = [10, 13, 14].map((last) => `10.1.0.${last}`);
    const apart = new Map([['shop', [{ start: '0', end: '1', addresses }]]]);
    const shared = new Map([['shop', [{ start: '0', end: '1', addresses: ['10.1.0.10', '10.1.0.12', '10.1.0.13'] }]]]);
    expect(quorumLosses(ring, [shop(3)], away)).toMatchObject([{ isExact: false }]);
    expect(quorumLosses(ring, [shop(3)], away, apart)).toEqual([]);
    expect(quorumLosses(ring, [shop(3)], away, shared)).toMatchObject([{ keyspace: 'shop', isExact: true }]);
  });
});

describe('the order', () => {
  const set = setOf('cassandra', { replicas: 6 });
  const { members } = clusterOf({ workloads: [set], pods: podsOf(set) });
  const ringOf = (modes: Readonly<Record<number, string>> = {}): RingReading['ring'] => {
    const answers = answersOf({
      racks: ['r2', 'r1', 'r2', 'r1', 'r3', 'r3'],
      datacenters: ['dc1', 'dc1', 'dc1', 'dc1', 'dc2', 'dc2'],
      views: Object.fromEntries(
        [0, 1, 2, 3, 4, 5].map((index) => [
          index,
          {
            sees: Array.from({ length: 6 }, () => 'UN'),
            ...(modes[index] === undefined ? {} : { mode: modes[index] }),
          },
        ]),
      ),
    });
    return readRing(answers, []).ring;
  };
  const ordinals = (found: readonly { readonly index: number | undefined }[]): readonly unknown[] =>
    found.map(({ index }) => index);

  test('datacenter by datacenter, rack by rack, the highest number first', () => {
    expect(ordinals(restartOrder(members, ringOf()))).toEqual([3, 1, 2, 0, 5, 4]);
  });

  test('a node that was drained goes before all', () => {
    expect(ordinals(restartOrder(members, ringOf({ 4: 'DRAINED' })))).toEqual([4, 3, 1, 2, 0, 5]);
  });

  test('a chosen order that goes back to a rack is told of', () => {
    const named = (...found: readonly number[]): typeof members => found.flatMap((index) => members[index] ?? []);
    expect(orderRisks(named(3, 1, 2, 0), ringOf())).toEqual([]);
    expect(orderRisks(named(3, 2, 1, 0), ringOf())).toHaveLength(1);
  });
});
