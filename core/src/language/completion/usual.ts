import type { KindSchema } from '#core/schema/catalog.ts';
import type { SchemaNode } from '#core/schema/node.ts';
import type { YamlPath } from '#core/yaml/nodes.ts';
import { formatPath } from '#core/yaml/path.ts';

/** Keys that nobody leaves out although the schema would allow it, in the order people write them. */
interface UsualKeys {
  /** Well-known type of the object. */
  readonly type?: string;
  /** Group and kind, `apps/StatefulSet`. */
  readonly kind?: string;
  /** Path of the object. */
  readonly path?: RegExp;
  readonly keys: readonly string[];
}

const CLAIM = ['accessModes', 'resources'];

const STRIMZI_MEMBERS = ['KafkaNodePool', 'KafkaTopic', 'KafkaUser', 'KafkaConnector', 'KafkaRebalance'];

const TABLE: readonly UsualKeys[] = [
  ...STRIMZI_MEMBERS.flatMap((kind): UsualKeys[] => [
    { kind: `kafka.strimzi.io/${kind}`, path: /^metadata$/, keys: ['name', 'labels'] },
    { kind: `kafka.strimzi.io/${kind}`, path: /^metadata\.labels$/, keys: ['strimzi.io/cluster'] },
  ]),
  { path: /^metadata$/, keys: ['name'] },
  { kind: 'apps/StatefulSet', path: /^spec$/, keys: ['serviceName', 'replicas', 'selector', 'template'] },
  { kind: 'apps/Deployment', path: /^spec$/, keys: ['replicas', 'selector', 'template'] },
  { kind: '/Service', path: /^spec$/, keys: ['selector', 'ports'] },
  { kind: '/Service', path: /^spec\.selector$/, keys: ['app'] },
  { kind: 'policy/PodDisruptionBudget', path: /^spec$/, keys: ['maxUnavailable', 'selector'] },
  { kind: '/ConfigMap', path: /^$/, keys: ['data'] },
  { kind: '/Secret', path: /^$/, keys: ['stringData'] },
  { kind: 'storage.k8s.io/StorageClass', path: /^$/, keys: ['provisioner', 'volumeBindingMode'] },
  { type: 'meta/v1.LabelSelector', keys: ['matchLabels'] },
  { path: /(?:^|\.)matchLabels$|(?:^|\.)template\.metadata\.labels$/, keys: ['app'] },
  { kind: 'apps/StatefulSet', path: /^spec\.template$/, keys: ['metadata', 'spec'] },
  { kind: 'apps/Deployment', path: /^spec\.template$/, keys: ['metadata', 'spec'] },
  { path: /(?:^|\.)template\.metadata$/, keys: ['labels'] },
  { type: 'core/v1.PodTemplateSpec', keys: ['spec'] },
  { path: /(?:^|\.)tfReplicaSpecs\.\w+\.template$/, keys: ['spec'] },
  { type: 'core/v1.Container', keys: ['name', 'image'] },
  { type: 'core/v1.PersistentVolumeClaimSpec', keys: CLAIM },
  { path: /(?:^|\.)(?:volumeClaimTemplates\[\d+\]\.spec|\w*VolumeClaimSpec)$/, keys: CLAIM },
  { type: 'core/v1.VolumeResourceRequirements', keys: ['requests'] },
  { path: /(?:volumeClaimTemplates\[\d+\]\.spec|\w*VolumeClaimSpec)\.resources$/, keys: ['requests'] },
  { path: /(?:volumeClaimTemplates\[\d+\]\.spec|\w*VolumeClaimSpec)\.resources\.requests$/, keys: ['storage'] },
  {
    kind: 'cassandra.datastax.com/CassandraDatacenter',
    path: /^spec\.storageConfig$/,
    keys: ['cassandraDataVolumeClaimSpec'],
  },
  { kind: 'kafka.strimzi.io/KafkaTopic', path: /^spec$/, keys: ['partitions', 'replicas'] },
  { kind: 'kubeflow.org/TFJob', path: /^spec\.tfReplicaSpecs$/, keys: ['Worker'] },
  { kind: 'kubeflow.org/TFJob', path: /^spec\.tfReplicaSpecs\.\w+$/, keys: ['replicas', 'restartPolicy', 'template'] },
  {
    kind: 'sparkoperator.k8s.io/SparkApplication',
    path: /^spec\.driver$/,
    keys: ['cores', 'memory', 'serviceAccount'],
  },
  { kind: 'sparkoperator.k8s.io/SparkApplication', path: /^spec\.executor$/, keys: ['instances', 'cores', 'memory'] },
  {
    kind: 'sparkoperator.k8s.io/SparkApplication',
    path: /^spec$/,
    keys: ['type', 'mode', 'image', 'mainClass', 'mainApplicationFile', 'sparkVersion', 'driver', 'executor'],
  },
];

/** The keys a skeleton of an object has beside the required ones; of several rows the first counts. */
export function usualKeys(schema: SchemaNode, kind: KindSchema | undefined, path: YamlPath): readonly string[] {
  const type = schema.raw['x-type'];
  const name = kind && `${kind.group}/${kind.kind}`;
  const place = formatPath(path);
  const row = TABLE.find(
    (candidate) =>
      (candidate.type === undefined || candidate.type === type) &&
      (candidate.kind === undefined || candidate.kind === name) &&
      (candidate.path === undefined || candidate.path.test(place)),
  );
  return row?.keys ?? [];
}

/** Values people begin with where the schema names none, the most usual first. */
interface UsualValues {
  /** Group and kind, `kubeflow.org/TFJob`; every kind when left out. */
  readonly kind?: string;
  /** Path of the value. */
  readonly path: RegExp;
  readonly values: readonly string[];
}

const VALUES: readonly UsualValues[] = [
  {
    path: /(?:^|\.)accessModes\[\d+\]$/,
    values: ['ReadWriteOnce', 'ReadWriteOncePod', 'ReadWriteMany', 'ReadOnlyMany'],
  },
  { path: /\.requests\.storage$/, values: ['10Gi'] },
  // The operator finds the container that trains by this name, and the webhook refuses a replica without it.
  { kind: 'kubeflow.org/TFJob', path: /\.containers\[0\]\.name$/, values: ['tensorflow'] },
  {
    kind: 'kubeflow.org/TFJob',
    path: /^spec\.tfReplicaSpecs\.\w+\.restartPolicy$/,
    values: ['OnFailure', 'Never', 'Always', 'ExitCode'],
  },
  { kind: 'kubeflow.org/TFJob', path: /\.replicas$/, values: ['1'] },
  { kind: 'kafka.strimzi.io/Kafka', path: /\.listeners\[0\]\.name$/, values: ['plain'] },
  { kind: 'kafka.strimzi.io/Kafka', path: /\.listeners\[0\]\.port$/, values: ['9092'] },
  { kind: 'apps/Deployment', path: /^spec\.replicas$/, values: ['1'] },
  { path: /^spec\.(?:replicas|size)$/, values: ['3'] },
  { kind: 'policy/PodDisruptionBudget', path: /^spec\.maxUnavailable$/, values: ['1'] },
  { kind: 'sparkoperator.k8s.io/SparkApplication', path: /\.cores$/, values: ['1'] },
  { kind: 'sparkoperator.k8s.io/SparkApplication', path: /\.memory$/, values: ['1g'] },
  { kind: 'sparkoperator.k8s.io/SparkApplication', path: /\.instances$/, values: ['2'] },
  { kind: 'storage.k8s.io/StorageClass', path: /^volumeBindingMode$/, values: ['WaitForFirstConsumer', 'Immediate'] },
];

/** What a skeleton proposes for a value that its schema leaves open. */
export function usualValues(kind: KindSchema | undefined, path: YamlPath): readonly string[] {
  const name = kind && `${kind.group}/${kind.kind}`;
  const place = formatPath(path);
  return VALUES.find((row) => (row.kind === undefined || row.kind === name) && row.path.test(place))?.values ?? [];
}
