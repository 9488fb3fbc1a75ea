import {
  ResponseError,
  type describeConfigsV4,
  type listPartitionReassignmentsV0,
  type metadataV12,
} from '@platformatic/kafka';
import type { KafkaApis, MetadataBroker } from '#core/systems/kafka/admin.ts';
import { rejectOnError } from '#client/cluster/kafka/problems.ts';

/** Answers as the library decodes them, of whatever version, into the shapes of core. */

/** The library throws away an answer in which anything has an error code. Here a partition without leader is the answer. */
export async function answerOf<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    const answer: unknown = error instanceof ResponseError ? error['response'] : undefined;
    if (answer === undefined || answer === null) throw error;
    // What the same parser made, and would have returned.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return answer as T;
  }
}

interface LibraryBroker {
  readonly host: string;
  readonly port: number;
  readonly rack?: string | null | undefined;
}

const toBroker = (id: number, { host, port, rack }: LibraryBroker): MetadataBroker => ({
  id,
  host,
  port,
  rack: rack ?? '',
});

type MetadataResponse = Awaited<ReturnType<typeof metadataV12.api.async>>;

export function toMetadata({
  brokers,
  clusterId,
  controllerId,
  topics,
}: MetadataResponse): KafkaApis['Metadata']['answer'] {
  return {
    clusterId: clusterId ?? '',
    controllerId,
    brokers: brokers.map((broker) => toBroker(broker.nodeId, broker)),
    topics: topics.map(({ name, errorCode, isInternal, partitions }) => ({
      name: name ?? '',
      errorCode,
      isInternal,
      partitions: partitions.map((partition) => ({
        index: partition.partitionIndex,
        errorCode: partition.errorCode,
        leader: partition.leaderId,
        replicas: partition.replicaNodes,
        isr: partition.isrNodes,
        offline: partition.offlineReplicas,
      })),
    })),
  };
}

export interface ClusterResponse {
  readonly errorCode: number;
  readonly clusterId: string;
  readonly controllerId: number;
  readonly brokers: readonly (LibraryBroker & { readonly brokerId: number; readonly isFenced?: boolean })[];
}

export function toCluster({
  errorCode,
  clusterId,
  controllerId,
  brokers,
}: ClusterResponse): KafkaApis['DescribeCluster']['answer'] {
  rejectOnError(errorCode, 'Kafka does not describe the cluster');
  return {
    clusterId,
    controllerId,
    brokers: brokers.map((broker) => ({ ...toBroker(broker.brokerId, broker), isFenced: broker.isFenced })),
  };
}

type ConfigsResponse = Awaited<ReturnType<typeof describeConfigsV4.api.async>>;

export function toConfigs({ results }: ConfigsResponse): KafkaApis['DescribeConfigs']['answer'] {
  return {
    resources: results.map(({ resourceType, resourceName, errorCode, configs }) => ({
      type: resourceType,
      name: resourceName,
      errorCode,
      configs: configs.map(({ name, value, readOnly, configSource, isSensitive, synonyms }) => ({
        name,
        value: value ?? '',
        isReadOnly: readOnly,
        isSensitive,
        source: configSource,
        synonyms: synonyms.map((one) => ({ name: one.name, value: one.value ?? '', source: one.source })),
      })),
    })),
  };
}

type ReassignmentsResponse = Awaited<ReturnType<typeof listPartitionReassignmentsV0.api.async>>;

export function toReassignments({
  errorCode,
  topics,
}: ReassignmentsResponse): KafkaApis['ListPartitionReassignments']['answer'] {
  rejectOnError(errorCode, 'Kafka does not list the partitions that are being moved');
  return {
    partitions: topics.flatMap(({ name, partitions }) =>
      partitions.map((partition) => ({
        topic: name,
        index: partition.partitionIndex,
        replicas: partition.replicas,
        adding: partition.addingReplicas,
        removing: partition.removingReplicas,
      })),
    ),
  };
}

interface QuorumReplicaResponse {
  readonly replicaId: number;
  readonly logEndOffset: bigint;
  /** From version 1 on. */
  readonly lastCaughtUpTimestamp?: bigint;
}

export interface QuorumResponse {
  readonly errorCode: number;
  readonly topics: readonly {
    readonly partitions: readonly {
      readonly errorCode: number;
      readonly leaderId: number;
      readonly leaderEpoch: number;
      readonly highWatermark: bigint;
      readonly currentVoters: readonly QuorumReplicaResponse[];
      readonly observers: readonly QuorumReplicaResponse[];
    }[];
  }[];
}

export function toQuorum({ errorCode, topics }: QuorumResponse): KafkaApis['DescribeQuorum']['answer'] {
  const what = 'Kafka does not describe its quorum of controllers';
  rejectOnError(errorCode, what);
  const partition = topics[0]?.partitions[0];
  rejectOnError(partition?.errorCode ?? UNKNOWN_SERVER_ERROR, what);
  const toReplica = ({ replicaId, logEndOffset, lastCaughtUpTimestamp = -1n }: QuorumReplicaResponse) => ({
    id: replicaId,
    logEndOffset: Number(logEndOffset),
    lastCaughtUpAt: Number(lastCaughtUpTimestamp),
  });
  return {
    leaderId: partition?.leaderId ?? -1,
    leaderEpoch: partition?.leaderEpoch ?? -1,
    highWatermark: Number(partition?.highWatermark ?? -1n),
    voters: partition?.currentVoters.map(toReplica) ?? [],
    observers: partition?.observers.map(toReplica) ?? [],
  };
}

const UNKNOWN_SERVER_ERROR = -1;

interface LogDirsResponse {
  /** From version 3 on. */
  readonly errorCode?: number;
  readonly results: readonly {
    readonly errorCode: number;
    readonly logDir: string;
    readonly topics: readonly {
      readonly name: string;
      readonly partitions: readonly {
        readonly partitionIndex: number;
        readonly partitionSize: bigint;
        readonly offsetLag: bigint;
        readonly isFutureKey: boolean;
      }[];
    }[];
    /** From version 4 on; -1 before. */
    readonly totalBytes?: bigint;
    readonly usableBytes?: bigint;
  }[];
}

export function toLogDirs({ errorCode = 0, results }: LogDirsResponse): KafkaApis['DescribeLogDirs']['answer'] {
  rejectOnError(errorCode, 'Kafka does not describe its disks');
  return {
    dirs: results.map((dir) => ({
      path: dir.logDir,
      errorCode: dir.errorCode,
      totalBytes: bytesOf(dir.totalBytes),
      usableBytes: bytesOf(dir.usableBytes),
      topics: dir.topics.map(({ name, partitions }) => ({
        name,
        bytes: partitions.reduce((sum, { partitionSize }) => sum + Number(partitionSize), 0),
        partitions: partitions.length,
        lag: partitions.reduce((sum, { offsetLag }) => sum + Number(offsetLag), 0),
        sizes: partitions.map(({ partitionIndex, partitionSize, offsetLag, isFutureKey }) => ({
          index: partitionIndex,
          bytes: Number(partitionSize),
          lag: Number(offsetLag),
          isFuture: isFutureKey,
        })),
      })),
    })),
  };
}

function bytesOf(amount: bigint | undefined): number | undefined {
  return amount === undefined || amount < 0n ? undefined : Number(amount);
}
