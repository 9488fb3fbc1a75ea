import {
  createAPI,
  describeClusterV0,
  describeClusterV1,
  describeConfigsV1,
  describeConfigsV2,
  describeConfigsV4,
  DescribeClusterEndpointTypes,
  ConfigResourceTypes,
  describeLogDirsV1,
  describeLogDirsV2,
  describeLogDirsV3,
  describeLogDirsV4,
  describeQuorumV0,
  describeQuorumV1,
  describeQuorumV2,
  listPartitionReassignmentsV0,
  metadataV12,
  metadataV5,
  metadataV7,
  metadataV9,
  ResponseError,
  Writer,
  type Connection,
  type Reader,
} from '@platformatic/kafka';
import {
  CONFIG_BROKER,
  CONFIG_TOPIC,
  type KafkaApi,
  type KafkaApis,
  type MetadataBroker,
} from '#core/systems/kafka/admin.ts';
import { rejectOnError } from '#client/cluster/kafka/problems.ts';

/** One version of a request: how it is asked on a connection, and its answer in the shape of core. */
export interface Version<Request, Answer> {
  readonly version: number;
  readonly ask: (connection: Connection, request: Request) => Promise<Answer>;
}

export interface ApiRow<Request, Answer> {
  /** Number of the request in the protocol. */
  readonly key: number;
  /** Newest first; the first that a broker knows too is used. */
  readonly versions: readonly Version<Request, Answer>[];
}

type Rows = { readonly [Api in KafkaApi]: ApiRow<KafkaApis[Api]['request'], KafkaApis[Api]['answer']> };

/**
 * Every request that can be asked: a new one is its shape in core/src/systems/kafka/admin.ts and a row here. The library encodes and
 * decodes; where it knows no version that is needed, `createAPI` with its Writer and Reader makes one.
 */
export const apis: Rows = {
  Metadata: {
    key: 3,
    versions: [metadataV12, metadataV9, metadataV7, metadataV5].map(({ api }) => ({
      version: api.version,
      ask: async (connection, { topics }) =>
        toMetadata(await answerOf(api.async(connection, topics ? [...topics] : null, false, false))),
    })),
  },
  DescribeCluster: {
    key: 60,
    versions: [
      { version: 2, ask: async (connection) => toCluster(await describeClusterV2.async(connection)) },
      ...[describeClusterV1, describeClusterV0].map(({ api }) => ({
        version: api.version,
        ask: async (connection: Connection) =>
          toCluster(await answerOf(api.async(connection, false, DescribeClusterEndpointTypes.BROKERS))),
      })),
    ],
  },
  DescribeConfigs: {
    key: 32,
    versions: [describeConfigsV4, describeConfigsV2, describeConfigsV1].map(({ api }) => ({
      version: api.version,
      ask: async (connection, { resources }) =>
        toConfigs(await answerOf(api.async(connection, resources.map(toConfigResource), false, false))),
    })),
  },
  ListPartitionReassignments: {
    key: 46,
    versions: [
      {
        version: 0,
        ask: async (connection) =>
          toReassignments(await answerOf(listPartitionReassignmentsV0.api.async(connection, 10_000, null))),
      },
    ],
  },
  DescribeQuorum: {
    key: 55,
    versions: [describeQuorumV2, describeQuorumV1, describeQuorumV0].map(({ api }) => ({
      version: api.version,
      ask: async (connection) => toQuorum(await answerOf<QuorumResponse>(api.async(connection, METADATA_LOG))),
    })),
  },
  DescribeLogDirs: {
    key: 35,
    versions: [describeLogDirsV4, describeLogDirsV3, describeLogDirsV2, describeLogDirsV1].map(({ api }) => ({
      version: api.version,
      ask: async (connection) => toLogDirs(await answerOf(api.async(connection, null))),
    })),
  },
};

/** The one partition that the controllers agree on. */
const METADATA_LOG = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }];

/** The library throws away an answer in which anything has an error code. Here a partition without leader is the answer. */
async function answerOf<T>(asked: Promise<T>): Promise<T> {
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

function toMetadata({ brokers, clusterId, controllerId, topics }: MetadataResponse): KafkaApis['Metadata']['answer'] {
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

interface ClusterResponse {
  readonly errorCode: number;
  readonly clusterId: string;
  readonly controllerId: number;
  readonly brokers: readonly (LibraryBroker & { readonly brokerId: number; readonly isFenced?: boolean })[];
}

function toCluster({
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

/** KIP-1073, Kafka 4.0: version 2 also names brokers that are fenced. The library ends at version 1. */
const describeClusterV2 = createAPI<[], ClusterResponse>(
  60,
  2,
  () =>
    Writer.create()
      .appendBoolean(false)
      .appendInt8(DescribeClusterEndpointTypes.BROKERS)
      .appendBoolean(true)
      .appendTaggedFields(),
  (_correlation, _key, _version, reader) => readClusterV2(reader),
);

function readClusterV2(reader: Reader): ClusterResponse {
  reader.readInt32(); // throttle time
  const errorCode = reader.readInt16();
  reader.readNullableString(); // message
  reader.readInt8(); // kind of endpoint
  const clusterId = reader.readString();
  const controllerId = reader.readInt32();
  const brokers = reader.readArray((one) => ({
    brokerId: one.readInt32(),
    host: one.readString(),
    port: one.readInt32(),
    rack: one.readNullableString(),
    isFenced: one.readBoolean(),
  }));
  reader.readInt32(); // authorised operations
  reader.readTaggedFields();
  return { errorCode, clusterId, controllerId, brokers };
}

type ConfigResource = KafkaApis['DescribeConfigs']['request']['resources'][number];

const RESOURCE_TYPES = new Map([
  [CONFIG_TOPIC, ConfigResourceTypes.TOPIC],
  [CONFIG_BROKER, ConfigResourceTypes.BROKER],
]);

const toConfigResource = ({ type, name, keys }: ConfigResource) => ({
  resourceType: RESOURCE_TYPES.get(type) ?? ConfigResourceTypes.UNKNOWN,
  resourceName: name,
  configurationKeys: keys ? [...keys] : null,
});

type ConfigsResponse = Awaited<ReturnType<typeof describeConfigsV4.api.async>>;

function toConfigs({ results }: ConfigsResponse): KafkaApis['DescribeConfigs']['answer'] {
  return {
    resources: results.map(({ resourceType, resourceName, errorCode, configs }) => ({
      type: resourceType,
      name: resourceName,
      errorCode,
      configs: configs.map(({ name, value, readOnly, configSource }) => ({
        name,
        value: value ?? '',
        isReadOnly: readOnly,
        source: configSource,
      })),
    })),
  };
}

type ReassignmentsResponse = Awaited<ReturnType<typeof listPartitionReassignmentsV0.api.async>>;

function toReassignments({
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

interface QuorumResponse {
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

function toQuorum({ errorCode, topics }: QuorumResponse): KafkaApis['DescribeQuorum']['answer'] {
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
      readonly partitions: readonly { readonly partitionSize: bigint }[];
    }[];
    /** From version 4 on; -1 before. */
    readonly totalBytes?: bigint;
    readonly usableBytes?: bigint;
  }[];
}

function toLogDirs({ errorCode = 0, results }: LogDirsResponse): KafkaApis['DescribeLogDirs']['answer'] {
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
      })),
    })),
  };
}

function bytesOf(amount: bigint | undefined): number | undefined {
  return amount === undefined || amount < 0n ? undefined : Number(amount);
}
