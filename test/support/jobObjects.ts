import type { DataCluster, LiveSystem } from '#core/live/model.ts';
import type {
  ContainerEnd,
  ContainerState,
  LiveCondition,
  LiveContainer,
  LiveCustom,
  LiveMetadata,
  LivePod,
  LiveWorkload,
  NamespaceObjects,
  ObjectMeta,
} from '#core/live/objects.ts';

/** The time at which every test of jobs takes place: 2026-08-24T12:00:00Z. */
export const NOW = 1_787_572_800_000;

/** So many seconds before NOW. */
export const secondsAgo = (seconds: number): number => NOW - seconds * 1_000;

/** The same as the server writes it. */
export const timeAgo = (seconds: number): string => new Date(secondsAgo(seconds)).toISOString();

export function makeMeta(name: string, more: Partial<ObjectMeta> = {}): ObjectMeta {
  return {
    uid: `uid-${name}`,
    namespace: 'jobs',
    name,
    resourceVersion: '1',
    generation: undefined,
    createdAt: secondsAgo(600),
    deletedAt: undefined,
    labels: {},
    annotations: {},
    owners: [],
    ...more,
  };
}

export function makeCondition(type: string, status: string, more: Partial<LiveCondition> = {}): LiveCondition {
  return { type, status, reason: '', message: '', changedAt: secondsAgo(300), ...more };
}

export function makeEnd(exitCode: number, more: Partial<ContainerEnd> = {}): ContainerEnd {
  const reason = exitCode === 0 ? 'Completed' : 'Error';
  const [startedAt, finishedAt] = [secondsAgo(500), secondsAgo(60)];
  return { exitCode, signal: undefined, reason, message: '', startedAt, finishedAt, ...more };
}

export function makeState(name: string, more: Partial<ContainerState> = {}): ContainerState {
  const ended = more.ended === undefined ? undefined : 'terminated';
  const waiting = more.waitingReason === undefined ? undefined : 'waiting';
  const state = ended ?? waiting ?? 'running';
  return {
    name,
    isInit: false,
    isReady: state === 'running',
    restarts: 0,
    state,
    waitingReason: '',
    waitingMessage: '',
    runningSince: state === 'running' ? secondsAgo(500) : undefined,
    ended: undefined,
    lastEnd: undefined,
    ...more,
  };
}

export function makeContainer(name: string, more: Partial<LiveContainer> = {}): LiveContainer {
  const lists = { ports: [], mounts: [], variables: {} };
  return { name, image: `example/${name}:1`, command: '', hasReadinessProbe: false, preStop: '', ...lists, ...more };
}

export interface PodSketch extends Partial<Omit<LivePod, 'kind' | 'meta'>> {
  readonly meta?: Partial<ObjectMeta>;
}

/** A pod that runs and is ready, but for what is said. */
export function makePod(name: string, { meta, ...more }: PodSketch = {}): LivePod {
  return {
    kind: 'Pod',
    meta: makeMeta(name, meta),
    phase: 'Running',
    reason: '',
    message: '',
    node: more.phase === 'Pending' ? '' : 'node-1',
    ip: '10.0.0.7',
    isReady: (more.phase ?? 'Running') === 'Running',
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

/** A StatefulSet that says nothing but its name, unless something is said. */
export function makeWorkload(name: string, more: Partial<LiveWorkload> = {}): LiveWorkload {
  return {
    kind: 'StatefulSet',
    meta: makeMeta(name),
    replicas: 1,
    readyReplicas: 0,
    updatedReplicas: 1,
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
    podManagementPolicy: 'Parallel',
    claimTemplates: [],
    conditions: [],
    ...more,
  };
}

/** A custom resource as the server sends it. */
export function makeCustom(
  apiVersion: string,
  customKind: string,
  name: string,
  { meta, spec, status }: { meta?: Partial<ObjectMeta>; spec?: object; status?: object } = {},
): LiveCustom {
  const [group = '', version = ''] = apiVersion.split('/');
  return {
    kind: 'Custom',
    group,
    version,
    customKind,
    meta: makeMeta(name, { generation: 1, ...meta }),
    spec: { ...spec },
    status: { ...status },
  };
}

export function makeSecretMetadata(name: string, more: Partial<ObjectMeta> = {}): LiveMetadata {
  return { kind: 'Metadata', of: 'Secret', meta: makeMeta(name, more) };
}

export function makeNamespace(more: Partial<NamespaceObjects> = {}): NamespaceObjects {
  return {
    namespace: 'jobs',
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
  };
}

/** The only data cluster that a system makes of these objects. */
export function gatherOne(
  system: LiveSystem,
  customs: readonly LiveCustom[],
  pods: readonly LivePod[] = [],
): DataCluster {
  const [cluster] = system.gather(makeNamespace({ customs, pods }));
  if (cluster === undefined) throw new Error('no data cluster');
  return cluster;
}
