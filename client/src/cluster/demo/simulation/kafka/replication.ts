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

/** One broker fetches what it lacks, evenly over its partitions, and joins each ISR when it has all of it. */
export function catchUp(
  partitions: readonly KafkaPartition[],
  broker: number,
  seconds: number,
  { pace }: ReplicationState,
): void {
  const lagging = partitions.filter(
    ({ replicas, isr, leader }) => replicas.includes(broker) && !isr.includes(broker) && leader !== -1,
  );
  const share = (pace.catchUpRate * seconds) / Math.max(1, lagging.length);
  for (const partition of lagging) {
    const left = (partition.behind.get(broker) ?? 0) - share;
    if (left > 0) {
      partition.behind.set(broker, left);
      continue;
    }
    partition.behind.delete(broker);
    partition.isr = partition.replicas.filter((id) => id === broker || partition.isr.includes(id));
  }
}

/** A reassignment ends when every replica of its target is in sync. */
export function finishReassignment(partition: KafkaPartition, state: ReplicationState): void {
  const { target } = partition;
  if (target === undefined || !target.every((id) => partition.isr.includes(id))) return;
  partition.replicas = [...target];
  partition.isr = target.filter((id) => partition.isr.includes(id));
  partition.target = undefined;
  for (const id of partition.behind.keys()) if (!target.includes(id)) partition.behind.delete(id);
  if (!target.includes(partition.leader)) electLeader(partition, state);
}

export function isServing(node: KafkaNode | undefined): boolean {
  return node !== undefined && node.isRegistered && node.state !== 'absent';
}
