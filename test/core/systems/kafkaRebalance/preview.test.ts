import { describe, expect, test } from 'vitest';
import { movesOfFile } from '#core/systems/kafka/operations/moves/reassignmentFile.ts';
import { readReassignmentJson, reassignmentJson, rollbackJson } from '#core/systems/kafka/rebalance/exchange.ts';
import { nextMoves, phases } from '#core/systems/kafka/rebalance/feeding.ts';
import type { Move } from '#core/systems/kafka/rebalance/model.ts';
import { planDemotion } from '#core/systems/kafka/rebalance/planDemotion.ts';
import { estimateMs, summarize } from '#core/systems/kafka/rebalance/summary.ts';
import { makeRandom } from '#test/support/random.ts';
import { broker, GIB, partition, shuffled } from './clusters.ts';

const move = (index: number, before: readonly number[], after: readonly number[], bytes = GIB): Move => ({
  topic: 'orders',
  index,
  before,
  after,
  bytes,
});

describe('the demotion of a broker', () => {
  const three = [broker(1), broker(2), broker(3)];
  test.each([
    ['puts it last', partition(0, [1, 2, 3]), [2, 3, 1]],
    ['prefers who is in sync', partition(0, [1, 2, 3], { isr: [1, 3] }), [3, 2, 1]],
    ['keeps who is preferred already', partition(0, [2, 1, 3], { leader: 1 }), [2, 3, 1]],
    ['passes by a preferred one that is out of sync', partition(0, [2, 1, 3], { leader: 1, isr: [1, 3] }), [3, 2, 1]],
    ['needs an election only where the order is right', partition(0, [2, 3, 1], { leader: 1 }), undefined],
    ['leaves alone what it does not lead', partition(0, [2, 1, 3]), undefined],
  ])('%s', (_, one, after) => {
    const { moves, unsolved } = planDemotion({ brokers: three, partitions: [one] }, [1]);
    expect(moves.map((found) => found.after)).toEqual(after === undefined ? [] : [after]);
    expect(unsolved).toEqual([]);
  });

  test.each([
    ['one replica', partition(0, [1]), 'it has one replica, which nobody else can lead'],
    ['replicas on demoted brokers only', partition(0, [1, 2]), 'all its replicas are on these brokers'],
    ['no other replica in sync', partition(0, [1, 3], { isr: [1] }), 'no replica on another broker is in sync'],
  ])('names a partition with %s', (_, one, reason) => {
    const { moves, unsolved } = planDemotion({ brokers: three, partitions: [one] }, [1, 2]);
    expect([moves, unsolved]).toEqual([[], [{ topic: 'orders', index: 0, reason }]]);
  });

  test('shares what it led among the others', () => {
    const partitions = Array.from({ length: 6 }, (_, index) => partition(index, [1, 2, 3]));
    const { moves, refusals } = planDemotion({ brokers: three, partitions }, [1]);
    expect([2, 3].map((id) => moves.filter(({ after }) => after[0] === id).length)).toEqual([3, 3]);
    expect(refusals).toEqual([]);
  });

  test('gives away again what only one other can lead', () => {
    const { moves } = planDemotion(
      { brokers: three, partitions: [partition(0, [1, 2, 3]), partition(1, [1, 2])] },
      [1],
    );
    expect(moves.map(({ after }) => after)).toEqual([
      [3, 2, 1],
      [2, 1],
    ]);
  });

  test('is refused where one broker would lead nearly everything', () => {
    const partitions = [
      ...Array.from({ length: 8 }, (_, index) => partition(index, [1, 2])),
      partition(8, [3, 2]),
      partition(9, [4, 2]),
    ];
    const { refusals } = planDemotion({ brokers: [...three, broker(4)], partitions }, [1]);
    expect(refusals).toEqual(['Broker 2 would lead 8 of 10 partitions, more than 1.5 times its share']);
  });

  test('is refused where nobody is left', () => {
    const { refusals } = planDemotion({ brokers: [broker(1)], partitions: [partition(0, [1])] }, [1]);
    expect(refusals).toEqual(['No other broker is left that could lead']);
  });
});

describe('the summary', () => {
  const brokers = [
    broker(1, { rack: 'a', totalBytes: 100 * GIB, usableBytes: 40 * GIB }),
    broker(2, { rack: 'a', totalBytes: 100 * GIB, usableBytes: 60 * GIB }),
    broker(3, { rack: 'b' }),
  ];
  const partitions = [
    partition(0, [1, 2], { bytes: 30 * GIB }),
    partition(1, [1, 3], { bytes: 10 * GIB, leader: 3 }),
    partition(2, [2, 3], { isr: [2] }),
  ];
  const moves = [move(0, [1, 2], [3, 2], 30 * GIB), move(1, [1, 3], [3, 1], 10 * GIB), move(2, [2, 3], [3, 2], 0)];
  const summary = summarize({ brokers, partitions }, moves);

  test('counts what each broker has before and after', () => {
    expect(summary.brokers.map(({ id, before, after }) => [id, before, after])).toEqual([
      [
        1,
        { replicas: 2, leaders: 1, preferredLeaders: 2, bytes: 40 * GIB, diskPercent: 60, rackViolations: 1 },
        { replicas: 1, leaders: 0, preferredLeaders: 0, bytes: 10 * GIB, diskPercent: 30, rackViolations: 0 },
      ],
      [
        2,
        { replicas: 2, leaders: 1, preferredLeaders: 1, bytes: 30 * GIB, diskPercent: 40, rackViolations: 1 },
        // It still leads the partition whose new preferred leader is not in sync.
        { replicas: 2, leaders: 1, preferredLeaders: 0, bytes: 30 * GIB, diskPercent: 40, rackViolations: 0 },
      ],
      [
        3,
        { replicas: 2, leaders: 1, preferredLeaders: 0, bytes: 10 * GIB, diskPercent: undefined, rackViolations: 0 },
        { replicas: 3, leaders: 2, preferredLeaders: 3, bytes: 40 * GIB, diskPercent: undefined, rackViolations: 0 },
      ],
    ]);
  });

  test('says what is copied, from the leader of now, and what is freed', () => {
    expect(summary.brokers.map(({ bytesIn, bytesOut, bytesFreed }) => [bytesIn, bytesOut, bytesFreed])).toEqual([
      [0, 30 * GIB, 30 * GIB],
      [0, 0, 0],
      [30 * GIB, 0, 0],
    ]);
    const { dataMoves, leaderOnlyMoves, replicasToCopy, bytesToCopy } = summary;
    expect([dataMoves, leaderOnlyMoves, replicasToCopy, bytesToCopy]).toEqual([1, 2, 1, 30 * GIB]);
  });

  test('knows how full disks are before anything goes', () => {
    const there = move(0, [1, 3], [2, 3], 20 * GIB);
    const back = move(1, [2, 3], [1, 3], 10 * GIB);
    const moving = summarize({ brokers, partitions: [partition(0, [1, 3]), partition(1, [2, 3])] }, [there, back]);
    const peaks = moving.brokers.map(({ peakDiskPercent, after }) => [peakDiskPercent, after.diskPercent]);
    expect(peaks).toEqual([
      [70, 50],
      [60, 50],
      [undefined, undefined],
    ]);
  });

  test('estimates by the busiest broker', () => {
    expect(estimateMs(summary, 10 * 1024 * 1024)).toBe(3_072_000);
    expect(estimateMs(summarize({ brokers, partitions }, []), 1)).toBe(0);
    expect([0, -1, Number.NaN].map((throttle) => estimateMs(summary, throttle))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('has a row for brokers that nobody knows', () => {
    const gone = summarize({ brokers: [], partitions: [partition(0, [7])] }, []);
    expect(gone.brokers.map(({ id, before }) => [id, before.replicas, before.diskPercent])).toEqual([
      [7, 1, undefined],
    ]);
  });
});

describe('files of kafka-reassign-partitions', () => {
  const moves = [move(0, [1, 2], [3, 2]), move(1, [2, 1], [1, 2])];

  test('are written as the tool reads them', () => {
    expect(JSON.parse(reassignmentJson(moves))).toEqual({
      version: 1,
      partitions: [
        { topic: 'orders', partition: 0, replicas: [3, 2] },
        { topic: 'orders', partition: 1, replicas: [1, 2] },
      ],
    });
    expect(JSON.parse(reassignmentJson([]))).toEqual({ version: 1, partitions: [] });
  });

  test('lead there and back', () => {
    const input = {
      brokers: [1, 2, 3].map((id) => broker(id)),
      partitions: [partition(0, [1, 2]), partition(1, [2, 1])],
    };
    const there = movesOfFile(readReassignmentJson(reassignmentJson(moves)).assignments, input);
    expect(there.moves.map(({ before, after }) => [before, after])).toEqual(
      moves.map(({ before, after }) => [before, after]),
    );
    expect(movesOfFile(readReassignmentJson(rollbackJson(moves)).assignments, input)).toEqual({
      moves: [],
      unsolved: [],
    });
  });

  const entry = (text: string): string => `{"version":1,"partitions":[${text}]}`;
  test.each([
    ['nothing', '', 'The text is no JSON object.'],
    ['a list', '[]', 'The text is no JSON object.'],
    ['half a file', '{"version":1,"partitions":[', 'The text is no JSON object.'],
    ['another version', '{"version":2,"partitions":[]}', 'The version is not 1.'],
    ['no partitions', '{"version":1}', '`partitions` is no list.'],
    ['a number', entry('3'), 'Entry 1 is no object.'],
    ['no topic', entry('{"partition":0,"replicas":[1]}'), 'Entry 1 has no name that a topic can have.'],
    [
      'a strange topic',
      entry('{"topic":"a b","partition":0,"replicas":[1]}'),
      'Entry 1 has no name that a topic can have.',
    ],
    ['a negative partition', entry('{"topic":"a","partition":-1,"replicas":[1]}'), 'Entry 1 has no partition number.'],
    ['a partition as text', entry('{"topic":"a","partition":"0","replicas":[1]}'), 'Entry 1 has no partition number.'],
    ['no replicas', entry('{"topic":"a","partition":0,"replicas":[]}'), 'Entry 1 has no replicas.'],
    [
      'half a broker',
      entry('{"topic":"a","partition":0,"replicas":[1.5]}'),
      'Entry 1 has a replica that is no broker number.',
    ],
    [
      'a large broker',
      entry('{"topic":"a","partition":0,"replicas":[2147483648]}'),
      'Entry 1 has a replica that is no broker number.',
    ],
    ['a broker twice', entry('{"topic":"a","partition":0,"replicas":[1,1]}'), 'Entry 1 names a broker twice.'],
    [
      'disks',
      entry('{"topic":"a","partition":0,"replicas":[1],"log_dirs":["/data"]}'),
      'Entry 1 names disks; replicas are not moved between disks of a broker here.',
    ],
    [
      'a partition twice',
      entry('{"topic":"a","partition":0,"replicas":[1]},{"topic":"a","partition":0,"replicas":[2]}'),
      'a-0 is named twice.',
    ],
  ])('with %s are refused', (_, text, problem) => {
    expect(readReassignmentJson(text)).toEqual({ assignments: [], problems: [problem] });
  });

  test('without a version, with any disk, and with a mark at the start are read', () => {
    const text = '\uFEFF{"partitions":[{"topic":"a","partition":0,"replicas":[2,1],"log_dirs":["any","any"]}]}';
    expect(readReassignmentJson(text)).toEqual({
      assignments: [{ topic: 'a', index: 0, replicas: [2, 1] }],
      problems: [],
    });
  });
});

describe('what may start next', () => {
  const limits = { inPerBroker: 2, outPerBroker: 2, inCluster: 3 };
  const indexes = (moves: readonly Move[]): readonly number[] => moves.map(({ index }) => index);

  test('are the small ones, first by bytes and then by name', () => {
    const pending = [move(3, [1], [2], 5), move(2, [3], [4], 1), move(1, [5], [6], 1)];
    expect(indexes(nextMoves(pending, [], limits))).toEqual([1, 2, 3]);
  });

  test('two copies weigh twice as much', () => {
    expect(indexes(nextMoves([move(0, [1, 2], [3, 4], 3), move(1, [5], [6], 5)], [], limits))).toEqual([1, 0]);
  });

  test.each([
    ['to one broker', [move(0, [1], [9]), move(1, [2], [9]), move(2, [3], [9]), move(3, [4], [5])], [0, 1, 3]],
    ['from one broker', [move(0, [1], [5]), move(1, [1], [6]), move(2, [1], [7]), move(3, [4], [8])], [0, 1, 3]],
    ['from a leader that stays', [2, 3, 4].map((from, at) => move(at, [1, from], [1, from + 5])), [0, 1]],
    ['in the cluster', [0, 1, 2, 3].map((at) => move(at, [at], [at + 10])), [0, 1, 2]],
  ])('are limited %s', (_, pending, expected) => {
    expect(indexes(nextMoves(pending, [], limits))).toEqual(expected);
  });

  test('those in flight count', () => {
    const inFlight = [move(0, [1], [9]), move(1, [2], [9])];
    expect(indexes(nextMoves([move(2, [3], [9]), move(3, [4], [5])], inFlight, limits))).toEqual([3]);
  });

  test('changes of order are not limited, and do not count', () => {
    const orders = [0, 1, 2, 3, 4].map((at) => move(at, [1, 2], [2, 1]));
    expect(indexes(nextMoves(orders, [], limits))).toEqual([0, 1, 2, 3, 4]);
    expect(indexes(nextMoves([move(9, [1], [2])], orders, limits))).toEqual([9]);
  });

  test('limits of nothing let one through at a time', () => {
    const none = { inPerBroker: 0, outPerBroker: 0, inCluster: 0 };
    const pending = [move(0, [1], [2]), move(1, [3], [4])];
    expect(indexes(nextMoves(pending, [], none))).toEqual([0]);
    expect(nextMoves(pending.slice(1), pending.slice(0, 1), none)).toEqual([]);
  });

  test('all are fed in the end, and never too many at once, in whatever order they end', () => {
    const random = makeRandom(3);
    let pending: readonly Move[] = Array.from({ length: 200 }, (_, index) => {
      const [a = 0, b = 0, c = 0] = shuffled(random, [1, 2, 3, 4, 5, 6]);
      return move(index, [a, b], [a, c], random.below(1000));
    });
    let inFlight: readonly Move[] = [];
    let rounds = 0;
    for (; pending.length + inFlight.length > 0 && rounds < 1000; rounds += 1) {
      const next = new Set(nextMoves(pending, inFlight, { inPerBroker: 5, outPerBroker: 5, inCluster: 12 }));
      inFlight = [...inFlight, ...next];
      pending = pending.filter((one) => !next.has(one));
      for (const id of [1, 2, 3, 4, 5, 6]) {
        expect(inFlight.filter(({ after }) => after[1] === id).length).toBeLessThanOrEqual(5);
        expect(inFlight.filter(({ before }) => before.includes(id)).length).toBeLessThanOrEqual(5);
      }
      expect(inFlight.length).toBeLessThanOrEqual(12);
      inFlight = shuffled(random, inFlight).slice(1);
    }
    expect(rounds).toBeLessThan(1000);
  });
});

describe('a replica that is still cold does not lead', () => {
  test.each([
    [
      'the leader stays, a cold one is to lead',
      [1, 2],
      [3, 1],
      1,
      [
        [1, 3],
        [3, 1],
      ],
    ],
    [
      'the leader stays, a warm one is to lead',
      [1, 2, 3],
      [2, 1, 4],
      1,
      [
        [1, 2, 4],
        [2, 1, 4],
      ],
    ],
    ['the leader stays and is to lead', [1, 2], [1, 3], 1, [[1, 3]]],
    ['the leader goes, a warm one is to lead', [1, 2], [2, 3], 1, [[2, 3]]],
    [
      'the leader goes, a cold one is to lead',
      [1, 2],
      [3, 2],
      1,
      [
        [2, 3],
        [3, 2],
      ],
    ],
    [
      'another leads than is preferred',
      [1, 2, 3],
      [4, 3, 2],
      2,
      [
        [2, 4, 3],
        [4, 3, 2],
      ],
    ],
    ['nothing stays', [1, 2], [3, 4], 1, [[3, 4]]],
    ['only the order changes', [1, 2], [2, 1], 1, [[2, 1]]],
  ])('%s', (_, before, after, leader, lists) => {
    expect(phases(move(0, before, after), leader)).toEqual(lists);
  });
});
