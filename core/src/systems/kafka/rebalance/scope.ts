import type { Layout, Placed } from '#core/systems/kafka/rebalance/layout.ts';
import type { RebalancePartition, RebalanceRequest } from '#core/systems/kafka/rebalance/model.ts';
import { matchesTopic } from '#core/systems/kafka/rebalance/topicPattern.ts';

/** What a request lets the plan touch. Brokers are places in the layout. */
export interface Scope {
  readonly mode: RebalanceRequest['mode'];
  /** Those the request names. */
  readonly named: ReadonlySet<number>;
  /** Those between which load is to be even. */
  readonly sharers: ReadonlySet<number>;
  /** Those that may be given a replica. */
  readonly receivers: ReadonlySet<number>;
  readonly isExcluded: (placed: Placed) => boolean;
}

export function scopeOf(layout: Layout, { mode, brokers, exclude }: RebalanceRequest): Scope {
  const named = layout.placesOf(brokers);
  const targets = layout.seats.flatMap(({ isTarget }, broker) => (isTarget ? [broker] : []));
  const sharers = mode === 'off brokers' ? targets.filter((broker) => !named.has(broker)) : targets;
  const receivers = mode === 'new brokers only' ? sharers.filter((broker) => named.has(broker)) : sharers;
  const excluded = new Set(layout.topics.flatMap((topic, place) => (matchesTopic(topic, exclude) ? [place] : [])));
  return {
    mode,
    named,
    sharers: new Set(sharers),
    receivers: new Set(receivers),
    isExcluded: ({ topic }) => excluded.has(topic),
  };
}

/**
 * Replicas in sync that are needed, as Kafka counts: never more than there are replicas. Where min.insync.replicas could not be read
 * all are needed, whatever it is.
 */
function neededInSync({ minIsr, replicas }: RebalancePartition): number {
  return minIsr === undefined ? replicas.length : Math.min(minIsr, replicas.length);
}

/** Its data may move: somebody leads it and it is not under min ISR. */
export function isHealthy({ source }: Placed): boolean {
  return source.leader >= 0 && source.isr.length >= Math.max(1, neededInSync(source));
}

/** Why a replica may not leave its broker; undefined when it may. Under min ISR only replicas that are out of sync may: that repairs. */
export function whyFixed(placed: Placed, broker: number, scope: Scope): string | undefined {
  const { source, isr } = placed;
  if (scope.isExcluded(placed)) return 'its topic is excluded';
  if (source.leader < 0 || source.isr.length === 0) return 'nobody leads it, so there is nothing to copy from';
  if (isHealthy(placed) || !isr.includes(broker)) return undefined;
  const needs =
    source.minIsr === undefined ? 'its min.insync.replicas cannot be read' : `needs ${neededInSync(source)}`;
  return `it has ${isr.length} in sync and ${needs}: only replicas that are out of sync may move`;
}
