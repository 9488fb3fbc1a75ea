import type { KafkaPartition } from './model.ts';
import { isServing, type ReplicationState } from './replication.ts';

/** Followers that fetch what they lack: how fast each of them is, with the throttles that somebody has set. */

export interface CopyState extends ReplicationState {
  /** Undefined where neither the topic nor anything above it has the setting. */
  readonly topicSetting: (topic: string, name: string) => string | undefined;
  readonly brokerSetting: (broker: number, name: string) => string | undefined;
}

interface Copy {
  readonly partition: KafkaPartition;
  readonly to: number;
  readonly isNew: boolean;
  readonly followerLimit: number | undefined;
  readonly leaderLimit: number | undefined;
}

/**
 * Every replica out of sync on a broker that serves gets an even share of what its broker can fetch, and of each throttle it falls
 * under: at its own broker by `follower.replication.throttled.*`, at that of its leader by `leader.replication.throttled.*`. It joins
 * the ISR when it has everything. Replicas in sync are never throttled, as with Kafka.
 */
export function copyReplicas(partitions: readonly KafkaPartition[], seconds: number, state: CopyState): void {
  const copies = partitions.flatMap((partition) => copiesOf(partition, state));
  const count = (matches: (other: Copy) => boolean): number => copies.filter(matches).length;
  for (const copy of copies) {
    const { partition, to, isNew, followerLimit, leaderLimit } = copy;
    const rate = isNew ? state.pace.moveRate : state.pace.catchUpRate;
    const shares = [rate / count((other) => other.to === to && other.isNew === isNew)];
    if (followerLimit !== undefined) {
      shares.push(followerLimit / count((other) => other.to === to && other.followerLimit !== undefined));
    }
    if (leaderLimit !== undefined) {
      shares.push(
        leaderLimit / count((other) => other.partition.leader === partition.leader && other.leaderLimit !== undefined),
      );
    }
    fetch(partition, to, Math.min(...shares) * seconds);
  }
}

function copiesOf(partition: KafkaPartition, state: CopyState): readonly Copy[] {
  const { replicas, isr, leader, adding } = partition;
  if (leader === -1 || replicas.length === isr.length) return [];
  return replicas
    .filter((id) => !isr.includes(id) && isServing(state.nodes.get(id)))
    .map((to) => ({
      partition,
      to,
      isNew: adding.includes(to),
      followerLimit: limitOf(partition, 'follower', to, state),
      leaderLimit: limitOf(partition, 'leader', leader, state),
    }));
}

/** Bytes a second, where both the replica and its broker have the throttle. */
function limitOf(
  { topic, index }: KafkaPartition,
  side: 'leader' | 'follower',
  broker: number,
  { topicSetting, brokerSetting }: CopyState,
): number | undefined {
  const listed = topicSetting(topic, `${side}.replication.throttled.replicas`) ?? '';
  const isListed = listed === '*' || listed.split(',').includes(`${index}:${broker}`);
  const rate = isListed ? brokerSetting(broker, `${side}.replication.throttled.rate`) : undefined;
  return rate === undefined ? undefined : Number(rate);
}

function fetch(partition: KafkaPartition, broker: number, bytes: number): void {
  const left = (partition.behind.get(broker) ?? 0) - bytes;
  if (left > 0) {
    partition.behind.set(broker, left);
    return;
  }
  partition.behind.delete(broker);
  partition.isr = partition.replicas.filter((id) => id === broker || partition.isr.includes(id));
}
