import { describe, expect, test } from 'vitest';
import type {
  RebalanceBroker,
  RebalanceMode,
  RebalancePartition,
  RebalanceRequest,
} from '#core/systems/kafka/rebalance/model.ts';
import { planRebalance } from '#core/systems/kafka/rebalance/planRebalance.ts';
import { matchesTopic } from '#core/systems/kafka/rebalance/topicPattern.ts';
import { broker, GIB, partition } from './clusters.ts';

/** `orders-0 1,2 > 1,3` for each move, and `orders-0: why` for what has no solution. */
const plan = (
  mode: RebalanceMode,
  brokers: readonly RebalanceBroker[],
  partitions: readonly RebalancePartition[],
  more: Partial<RebalanceRequest> = {},
): readonly string[] => {
  const { moves, unsolved } = planRebalance({ brokers, partitions }, { mode, brokers: [], exclude: [], ...more });
  return [
    ...moves.map(({ topic, index, before, after }) => `${topic}-${index} ${before.join()} > ${after.join()}`),
    ...unsolved.map(({ topic, index, reason }) => `${topic}-${index}: ${reason}`),
  ];
};

const inRacks = (racks: string): readonly RebalanceBroker[] =>
  racks.split('').map((rack, at) => broker(at + 1, { rack }));
const sorted = (numbers: readonly number[]): readonly number[] => numbers.toSorted((a, b) => a - b);
const disk = (id: number, total: number, used: number, more: Partial<RebalanceBroker> = {}): RebalanceBroker =>
  broker(id, { totalBytes: total * GIB, usableBytes: (total - used) * GIB, ...more });

describe('leaving a broker', () => {
  const off = (
    brokers: readonly RebalanceBroker[],
    partitions: readonly RebalancePartition[],
    more: Partial<RebalanceRequest> = {},
  ): readonly string[] => plan('off brokers', brokers, partitions, { brokers: [1], ...more });

  test.each<readonly [string, readonly RebalanceBroker[], RebalancePartition, string]>([
    ['goes to the broker that has none of it', inRacks('aaa'), partition(0, [1, 2]), 'orders-0 1,2 > 3,2'],
    ['keeps its place in the list', inRacks('aaa'), partition(0, [2, 1]), 'orders-0 2,1 > 2,3'],
    ['moves a single replica too', inRacks('aa'), partition(0, [1]), 'orders-0 1 > 2'],
    ['stays in as many racks', inRacks('abbac'), partition(0, [1, 2, 5]), 'orders-0 1,2,5 > 4,2,5'],
    ['takes a rack more where there is one', inRacks('aabac'), partition(0, [1, 2, 3]), 'orders-0 1,2,3 > 5,2,3'],
    ['has fewer racks only where there are fewer', inRacks('abb'), partition(0, [1, 2]), 'orders-0 1,2 > 3,2'],
    [
      'does not go to a rack that has it when only room is missing in its own',
      [broker(1, { rack: 'a' }), broker(2, { rack: 'b' }), disk(3, 10, 8, { rack: 'a' }), broker(4, { rack: 'b' })],
      partition(0, [1, 2], { bytes: GIB }),
      'orders-0: the brokers in racks of their own have no room: their disks would be more than 80 % full while it moves',
    ],
    [
      'is not put on a broker that takes none',
      [broker(1), broker(2), broker(3, { isTarget: false })],
      partition(0, [1, 2]),
      'orders-0: every broker that may take it has a replica of it already',
    ],
    ['has nowhere to go', [broker(1)], partition(0, [1]), 'orders-0: there is no broker that may take it'],
    [
      'does not fill a disk over its limit',
      [broker(1), disk(2, 10, 7)],
      partition(0, [1], { bytes: 2 * GIB }),
      'orders-0: no broker that may take it has room: its disks would be more than 80 % full while it moves',
    ],
    ['fills a disk up to its limit', [broker(1), disk(2, 10, 7)], partition(0, [1], { bytes: GIB }), 'orders-0 1 > 2'],
    [
      'cannot be copied from nobody',
      inRacks('aaa'),
      partition(0, [1, 2], { leader: -1 }),
      'orders-0: nobody leads it, so there is nothing to copy from',
    ],
    [
      'is not moved under min ISR while it is in sync',
      inRacks('aaaa'),
      partition(0, [1, 2, 3], { isr: [1], minIsr: 2 }),
      'orders-0: it has 1 in sync and needs 2: only replicas that are out of sync may move',
    ],
    [
      'repairs a partition under min ISR',
      inRacks('aaaa'),
      partition(0, [1, 2, 3], { isr: [2], leader: 2, minIsr: 2 }),
      'orders-0 1,2,3 > 4,2,3',
    ],
    [
      'wants all in sync where min ISR cannot be read',
      inRacks('aaaa'),
      partition(0, [1, 2, 3], { isr: [1, 2], minIsr: undefined }),
      'orders-0: it has 2 in sync and its min.insync.replicas cannot be read: only replicas that are out of sync may move',
    ],
    [
      'needs no more in sync than there are replicas',
      inRacks('aaa'),
      partition(0, [1, 2], { minIsr: 3 }),
      'orders-0 1,2 > 3,2',
    ],
  ])('a replica %s', (_, brokers, one, expected) => {
    expect(off(brokers, [one])).toEqual([expected]);
  });

  test('a replica of an excluded topic stays, and is named', () => {
    expect(off(inRacks('aa'), [partition(0, [1])], { exclude: ['ord*'] })).toEqual(['orders-0: its topic is excluded']);
  });

  test('touches no other partition, however uneven they are', () => {
    const others = [1, 2, 3, 4].map((index) => partition(index, [2, 3], { bytes: 50 * GIB }));
    expect(off(inRacks('aaaa'), [partition(0, [1, 2]), ...others])).toEqual(['orders-0 1,2 > 4,2']);
  });

  test('a broker that is gone can be left: what it had is copied from the others', () => {
    const partitions = [partition(0, [9, 2], { isr: [2], leader: 2 })];
    expect(off(inRacks('aaa'), partitions, { brokers: [9] })).toEqual(['orders-0 9,2 > 1,2']);
  });

  test('makes room for the replica that can go nowhere else', () => {
    // Both fit on broker 2; the second has no other place, and the first does.
    const brokers = [broker(1), disk(2, 10, 5), disk(3, 10, 5), disk(4, 10, 8)];
    const partitions = [
      partition(0, [1, 4], { bytes: 3 * GIB }),
      partition(1, [1, 3], { bytes: 3 * GIB }),
      partition(2, [1, 4], { bytes: 0 }),
    ];
    const moves = off(brokers, partitions);
    expect(moves.filter((line) => line.includes(':'))).toEqual([]);
    expect(moves).toContain('orders-1 1,3 > 2,3');
    expect(moves).toContain('orders-0 1,4 > 3,4');
  });
});

describe('racks', () => {
  test.each<readonly [string, string, RebalancePartition, readonly string[]]>([
    ['are used where one is free', 'aabc', partition(0, [1, 2, 3]), ['orders-0 1,2,3 > 1,4,3']],
    ['are as many as there are', 'aabb', partition(0, [1, 2, 3]), []],
    ['are two of two', 'aab', partition(0, [1, 2]), ['orders-0 1,2 > 1,3']],
    ['do not matter where none is told', '', partition(0, [1, 2]), []],
    [
      'are not used by what nobody leads',
      'aab',
      partition(0, [1, 2], { leader: -1 }),
      ['orders-0: nobody leads it, so there is nothing to copy from'],
    ],
    [
      'are used by what is out of sync, under min ISR',
      'aab',
      partition(0, [1, 2], { isr: [1], minIsr: 2 }),
      ['orders-0 1,2 > 1,3'],
    ],
  ])('%s (%s)', (_, racks, one, expected) => {
    const brokers = racks === '' ? [broker(1), broker(2), broker(3)] : inRacks(racks);
    expect(plan('racks only', brokers, [one])).toEqual(expected);
  });

  test('a partition that cannot be spread is named', () => {
    const brokers = [broker(1, { rack: 'a' }), broker(2, { rack: 'a' }), disk(3, 10, 9, { rack: 'b' })];
    expect(plan('racks only', brokers, [partition(0, [1, 2], { bytes: GIB })])).toEqual([
      'orders-0: no broker that may take it has room: its disks would be more than 80 % full while it moves',
    ]);
  });

  test('moves that even out loads keep partitions apart', () => {
    const partitions = Array.from({ length: 8 }, (_, index) => partition(index, [1, 2], { bytes: 10 * GIB }));
    const { moves } = planRebalance(
      { brokers: inRacks('abab'), partitions },
      { mode: 'full', brokers: [], exclude: [] },
    );
    expect(moves.length).toBeGreaterThan(0);
    for (const { after } of moves) expect(new Set(after.map((id) => id % 2)).size).toBe(2);
  });
});

describe('disks', () => {
  const many = (count: number, gib: number): readonly RebalancePartition[] =>
    Array.from({ length: count }, (_, index) => partition(index, [1 + (index % 2)], { bytes: gib * GIB }));

  test('partitions under 512 MiB are not moved for them', () => {
    // 4 GiB here, none there, and the numbers are even.
    const indexes = Array.from({ length: 16 }, (_, index) => index);
    const pair = (index: number, bytes: number): readonly RebalancePartition[] => [
      partition(0, [1], { topic: `small-${index}`, bytes }),
      partition(0, [2], { topic: `empty-${index}` }),
    ];
    const plans = [GIB / 4, GIB / 2].map((bytes) =>
      plan(
        'full',
        inRacks('aa'),
        indexes.flatMap((at) => pair(at, bytes)),
      ),
    );
    expect(plans.map((lines) => lines.length > 0)).toEqual([false, true]);
  });

  test('large ones are, until the loads are within a tenth of the mean', () => {
    // 60 GiB here, none there. One and three replicas are then near enough to two, and moving one more would cost.
    const large = [0, 1].map((index) => partition(index, [1], { bytes: 30 * GIB }));
    const empty = [2, 3].map((index) => partition(index, [2]));
    const moves = plan('full', inRacks('aa'), [...large, ...empty]);
    expect(moves).toEqual(['orders-0 1 > 2']);
  });

  test('shares follow the sizes of the disks where all tell them', () => {
    const brokers = [disk(1, 400, 160), disk(2, 100, 40)];
    const uneven = [
      ...Array.from({ length: 4 }, (_, index) => partition(index, [1], { bytes: 40 * GIB })),
      partition(4, [2], { bytes: 40 * GIB }),
    ];
    // Five replicas: three and two are even, and one of 40 GiB on the smaller disk is its share.
    const sum = planRebalance({ brokers, partitions: uneven }, { mode: 'full', brokers: [], exclude: [] });
    expect(sum.moves).toEqual([]);
  });

  test('a disk that is too full gives what fits elsewhere', () => {
    const brokers = [disk(1, 100, 90), disk(2, 100, 10)];
    const partitions = [partition(0, [1], { bytes: 6 * GIB }), partition(1, [1], { bytes: 15 * GIB })];
    const moves = plan('full', brokers, partitions);
    expect(moves).toContain('orders-1 1 > 2');
  });

  test('one that stays too full is named', () => {
    const brokers = [disk(1, 100, 90), disk(2, 100, 79)];
    expect(plan('full', brokers, [partition(0, [1], { bytes: 15 * GIB }), partition(1, [2])])).toEqual([
      'orders-0: the disks of broker 1 stay more than 80 % full: nothing on them can go elsewhere',
    ]);
  });

  test('the old and the new copy both count while data moves', () => {
    // Each would be at 70 % if they changed places, and at 140 % meanwhile.
    const brokers = [disk(1, 100, 70, { rack: 'a' }), disk(2, 100, 70, { rack: 'a' })];
    expect(plan('off brokers', brokers, many(2, 70), { brokers: [1] })).toEqual([
      'orders-0: no broker that may take it has room: its disks would be more than 80 % full while it moves',
    ]);
  });
});

describe('modes', () => {
  const piled = Array.from({ length: 12 }, (_, index) => partition(index, [1, 2, 3]));

  test('`leaders only` changes orders and nothing else', () => {
    const { moves } = planRebalance(
      { brokers: inRacks('aaaa'), partitions: piled },
      { mode: 'leaders only', brokers: [], exclude: [] },
    );
    // The mean of four brokers is three, which nobody can keep to: the fourth has no replica.
    expect(moves.length).toBe(8);
    expect(moves.filter(({ after }) => after[0] === 2).length).toBe(4);
    for (const { before, after } of moves) expect(sorted(after)).toEqual(sorted(before));
  });

  test('leadership passes through a broker that is even itself', () => {
    // Broker 1 leads two, broker 3 none, and they share no partition.
    const partitions = [partition(0, [1, 2]), partition(1, [1, 2]), partition(2, [2, 3])];
    const spread = [...partitions, ...[3, 4, 5].map((index) => partition(index, [1, 2]))];
    const more = [...spread, ...[6, 7, 8, 9].map((index) => partition(index, [2, 3]))];
    const { moves } = planRebalance(
      { brokers: inRacks('aaa'), partitions: more },
      { mode: 'leaders only', brokers: [], exclude: [] },
    );
    const firsts = more.map((one) => moves.find(({ index }) => index === one.index)?.after[0] ?? one.replicas[0]);
    const leads = [1, 2, 3].map((id) => firsts.filter((first) => first === id).length);
    expect(sorted(leads)).toEqual([3, 3, 4]);
  });

  test('a replica out of sync is not preferred', () => {
    const partitions = [0, 1].map((index) => partition(index, [1, 2], { isr: [1] }));
    expect(plan('leaders only', inRacks('aa'), partitions)).toEqual([]);
  });

  test('`new brokers only` moves to them and between no others', () => {
    const uneven = Array.from({ length: 12 }, (_, index) => partition(index, [index < 10 ? 1 : 2]));
    const { moves } = planRebalance(
      { brokers: inRacks('aaa'), partitions: uneven },
      { mode: 'new brokers only', brokers: [3], exclude: [] },
    );
    expect(moves.length).toBeGreaterThanOrEqual(3);
    for (const { after, before } of moves) expect([after, before]).toEqual([[3], [1]]);
  });

  test('`full` spreads the partitions of each topic', () => {
    // Both brokers hold four; one has all of a topic, the other all of the other.
    const topics = ['a', 'b'].flatMap((topic, at) =>
      [0, 1, 2, 3].map((index) => partition(index, [at + 1], { topic })),
    );
    const { moves } = planRebalance(
      { brokers: inRacks('aa'), partitions: topics },
      { mode: 'full', brokers: [], exclude: [] },
    );
    const ofTopic = (topic: string): number => moves.filter((move) => move.topic === topic).length;
    expect([ofTopic('a'), ofTopic('b')]).toEqual([1, 1]);
  });

  test('a partition without trouble in an even cluster is left alone by every mode', () => {
    const even = [partition(0, [1, 2]), partition(1, [2, 3]), partition(2, [3, 1])];
    for (const mode of ['full', 'leaders only', 'new brokers only', 'off brokers', 'racks only'] as const) {
      expect(plan(mode, inRacks('abc'), even)).toEqual([]);
    }
  });

  test('what cannot be is no failure: no brokers, no partitions', () => {
    expect(plan('full', [], [])).toEqual([]);
    expect(plan('full', [], [partition(0, [1, 2])])).toEqual([]);
    expect(plan('off brokers', [], [partition(0, [1])], { brokers: [1] })).toEqual([
      'orders-0: there is no broker that may take it',
    ]);
  });
});

describe('names with asterisks', () => {
  test.each([
    ['orders', 'orders', true],
    ['orders', 'orders-2', false],
    ['*', 'anything', true],
    ['__*', '__consumer_offsets', true],
    ['__*', 'x__', false],
    ['*-log', 'a-log', true],
    ['*-log', 'a-log-2', false],
    ['a*b*c', 'a1b2c', true],
    ['a*b*c', 'acb', false],
    ['ab*ba', 'aba', false],
    ['a*a', 'a', false],
    ['a*b*b', 'ab', false],
    ['a.c', 'abc', false],
    ['', '', true],
  ])('%s and %s: %s', (pattern, topic, is) => {
    expect(matchesTopic(topic, [pattern])).toBe(is);
  });

  test('none of no pattern', () => expect(matchesTopic('orders', [])).toBe(false));
});
