import {
  CONFIG_BROKER,
  CONFIG_TOPIC,
  KAFKA_ERRORS,
  nameOfKafkaError,
  problemOfCode,
  type AlterPartitionReassignmentsAnswer,
  type DescribeConfigsAnswer,
  type DescribeConfigsRequest,
  type DescribeLogDirsAnswer,
  type ElectLeadersAnswer,
  type KafkaApi,
  type KafkaApis,
  type MetadataBroker,
  type MetadataTopic,
  type QuorumReplica,
} from '#core/systems/kafka/admin.ts';
import { alterSettings } from './alterSettings.ts';
import type { KafkaNode, KafkaPartition } from './model.ts';
import { cancelReassignment, isMoving, reassign } from './reassignment.ts';
import { electPreferred, isServing } from './replication.ts';
import { brokerEntries, LOG_DIR, sharedEntries, topicEntries } from './settings.ts';
import type { KafkaSimulation } from './simulation.ts';

interface Asked {
  readonly kafka: KafkaSimulation;
  /** Who is asked. */
  readonly node: KafkaNode;
  readonly now: number;
}

type Rows = {
  readonly [Api in KafkaApi]: (asked: Asked, request: KafkaApis[Api]['request']) => KafkaApis[Api]['answer'];
};

const VOLUME_BYTES = 100 * 1024 ** 3;
const PORT = 9092;
const RECORD_BYTES = 1000;

/** Answers of the admin API. What changes something needs the controllers, and a majority of them. @throws ClusterProblem */
export const kafkaAnswers: Rows = {
  Metadata: ({ kafka }, { topics }) => ({
    clusterId: kafka.plan.clusterId,
    // With KRaft this is any live broker, which is why nobody should rely on it.
    controllerId: kafka.aliveBrokers[kafka.quorumEpoch % Math.max(1, kafka.aliveBrokers.length)]?.plan.id ?? -1,
    brokers: kafka.aliveBrokers.filter(({ state }) => state !== 'stopping').map(endpointOf),
    topics: (topics ?? [...kafka.topics.keys()]).map((name) => topicOf(kafka, name)),
  }),
  DescribeCluster: ({ kafka }) => ({
    clusterId: kafka.plan.clusterId,
    controllerId: kafka.aliveBrokers[0]?.plan.id ?? -1,
    brokers: [...kafka.nodes.values()]
      .filter(({ isKnown }) => isKnown)
      .map((node) => ({ ...endpointOf(node), isFenced: !isServing(node) })),
  }),
  DescribeConfigs: ({ kafka, node }, { resources, withSynonyms = false }) => ({
    resources: resources.map((resource) => configsOf(kafka, node, resource, withSynonyms)),
  }),
  ListPartitionReassignments: ({ kafka }) => ({
    partitions: kafka.partitions
      .filter(isMoving)
      .map(({ topic, index, replicas, adding, removing }) => ({ topic, index, replicas, adding, removing })),
  }),
  DescribeQuorum: ({ kafka, now }) => quorumOf(kafka, now),
  DescribeLogDirs: ({ kafka, node }) => ({ dirs: [logDirOf(kafka, node)] }),
  ElectLeaders: ({ kafka }, { topics }) => {
    needControllers(kafka, 'Kafka does not elect leaders');
    return {
      partitions: topics.flatMap(({ name, partitions }) => partitions.map((index) => elect(kafka, name, index))),
    };
  },
  AlterPartitionReassignments: ({ kafka }, { topics }) => {
    needControllers(kafka, 'Kafka does not move partitions');
    return {
      partitions: topics.flatMap(({ name, partitions }) =>
        partitions.map(({ index, replicas }) => move(kafka, name, index, replicas)),
      ),
    };
  },
  IncrementalAlterConfigs: ({ kafka, node }, request) => {
    needControllers(kafka, 'Kafka does not change settings');
    return alterSettings(kafka, node, request);
  },
  UnregisterBroker: ({ kafka }, { brokerId }) => {
    const what = `Kafka does not unregister the broker ${brokerId}`;
    needControllers(kafka, what);
    // Real controllers forget a live one as well, which then has to be restarted. Nobody is to get used to that here.
    if (isServing(kafka.nodes.get(brokerId))) throw problemOf(KAFKA_ERRORS.INVALID_REQUEST, what);
    if (!kafka.unregister(brokerId)) throw problemOf(KAFKA_ERRORS.BROKER_ID_NOT_REGISTERED, what);
    return {};
  },
};

const problemOf = (code: number, what: string) => problemOfCode(code, nameOfKafkaError(code), what);

function needControllers({ quorumLeader }: KafkaSimulation, what: string): void {
  if (quorumLeader === -1) throw problemOf(KAFKA_ERRORS.REQUEST_TIMED_OUT, what);
}

const ELECTION_CODES = {
  elected: KAFKA_ERRORS.NONE,
  notNeeded: KAFKA_ERRORS.ELECTION_NOT_NEEDED,
  notAvailable: KAFKA_ERRORS.PREFERRED_LEADER_NOT_AVAILABLE,
} as const;

function elect(kafka: KafkaSimulation, topic: string, index: number): ElectLeadersAnswer['partitions'][number] {
  const partition = kafka.topics.get(topic)?.partitions[index];
  const errorCode =
    partition === undefined
      ? KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION
      : ELECTION_CODES[electPreferred(partition, kafka.state())];
  return { topic, index, errorCode };
}

function move(
  kafka: KafkaSimulation,
  topic: string,
  index: number,
  target: readonly number[] | null,
): AlterPartitionReassignmentsAnswer['partitions'][number] {
  const found = kafka.topics.get(topic);
  const partition = found?.partitions[index];
  if (partition === undefined) {
    const message =
      found === undefined ? `Unable to find a topic named ${topic}.` : `Unable to find partition ${topic}:${index}.`;
    return { topic, index, errorCode: KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION, message };
  }
  const refused =
    target === null
      ? cancelReassignment(partition, kafka.state())
      : reassign(partition, target, (id) => kafka.nodes.get(id)?.isKnown === true);
  return { topic, index, errorCode: refused?.errorCode ?? KAFKA_ERRORS.NONE, message: refused?.message ?? '' };
}

function endpointOf(node: KafkaNode): MetadataBroker {
  const [namespace = '', pod = ''] = node.plan.pod.split('/');
  const set = pod.replace(/-\d+$/, '');
  return { id: node.plan.id, host: `${pod}.${set}.${namespace}.svc.cluster.local`, port: PORT, rack: node.plan.rack };
}

function topicOf(kafka: KafkaSimulation, name: string): MetadataTopic {
  const topic = kafka.topics.get(name);
  if (topic === undefined) {
    return { name, errorCode: KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION, isInternal: false, partitions: [] };
  }
  return {
    name,
    errorCode: KAFKA_ERRORS.NONE,
    isInternal: topic.isInternal,
    partitions: topic.partitions.map((partition) => ({
      index: partition.index,
      errorCode: partition.leader === -1 ? KAFKA_ERRORS.LEADER_NOT_AVAILABLE : KAFKA_ERRORS.NONE,
      leader: partition.leader,
      replicas: partition.replicas,
      isr: partition.isr,
      offline: partition.replicas.filter((id) => !isServing(kafka.nodes.get(id))),
    })),
  };
}

function configsOf(
  kafka: KafkaSimulation,
  node: KafkaNode,
  { type, name, keys }: DescribeConfigsRequest['resources'][number],
  withSynonyms: boolean,
): DescribeConfigsAnswer['resources'][number] {
  const topic = type === CONFIG_TOPIC ? kafka.topics.get(name) : undefined;
  // A broker tells of itself, and of what is set for all.
  const isOwn = type === CONFIG_BROKER && (name === '' || name === String(node.plan.id));
  if (topic === undefined && !isOwn) {
    const errorCode = type === CONFIG_TOPIC ? KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION : KAFKA_ERRORS.INVALID_REQUEST;
    return { type, name, errorCode, configs: [] };
  }
  const all = topic ? topicEntries(kafka, topic) : name === '' ? sharedEntries(kafka) : brokerEntries(kafka, node);
  const configs = all
    .filter((entry) => keys?.includes(entry.name) ?? true)
    .map((entry) => (withSynonyms ? entry : { ...entry, synonyms: [] }));
  return { type, name, errorCode: KAFKA_ERRORS.NONE, configs };
}

function quorumOf(kafka: KafkaSimulation, now: number): KafkaApis['DescribeQuorum']['answer'] {
  const end = Math.floor(now / 500) % 10_000_000;
  const replica = ({ plan, caughtUpAt }: KafkaNode): QuorumReplica => ({
    id: plan.id,
    logEndOffset: end - Math.floor((now - (plan.id === kafka.quorumLeader ? now : caughtUpAt)) / 500),
    lastCaughtUpAt: plan.id === kafka.quorumLeader ? now : caughtUpAt || -1,
  });
  const nodes = [...kafka.nodes.values()];
  return {
    leaderId: kafka.quorumLeader,
    leaderEpoch: kafka.quorumEpoch,
    highWatermark: end,
    voters: nodes.filter(({ plan }) => plan.isController).map(replica),
    observers: nodes
      .filter((node) => !node.plan.isController && isServing(node))
      .map(({ plan }) => ({ id: plan.id, logEndOffset: end, lastCaughtUpAt: now })),
  };
}

function logDirOf(kafka: KafkaSimulation, { plan }: KafkaNode): DescribeLogDirsAnswer['dirs'][number] {
  const sizeOf = ({ index, size, behind, adding }: KafkaPartition) => {
    const missing = behind.get(plan.id) ?? 0;
    // A replica that has never been whole knows of no end that it lacks: what it has is told by its bytes alone.
    const lag = adding.includes(plan.id) ? 0 : Math.ceil(missing / RECORD_BYTES);
    return { index, bytes: Math.round(Math.max(0, size - missing)), lag, isFuture: false };
  };
  const topics = [...kafka.topics.values()].flatMap(({ name, partitions }) => {
    const sizes = partitions.filter(({ replicas }) => replicas.includes(plan.id)).map(sizeOf);
    const sum = (part: 'bytes' | 'lag'): number => sizes.reduce((total, one) => total + one[part], 0);
    return sizes.length === 0 ? [] : [{ name, bytes: sum('bytes'), partitions: sizes.length, lag: sum('lag'), sizes }];
  });
  const totalBytes = kafka.plan.volumeBytes ?? VOLUME_BYTES;
  const usedBytes = topics.reduce((total, { bytes }) => total + bytes, 0);
  return {
    path: LOG_DIR,
    errorCode: KAFKA_ERRORS.NONE,
    totalBytes,
    usableBytes: Math.max(0, totalBytes - usedBytes),
    topics,
  };
}
