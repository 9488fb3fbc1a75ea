import type { SystemKind } from '#core/systems/contract.ts';

const strimzi = { group: 'kafka.strimzi.io', flavour: 'strimzi' } as const;
const koperator = { group: 'kafka.banzaicloud.io', flavour: 'koperator' } as const;
const confluent = { group: 'platform.confluent.io', flavour: 'confluent-for-kubernetes' } as const;
const confluentOld = {
  group: 'cluster.confluent.com',
  flavour: 'confluent-operator',
  successor: 'Confluent Operator has ended; Confluent for Kubernetes (`platform.confluent.io`) took its place.',
} as const;

export const kafkaKinds: readonly SystemKind[] = [
  { ...strimzi, kind: 'Kafka', role: 'cluster' },
  { ...strimzi, kind: 'KafkaNodePool', role: 'pool' },
  { ...strimzi, kind: 'KafkaTopic', role: 'topic' },
  { ...strimzi, kind: 'KafkaUser', role: 'user' },
  { ...strimzi, kind: 'KafkaConnect', role: 'connect' },
  { ...strimzi, kind: 'KafkaConnector', role: 'connect' },
  { ...strimzi, kind: 'KafkaMirrorMaker2', role: 'connect' },
  {
    ...strimzi,
    kind: 'KafkaMirrorMaker',
    role: 'connect',
    successor: 'Strimzi no longer runs it; KafkaMirrorMaker2 took its place.',
  },
  { ...strimzi, kind: 'KafkaBridge', role: 'companion' },
  { ...strimzi, kind: 'KafkaRebalance', role: 'task' },
  { group: 'core.strimzi.io', flavour: 'strimzi', kind: 'StrimziPodSet', role: 'pool' },
  { ...koperator, kind: 'KafkaCluster', role: 'cluster' },
  { ...koperator, kind: 'KafkaTopic', role: 'topic' },
  { ...koperator, kind: 'KafkaUser', role: 'user' },
  { ...koperator, kind: 'CruiseControlOperation', role: 'task' },
  { ...confluent, kind: 'Kafka', role: 'cluster' },
  { ...confluent, kind: 'KRaftController', role: 'controller' },
  { ...confluent, kind: 'KRaftMigrationJob', role: 'task' },
  { ...confluent, kind: 'KafkaTopic', role: 'topic' },
  { ...confluent, kind: 'Connect', role: 'connect' },
  { ...confluent, kind: 'Connector', role: 'connect' },
  { ...confluent, kind: 'SchemaRegistry', role: 'companion' },
  { ...confluent, kind: 'KsqlDB', role: 'companion' },
  { ...confluent, kind: 'KafkaRestProxy', role: 'companion' },
  { ...confluent, kind: 'ControlCenter', role: 'companion' },
  { ...confluentOld, kind: 'KafkaCluster', role: 'cluster' },
  {
    group: 'krallistic.github.com',
    flavour: 'krallistic',
    kind: 'Kafkacluster',
    role: 'cluster',
    successor: 'The operator is no longer maintained; Strimzi (Kafka with a KafkaNodePool) can take its place.',
  },
];
