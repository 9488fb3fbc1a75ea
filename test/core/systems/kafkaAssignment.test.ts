import { expect, test } from 'vitest';
import type { MetadataAnswer } from '#core/systems/kafka/admin.ts';
import { assignmentOf } from '#core/systems/kafka/live/assemble.ts';

const troubled = new Map([
  [2400, [0, 1]],
  [2500, []],
]);

function metadataOf(count: number): MetadataAnswer {
  const partitions = Array.from({ length: count }, (_, index) => {
    const isr = troubled.get(index) ?? [0, 1, 2];
    return { index, errorCode: 0, leader: isr[0] ?? -1, replicas: [0, 1, 2], isr, offline: [] };
  });
  const topics = [{ name: 'orders', errorCode: 0, isInternal: false, partitions: partitions.toReversed() }];
  return { clusterId: 'c1d2', controllerId: 0, brokers: [], topics };
}

test('partitions stand in the order of their numbers', () => {
  expect(assignmentOf(metadataOf(3)).map(({ name }) => name)).toEqual(['orders-0', 'orders-1', 'orders-2']);
});

test('of very many partitions those that have trouble are kept', () => {
  const kept = assignmentOf(metadataOf(2501));
  expect(kept).toHaveLength(2000);
  expect(kept.slice(0, 3)).toEqual([
    { name: 'orders-2400', leader: 0, replicas: [0, 1, 2], isr: [0, 1] },
    { name: 'orders-2500', leader: -1, replicas: [0, 1, 2], isr: [] },
    { name: 'orders-0', leader: 0, replicas: [0, 1, 2], isr: [0, 1, 2] },
  ]);
});
