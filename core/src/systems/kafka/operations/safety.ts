import { partitionName, type KafkaState, type PartitionState } from '#core/systems/kafka/operations/clusterState.ts';

/**
 * Whether a broker may leave. `min-ISR safe` keeps every partition writable; `fully replicated`, the default, also wants every replica
 * back in sync before the next broker goes, so that one more failure costs nothing.
 */
export type RestartLevel = 'fully replicated' | 'min-ISR safe';

/**
 * What the absence of one broker does to one partition. Source: a producer with acks=all needs min.insync.replicas members of the ISR
 * (NOT_ENOUGH_REPLICAS otherwise), and a leader comes from the ISR only.
 */
export type Absence =
  /** It holds no replica. */
  | 'untouched'
  | 'safe'
  /** As many copies are wanted as there are, or there is one copy: any absence stops writes, whoever causes it. */
  | 'unavoidable'
  /** Writes or the leader would be lost now, and not once all replicas are in sync. */
  | 'blocked'
  /** Its settings could not be read. */
  | 'unknown';

export function absenceOf(broker: number, { replicas, isr, minIsr, leader }: PartitionState): Absence {
  if (!replicas.includes(broker)) return 'untouched';
  if (minIsr === undefined) return 'unknown';
  if (replicas.length === 1 || minIsr >= replicas.length) return 'unavoidable';
  const left = isr.filter((member) => member !== broker);
  if (left.length < minIsr || left.length === 0) return 'blocked';
  // Nobody leads: an absence cannot make it worse for clients, but the ISR is not what it seems.
  return leader < 0 ? 'blocked' : 'safe';
}

/** Partitions that keep the broker from leaving, by name, with what is missing. */
export function blockersOf(
  broker: number,
  state: KafkaState,
  level: RestartLevel,
  consented: ReadonlySet<string>,
): readonly string[] {
  return state.partitions.flatMap((partition) => {
    const why = blockerOf(broker, partition, level, consented);
    return why === undefined ? [] : [`${partitionName(partition)}${why}`];
  });
}

function blockerOf(
  broker: number,
  partition: PartitionState,
  level: RestartLevel,
  consented: ReadonlySet<string>,
): string | undefined {
  const absence = absenceOf(broker, partition);
  if (absence === 'unknown') return ': its min.insync.replicas cannot be read';
  const behind = laggards(partition).filter((id) => id !== broker);
  const waits = ` waits for broker ${behind.join(', ')}`;
  if (absence === 'blocked') {
    if (partition.leader < 0) return ' has no leader';
    return `${waits}: ${partition.isr.length} in sync, ${partition.minIsr ?? 1} needed`;
  }
  if (absence === 'unavoidable') {
    if (!consented.has(partition.topic)) return ' has no copy to spare';
    // What was agreed to is that writes stop for a while, not that nobody has the data.
    if (isLastInSync(broker, partition)) return ` is in sync on broker ${broker} only`;
  }
  return level === 'min-ISR safe' || behind.length === 0 ? undefined : waits;
}

function isLastInSync(broker: number, { replicas, isr }: PartitionState): boolean {
  return replicas.length > 1 && isr.every((member) => member === broker);
}

/** Replicas that are not in sync. */
export function laggards({ replicas, isr }: PartitionState): readonly number[] {
  return replicas.filter((id) => !isr.includes(id));
}

/** Partitions in which a broker is a replica and not in sync. */
export function catchingUp(broker: number, { partitions }: KafkaState): readonly PartitionState[] {
  return partitions.filter((partition) => laggards(partition).includes(broker));
}

/** Topics of which a partition has no copy to spare, for the given brokers. */
export function unavoidableTopics(brokers: readonly number[], { partitions }: KafkaState): readonly string[] {
  const hit = partitions.filter((one) => brokers.some((id) => absenceOf(id, one) === 'unavoidable'));
  return [...new Set(hit.map(({ topic }) => topic))].toSorted();
}

/** Partitions whose preferred leader is the broker, and which somebody else leads. */
export function toElect(broker: number, { partitions }: KafkaState): readonly PartitionState[] {
  return partitions.filter(
    ({ replicas, leader, isr }) => replicas[0] === broker && leader !== broker && isr.includes(broker),
  );
}
