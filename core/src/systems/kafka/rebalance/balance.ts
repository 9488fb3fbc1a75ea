import { byteBands, countBands, SMALLEST_FOR_DISKS } from '#core/systems/kafka/rebalance/bands.ts';
import { evenOut, type Goal } from '#core/systems/kafka/rebalance/evenOut.ts';
import type { Layout } from '#core/systems/kafka/rebalance/layout.ts';
import type { Scope } from '#core/systems/kafka/rebalance/scope.ts';

/** A part of the square of the size: a move brings at least a third of what it copies into a band. */
const LEAST_RELIEF = 0.1;

/** Evens out disks, then the number of replicas, then the replicas of each topic. Returns whether anything moved. */
export function balanceReplicas(layout: Layout, scope: Scope): boolean {
  const bytes = byteGoal(layout, scope);
  const large = (broker: number): readonly number[] =>
    [...layout.seat(broker).held].filter((position) => layout.partition(position).bytes >= SMALLEST_FOR_DISKS);
  const disks = evenOut({ layout, scope, goal: bytes, candidates: large, kept: [], leastRelief: LEAST_RELIEF });
  const counts = countGoal(layout, scope);
  const all = (broker: number): ReadonlySet<number> => layout.seat(broker).held;
  const replicas = evenOut({ layout, scope, goal: counts, candidates: all, kept: [bytes], leastRelief: LEAST_RELIEF });
  return spreadTopics(layout, scope, [bytes, counts]) || disks || replicas;
}

function byteGoal(layout: Layout, { sharers }: Scope): Goal {
  const loadOf = (broker: number): number => layout.seat(broker).bytes;
  const total = sumOf(sharers, loadOf);
  return { bands: byteBands(total, sharers, layout), loadOf, weightOf: ({ bytes }) => bytes };
}

function countGoal(layout: Layout, { sharers }: Scope): Goal {
  const loadOf = (broker: number): number => layout.seat(broker).held.size;
  return { bands: countBands(sumOf(sharers, loadOf), sharers, layout), loadOf, weightOf: () => 1 };
}

/** Topic by topic: what is moved of one does not touch the spread of another. */
function spreadTopics(layout: Layout, scope: Scope, kept: readonly Goal[]): boolean {
  const positions = layout.topics.map((): number[] => []);
  for (const { topic, position } of layout.partitions) positions[topic]?.push(position);
  let moved = false;
  for (const topic of layout.topics.keys()) {
    const own = positions[topic] ?? [];
    const goal = topicGoal(layout, scope, topic);
    const candidates = (broker: number): readonly number[] =>
      own.filter((position) => layout.partition(position).after.includes(broker));
    if (evenOut({ layout, scope, goal, candidates, kept, leastRelief: LEAST_RELIEF })) moved = true;
  }
  return moved;
}

function topicGoal(layout: Layout, { sharers }: Scope, topic: number): Goal {
  const loadOf = (broker: number): number => layout.topicCount(topic, broker);
  return { bands: countBands(sumOf(sharers, loadOf), sharers, layout), loadOf, weightOf: () => 1 };
}

function sumOf(brokers: ReadonlySet<number>, loadOf: (broker: number) => number): number {
  return [...brokers].reduce((sum, broker) => sum + loadOf(broker), 0);
}
