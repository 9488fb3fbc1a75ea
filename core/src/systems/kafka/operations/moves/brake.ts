import { partitionName, type KafkaState, type PartitionState } from '#core/systems/kafka/operations/clusterState.ts';
import { FEEDING_LIMITS, type FeedingLimits } from '#core/systems/kafka/rebalance/feeding.ts';

const HALF: FeedingLimits = {
  inPerBroker: Math.floor(FEEDING_LIMITS.inPerBroker / 2),
  outPerBroker: Math.floor(FEEDING_LIMITS.outPerBroker / 2),
  inCluster: Math.floor(FEEDING_LIMITS.inCluster / 2),
};

/** Whether more may be moved now. Moving takes disk and network from followers; those that fall behind because of it must catch up first. */
export interface Brake {
  /** Why nothing more is begun, with the partitions; undefined when something may. */
  readonly stop: string | undefined;
  readonly limits: FeedingLimits;
}

/**
 * A partition under min ISR whose replicas are all on live brokers stops everything new; one at min ISR halves it. Partitions with as
 * many replicas as min.insync.replicas are always at it, and say nothing. Source: the concurrency adjuster of Cruise Control.
 */
export function brakeOf({ partitions, brokers }: KafkaState, adding: ReadonlyMap<string, number>): Brake {
  const live = new Set(brokers);
  const judged = partitions.filter(({ replicas }) => replicas.every((id) => live.has(id)));
  const under = judged.filter((one) => isUnderMinIsr(one, adding.get(partitionName(one))));
  if (under.length > 0) return { stop: `${few(under)} to have enough replicas in sync`, limits: HALF };
  const near = judged.some((one) => isAtMinIsr(one, adding.get(partitionName(one)) ?? 0));
  return { stop: undefined, limits: near ? HALF : FEEDING_LIMITS };
}

/** Those with fewer replicas than that always are, and are not meant. `adding`: replicas that are being copied and do not count yet. */
export function isUnderMinIsr({ replicas, isr, minIsr }: PartitionState, adding = 0): boolean {
  return minIsr !== undefined && replicas.length - adding >= minIsr && isr.length < minIsr;
}

/** `adding`: replicas that are still being copied, and are not late. */
function isAtMinIsr({ replicas, isr, minIsr }: PartitionState, adding: number): boolean {
  return isr.length === minIsr && isr.length < replicas.length - adding;
}

function few(partitions: readonly PartitionState[]): string {
  const shown = partitions.slice(0, 3).map(partitionName).join(', ');
  return partitions.length > 3 ? `${shown} and ${partitions.length - 3} more` : shown;
}
