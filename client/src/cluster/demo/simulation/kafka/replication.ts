import type { KafkaNode, KafkaPace, KafkaPartition } from './model.ts';

/** What the controllers and the replicas of partitions do. All functions change the partition they are given. */

export interface ReplicationState {
  readonly nodes: ReadonlyMap<number, KafkaNode>;
  readonly pace: KafkaPace;
  /** Called with every change of a leader. */
  readonly leaderChanged: (partition: KafkaPartition) => void;
}

/** A broker goes, or is fenced: its leaders move to others in sync, and it leaves every ISR but where it is the last. */
export function removeBroker(partition: KafkaPartition, broker: number, state: ReplicationState): void {
  if (!partition.replicas.includes(broker)) return;
  if (partition.isr.length > 1) partition.isr = partition.isr.filter((id) => id !== broker);
  if (partition.leader === broker) electLeader(partition, state, broker);
}

/** The first replica that is in sync and alive; nobody when there is none. */
export function electLeader(
  partition: KafkaPartition,
  { nodes, leaderChanged }: ReplicationState,
  except?: number,
): void {
  const leader = partition.replicas.find(
    (id) => id !== except && partition.isr.includes(id) && isServing(nodes.get(id)),
  );
  setLeader(partition, leader ?? -1, leaderChanged);
}

export type ElectionResult = 'elected' | 'notNeeded' | 'notAvailable';

export function electPreferred(partition: KafkaPartition, { nodes, leaderChanged }: ReplicationState): ElectionResult {
  const [preferred] = partition.replicas;
  if (preferred === undefined || partition.leader === preferred) return 'notNeeded';
  if (!partition.isr.includes(preferred) || !isServing(nodes.get(preferred))) return 'notAvailable';
  setLeader(partition, preferred, leaderChanged);
  return 'elected';
}

function setLeader(partition: KafkaPartition, leader: number, changed: ReplicationState['leaderChanged']): void {
  if (partition.leader === leader) return;
  partition.leader = leader;
  partition.leaderEpoch++;
  changed(partition);
}

/** Writes arrive while enough replicas are in sync; who is away or behind lacks them. */
export function write(partition: KafkaPartition, minIsr: number, seconds: number, { pace }: ReplicationState): void {
  if (partition.leader === -1 || partition.isr.length < Math.min(minIsr, partition.replicas.length)) return;
  const bytes = pace.writeRate * seconds;
  partition.size += bytes;
  for (const id of partition.replicas) {
    if (!partition.isr.includes(id)) partition.behind.set(id, (partition.behind.get(id) ?? 0) + bytes);
  }
}

export function isServing(node: KafkaNode | undefined): boolean {
  return node !== undefined && node.isRegistered && node.state !== 'absent';
}
