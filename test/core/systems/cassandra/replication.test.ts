import { describe, expect, test } from 'vitest';
import type { KeyspaceReplication } from '#core/systems/cassandra/nodetool/describeCluster.ts';
import {
  keepsConsistency,
  ownershipKeyspace,
  rangesKeepConsistency,
  type ConsistencyLevel,
  type ReplicaPlace,
} from '#core/systems/cassandra/replication.ts';
import { makeRandom, type Random } from '#test/support/random.ts';

const topology = (factors: Record<string, number>): KeyspaceReplication => ({
  keyspace: 'shop',
  strategy: 'NetworkTopologyStrategy',
  factors,
});
const simple = (factor: number): KeyspaceReplication => ({
  keyspace: 'auth',
  strategy: 'SimpleStrategy',
  factors: { replication_factor: factor },
});

/** `dc1/r1 dc1/r2` as nodes 0, 1 and so on. */
const places = (text: string): readonly ReplicaPlace[] =>
  text.split(' ').map((place, index) => {
    const [datacenter = '', rack = ''] = place.split('/');
    return { id: String(index), datacenter, rack };
  });

const threeRacks = places('dc1/r1 dc1/r2 dc1/r3 dc1/r1 dc1/r2 dc1/r3');
const oneRack = places('dc1/r1 dc1/r1 dc1/r1 dc1/r1');
const twoCenters = places('dc1/r1 dc1/r2 dc1/r3 dc2/r1 dc2/r2 dc2/r3');

describe('nodes that may be away together', () => {
  test.each<[string, KeyspaceReplication, readonly ReplicaPlace[], string, ConsistencyLevel, boolean]>([
    ['one of three racks', topology({ dc1: 3 }), threeRacks, '0', 'QUORUM', true],
    ['two of one rack, with as many racks as replicas', topology({ dc1: 3 }), threeRacks, '0 3', 'LOCAL_QUORUM', true],
    ['two of different racks', topology({ dc1: 3 }), threeRacks, '0 1', 'LOCAL_QUORUM', false],
    ['two where there is one rack', topology({ dc1: 3 }), oneRack, '0 1', 'QUORUM', false],
    ['one where there is one rack', topology({ dc1: 3 }), oneRack, '0', 'QUORUM', true],
    ['one, at ALL', topology({ dc1: 3 }), threeRacks, '0', 'ALL', false],
    ['two of different racks, at ONE', topology({ dc1: 3 }), threeRacks, '0 1', 'ONE', true],
    ['one with two replicas', topology({ dc1: 2 }), threeRacks, '0', 'QUORUM', false],
    ['one with one replica, at ONE', topology({ dc1: 1 }), threeRacks, '0', 'ONE', false],
    ['one in each datacenter, each for itself', topology({ dc1: 3, dc2: 3 }), twoCenters, '0 3', 'LOCAL_QUORUM', true],
    ['one in each datacenter, at EACH_QUORUM', topology({ dc1: 3, dc2: 3 }), twoCenters, '0 3', 'EACH_QUORUM', true],
    ['one in each datacenter, at QUORUM over both', topology({ dc1: 3, dc2: 3 }), twoCenters, '0 3', 'QUORUM', true],
    ['three over both datacenters, at QUORUM', topology({ dc1: 3, dc2: 3 }), twoCenters, '0 1 3', 'QUORUM', false],
    ['two of the other datacenter', topology({ dc1: 3, dc2: 3 }), twoCenters, '3 4', 'LOCAL_QUORUM', true],
    [
      'two of the other datacenter, at EACH_QUORUM',
      topology({ dc1: 3, dc2: 3 }),
      twoCenters,
      '3 4',
      'EACH_QUORUM',
      false,
    ],
    ['nodes of a datacenter without replicas', topology({ dc1: 3 }), twoCenters, '3 4 5', 'QUORUM', true],
    ['more replicas than nodes', topology({ dc1: 5 }), threeRacks.slice(0, 3), '0', 'QUORUM', false],
    ['one of a simple keyspace', simple(3), threeRacks, '0', 'QUORUM', true],
    ['two of a simple keyspace, racks or not', simple(3), threeRacks, '0 3', 'LOCAL_QUORUM', false],
    ['one of a simple keyspace with one replica', simple(1), threeRacks, '0', 'ONE', false],
    [
      'any of a local keyspace',
      { keyspace: 'system', strategy: 'LocalStrategy', factors: {} },
      threeRacks,
      '0 1 2',
      'ALL',
      true,
    ],
    [
      'half of a keyspace that is everywhere',
      { keyspace: 'e', strategy: 'EverywhereStrategy', factors: {} },
      oneRack,
      '0 1',
      'QUORUM',
      false,
    ],
    ['nobody', topology({ dc1: 3 }), threeRacks, '', 'ALL', true],
  ])('%s', (_, keyspace, nodes, away, level, holds) => {
    const verdict = keepsConsistency(keyspace, nodes, new Set(away.split(' ')), { level, datacenter: 'dc1' });
    expect(verdict.holds).toBe(holds);
    expect(verdict.missed === undefined).toBe(holds);
  });

  test('what is missed is counted', () => {
    const need = { level: 'LOCAL_QUORUM', datacenter: 'dc1' } as const;
    expect(keepsConsistency(topology({ dc1: 3 }), threeRacks, new Set(['0', '1']), need).missed).toEqual({
      left: 1,
      needed: 2,
      datacenter: 'dc1',
    });
  });
});

describe('the bound without ranges', () => {
  const levels: readonly ConsistencyLevel[] = ['ONE', 'LOCAL_ONE', 'QUORUM', 'LOCAL_QUORUM', 'EACH_QUORUM', 'ALL'];

  test('never allows what some placement of tokens would break', () => {
    const random = makeRandom(41);
    const seen = { allowed: 0, refused: 0 };
    for (let round = 0; round < 3000; round += 1) {
      const { nodes, keyspace, away } = randomRing(random);
      const level = levels[random.below(levels.length)] ?? 'QUORUM';
      const need = { level, datacenter: 'dc1' };
      const bound = keepsConsistency(keyspace, nodes, away, need);
      const exact = exactly(keyspace, nodes, away, need, random);
      seen[bound.holds ? 'allowed' : 'refused'] += 1;
      if (bound.holds) expect(exact).toBe(true);
    }
    // Both answers must have been put to the test.
    expect(Math.min(seen.allowed, seen.refused)).toBeGreaterThan(500);
  });

  test('is not stricter than needed where racks suffice: some placement does break what it refuses', () => {
    const random = makeRandom(43);
    let refused = 0;
    for (let round = 0; round < 200; round += 1) {
      const nodes = places(Array.from({ length: 6 }, (_, index) => `dc1/r${index % 3}`).join(' '));
      const away = new Set(nodes.filter(() => random.below(3) === 0).map(({ id }) => id));
      const need = { level: 'LOCAL_QUORUM', datacenter: 'dc1' } as const;
      const bound = keepsConsistency(topology({ dc1: 3 }), nodes, away, need);
      if (bound.holds) continue;
      refused += 1;
      const isBroken = Array.from({ length: 60 }).some(() => !exactly(topology({ dc1: 3 }), nodes, away, need, random));
      expect(isBroken).toBe(true);
    }
    expect(refused).toBeGreaterThan(30);
  });
});

describe('the keyspace that ownership is asked for', () => {
  test.each<[string, readonly KeyspaceReplication[], string | undefined]>([
    ['has most replicas', [topology({ dc1: 1 }), { ...topology({ dc1: 3 }), keyspace: 'big' }], 'big'],
    [
      'is the first by name among equals',
      [
        { ...simple(3), keyspace: 'b' },
        { ...simple(3), keyspace: 'a' },
      ],
      'a',
    ],
    ['is none of the system', [{ ...simple(3), keyspace: 'system_auth' }], undefined],
    ['is a replicated one', [{ keyspace: 'x', strategy: 'LocalStrategy', factors: {} }], undefined],
  ])('%s', (_, keyspaces, expected) => expect(ownershipKeyspace(keyspaces)).toBe(expected));
});

interface RandomRing {
  readonly nodes: readonly ReplicaPlace[];
  readonly keyspace: KeyspaceReplication;
  readonly away: ReadonlySet<string>;
}

function randomRing(random: Random): RandomRing {
  const nodes = Array.from({ length: 1 + random.below(9) }, (_, index) => ({
    id: String(index),
    datacenter: random.below(3) === 0 ? 'dc2' : 'dc1',
    rack: `r${random.below(4)}`,
  }));
  const isSimple = random.below(4) === 0;
  const keyspace = isSimple
    ? simple(1 + random.below(4))
    : topology({ dc1: 1 + random.below(4), dc2: random.below(4) });
  const share = 2 + random.below(4);
  return { nodes, keyspace, away: new Set(nodes.filter(() => random.below(share) === 0).map(({ id }) => id)) };
}

/** Places replicas on a ring of random tokens, as Cassandra does, and asks every range. */
function exactly(
  keyspace: KeyspaceReplication,
  nodes: readonly ReplicaPlace[],
  away: ReadonlySet<string>,
  need: { readonly level: ConsistencyLevel; readonly datacenter: string },
  random: Random,
): boolean {
  const tokens = nodes.flatMap((node) => [0, 1, 2].map(() => ({ node, token: random.below(1_000_000) })));
  const order = tokens.toSorted((a, b) => a.token - b.token).map(({ node }) => node);
  const ranges = order.map((_, at) => {
    const walk = [...order.slice(at), ...order.slice(0, at)];
    const replicas =
      keyspace.strategy === 'SimpleStrategy' ? placeSimply(walk, keyspace) : placeByRacks(walk, keyspace);
    return { start: String(at), end: String(at + 1), addresses: replicas.map(({ id }) => id) };
  });
  const byAddress = new Map(nodes.map((node) => [node.id, node]));
  return rangesKeepConsistency(keyspace, ranges, byAddress, away, need).holds;
}

const placeSimply = (walk: readonly ReplicaPlace[], { factors }: KeyspaceReplication): readonly ReplicaPlace[] =>
  [...new Set(walk)].slice(0, factors['replication_factor']);

/** In each datacenter a node of a rack that has no replica yet; one of a rack that has, as often as racks are too few. */
function placeByRacks(walk: readonly ReplicaPlace[], { factors }: KeyspaceReplication): readonly ReplicaPlace[] {
  return Object.entries(factors).flatMap(([datacenter, factor]) => {
    const local = [...new Set(walk.filter((node) => node.datacenter === datacenter))];
    const wanted = Math.min(factor, local.length);
    let repeats = wanted - new Set(local.map(({ rack }) => rack)).size;
    const racks = new Set<string>();
    const replicas: ReplicaPlace[] = [];
    for (const node of local) {
      if (replicas.length === wanted) break;
      const isRepeat = racks.has(node.rack);
      if (isRepeat && repeats <= 0) continue;
      if (isRepeat) repeats -= 1;
      racks.add(node.rack);
      replicas.push(node);
    }
    return replicas;
  });
}
