import type { Move, RebalanceBroker, RebalanceInput, RebalancePartition } from '#core/systems/kafka/rebalance/model.ts';
import type { Random } from '#test/support/random.ts';

/** Assignments to plan with: small ones written by hand, and random ones from a seed. */

export const GIB = 1024 ** 3;

export function broker(id: number, more: Partial<RebalanceBroker> = {}): RebalanceBroker {
  return { id, rack: '', isTarget: true, totalBytes: undefined, usableBytes: undefined, ...more };
}

/** All in sync, led by the first. */
export function partition(
  index: number,
  replicas: readonly number[],
  more: Partial<RebalancePartition> = {},
): RebalancePartition {
  return { topic: 'orders', index, replicas, isr: replicas, leader: replicas[0] ?? -1, bytes: 0, minIsr: 1, ...more };
}

export interface Sketch {
  readonly brokers: number;
  readonly racks: number;
  readonly topics: number;
  readonly partitions: number;
  readonly replicas: number;
  readonly mostBytes: number;
  /** How much larger disks are than what is on them, on the mean; undefined for brokers that do not tell. */
  readonly room: number | undefined;
}

/** Replicas lie anywhere; some are out of sync, some partitions have no leader, one broker may be closed to more. */
export function randomCluster(random: Random, sketch: Sketch): RebalanceInput {
  const ids = Array.from({ length: sketch.brokers }, (_, at) => at + 1);
  const closed = random.below(3) === 0 ? random.below(sketch.brokers) + 1 : 0;
  const partitions = Array.from({ length: sketch.partitions }, (_, at) =>
    randomPartition(random, sketch, ids, at % sketch.topics, Math.floor(at / sketch.topics)),
  );
  const used = bytesOf(partitions);
  const mean = [...used.values()].reduce((a, b) => a + b, 0) / sketch.brokers;
  const brokers = ids.map((id) => {
    const total = sketch.room === undefined ? undefined : Math.ceil(mean * sketch.room) + GIB;
    const free = total === undefined ? undefined : Math.max(0, total - (used.get(id) ?? 0));
    return broker(id, {
      rack: sketch.racks === 0 ? '' : `rack-${id % sketch.racks}`,
      isTarget: id !== closed,
      totalBytes: total,
      usableBytes: free,
    });
  });
  return { brokers, partitions };
}

function randomPartition(
  random: Random,
  sketch: Sketch,
  ids: readonly number[],
  topic: number,
  index: number,
): RebalancePartition {
  const replicas = shuffled(random, ids).slice(0, sketch.replicas);
  const trouble = random.below(12);
  const isr = trouble === 0 ? replicas.slice(0, 1) : trouble === 1 ? replicas.slice(1) : replicas;
  const leader = trouble === 2 ? -1 : (isr[0] ?? -1);
  // Sizes are uneven, as topics are: most are small.
  const bytes = Math.floor((random.below(1000) / 1000) ** 3 * sketch.mostBytes);
  const minIsr = random.below(10) === 0 ? undefined : Math.min(2, sketch.replicas);
  return { topic: `topic-${topic}`, index, replicas, isr, leader, bytes, minIsr };
}

export function shuffled<T>(random: Random, items: readonly T[]): readonly T[] {
  return items
    .map((item) => ({ item, at: random.below(2 ** 30) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function bytesOf(partitions: readonly RebalancePartition[]): ReadonlyMap<number, number> {
  const used = new Map<number, number>();
  for (const { replicas, bytes } of partitions) for (const id of replicas) used.set(id, (used.get(id) ?? 0) + bytes);
  return used;
}

/** The cluster once the moves are done: data moved, all of the moved partitions in sync and led by their preferred leader. */
export function applied(input: RebalanceInput, moves: readonly Move[]): RebalanceInput {
  const byName = new Map(moves.map((move) => [`${move.topic}-${move.index}`, move]));
  const change = new Map<number, number>();
  for (const { before, after, bytes } of moves) {
    for (const id of after) if (!before.includes(id)) change.set(id, (change.get(id) ?? 0) + bytes);
    for (const id of before) if (!after.includes(id)) change.set(id, (change.get(id) ?? 0) - bytes);
  }
  return {
    brokers: input.brokers.map((one) => ({
      ...one,
      usableBytes: one.usableBytes === undefined ? undefined : one.usableBytes - (change.get(one.id) ?? 0),
    })),
    partitions: input.partitions.map((one) => {
      const move = byName.get(`${one.topic}-${one.index}`);
      if (move === undefined) return one;
      const isCopied = move.after.some((id) => !move.before.includes(id));
      const isr = isCopied ? move.after : one.isr;
      return { ...one, replicas: move.after, isr, leader: move.after[0] ?? -1 };
    }),
  };
}
