/** What a Kafka cluster says of itself at one time. */
export interface KafkaInside {
  /** Asked over its protocol, or with the tools in a broker's pod, which know less. */
  readonly via: 'protocol' | 'tools';
  readonly clusterId: string;
  /** Whom the cluster took us for: what may not be described is not seen. */
  readonly principal: string;
  /** Registered brokers, sorted by id; undefined when only the tools could be asked. */
  readonly brokers: readonly KafkaBrokerFacts[] | undefined;
  /** Undefined with ZooKeeper and where it may not be described. */
  readonly quorum: KafkaQuorumFacts | undefined;
  /** Undefined where topics could not be described. */
  readonly partitions: KafkaPartitionFacts | undefined;
  /** Topics by name, at most TOPIC_LIMIT of them; empty when only the tools could be asked. */
  readonly topics: readonly KafkaTopicFacts[];
  /** Partitions that are being moved; undefined where they could not be listed. */
  readonly reassignments: PartitionList | undefined;
  /** Topics that lie on a broker's disk and that our principal does not see; undefined when that could not be tested. */
  readonly unseenTopics: readonly string[] | undefined;
}

export const TOPIC_LIMIT = 2000;
/** Partitions that are named of each class; the counts are whole. */
export const PARTITION_LIMIT = 200;

export interface KafkaBrokerFacts {
  readonly id: number;
  /** The name of the pod, where the advertised address or the known number tells it. */
  readonly pod: string | undefined;
  readonly host: string;
  readonly rack: string;
  /** Kafka 4.0 and later tell it; a fenced broker is registered and serves nothing. */
  readonly isFenced: boolean | undefined;
  readonly leaders: number;
  readonly replicas: number;
  /** Partitions that have a replica here which is not in sync, by name, at most PARTITION_LIMIT. */
  readonly outOfSync: PartitionList;
  /** Undefined where the broker could not be asked. */
  readonly logDirs: readonly KafkaLogDir[] | undefined;
}

export interface KafkaLogDir {
  readonly path: string;
  /** Error code of the protocol, as its name; empty when the directory works. */
  readonly error: string;
  /** Bytes of the replicas in it. */
  readonly replicaBytes: number;
  /** Of the volume; undefined before Kafka 3.3. */
  readonly totalBytes: number | undefined;
  readonly usableBytes: number | undefined;
}

export interface KafkaQuorumFacts {
  /** -1 when there is none. */
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly voters: readonly KafkaVoter[];
  readonly observers: readonly KafkaVoter[];
}

export interface KafkaVoter {
  readonly id: number;
  /** Records behind the leader. */
  readonly lag: number;
  /** How long ago it had all the leader had; undefined when that is not told. */
  readonly behindMs: number | undefined;
}

/** Names as `orders-4`, cut; the count is whole. */
export interface PartitionList {
  readonly count: number;
  readonly names: readonly string[];
}

/** Partitions by what is wrong with them. One may be in several lists. */
export interface KafkaPartitionFacts {
  /** Undefined when only the tools could be asked. */
  readonly total: number | undefined;
  readonly offline: PartitionList;
  readonly underMinIsr: PartitionList;
  /** One more loss and writes stop; only those that have fewer in-sync replicas than replicas. */
  readonly atMinIsr: PartitionList;
  readonly underReplicated: PartitionList;
  /** Share of partitions led by their first replica, 0..1; undefined when it is not known. */
  readonly preferredShare: number | undefined;
}

export interface KafkaTopicFacts {
  readonly name: string;
  readonly isInternal: boolean;
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Undefined where its settings may not be read. */
  readonly minIsr: number | undefined;
  readonly underReplicated: number;
  readonly underMinIsr: number;
  readonly offline: number;
}

export function isKafkaInside(facts: unknown): facts is KafkaInside {
  return typeof facts === 'object' && facts !== null && 'via' in facts && 'partitions' in facts;
}
