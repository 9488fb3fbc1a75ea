import type { InsideFacts } from '#core/live/model.ts';
import type {
  KafkaBrokerFacts,
  KafkaInside,
  KafkaPartitionFacts,
  PartitionList,
} from '#core/systems/kafka/live/insideFacts.ts';
import { ago } from './liveObjects.ts';

/** A whole cluster of three brokers, 0 to 2, as Kafka itself tells it. */

const none: PartitionList = { count: 0, names: [] };
export const some = (...names: string[]): PartitionList => ({ count: names.length, names });

export const broker = (id: number, more: Partial<KafkaBrokerFacts> = {}): KafkaBrokerFacts => ({
  id,
  pod: `kafka-${id}`,
  host: `kafka-${id}.kafka.prod.svc`,
  rack: '',
  isFenced: false,
  leaders: 8,
  replicas: 24,
  outOfSync: none,
  logDirs: [{ path: '/data', error: '', replicaBytes: 1e9, totalBytes: 1e10, usableBytes: 8e9 }],
  ...more,
});

export const partitions = (more: Partial<KafkaPartitionFacts> = {}): KafkaPartitionFacts => ({
  total: 24,
  offline: none,
  underMinIsr: none,
  atMinIsr: none,
  underReplicated: none,
  preferredShare: 1,
  ...more,
});

export const inside = (
  more: Partial<KafkaInside> = {},
  problems: readonly string[] = [],
  secondsAgo = 5,
): InsideFacts => ({
  askedAt: ago(secondsAgo),
  problems,
  facts: {
    via: 'protocol',
    clusterId: 'c1d2',
    principal: 'ANONYMOUS',
    brokers: [0, 1, 2].map((id) => broker(id)),
    quorum: {
      leaderId: 1,
      leaderEpoch: 4,
      voters: [0, 1, 2].map((id) => ({ id, lag: 0, behindMs: 10 })),
      observers: [],
    },
    partitions: partitions(),
    topics: [],
    reassignments: none,
    unseenTopics: [],
    ...more,
  } satisfies KafkaInside,
});
