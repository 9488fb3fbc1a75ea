import { partitionName } from '#core/systems/kafka/operations/clusterState.ts';
import type { Move, RebalanceInput } from '#core/systems/kafka/rebalance/model.ts';
import { FEEDING_LIMITS } from '#core/systems/kafka/rebalance/feeding.ts';
import { addedBy } from '#core/systems/kafka/rebalance/summary.ts';

const MIB = 1024 * 1024;

/** What is used when nothing was said: less than half of a network of one gigabit. */
export const USUAL_THROTTLE = 50 * MIB;

/** Below this the throttle of Kafka does not work as told: one answer to a fetch may be that large. Source: replica.fetch.max.bytes. */
export const LEAST_THROTTLE = 1_000_000;

/** A copy that gets no faster than it is written to never ends. */
const HEADROOM = 1.5;

/**
 * The rate in bytes a second under which copies would not catch up with what is written to them meanwhile: for each broker the busiest
 * partitions that may come in or go out at one time. Undefined where what is written is not known.
 */
export function leastThrottle(
  moves: readonly Move[],
  { partitions }: RebalanceInput,
  growth: ReadonlyMap<string, number> | undefined,
): number | undefined {
  if (!growth) return undefined;
  const leaders = new Map(partitions.map((one) => [partitionName(one), one.leader]));
  const incoming = new Map<number, number[]>();
  const outgoing = new Map<number, number[]>();
  for (const move of moves) {
    const rate = growth.get(partitionName(move)) ?? 0;
    const added = addedBy(move);
    for (const broker of added) add(incoming, broker, rate);
    if (added.length > 0) add(outgoing, leaders.get(partitionName(move)) ?? -1, rate * added.length);
  }
  const most = Math.max(
    0,
    ...busiest(incoming, FEEDING_LIMITS.inPerBroker),
    ...busiest(outgoing, FEEDING_LIMITS.outPerBroker),
  );
  return Math.ceil(most * HEADROOM);
}

function add(rates: Map<number, number[]>, broker: number, rate: number): void {
  const found = rates.get(broker);
  if (found) found.push(rate);
  else rates.set(broker, [rate]);
}

function busiest(rates: ReadonlyMap<number, readonly number[]>, slots: number): readonly number[] {
  return [...rates.values()].map((of) =>
    of
      .toSorted((a, b) => b - a)
      .slice(0, slots)
      .reduce((sum, rate) => sum + rate, 0),
  );
}
