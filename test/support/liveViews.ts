import type { DataCluster, Health, LiveMember } from '#core/live/model.ts';
import type { LiveCustom, LivePod, LiveWorkload, ObjectMeta } from '#core/live/objects.ts';
import type { ContextSummary } from '#core/live/ports.ts';
import { NO_FILTER, type TreeContext, type TreeInput } from '#core/live/tree/input.ts';
import type { ContextView, JudgedCluster } from '#core/live/view.ts';
import { NO_OPERATIONS } from '#core/operations/shownRun.ts';

/** What a session would give to the tree, made by hand: only what a test says differs from the ordinary. */

export const NOW = 1_800_000_000_000;
const DAY = 86_400_000;

export function metaOf(name: string, more: Partial<ObjectMeta> = {}): ObjectMeta {
  return {
    uid: `uid-of-${name}`,
    namespace: 'prod',
    name,
    resourceVersion: '1',
    generation: 1,
    createdAt: NOW - 3 * DAY,
    deletedAt: undefined,
    labels: {},
    annotations: {},
    owners: [],
    ...more,
  };
}

export function podOf(name: string, more: Partial<LivePod> = {}): LivePod {
  return {
    kind: 'Pod',
    meta: metaOf(name),
    phase: 'Running',
    reason: '',
    message: '',
    node: 'node-1',
    ip: '10.0.0.1',
    isReady: true,
    conditions: [],
    containers: [],
    states: [],
    volumes: [],
    references: [],
    serviceAccount: 'default',
    graceSeconds: 30,
    ...more,
  };
}

export function memberOf(name: string, more: Partial<LiveMember> = {}): LiveMember {
  return {
    name,
    role: 'broker',
    pod: podOf(name),
    index: 0,
    rack: '',
    group: '',
    container: 'kafka',
    version: '4.1.0',
    ...more,
  };
}

export function customOf(customKind: string, name: string, more: Partial<LiveCustom> = {}): LiveCustom {
  const meta = metaOf(name);
  return {
    kind: 'Custom',
    group: 'kafka.strimzi.io',
    version: 'v1',
    customKind,
    meta,
    spec: {},
    status: {},
    ...more,
  };
}

export function workloadOf(name: string, more: Partial<LiveWorkload> = {}): LiveWorkload {
  return {
    kind: 'StatefulSet',
    meta: metaOf(name),
    replicas: 3,
    readyReplicas: 3,
    updatedReplicas: 3,
    currentRevision: 'a',
    updateRevision: 'a',
    observedGeneration: 1,
    selector: {},
    templateLabels: {},
    templateAnnotations: {},
    containers: [],
    volumes: [],
    serviceName: '',
    updateStrategy: 'RollingUpdate',
    partition: 0,
    podManagementPolicy: 'OrderedReady',
    claimTemplates: [],
    conditions: [],
    ...more,
  };
}

export function healthOf(level: Health['level'], sentence = `all is ${level}`): Health {
  return { level, sentence, evidence: [] };
}

export function clusterOf(name: string, more: Partial<DataCluster> = {}): DataCluster {
  const namespace = more.namespace ?? 'prod';
  const system = more.system ?? 'kafka';
  return {
    key: `${system}/${namespace}/${name}`,
    system,
    flavour: 'strimzi',
    namespace,
    name,
    resource: customOf('Kafka', name),
    owner: undefined,
    members: [],
    wanted: undefined,
    version: '4.1',
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

export function judged(cluster: DataCluster, health: Health = healthOf('healthy')): JudgedCluster {
  const members = cluster.members.map((member) => ({ member, health: healthOf('healthy', 'ready') }));
  return { cluster, health, members, inside: undefined };
}

export function viewOf(clusters: readonly JudgedCluster[], more: Partial<ContextView> = {}): ContextView {
  return {
    phase: 'live',
    problem: undefined,
    version: { minor: '1.34', gitVersion: 'v1.34.4' },
    namespaces: undefined,
    clusters,
    releases: [],
    operators: [],
    definitions: [],
    limits: [],
    ...more,
  };
}

export function summaryOf(name: string, more: Partial<ContextSummary> = {}): ContextSummary {
  return {
    name,
    cluster: `cluster-of-${name}`,
    user: 'someone',
    namespace: 'default',
    server: 'https://192.0.2.1:6443',
    isCurrent: false,
    isDemo: false,
    ...more,
  };
}

export function contextOf(name: string, view: ContextView | undefined, more: Partial<TreeContext> = {}): TreeContext {
  return {
    summary: summaryOf(name),
    isVanished: false,
    isProtected: false,
    isReadOnly: false,
    connection: view ? 'open' : 'closed',
    problem: undefined,
    view,
    asked: new Set(),
    events: new Map(),
    operations: NO_OPERATIONS,
    ...more,
  };
}

export function inputOf(contexts: readonly TreeContext[], more: Partial<TreeInput> = {}): TreeInput {
  return {
    contexts,
    filter: NO_FILTER,
    favourites: new Set(),
    isAskable: ({ system }) => system === 'kafka' || system === 'cassandra',
    offers: () => [],
    now: NOW,
    ...more,
  };
}
