import { describe, expect, test } from 'vitest';
import type { KafkaState, PartitionState } from '#core/systems/kafka/operations/clusterState.ts';
import { brakeOf } from '#core/systems/kafka/operations/moves/brake.ts';
import { foreignMoves, stageOf, viewOf, type Moving, type Stage } from '#core/systems/kafka/operations/moves/stage.ts';

const move = { topic: 'orders', index: 4, before: [1, 2, 3], after: [2, 3, 5], bytes: 1 };

function partition(replicas: readonly number[], more: Partial<PartitionState> = {}): PartitionState {
  return { topic: 'orders', index: 4, leader: replicas[0] ?? -1, replicas, isr: replicas, minIsr: 2, ...more };
}

const stateOf = (partitions: readonly PartitionState[], brokers = [1, 2, 3, 4, 5]): KafkaState => ({
  clusterId: 'c1d2',
  brokers,
  partitions,
  quorum: undefined,
  reassignments: 0,
});

const moving = (replicas: readonly number[], adding: readonly number[], removing: readonly number[]): Moving => ({
  topic: 'orders',
  index: 4,
  replicas,
  adding,
  removing,
});

describe('a move', () => {
  test.each<[string, Stage, PartitionState | undefined, Moving | undefined]>([
    ['nothing has happened', 'waiting', partition([1, 2, 3]), undefined],
    ['only the order is another', 'waiting', partition([3, 1, 2]), undefined],
    ['it was asked for', 'moving', partition([1, 2, 3]), moving([2, 3, 5, 1], [5], [1])],
    ['it was asked for with another one first', 'moving', partition([2, 3, 5, 1]), moving([3, 2, 5, 1], [5], [1])],
    ['it ended and this broker has not heard of it', 'moving', partition([2, 3, 5, 1]), undefined],
    ['it is there', 'moved', partition([3, 5, 2]), undefined],
    ['somebody sends it elsewhere', 'other', partition([1, 2, 3]), moving([2, 3, 4, 1], [4], [1])],
    ['somebody has sent it elsewhere', 'other', partition([2, 3, 4]), undefined],
    ['its number of replicas has changed', 'other', partition([1, 2]), undefined],
    ['its topic was deleted', 'gone', undefined, undefined],
  ])('when %s is %s', (_, stage, present, underWay) => {
    const view = viewOf(stateOf(present ? [present] : []), underWay ? [underWay] : []);
    expect(stageOf(move, view)).toBe(stage);
    expect(foreignMoves([move], view)).toEqual(underWay && stage === 'other' ? ['orders-4'] : []);
    expect(foreignMoves([], view)).toEqual(underWay ? ['orders-4'] : []);
  });
});

describe('the brake', () => {
  const rows: readonly [string, PartitionState, number, string | undefined, number][] = [
    ['all are in sync', partition([1, 2, 3]), 0, undefined, 5],
    ['one is behind and enough are not', partition([1, 2, 3, 4], { isr: [1, 2, 3] }), 0, undefined, 5],
    ['just enough are in sync', partition([1, 2, 3], { isr: [1, 2] }), 0, undefined, 2],
    ['too few are in sync', partition([1, 2, 3], { isr: [1] }), 0, 'orders-4 to have enough replicas in sync', 2],
    ['too few are in sync because a broker is away', partition([1, 2, 9], { isr: [1] }), 0, undefined, 5],
    ['as many are wanted as there are', partition([1, 2]), 0, undefined, 5],
    ['fewer replicas than wanted are all there is', partition([1]), 0, undefined, 5],
    ['a copy of a single replica is under way', partition([1, 2], { isr: [1] }), 1, undefined, 5],
    ['copies are under way', partition([1, 2, 3, 4], { isr: [1, 2] }), 2, undefined, 5],
    ['nobody knows how many are wanted', partition([1, 2, 3], { isr: [1], minIsr: undefined }), 0, undefined, 5],
  ];
  test.each(rows)('when %s', (_, present, adding, stop, slots) => {
    const brake = brakeOf(stateOf([present]), new Map([['orders-4', adding]]));
    expect([brake.stop, brake.limits.inPerBroker, brake.limits.outPerBroker]).toEqual([stop, slots, slots]);
  });
});
