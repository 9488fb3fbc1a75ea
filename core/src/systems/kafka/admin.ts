import { ClusterProblem, type JsonObject, type KafkaConnection } from '#core/live/ports.ts';

/**
 * What is asked of Kafka's own admin API, and what it answers, whatever version of each request a broker speaks. Numbers that the
 * protocol has as 64 bits are JavaScript numbers here. Error codes inside answers are those of the protocol; an error of the whole
 * request rejects with a ClusterProblem. The client encodes and decodes these: client/src/cluster/kafka/apis.ts has one row for each.
 */
export interface KafkaApis {
  Metadata: { readonly request: MetadataRequest; readonly answer: MetadataAnswer };
  DescribeCluster: { readonly request: Empty; readonly answer: DescribeClusterAnswer };
  DescribeConfigs: { readonly request: DescribeConfigsRequest; readonly answer: DescribeConfigsAnswer };
  ListPartitionReassignments: { readonly request: Empty; readonly answer: ListPartitionReassignmentsAnswer };
  DescribeQuorum: { readonly request: Empty; readonly answer: DescribeQuorumAnswer };
  DescribeLogDirs: { readonly request: Empty; readonly answer: DescribeLogDirsAnswer };
  ElectLeaders: { readonly request: ElectLeadersRequest; readonly answer: ElectLeadersAnswer };
  AlterPartitionReassignments: {
    readonly request: AlterPartitionReassignmentsRequest;
    readonly answer: AlterPartitionReassignmentsAnswer;
  };
  /** Settings of a broker are taken by that broker only; those of topics, and of all brokers (an empty name), by every one. */
  IncrementalAlterConfigs: {
    readonly request: IncrementalAlterConfigsRequest;
    readonly answer: IncrementalAlterConfigsAnswer;
  };
  /** Takes a broker that is gone out of the list of the controllers. With KRaft only. */
  UnregisterBroker: { readonly request: UnregisterBrokerRequest; readonly answer: Empty };
}

export type KafkaApi = keyof KafkaApis;

export type Empty = Readonly<Record<string, never>>;

export interface MetadataRequest {
  /** All topics when absent; none when empty. */
  readonly topics?: readonly string[];
}

export interface MetadataAnswer {
  readonly clusterId: string;
  /** With KRaft any live broker, chosen by chance; with ZooKeeper the controller. */
  readonly controllerId: number;
  /** Live ones: neither fenced nor shutting down. */
  readonly brokers: readonly MetadataBroker[];
  readonly topics: readonly MetadataTopic[];
}

export interface MetadataBroker {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string;
}

export interface MetadataTopic {
  readonly name: string;
  readonly errorCode: number;
  readonly isInternal: boolean;
  readonly partitions: readonly MetadataPartition[];
}

export interface MetadataPartition {
  readonly index: number;
  readonly errorCode: number;
  /** -1 when nobody leads. */
  readonly leader: number;
  /** The first is the preferred leader. */
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly offline: readonly number[];
}

export interface DescribeClusterAnswer {
  readonly clusterId: string;
  readonly controllerId: number;
  /** Undefined before version 2 of the request (Kafka 4.0), which alone can tell it. */
  readonly brokers: readonly (MetadataBroker & { readonly isFenced: boolean | undefined })[];
}

/** Kinds of things that have settings. Source: ConfigResource.Type of Kafka. */
export const CONFIG_TOPIC = 2;
export const CONFIG_BROKER = 4;

export interface DescribeConfigsRequest {
  readonly resources: readonly {
    readonly type: number;
    readonly name: string;
    /** All settings when absent. */
    readonly keys?: readonly string[];
  }[];
  /** Whether every place that gives a value is told, not only the one that counts. */
  readonly withSynonyms?: boolean;
}

export interface DescribeConfigsAnswer {
  readonly resources: readonly {
    readonly type: number;
    readonly name: string;
    readonly errorCode: number;
    /**
     * Values of sensitive settings are never sent. A setting that nobody has set and that has no default is missing: the throttled rates
     * of a broker are (measured on Kafka 4.3).
     */
    readonly configs: readonly ConfigEntry[];
  }[];
}

export interface ConfigEntry {
  readonly name: string;
  /** Empty where it is null or sensitive. */
  readonly value: string;
  /** Only a restart changes it. Names with a `listener.name.` prefix are told as such too, though many can be changed. */
  readonly isReadOnly: boolean;
  readonly isSensitive: boolean;
  /** One of CONFIG_SOURCES. */
  readonly source: number;
  /** The first counts. Empty unless asked for. */
  readonly synonyms: readonly ConfigSynonym[];
}

/** A value that would count if those before it were not there; under the name that it has at that place. */
export interface ConfigSynonym {
  readonly name: string;
  readonly value: string;
  readonly source: number;
}

/** Where a value of a setting is from. Source: DescribeConfigsResponse.ConfigSource of Kafka. */
export const CONFIG_SOURCES = {
  topic: 1,
  /** Set at runtime for this broker. */
  broker: 2,
  /** Set at runtime for all brokers. */
  allBrokers: 3,
  file: 4,
  default: 5,
} as const;

export interface ListPartitionReassignmentsAnswer {
  readonly partitions: readonly {
    readonly topic: string;
    readonly index: number;
    readonly replicas: readonly number[];
    readonly adding: readonly number[];
    readonly removing: readonly number[];
  }[];
}

export interface DescribeQuorumAnswer {
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly highWatermark: number;
  readonly voters: readonly QuorumReplica[];
  readonly observers: readonly QuorumReplica[];
}

export interface QuorumReplica {
  readonly id: number;
  readonly logEndOffset: number;
  /** Milliseconds since 1970 by the leader's clock; -1 when it is not told. */
  readonly lastCaughtUpAt: number;
}

export interface DescribeLogDirsAnswer {
  readonly dirs: readonly {
    readonly path: string;
    readonly errorCode: number;
    /** Bytes of the volume; undefined before version 4 of the request (Kafka 3.3). */
    readonly totalBytes: number | undefined;
    readonly usableBytes: number | undefined;
    /** `lag`: records that followers here have not copied yet. */
    readonly topics: readonly {
      readonly name: string;
      readonly bytes: number;
      readonly partitions: number;
      readonly lag: number;
      readonly sizes: readonly ReplicaSize[];
    }[];
  }[];
}

/** One replica on one disk. */
export interface ReplicaSize {
  readonly index: number;
  /** How far a replica has come that is copied from another broker is told by this alone, beside the bytes of its leader. */
  readonly bytes: number;
  /** To what the broker itself knows of the end: 0 for a replica that is copied from another broker, as measured on Kafka 4.3. */
  readonly lag: number;
  /** It is being moved to this disk from another one of the same broker. Replicas that come from other brokers are not. */
  readonly isFuture: boolean;
}

/** Elects the preferred leaders, the first replicas, of the given partitions. */
export interface ElectLeadersRequest {
  readonly topics: readonly { readonly name: string; readonly partitions: readonly number[] }[];
}

export interface ElectLeadersAnswer {
  readonly partitions: readonly { readonly topic: string; readonly index: number; readonly errorCode: number }[];
}

/** Gives partitions other replicas, which are copied before the old ones go; the answer comes before anything is copied. */
export interface AlterPartitionReassignmentsRequest {
  readonly topics: readonly {
    readonly name: string;
    readonly partitions: readonly {
      readonly index: number;
      /**
       * Preferred leader first, as many as before: brokers from Kafka 4.1 on refuse another number (38), older ones take it.
       * Null cancels what is under way: the old replicas are back at once, but not their order. Those that were to stay come first,
       * in the order of the target, and those that were to go are last (measured on Kafka 4.3).
       */
      readonly replicas: readonly number[] | null;
    }[];
  }[];
}

export interface AlterPartitionReassignmentsAnswer {
  readonly partitions: readonly {
    readonly topic: string;
    readonly index: number;
    readonly errorCode: number;
    /** Empty when there is none. */
    readonly message: string;
  }[];
}

export interface IncrementalAlterConfigsRequest {
  /** Each resource is changed as a whole or not at all. */
  readonly resources: readonly {
    readonly type: number;
    /** Of a topic or the id of a broker; empty for all brokers. */
    readonly name: string;
    readonly configs: readonly ConfigChange[];
  }[];
  /** Nothing is changed, and the answer is the same. */
  readonly validateOnly: boolean;
}

export interface ConfigChange {
  readonly name: string;
  /** `append` and `subtract` are for lists. */
  readonly operation: 'set' | 'delete' | 'append' | 'subtract';
  /** Null for `delete`. */
  readonly value: string | null;
}

export interface IncrementalAlterConfigsAnswer {
  readonly resources: readonly {
    readonly type: number;
    readonly name: string;
    readonly errorCode: number;
    /** Empty when there is none. */
    readonly message: string;
  }[];
}

export interface UnregisterBrokerRequest {
  readonly brokerId: number;
}

/** Error codes that operations meet, by the names of Kafka's protocol. */
export const KAFKA_ERRORS = {
  NONE: 0,
  UNKNOWN_TOPIC_OR_PARTITION: 3,
  LEADER_NOT_AVAILABLE: 5,
  REQUEST_TIMED_OUT: 7,
  TOPIC_AUTHORIZATION_FAILED: 29,
  CLUSTER_AUTHORIZATION_FAILED: 31,
  UNSUPPORTED_VERSION: 35,
  INVALID_PARTITIONS: 37,
  INVALID_REPLICATION_FACTOR: 38,
  INVALID_REPLICA_ASSIGNMENT: 39,
  INVALID_CONFIG: 40,
  NOT_CONTROLLER: 41,
  INVALID_REQUEST: 42,
  POLICY_VIOLATION: 44,
  KAFKA_STORAGE_ERROR: 56,
  REASSIGNMENT_IN_PROGRESS: 60,
  PREFERRED_LEADER_NOT_AVAILABLE: 80,
  ELIGIBLE_LEADERS_NOT_AVAILABLE: 83,
  ELECTION_NOT_NEEDED: 84,
  NO_REASSIGNMENT_IN_PROGRESS: 85,
  THROTTLING_QUOTA_EXCEEDED: 89,
  RESOURCE_NOT_FOUND: 91,
  BROKER_ID_NOT_REGISTERED: 102,
} as const;

const NAMES_OF_ERRORS = new Map<number, string>(Object.entries(KAFKA_ERRORS).map(([name, code]) => [code, name]));

/** As Kafka calls it: `NO_REASSIGNMENT_IN_PROGRESS`, or `error 123` for one that operations do not meet. */
export function nameOfKafkaError(code: number): string {
  return NAMES_OF_ERRORS.get(code) ?? `error ${code}`;
}

/** Asks one broker. @throws ClusterProblem */
export async function askKafka<Api extends KafkaApi>(
  connection: KafkaConnection,
  nodeId: number,
  api: Api,
  request: KafkaApis[Api]['request'],
): Promise<KafkaApis[Api]['answer']> {
  const answer: JsonObject = await connection.request(nodeId, api, { ...request });
  // The port carries any JSON; the client makes it of this shape, row by row of its table.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return answer as unknown as KafkaApis[Api]['answer'];
}

/** Codes that tell what we may not do. Source: the protocol's error codes. */
const FORBIDDEN = new Set([29, 30, 31, 53, 65]);
const UNAUTHENTICATED = new Set([33, 34, 58]);
const BUSY = new Set([7, 14, 15, 41, 89]);

/** An error code of a whole answer, as the problem it is. `what` is a sentence without its end: `Kafka does not describe its disks`. */
export function problemOfCode(code: number, name: string, what: string): ClusterProblem {
  const kind = FORBIDDEN.has(code)
    ? 'forbidden'
    : UNAUTHENTICATED.has(code)
      ? 'unauthenticated'
      : BUSY.has(code)
        ? 'busy'
        : 'server';
  return new ClusterProblem(kind, `${what}: ${name}`);
}
