import { describe, expect, test } from 'vitest';
import { readMoves, writeMoves } from '#core/systems/kafka/operations/moves/moveText.ts';
import { movesThatFit, stepsFor } from '#core/systems/kafka/operations/moves/planSteps.ts';
import { movesOfFile, readReassignment } from '#core/systems/kafka/operations/moves/reassignmentFile.ts';
import { leastThrottle } from '#core/systems/kafka/operations/moves/throttleChoice.ts';
import { reassignmentJson, rollbackJson } from '#core/systems/kafka/rebalance/exchange.ts';
import type { Move, RebalanceInput } from '#core/systems/kafka/rebalance/model.ts';

const moves: readonly Move[] = [
  { topic: 'orders', index: 4, before: [1, 2, 3], after: [2, 3, 5], bytes: 4_000_000_000 },
  { topic: 'my.topic_1-a', index: 0, before: [1], after: [7], bytes: 0 },
];

const input: RebalanceInput = {
  brokers: [1, 2, 3, 5].map((id) => ({ id, rack: '', isTarget: true, totalBytes: 1e12, usableBytes: 1e12 })),
  partitions: [
    { topic: 'orders', index: 4, replicas: [1, 2, 3], isr: [1, 2, 3], leader: 1, bytes: 4e9, minIsr: 2 },
    { topic: 'orders', index: 5, replicas: [2, 3], isr: [2, 3], leader: 2, bytes: 7, minIsr: 1 },
  ],
};

describe('moves as texts', () => {
  test('come back as they were', () => {
    expect(readMoves(writeMoves(moves))).toEqual(moves);
    expect(readMoves(undefined)).toEqual([]);
  });

  test.each(['', 'orders', 'orders x 1 2 3', 'orders 1 1,2 2,2 5', 'orders 1 1 -2 5', 'orders 1 1 2 1.5'])(
    'end everything when somebody has broken them: %s',
    (text) => {
      expect(() => readMoves([text])).toThrow('The journal has a move that cannot be read');
    },
  );
});

describe('reassignment files', () => {
  test('are those of the tool, there and back', () => {
    expect(JSON.parse(reassignmentJson(moves))).toEqual({
      version: 1,
      partitions: [
        { topic: 'my.topic_1-a', partition: 0, replicas: [7] },
        { topic: 'orders', partition: 4, replicas: [2, 3, 5] },
      ],
    });
    expect(readReassignment(rollbackJson(moves)).map(({ replicas }) => replicas)).toEqual([[1], [1, 2, 3]]);
  });

  test('become moves from what there is now, and name what cannot be', () => {
    const wanted = readReassignment(
      JSON.stringify({
        version: 1,
        partitions: [
          { topic: 'orders', partition: 4, replicas: [5, 1, 2], log_dirs: ['any', 'any', 'any'] },
          { topic: 'orders', partition: 5, replicas: [2, 3] },
          { topic: 'gone', partition: 0, replicas: [1] },
        ],
      }),
    );
    expect(movesOfFile(wanted, input)).toEqual({
      moves: [{ topic: 'orders', index: 4, before: [1, 2, 3], after: [5, 1, 2], bytes: 4e9 }],
      unsolved: [{ topic: 'gone', index: 0, reason: 'there is no such partition' }],
    });
    const odd = (replicas: readonly number[]) => movesOfFile([{ topic: 'orders', index: 5, replicas }], input).unsolved;
    expect(odd([1, 2, 3])[0]?.reason).toBe('it has 2 replicas and the file lists 3');
    expect(odd([1, 9])[0]?.reason).toBe('there is no broker 9');
  });

  test.each([
    ['nonsense', 'no JSON object'],
    ['[]', 'no JSON object'],
    ['{"version":1,"partitions":[]}', 'It names no partition'],
    ['{"version":1,"partitions":[{"topic":"a b","partition":0,"replicas":[1]}]}', 'Entry 1 has no name'],
    ['{"version":1,"partitions":[{"topic":"a","partition":0,"replicas":[]}]}', 'Entry 1 has no replicas'],
    ['{"version":1,"partitions":[{"topic":"a","partition":0,"replicas":[1,1]}]}', 'names a broker twice'],
    [
      '{"version":1,"partitions":[{"topic":"a","partition":0,"replicas":[1],"log_dirs":["/data"]}]}',
      'replicas are not moved between disks',
    ],
    [
      '{"version":1,"partitions":[{"topic":"a","partition":0,"replicas":[1]},{"topic":"a","partition":0,"replicas":[2]}]}',
      'a-0 is named twice',
    ],
  ])('that are none are refused: %s', (text, message) => {
    expect(() => readReassignment(text)).toThrow(message);
  });
});

describe('the throttle', () => {
  test('is above what is written to the copies that are made at one time', () => {
    const copied = moves.slice(0, 1);
    expect(leastThrottle(copied, input, new Map([['orders-4', 2e6]]))).toBe(3e6);
    expect(leastThrottle(copied, input, undefined)).toBeUndefined();
    const many = Array.from({ length: 9 }, (_, index) => ({
      topic: 'orders',
      index,
      before: [1],
      after: [5],
      bytes: 1,
    }));
    // Five at a time, the busiest.
    const growth = new Map(many.map(({ index }) => [`orders-${index}`, index * 1000]));
    expect(leastThrottle(many, input, growth)).toBe((8 + 7 + 6 + 5 + 4) * 1500);
  });
});

describe('a plan of very many moves', () => {
  const many = Array.from({ length: 30_000 }, (_, at) => ({
    topic: `a-topic-with-a-rather-long-name-${at % 200}`,
    index: Math.floor(at / 200),
    before: [101, 102, 103],
    after: [102, 103, 104],
    bytes: 1_000_000_000 + ((at * 7919) % 1_000_000),
  }));

  test('takes what the journal has room for, the smallest first', () => {
    const fit = movesThatFit(many);
    expect(fit.length).toBeGreaterThan(5000);
    expect(fit.length).toBeLessThan(many.length);
    const taken = new Set<object>(fit);
    const left = many.filter((move) => !taken.has(move)).map(({ bytes }) => bytes);
    expect(Math.max(...fit.map(({ bytes }) => bytes))).toBeLessThanOrEqual(Math.min(...left));
    const steps = stepsFor({
      input: { ...input, partitions: [] },
      moves: fit,
      throttle: 50_000_000,
      leaving: [],
      isCordoned: false,
      uncordoned: [],
    });
    expect(JSON.stringify(steps).length).toBeLessThan(700_000);
    expect(steps.flatMap(({ parameters }) => readMoves(parameters['moves']))).toHaveLength(fit.length);
    expect(Math.max(...steps.map(({ parameters }) => readMoves(parameters['moves']).length))).toBeLessThanOrEqual(150);
  }, 20_000);
});
