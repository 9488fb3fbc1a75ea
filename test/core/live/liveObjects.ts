import type { DataCluster, Health, HealthLevel, LiveMember } from '#core/live/model.ts';
import type { LiveCustom, LivePod, LiveService, LiveWorkload, ObjectMeta } from '#core/live/objects.ts';
import type { ContextView, JudgedCluster } from '#core/live/view.ts';

/** Decoded objects made by hand; what a test does not say is empty. */
function metaOf(name: string, namespace = 'prod'): ObjectMeta {
  return {
    uid: `uid-of-${name}`,
    namespace,
    name,
    resourceVersion: '1',
    generation: 1,
    createdAt: undefined,
    deletedAt: undefined,
    labels: {},
    annotations: {},
    owners: [],
  };
}

function podWith(name: string): LivePod {
  return {
    kind: 'Pod',
    meta: metaOf(name),
    phase: 'Running',
    reason: '',
    message: '',
    node: '',
    ip: '',
    isReady: true,
    conditions: [],
    containers: [],
    states: [],
    volumes: [],
    references: [],
    serviceAccount: '',
    graceSeconds: 30,
  };
}

export function memberWith(name: string, more: Partial<LiveMember> = {}): LiveMember {
  return {
    name,
    role: 'broker',
    pod: podWith(name),
    index: undefined,
    rack: '',
    group: '',
    container: 'kafka',
    version: '',
    ...more,
  };
}

export function serviceWith(name: string, more: Partial<LiveService> = {}): LiveService {
  return {
    kind: 'Service',
    meta: metaOf(name),
    type: 'ClusterIP',
    clusterIp: '10.0.0.1',
    selector: {},
    ports: [],
    publishesNotReady: false,
    ...more,
  };
}

export function workloadWith(name: string, kind: LiveWorkload['kind'] = 'StatefulSet'): LiveWorkload {
  return {
    kind,
    meta: metaOf(name),
    replicas: 3,
    readyReplicas: 3,
    updatedReplicas: 3,
    currentRevision: '',
    updateRevision: '',
    observedGeneration: 1,
    selector: {},
    templateLabels: {},
    templateAnnotations: {},
    containers: [],
    volumes: [],
    serviceName: '',
    updateStrategy: '',
    partition: 0,
    podManagementPolicy: '',
    claimTemplates: [],
    conditions: [],
  };
}

export function customWith(group: string, customKind: string, name: string, status = {}): LiveCustom {
  return { kind: 'Custom', group, version: 'v1', customKind, meta: metaOf(name), spec: {}, status };
}

export function clusterOf(more: Partial<DataCluster> = {}): DataCluster {
  return {
    key: 'kafka/prod/orders',
    system: 'kafka',
    flavour: 'strimzi',
    namespace: 'prod',
    name: 'orders',
    resource: undefined,
    owner: undefined,
    members: [],
    wanted: undefined,
    version: '',
    workloads: [],
    services: [],
    claims: [],
    budgets: [],
    customs: [],
    configMaps: [],
    secrets: [],
    ...more,
  };
}

const healthOf = (level: HealthLevel, sentence = ''): Health => ({ level, sentence, evidence: [] });

export function judgedWith(
  cluster: DataCluster,
  levels: readonly HealthLevel[],
  level: HealthLevel,
  why = '',
): JudgedCluster {
  const members = cluster.members.map((member, index) => ({ member, health: healthOf(levels[index] ?? 'healthy') }));
  return { cluster, members, inside: undefined, health: healthOf(level, why) };
}

export function viewWith(...clusters: readonly JudgedCluster[]): ContextView {
  return {
    phase: 'live',
    problem: undefined,
    version: undefined,
    namespaces: undefined,
    clusters,
    releases: [],
    operators: [],
    definitions: [],
    limits: [],
  };
}
