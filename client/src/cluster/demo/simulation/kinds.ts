/** What the simulated API server serves, as one table. */

export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly shortNames?: readonly string[];
  readonly subresources?: readonly string[];
  /** Short name of the operator whose CustomResourceDefinition it is. */
  readonly definedBy?: string;
}

const core = (kind: string, plural: string, more: Partial<Kind> = {}): Kind => ({
  group: '',
  version: 'v1',
  kind,
  plural,
  namespaced: true,
  ...more,
});

const custom = (group: string, version: string, kind: string, plural: string, definedBy: string): Kind => ({
  group,
  version,
  kind,
  plural,
  namespaced: true,
  subresources: ['status'],
  definedBy,
});

const RBAC = 'rbac.authorization.k8s.io';
const ADMISSION = 'admissionregistration.k8s.io';

export const kinds: readonly Kind[] = [
  core('Namespace', 'namespaces', { namespaced: false, shortNames: ['ns'] }),
  core('Node', 'nodes', { namespaced: false, shortNames: ['no'], subresources: ['status'] }),
  core('PersistentVolume', 'persistentvolumes', { namespaced: false, shortNames: ['pv'] }),
  core('PersistentVolumeClaim', 'persistentvolumeclaims', { shortNames: ['pvc'] }),
  core('Pod', 'pods', {
    shortNames: ['po'],
    subresources: ['status', 'log', 'exec', 'portforward', 'eviction', 'ephemeralcontainers'],
  }),
  core('Service', 'services', { shortNames: ['svc'] }),
  core('Event', 'events', { shortNames: ['ev'] }),
  core('ConfigMap', 'configmaps', { shortNames: ['cm'] }),
  core('Secret', 'secrets'),
  core('ServiceAccount', 'serviceaccounts', { shortNames: ['sa'] }),
  {
    group: 'apps',
    version: 'v1',
    kind: 'StatefulSet',
    plural: 'statefulsets',
    namespaced: true,
    shortNames: ['sts'],
    subresources: ['status', 'scale'],
  },
  {
    group: 'apps',
    version: 'v1',
    kind: 'Deployment',
    plural: 'deployments',
    namespaced: true,
    shortNames: ['deploy'],
    subresources: ['status', 'scale'],
  },
  { group: 'apps', version: 'v1', kind: 'ReplicaSet', plural: 'replicasets', namespaced: true, shortNames: ['rs'] },
  { group: 'apps', version: 'v1', kind: 'DaemonSet', plural: 'daemonsets', namespaced: true, shortNames: ['ds'] },
  { group: 'apps', version: 'v1', kind: 'ControllerRevision', plural: 'controllerrevisions', namespaced: true },
  { group: 'batch', version: 'v1', kind: 'Job', plural: 'jobs', namespaced: true },
  { group: 'batch', version: 'v1', kind: 'CronJob', plural: 'cronjobs', namespaced: true, shortNames: ['cj'] },
  {
    group: 'policy',
    version: 'v1',
    kind: 'PodDisruptionBudget',
    plural: 'poddisruptionbudgets',
    namespaced: true,
    shortNames: ['pdb'],
    subresources: ['status'],
  },
  { group: 'storage.k8s.io', version: 'v1', kind: 'StorageClass', plural: 'storageclasses', namespaced: false },
  { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease', plural: 'leases', namespaced: true },
  { group: 'discovery.k8s.io', version: 'v1', kind: 'EndpointSlice', plural: 'endpointslices', namespaced: true },
  { group: RBAC, version: 'v1', kind: 'Role', plural: 'roles', namespaced: true },
  { group: RBAC, version: 'v1', kind: 'RoleBinding', plural: 'rolebindings', namespaced: true },
  { group: RBAC, version: 'v1', kind: 'ClusterRole', plural: 'clusterroles', namespaced: false },
  { group: RBAC, version: 'v1', kind: 'ClusterRoleBinding', plural: 'clusterrolebindings', namespaced: false },
  {
    group: ADMISSION,
    version: 'v1',
    kind: 'ValidatingWebhookConfiguration',
    plural: 'validatingwebhookconfigurations',
    namespaced: false,
  },
  {
    group: ADMISSION,
    version: 'v1',
    kind: 'MutatingWebhookConfiguration',
    plural: 'mutatingwebhookconfigurations',
    namespaced: false,
  },
  {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    kind: 'CustomResourceDefinition',
    plural: 'customresourcedefinitions',
    namespaced: false,
    shortNames: ['crd'],
  },
  custom('kafka.strimzi.io', 'v1', 'Kafka', 'kafkas', 'strimzi'),
  custom('kafka.strimzi.io', 'v1', 'KafkaNodePool', 'kafkanodepools', 'strimzi'),
  custom('kafka.strimzi.io', 'v1', 'KafkaTopic', 'kafkatopics', 'strimzi'),
  custom('kafka.strimzi.io', 'v1', 'KafkaUser', 'kafkausers', 'strimzi'),
  custom('kafka.strimzi.io', 'v1', 'KafkaRebalance', 'kafkarebalances', 'strimzi'),
  custom('core.strimzi.io', 'v1', 'StrimziPodSet', 'strimzipodsets', 'strimzi'),
  custom('cassandra.datastax.com', 'v1beta1', 'CassandraDatacenter', 'cassandradatacenters', 'cass-operator'),
  custom('control.k8ssandra.io', 'v1alpha1', 'CassandraTask', 'cassandratasks', 'cass-operator'),
  custom('sparkoperator.k8s.io', 'v1beta2', 'SparkApplication', 'sparkapplications', 'spark-operator'),
  custom(
    'sparkoperator.k8s.io',
    'v1beta2',
    'ScheduledSparkApplication',
    'scheduledsparkapplications',
    'spark-operator',
  ),
  custom('kubeflow.org', 'v1', 'TFJob', 'tfjobs', 'training-operator'),
];

const byPlural = new Map(kinds.map((kind) => [`${kind.group}/${kind.version}/${kind.plural}`, kind]));
const byName = new Map(kinds.map((kind) => [kind.kind, kind]));

export function kindByPlural(group: string, version: string, plural: string): Kind | undefined {
  return byPlural.get(`${group}/${version}/${plural}`);
}

/** The kinds of the table have different names. @throws Error for a name that is not in the table */
export function kindNamed(name: string): Kind {
  const kind = byName.get(name);
  if (kind === undefined) throw new Error(`The simulation has no kind ${name}`);
  return kind;
}

export function apiVersionOf({ group, version }: Kind): string {
  return group === '' ? version : `${group}/${version}`;
}

/** `statefulsets.apps`, as messages name a kind. */
export function qualifiedPlural({ group, plural }: Kind): string {
  return group === '' ? plural : `${plural}.${group}`;
}
