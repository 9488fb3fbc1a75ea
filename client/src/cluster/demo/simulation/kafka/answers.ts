import { recordOf, textOr } from '../objects.ts';
import type { KafkaNode, KafkaPartition, KafkaTopic } from './model.ts';
import { electPreferred, isServing } from './replication.ts';
import type { KafkaSimulation } from './simulation.ts';

interface Asked {
  readonly kafka: KafkaSimulation;
  readonly node: KafkaNode;
  readonly now: number;
}

type Answer = Readonly<Record<string, unknown>>;

const CONFIG_TOPIC = 2;
const CONFIG_BROKER = 4;
const UNKNOWN_TOPIC = 3;
const LEADER_NOT_AVAILABLE = 5;
const VOLUME_BYTES = 100 * 1024 ** 3;
const PORT = 9092;
const RECORD_BYTES = 1000;

/** Answers of the admin API in the shapes of core/src/systems/kafka/admin.ts. */
export const kafkaAnswers: Readonly<Record<string, (asked: Asked, body: Answer) => Answer>> = {
  Metadata: ({ kafka }, body) => {
    const wanted = Array.isArray(body['topics']) ? body['topics'].map(String) : [...kafka.topics.keys()];
    return {
      clusterId: kafka.plan.clusterId,
      // With KRaft this is any live broker, which is why nobody should rely on it.
      controllerId: kafka.aliveBrokers[kafka.quorumEpoch % Math.max(1, kafka.aliveBrokers.length)]?.plan.id ?? -1,
      brokers: kafka.aliveBrokers.filter(({ state }) => state !== 'stopping').map(endpointOf),
      topics: wanted.map((name) => topicOf(kafka, name)),
    };
  },
  DescribeCluster: ({ kafka }) => ({
    clusterId: kafka.plan.clusterId,
    controllerId: kafka.aliveBrokers[0]?.plan.id ?? -1,
    brokers: [...kafka.nodes.values()]
      .filter(({ plan, epoch }) => plan.isBroker && epoch > 0)
      .map((node) => ({ ...endpointOf(node), isFenced: !isServing(node) })),
  }),
  DescribeConfigs: ({ kafka }, body) => ({
    resources: (Array.isArray(body['resources']) ? body['resources'] : []).map((resource: unknown) =>
      configsOf(kafka, recordOf(resource)),
    ),
  }),
  ListPartitionReassignments: ({ kafka }) => ({
    partitions: kafka.partitions.flatMap(({ topic, index, replicas, target }) =>
      target === undefined
        ? []
        : [
            {
              topic,
              index,
              replicas,
              adding: target.filter((id) => !replicas.includes(id)),
              removing: replicas.filter((id) => !target.includes(id)),
            },
          ],
    ),
  }),
  DescribeQuorum: ({ kafka, now }) => {
    const end = Math.floor(now / 500) % 10_000_000;
    const replica = ({ plan, caughtUpAt }: KafkaNode): Answer => ({
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
  },
  DescribeLogDirs: ({ kafka, node }) => ({ dirs: [logDirOf(kafka, node)] }),
  ElectLeaders: ({ kafka }, body) => ({
    partitions: listOf(body['topics']).flatMap((topic) => {
      const { name, partitions } = recordOf(topic);
      return listOf(partitions).map((index) => elect(kafka, textOr(name, ''), Number(index)));
    }),
  }),
};

const ELECTION_CODES = { elected: 0, notNeeded: 84, notAvailable: 80 } as const;

function elect(kafka: KafkaSimulation, topic: string, index: number): Answer {
  const partition = kafka.topics.get(topic)?.partitions[index];
  const errorCode = partition === undefined ? UNKNOWN_TOPIC : ELECTION_CODES[electPreferred(partition, kafka.state())];
  return { topic, index, errorCode };
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function endpointOf(node: KafkaNode): Answer {
  const [namespace = '', pod = ''] = node.plan.pod.split('/');
  const set = pod.replace(/-\d+$/, '');
  return { id: node.plan.id, host: `${pod}.${set}.${namespace}.svc.cluster.local`, port: PORT, rack: node.plan.rack };
}

function topicOf(kafka: KafkaSimulation, name: string): Answer {
  const topic = kafka.topics.get(name);
  if (topic === undefined) return { name, errorCode: UNKNOWN_TOPIC, isInternal: false, partitions: [] };
  return {
    name,
    errorCode: 0,
    isInternal: topic.isInternal,
    partitions: topic.partitions.map((partition) => ({
      index: partition.index,
      errorCode: partition.leader === -1 ? LEADER_NOT_AVAILABLE : 0,
      leader: partition.leader,
      replicas: partition.replicas,
      isr: partition.isr,
      offline: partition.replicas.filter((id) => !isServing(kafka.nodes.get(id))),
    })),
  };
}

function configsOf(kafka: KafkaSimulation, resource: Answer): Answer {
  const type = Number(resource['type']);
  const name = textOr(resource['name'], '');
  const keys = Array.isArray(resource['keys']) ? resource['keys'].map(String) : undefined;
  const topic = type === CONFIG_TOPIC ? kafka.topics.get(name) : undefined;
  const isKnown = topic !== undefined || (type === CONFIG_BROKER && kafka.nodes.has(Number(name)));
  if (!isKnown) return { type, name, errorCode: UNKNOWN_TOPIC, configs: [] };
  const entries = topic === undefined ? brokerConfigs(kafka, Number(name)) : topicConfigs(kafka, topic);
  return { type, name, errorCode: 0, configs: entries.filter((entry) => keys?.includes(entry.name) ?? true) };
}

interface Entry {
  readonly name: string;
  readonly value: string;
  readonly isReadOnly: boolean;
  /** 1 topic, 2 broker, 3 all brokers, 4 file, 5 default. */
  readonly source: number;
}

function topicConfigs(kafka: KafkaSimulation, { config }: KafkaTopic): readonly Entry[] {
  const inherited = ['min.insync.replicas', 'unclean.leader.election.enable', 'cleanup.policy', 'retention.ms'];
  const own = [...config].map(([name, value]) => ({ name, value, isReadOnly: false, source: 1 }));
  const rest = inherited
    .filter((name) => !config.has(name))
    .map((name) => ({
      name,
      value: kafka.defaults.get(name) ?? topicDefaults[name] ?? '',
      isReadOnly: false,
      source: kafka.defaults.has(name) ? 4 : 5,
    }));
  return [...own, ...rest];
}

const topicDefaults: Readonly<Record<string, string>> = { 'cleanup.policy': 'delete', 'retention.ms': '604800000' };

function brokerConfigs(kafka: KafkaSimulation, id: number): readonly Entry[] {
  const own = kafka.nodes.get(id)?.config ?? new Map<string, string>();
  const shared = [...kafka.defaults].map(([name, value]) => ({
    name,
    value: own.get(name) ?? value,
    isReadOnly: READ_ONLY.has(name),
    source: own.has(name) ? 2 : 4,
  }));
  return [
    { name: 'node.id', value: String(id), isReadOnly: true, source: 4 },
    { name: 'log.dirs', value: '/var/lib/kafka/data', isReadOnly: true, source: 4 },
    ...shared,
  ];
}

const READ_ONLY = new Set([
  'default.replication.factor',
  'controller.quorum.fetch.timeout.ms',
  'replica.lag.time.max.ms',
]);

function logDirOf(kafka: KafkaSimulation, node: KafkaNode): Answer {
  const here = kafka.partitions.filter(({ replicas }) => replicas.includes(node.plan.id));
  const bytes = (partitions: readonly KafkaPartition[]): number =>
    Math.round(
      partitions.reduce((sum, { size, behind }) => sum + Math.max(0, size - (behind.get(node.plan.id) ?? 0)), 0),
    );
  const lag = (partitions: readonly KafkaPartition[]): number =>
    Math.ceil(partitions.reduce((sum, { behind }) => sum + (behind.get(node.plan.id) ?? 0), 0) / RECORD_BYTES);
  const topics = [...kafka.topics.keys()].flatMap((name) => {
    const partitions = here.filter(({ topic }) => topic === name);
    return partitions.length === 0
      ? []
      : [{ name, bytes: bytes(partitions), partitions: partitions.length, lag: lag(partitions) }];
  });
  return {
    path: '/var/lib/kafka/data',
    errorCode: 0,
    totalBytes: VOLUME_BYTES,
    usableBytes: VOLUME_BYTES - bytes(here),
    topics,
  };
}
