import { ClusterProblem, type KafkaConnection } from '#core/live/ports.ts';
import {
  askKafka,
  type DescribeQuorumAnswer,
  type MetadataAnswer,
  type MetadataPartition,
} from '#core/systems/kafka/admin.ts';
import { minIsrRequests, readMinIsr } from '#core/systems/kafka/minIsr.ts';

/** One partition as the gates judge it. */
export interface PartitionState {
  readonly topic: string;
  readonly index: number;
  /** -1 when nobody leads. */
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  /** min.insync.replicas of the topic; undefined where it may not be read. */
  readonly minIsr: number | undefined;
}

/** What the brokers say of the whole cluster at one moment. */
export interface KafkaState {
  readonly clusterId: string;
  /** Registered and not fenced, sorted. */
  readonly brokers: readonly number[];
  readonly partitions: readonly PartitionState[];
  /** Undefined with ZooKeeper. */
  readonly quorum: DescribeQuorumAnswer | undefined;
  /** How many partitions are being moved. */
  readonly reassignments: number;
}

export function partitionName({ topic, index }: Pick<PartitionState, 'topic' | 'index'>): string {
  return `${topic}-${index}`;
}

/** Topics' settings change seldom; ISRs are never kept. */
const CONFIGS_KEPT_MS = 60_000;

/** Reads the state from one broker; keeps the settings of topics for a minute. */
export class KafkaStateReader {
  readonly #connection: KafkaConnection;
  #minIsr: ReadonlyMap<string, number> = new Map();
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(connection: KafkaConnection) {
    this.#connection = connection;
  }

  /** `from` is a broker that is up; `now` in milliseconds. @throws ClusterProblem */
  async read(from: number, now: number): Promise<KafkaState> {
    const [metadata, described, moves, quorum] = await Promise.all([
      askKafka(this.#connection, from, 'Metadata', {}),
      askKafka(this.#connection, from, 'DescribeCluster', {}),
      askKafka(this.#connection, from, 'ListPartitionReassignments', {}),
      this.#quorum(from),
    ]);
    await this.#refreshConfigs(from, metadata, now);
    const live = new Set(metadata.brokers.map(({ id }) => id));
    const usable = described.brokers.filter(({ id, isFenced }) => live.has(id) && isFenced !== true);
    return {
      clusterId: metadata.clusterId,
      brokers: usable.map(({ id }) => id).toSorted((a, b) => a - b),
      partitions: metadata.topics.flatMap(({ name, partitions }) =>
        partitions.map((one) => this.#partition(name, one)),
      ),
      quorum,
      reassignments: moves.partitions.length,
    };
  }

  #partition(topic: string, { index, leader, replicas, isr }: MetadataPartition): PartitionState {
    return { topic, index, leader, replicas, isr, minIsr: this.#minIsr.get(topic) };
  }

  /** Brokers with ZooKeeper, and those before 3.3, do not know the request. */
  async #quorum(from: number): Promise<DescribeQuorumAnswer | undefined> {
    try {
      return await askKafka(this.#connection, from, 'DescribeQuorum', {});
    } catch (error) {
      if (error instanceof ClusterProblem && error.kind === 'absent') return undefined;
      throw error;
    }
  }

  async #refreshConfigs(from: number, { topics }: MetadataAnswer, now: number): Promise<void> {
    const isKnown = topics.every(({ name }) => this.#minIsr.has(name));
    if (isKnown && now - this.#readAt < CONFIGS_KEPT_MS) return;
    const found = new Map<string, number>();
    for (const request of minIsrRequests(topics.map(({ name }) => name))) {
      const answer = await askKafka(this.#connection, from, 'DescribeConfigs', request);
      for (const [name, value] of readMinIsr(answer)) found.set(name, value);
    }
    this.#minIsr = found;
    this.#readAt = now;
  }
}
