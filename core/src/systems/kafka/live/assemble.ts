import type {
  DescribeQuorumAnswer,
  ListPartitionReassignmentsAnswer,
  MetadataAnswer,
  MetadataPartition,
  MetadataTopic,
} from '#core/systems/kafka/admin.ts';
import {
  ASSIGNMENT_LIMIT,
  PARTITION_LIMIT,
  TOPIC_LIMIT,
  type KafkaPartitionAssignment,
  type KafkaPartitionFacts,
  type KafkaQuorumFacts,
  type KafkaTopicFacts,
  type PartitionList,
} from '#core/systems/kafka/live/insideFacts.ts';
import { oneLine } from '#core/systems/kafka/live/json.ts';
import { compare } from '#core/systems/kafka/live/parts.ts';

/** min.insync.replicas by topic; a topic whose settings are not known is absent. */
export type MinIsr = ReadonlyMap<string, number>;

/** Collects names up to a limit and counts the rest. */
class Collector {
  count = 0;
  readonly names: string[] = [];

  add(topic: string, index: number): void {
    this.count += 1;
    if (this.names.length < PARTITION_LIMIT) this.names.push(`${oneLine(topic)}-${index}`);
  }

  toList(): PartitionList {
    return { count: this.count, names: this.names };
  }
}

/**
 * What a partition has to hold: a topic may ask for more in-sync replicas than it has, and then all of them count.
 * Source: Partition.effectiveMinIsr of Kafka 4.
 */
function effectiveMinIsr({ replicas }: MetadataPartition, minIsr: number | undefined): number | undefined {
  return minIsr === undefined ? undefined : Math.min(minIsr, replicas.length);
}

export interface PartitionState {
  readonly isOffline: boolean;
  readonly isUnderReplicated: boolean;
  readonly isUnderMinIsr: boolean;
  readonly isAtMinIsr: boolean;
}

function stateOf(partition: MetadataPartition, minIsr: number | undefined): PartitionState {
  const { leader, isr, replicas } = partition;
  const needed = effectiveMinIsr(partition, minIsr);
  const isUnderReplicated = isr.length < replicas.length;
  return {
    isOffline: leader < 0,
    isUnderReplicated,
    isUnderMinIsr: needed !== undefined && isr.length < needed,
    isAtMinIsr: needed !== undefined && isr.length === needed && isUnderReplicated,
  };
}

/** Readable topics, by name. */
function sortedTopics({ topics }: MetadataAnswer): readonly MetadataTopic[] {
  return topics
    .filter(({ partitions, name }) => name !== '' && partitions.length > 0)
    .toSorted((a, b) => compare(a.name, b.name));
}

export function partitionFacts(metadata: MetadataAnswer, minIsr: MinIsr): KafkaPartitionFacts {
  const lists = {
    offline: new Collector(),
    underMinIsr: new Collector(),
    atMinIsr: new Collector(),
    underReplicated: new Collector(),
  };
  let total = 0;
  let preferred = 0;
  for (const { name, partitions } of sortedTopics(metadata)) {
    for (const partition of partitions.toSorted((a, b) => a.index - b.index)) {
      const state = stateOf(partition, minIsr.get(name));
      total += 1;
      if (partition.leader === partition.replicas[0]) preferred += 1;
      if (state.isOffline) lists.offline.add(name, partition.index);
      if (state.isUnderMinIsr) lists.underMinIsr.add(name, partition.index);
      if (state.isAtMinIsr) lists.atMinIsr.add(name, partition.index);
      if (state.isUnderReplicated) lists.underReplicated.add(name, partition.index);
    }
  }
  return {
    total,
    offline: lists.offline.toList(),
    underMinIsr: lists.underMinIsr.toList(),
    atMinIsr: lists.atMinIsr.toList(),
    underReplicated: lists.underReplicated.toList(),
    preferredShare: total === 0 ? undefined : preferred / total,
  };
}

export function topicFacts(metadata: MetadataAnswer, minIsr: MinIsr): readonly KafkaTopicFacts[] {
  return sortedTopics(metadata)
    .slice(0, TOPIC_LIMIT)
    .map(({ name, isInternal, partitions }) => {
      const needed = minIsr.get(name);
      const states = partitions.map((partition) => stateOf(partition, needed));
      const number = (has: (state: PartitionState) => boolean): number => states.filter(has).length;
      return {
        name: oneLine(name),
        isInternal,
        partitions: partitions.length,
        replicationFactor: Math.max(...partitions.map(({ replicas }) => replicas.length)),
        minIsr: needed,
        underReplicated: number(({ isUnderReplicated }) => isUnderReplicated),
        underMinIsr: number(({ isUnderMinIsr }) => isUnderMinIsr),
        offline: number(({ isOffline }) => isOffline),
      };
    });
}

/** Who holds each partition, by name. Of more than can be kept, those that have trouble are kept first. */
export function assignmentOf(metadata: MetadataAnswer): readonly KafkaPartitionAssignment[] {
  const all = sortedTopics(metadata).flatMap(({ name, partitions }) =>
    partitions
      .toSorted((a, b) => a.index - b.index)
      .map(({ index, leader, replicas, isr }) => ({ name: `${oneLine(name)}-${index}`, leader, replicas, isr })),
  );
  if (all.length <= ASSIGNMENT_LIMIT) return all;
  const isWhole = ({ leader, replicas, isr }: KafkaPartitionAssignment): boolean =>
    leader >= 0 && isr.length >= replicas.length;
  return [...all.filter((one) => !isWhole(one)), ...all.filter(isWhole)].slice(0, ASSIGNMENT_LIMIT);
}

export interface BrokerShare {
  readonly leaders: number;
  readonly replicas: number;
  readonly outOfSync: PartitionList;
}

/** What each broker leads and holds, by its number. */
export function sharesOf(metadata: MetadataAnswer): ReadonlyMap<number, BrokerShare> {
  const shares = new Map<number, { leaders: number; replicas: number; outOfSync: Collector }>();
  const shareOf = (id: number): { leaders: number; replicas: number; outOfSync: Collector } => {
    const share = shares.get(id) ?? { leaders: 0, replicas: 0, outOfSync: new Collector() };
    shares.set(id, share);
    return share;
  };
  for (const { name, partitions } of sortedTopics(metadata)) {
    for (const { index, leader, replicas, isr } of partitions) {
      if (leader >= 0) shareOf(leader).leaders += 1;
      for (const id of replicas) {
        const share = shareOf(id);
        share.replicas += 1;
        if (!isr.includes(id)) share.outOfSync.add(name, index);
      }
    }
  }
  return new Map([...shares].map(([id, share]) => [id, { ...share, outOfSync: share.outOfSync.toList() }]));
}

export function quorumFacts({ leaderId, leaderEpoch, voters, observers }: DescribeQuorumAnswer): KafkaQuorumFacts {
  const leader = voters.find(({ id }) => id === leaderId);
  const toVoter = ({
    id,
    logEndOffset,
    lastCaughtUpAt,
  }: DescribeQuorumAnswer['voters'][number]): KafkaQuorumFacts['voters'][number] => {
    const isTimed = leader !== undefined && leader.lastCaughtUpAt >= 0;
    const never = isTimed && lastCaughtUpAt < 0 ? Number.POSITIVE_INFINITY : undefined;
    return {
      id,
      lag: leader ? Math.max(0, leader.logEndOffset - logEndOffset) : 0,
      behindMs: isTimed ? (never ?? Math.max(0, leader.lastCaughtUpAt - lastCaughtUpAt)) : undefined,
    };
  };
  return { leaderId, leaderEpoch, voters: voters.map(toVoter), observers: observers.map(toVoter) };
}

export function reassignmentList({ partitions }: ListPartitionReassignmentsAnswer): PartitionList {
  const collector = new Collector();
  for (const { topic, index } of partitions) collector.add(topic, index);
  return collector.toList();
}
