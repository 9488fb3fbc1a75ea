import type { YamlPath } from '#core/yaml/nodes.ts';

/** What a field with a name in it refers to. */
export interface ReferenceRow {
  /** Last steps of the path, any index as `[]`: `envFrom.[].configMapRef.name`. A step with dots stands between bars. */
  readonly field: string;
  /** Group, or group and kind, of the object that holds the field; any when left out. */
  readonly holder?: string;
  /** Kind that is meant; `sibling` when a field `kind` beside it says so. */
  readonly target: string;
  /** The kind that is meant when a sibling should name it and does not. */
  readonly usually?: string;
  /** What the field holds is the name of a key; the field beside it or above it with one of these names has the object. */
  readonly keyOf?: readonly string[];
  /** Pods wait for it before they start. */
  readonly isNeededToStart?: true;
  /** The pod starts without it: a pull secret, a class that exists elsewhere. */
  readonly isOptional?: true;
}

const STRIMZI = 'kafka.strimzi.io';
const CLUSTER_LABEL = 'metadata.labels.|strimzi.io/cluster|';

/** Where one object names another. Completion, navigation and rules all read this table. */
const referenceRows: readonly ReferenceRow[] = [
  { field: 'configMapKeyRef.name', target: 'ConfigMap', isNeededToStart: true },
  { field: 'configMapKeyRef.key', target: 'ConfigMap', keyOf: ['name'], isNeededToStart: true },
  { field: 'configMapRef.name', target: 'ConfigMap', isNeededToStart: true },
  { field: 'volumes.[].configMap.name', target: 'ConfigMap', isNeededToStart: true },
  { field: 'volumes.[].configMap.items.[].key', target: 'ConfigMap', keyOf: ['name'], isNeededToStart: true },
  { field: 'sources.[].configMap.name', target: 'ConfigMap', isNeededToStart: true },
  { field: 'sources.[].configMap.items.[].key', target: 'ConfigMap', keyOf: ['name'], isNeededToStart: true },
  { field: 'secretKeyRef.name', target: 'Secret', isNeededToStart: true },
  { field: 'secretKeyRef.key', target: 'Secret', keyOf: ['name'], isNeededToStart: true },
  { field: 'secretRef.name', target: 'Secret', isNeededToStart: true },
  { field: 'volumes.[].secret.secretName', target: 'Secret', isNeededToStart: true },
  { field: 'volumes.[].secret.items.[].key', target: 'Secret', keyOf: ['secretName'], isNeededToStart: true },
  { field: 'sources.[].secret.name', target: 'Secret', isNeededToStart: true },
  { field: 'sources.[].secret.items.[].key', target: 'Secret', keyOf: ['name'], isNeededToStart: true },
  { field: 'tls.[].secretName', target: 'Secret' },
  { field: 'imagePullSecrets.[].name', target: 'Secret', isOptional: true },
  { field: 'persistentVolumeClaim.claimName', target: 'PersistentVolumeClaim', isNeededToStart: true },
  { field: 'serviceAccountName', target: 'ServiceAccount', isNeededToStart: true },
  { field: 'serviceAccount', target: 'ServiceAccount', isNeededToStart: true },
  { field: 'storageClassName', target: 'StorageClass', isOptional: true },
  { field: 'priorityClassName', target: 'PriorityClass', isOptional: true },
  { field: 'subjects.[].name', target: 'sibling' },
  { field: 'roleRef.name', target: 'sibling' },
  { field: 'scaleTargetRef.name', target: 'sibling' },
  { field: 'backend.service.name', target: 'Service' },
  { holder: 'apps/StatefulSet', field: 'spec.serviceName', target: 'Service' },
  { holder: `${STRIMZI}/KafkaConnector`, field: CLUSTER_LABEL, target: 'KafkaConnect' },
  { holder: `${STRIMZI}/KafkaTopic`, field: CLUSTER_LABEL, target: 'Kafka' },
  { holder: `${STRIMZI}/KafkaUser`, field: CLUSTER_LABEL, target: 'Kafka' },
  { holder: `${STRIMZI}/KafkaNodePool`, field: CLUSTER_LABEL, target: 'Kafka' },
  { holder: `${STRIMZI}/KafkaRebalance`, field: CLUSTER_LABEL, target: 'Kafka' },
  { holder: STRIMZI, field: 'secretName', target: 'Secret' },
  { holder: STRIMZI, field: 'certificate', target: 'Secret', keyOf: ['secretName'] },
  { holder: STRIMZI, field: 'passwordSecret.password', target: 'Secret', keyOf: ['secretName'] },
  { holder: STRIMZI, field: 'certificateAndKey.key', target: 'Secret', keyOf: ['secretName'] },
  { holder: STRIMZI, field: 'brokerCertChainAndKey.key', target: 'Secret', keyOf: ['secretName'] },
  { holder: 'cassandra.datastax.com', field: 'superuserSecretName', target: 'Secret' },
  { holder: 'k8ssandra.io', field: 'superuserSecretRef.name', target: 'Secret' },
  { holder: 'medusa.k8ssandra.io', field: 'storageSecretRef.name', target: 'Secret' },
  { holder: 'medusa.k8ssandra.io', field: 'spec.cassandraDatacenter', target: 'CassandraDatacenter' },
  { holder: 'control.k8ssandra.io/CassandraTask', field: 'spec.datacenter.name', target: 'CassandraDatacenter' },
  { holder: 'control.k8ssandra.io/K8ssandraTask', field: 'spec.cluster.name', target: 'K8ssandraCluster' },
  { holder: 'reaper.k8ssandra.io', field: 'datacenterRef.name', target: 'CassandraDatacenter' },
  { holder: 'sparkoperator.k8s.io', field: 'secrets.[].name', target: 'Secret' },
  { holder: 'sparkoperator.k8s.io', field: 'configMaps.[].name', target: 'ConfigMap' },
  { holder: 'sparkoperator.k8s.io', field: 'sparkConfigMap', target: 'ConfigMap' },
  { holder: 'sparkoperator.k8s.io', field: 'hadoopConfigMap', target: 'ConfigMap' },
  {
    holder: 'trainer.kubeflow.org/TrainJob',
    field: 'runtimeRef.name',
    target: 'sibling',
    usually: 'ClusterTrainingRuntime',
  },
];

/** Kinds whose objects belong to no namespace. */
export const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  'ClusterRole',
  'ClusterTrainingRuntime',
  'PriorityClass',
  'StorageClass',
]);

/** Groups of kinds whose names other groups use too. */
const TARGET_GROUPS: Readonly<Record<string, string>> = { Kafka: STRIMZI, KafkaConnect: STRIMZI };

/** Whether a reference to a kind may mean an object of that kind of this group. */
export function mayBeTarget(kind: string, group: string): boolean {
  return TARGET_GROUPS[kind] === undefined || TARGET_GROUPS[kind] === group;
}

interface ParsedRow {
  readonly row: ReferenceRow;
  readonly steps: readonly string[];
}

const rowsByLastStep = groupRows();

/** The row that says what a field refers to; undefined for all other fields. */
export function findReferenceRow(
  holder: { readonly group: string; readonly kind: string },
  path: YamlPath,
): ReferenceRow | undefined {
  const last = path.at(-1);
  const rows = typeof last === 'string' ? rowsByLastStep.get(last) : undefined;
  return rows?.find(({ row, steps }) => isHeldBy(row, holder) && endsWith(path, steps))?.row;
}

function isHeldBy(
  { holder }: ReferenceRow,
  { group, kind }: { readonly group: string; readonly kind: string },
): boolean {
  return holder === undefined || holder === group || holder === `${group}/${kind}`;
}

function endsWith(path: YamlPath, steps: readonly string[]): boolean {
  const from = path.length - steps.length;
  return from >= 0 && steps.every((step, index) => matchesStep(step, path[from + index]));
}

function matchesStep(step: string, actual: string | number | undefined): boolean {
  return typeof actual === 'number' ? step === '[]' : step === actual;
}

function groupRows(): ReadonlyMap<string, readonly ParsedRow[]> {
  const groups = new Map<string, ParsedRow[]>();
  for (const row of referenceRows) {
    const steps = [...row.field.matchAll(/\|([^|]+)\||([^.|]+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    const last = steps.at(-1) ?? '';
    groups.set(last, [...(groups.get(last) ?? []), { row, steps }]);
  }
  return groups;
}
