import type {
  ContainerState,
  LiveBudget,
  LiveClaim,
  LiveContainer,
  LiveCustom,
  LivePod,
  LiveService,
  LiveWorkload,
  NamespaceObjects,
  ObjectMeta,
  OwnerLink,
} from '#core/live/objects.ts';

/** Decoded objects as the API server has them, with as little said as a test needs. */

export const NOW = Date.UTC(2026, 10, 24, 12);
export const MINUTE = 60_000;

type Labels = Readonly<Record<string, string>>;

export const metaOf = (name: string, more: Partial<ObjectMeta> = {}): ObjectMeta => ({
  uid: `uid of ${name}`,
  namespace: 'data',
  name,
  resourceVersion: '1',
  generation: 1,
  createdAt: NOW - 60 * MINUTE,
  deletedAt: undefined,
  labels: {},
  annotations: {},
  owners: [],
  ...more,
});

export const ownedBy = (kind: string, name: string, apiVersion = 'apps/v1'): OwnerLink => ({
  apiVersion,
  kind,
  name,
  uid: `uid of ${name}`,
  isController: true,
});

export const containerOf = (image: string, more: Partial<LiveContainer> = {}): LiveContainer => ({
  name: 'cassandra',
  image,
  command: '',
  variables: {},
  ports: [
    { name: 'intra-node', port: 7000 },
    { name: 'cql', port: 9042 },
  ],
  mounts: [{ volume: 'data', path: '/var/lib/cassandra' }],
  hasReadinessProbe: true,
  preStop: '',
  ...more,
});

export const setOf = (name: string, more: Partial<LiveWorkload> = {}): LiveWorkload => ({
  kind: 'StatefulSet',
  meta: metaOf(name),
  replicas: 3,
  readyReplicas: 3,
  updatedReplicas: 3,
  currentRevision: `${name}-1`,
  updateRevision: `${name}-1`,
  observedGeneration: 1,
  selector: {},
  templateLabels: {},
  templateAnnotations: {},
  containers: [containerOf('cassandra:5.0.5')],
  volumes: [],
  serviceName: name,
  updateStrategy: 'RollingUpdate',
  partition: 0,
  podManagementPolicy: 'OrderedReady',
  claimTemplates: ['data'],
  conditions: [],
  ...more,
});

export const stateOf = (more: Partial<ContainerState> = {}): ContainerState => ({
  name: 'cassandra',
  isInit: false,
  isReady: true,
  restarts: 0,
  state: 'running',
  waitingReason: '',
  waitingMessage: '',
  runningSince: NOW - 50 * MINUTE,
  ended: undefined,
  lastEnd: undefined,
  ...more,
});

/** A ready pod of a set. */
export const podOf = (set: LiveWorkload, ordinal: number, more: Partial<LivePod> = {}): LivePod => ({
  kind: 'Pod',
  meta: metaOf(`${set.meta.name}-${ordinal}`, {
    labels: set.templateLabels,
    owners: [ownedBy('StatefulSet', set.meta.name)],
  }),
  phase: 'Running',
  reason: '',
  message: '',
  node: `node${ordinal}`,
  ip: `10.1.0.${10 + ordinal}`,
  isReady: true,
  conditions: [
    { type: 'Ready', status: 'True', reason: '', message: '', changedAt: NOW - 49 * MINUTE },
    { type: 'PodScheduled', status: 'True', reason: '', message: '', changedAt: NOW - 60 * MINUTE },
  ],
  containers: set.containers,
  states: set.containers.map(({ name }) => stateOf({ name })),
  volumes: set.claimTemplates.map((template) => ({
    name: template,
    source: 'claim',
    target: `${template}-${set.meta.name}-${ordinal}`,
  })),
  references: [],
  serviceAccount: 'default',
  graceSeconds: 300,
  ...more,
});

export const podsOf = (set: LiveWorkload, more: Partial<LivePod> = {}): readonly LivePod[] =>
  Array.from({ length: set.replicas }, (_, ordinal) => podOf(set, ordinal, more));

export const customOf = (
  apiVersion: string,
  customKind: string,
  name: string,
  { spec = {}, status = {}, ...meta }: Partial<ObjectMeta> & Partial<Pick<LiveCustom, 'spec' | 'status'>> = {},
): LiveCustom => {
  const [group = '', version = ''] = apiVersion.split('/');
  return { kind: 'Custom', group, version, customKind, meta: metaOf(name, meta), spec, status };
};

export const claimOf = (name: string, phase = 'Bound'): LiveClaim => ({
  kind: 'PersistentVolumeClaim',
  meta: metaOf(name),
  phase,
  volume: phase === 'Pending' ? '' : `pv-${name}`,
  storageClass: 'local',
  size: '10Gi',
});

export const serviceOf = (name: string, selector: Labels): LiveService => ({
  kind: 'Service',
  meta: metaOf(name),
  type: 'ClusterIP',
  clusterIp: 'None',
  selector,
  ports: [{ name: 'cql', port: 9042 }],
  publishesNotReady: true,
});

export const budgetOf = (name: string, selector: Labels): LiveBudget => ({
  kind: 'PodDisruptionBudget',
  meta: metaOf(name),
  selector,
  minAvailable: '',
  maxUnavailable: '1',
  disruptionsAllowed: 1,
  currentHealthy: 3,
  desiredHealthy: 2,
});

export const namespaceOf = (more: Partial<NamespaceObjects>): NamespaceObjects => ({
  namespace: 'data',
  pods: [],
  workloads: [],
  services: [],
  claims: [],
  budgets: [],
  customs: [],
  helmSecrets: [],
  nodes: new Map(),
  hidden: new Set(),
  ...more,
});
