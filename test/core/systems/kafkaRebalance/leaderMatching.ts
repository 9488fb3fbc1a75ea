import type { RebalanceInput } from '#core/systems/kafka/rebalance/model.ts';

/**
 * The most partitions that brokers can lead when each leads at most so many, whatever the order of replicas: a matching of partitions and
 * places, made larger along augmenting paths. It is slow and obvious, to compare a planner with.
 */
export function mostLed({ partitions }: RebalanceInput, places: (broker: number) => number): number {
  const led = new Map<number, number[]>();
  const settle = (partition: number, tried: Set<number>): boolean => {
    for (const broker of partitions[partition]?.replicas ?? []) {
      if (tried.has(broker)) continue;
      tried.add(broker);
      const own = led.get(broker) ?? [];
      led.set(broker, own);
      if (own.length < places(broker)) {
        own.push(partition);
        return true;
      }
      const at = own.findIndex((other) => settle(other, tried));
      if (at < 0) continue;
      own[at] = partition;
      return true;
    }
    return false;
  };
  return [...partitions.keys()].filter((partition) => settle(partition, new Set())).length;
}
