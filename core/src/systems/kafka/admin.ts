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
}

export interface DescribeConfigsAnswer {
  readonly resources: readonly {
    readonly type: number;
    readonly name: string;
    readonly errorCode: number;
    /** Values of sensitive settings are never sent. */
    readonly configs: readonly ConfigEntry[];
  }[];
}

export interface ConfigEntry {
  readonly name: string;
  readonly value: string;
  readonly isReadOnly: boolean;
  /** 1 topic, 2 broker, 3 all brokers, 4 file, 5 default. */
  readonly source: number;
}

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
    }[];
  }[];
}

/** Elects the preferred leaders, the first replicas, of the given partitions. */
export interface ElectLeadersRequest {
  readonly topics: readonly { readonly name: string; readonly partitions: readonly number[] }[];
}

export interface ElectLeadersAnswer {
  readonly partitions: readonly { readonly topic: string; readonly index: number; readonly errorCode: number }[];
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
