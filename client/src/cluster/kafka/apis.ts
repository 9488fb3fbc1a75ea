import {
  alterPartitionReassignmentsV0,
  alterPartitionReassignmentsV1,
  describeClusterV0,
  describeClusterV1,
  describeConfigsV1,
  describeConfigsV2,
  describeConfigsV4,
  DescribeClusterEndpointTypes,
  describeLogDirsV1,
  describeLogDirsV2,
  describeLogDirsV3,
  describeLogDirsV4,
  describeQuorumV0,
  describeQuorumV1,
  describeQuorumV2,
  incrementalAlterConfigsV0,
  incrementalAlterConfigsV1,
  listPartitionReassignmentsV0,
  metadataV12,
  metadataV5,
  metadataV7,
  metadataV9,
  unregisterBrokerV0,
  type Connection,
} from '@platformatic/kafka';
import type { KafkaApi, KafkaApis } from '#core/systems/kafka/admin.ts';
import {
  answerOf,
  toCluster,
  toConfigs,
  toLogDirs,
  toMetadata,
  toQuorum,
  toReassignments,
  type QuorumResponse,
} from '#client/cluster/kafka/answers.ts';
import { describeClusterV2 } from '#client/cluster/kafka/describeClusterV2.ts';
import { electLeadersV1, electLeadersV2 } from '#client/cluster/kafka/electLeaders.ts';
import {
  ALTERATION_TIMEOUT_MS,
  resourceTypeOf,
  toAlteredConfigs,
  toConfigChanges,
  toNewAssignments,
  toReassigned,
  toUnregistered,
} from '#client/cluster/kafka/alterations.ts';

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
      ask: async (connection, { resources, withSynonyms = false }) =>
        toConfigs(await answerOf(api.async(connection, resources.map(toConfigResource), withSynonyms, false))),
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
  ElectLeaders: {
    key: 43,
    versions: [
      { version: 2, ask: (connection, { topics }) => electLeadersV2.async(connection, topics) },
      { version: 1, ask: (connection, { topics }) => electLeadersV1.async(connection, topics) },
    ],
  },
  AlterPartitionReassignments: {
    key: 45,
    // KIP-860: version 1 (Kafka 4.1) refuses another number of replicas when it is told so; version 0 takes whatever comes.
    versions: [alterPartitionReassignmentsV1, alterPartitionReassignmentsV0].map(({ api }) => ({
      version: api.version,
      ask: async (connection, { topics }) =>
        toReassigned(await answerOf(api.async(connection, ALTERATION_TIMEOUT_MS, false, topics.map(toNewAssignments)))),
    })),
  },
  IncrementalAlterConfigs: {
    key: 44,
    versions: [incrementalAlterConfigsV1, incrementalAlterConfigsV0].map(({ api }) => ({
      version: api.version,
      ask: async (connection, { resources, validateOnly }) =>
        toAlteredConfigs(await answerOf(api.async(connection, resources.map(toConfigChanges), validateOnly))),
    })),
  },
  UnregisterBroker: {
    key: 64,
    versions: [
      {
        version: 0,
        ask: async (connection, { brokerId }) =>
          toUnregistered(await answerOf(unregisterBrokerV0.api.async(connection, brokerId)), brokerId),
      },
    ],
  },
};

/** The one partition that the controllers agree on. */
const METADATA_LOG = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }];

type ConfigResource = KafkaApis['DescribeConfigs']['request']['resources'][number];

const toConfigResource = ({ type, name, keys }: ConfigResource) => ({
  resourceType: resourceTypeOf(type),
  resourceName: name,
  configurationKeys: keys ? [...keys] : null,
});
