import type {
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

/** Small objects of a namespace, complete but for what a test says of them. */

export const NOW = 1_800_000_000_000;
export const ago = (seconds: number): number => NOW - seconds * 1000;

export function meta(name: string, more: Partial<ObjectMeta> = {}): ObjectMeta {
  return {
    uid: `uid-${name}`,
    namespace: 'prod',
    name,
    resourceVersion: '1',
    generation: 1,
    createdAt: ago(86_400),
    deletedAt: undefined,
    labels: {},
    annotations: {},
    owners: [],
    ...more,
  };
}

export const ownedBy = (kind: string, name: string, uid = `uid-${name}`): readonly OwnerLink[] => [
  { apiVersion: 'v1', kind, name, uid, isController: true },
];

export function container(image: string, more: Partial<LiveContainer> = {}): LiveContainer {
  return {
    name: 'kafka',
    image,
    command: '',
    variables: {},
    ports: [],
    mounts: [],
    hasReadinessProbe: true,
    preStop: '',
    ...more,
  };
}

export function pod(name: string, more: Partial<Omit<LivePod, 'meta'>> & { meta?: Partial<ObjectMeta> } = {}): LivePod {
  const containers = more.containers ?? [container('apache/kafka:4.1.0')];
  return {
    kind: 'Pod',
    phase: 'Running',
    reason: '',
    message: '',
    node: 'node-1',
    ip: '10.0.0.1',
    isReady: true,
    conditions: [],
    states: containers.map(({ name: own }) => running(own)),
    volumes: [],
    references: [],
    serviceAccount: 'default',
    graceSeconds: 30,
    ...more,
    containers,
    meta: meta(name, more.meta),
  };
}

export const running = (name = 'kafka', more: Partial<LivePod['states'][number]> = {}): LivePod['states'][number] => ({
  name,
  isInit: false,
  isReady: true,
  restarts: 0,
  state: 'running',
  waitingReason: '',
  waitingMessage: '',
  runningSince: ago(3600),
  ended: undefined,
  lastEnd: undefined,
  ...more,
});

export function statefulSet(
  name: string,
  more: Partial<Omit<LiveWorkload, 'meta'>> & { meta?: Partial<ObjectMeta> } = {},
): LiveWorkload {
  const replicas = more.replicas ?? 3;
  return {
    kind: 'StatefulSet',
    replicas,
    readyReplicas: replicas,
    updatedReplicas: replicas,
    currentRevision: `${name}-1`,
    updateRevision: `${name}-1`,
    observedGeneration: 1,
    selector: { app: name },
    templateLabels: { app: name },
    templateAnnotations: {},
    containers: [container('apache/kafka:4.1.0')],
    volumes: [],
    serviceName: name,
    updateStrategy: 'RollingUpdate',
    partition: 0,
    podManagementPolicy: 'Parallel',
    claimTemplates: ['data'],
    conditions: [],
    ...more,
    meta: meta(name, more.meta),
  };
}

/** The pods of a StatefulSet, all well, without those left out. */
export function podsOf(set: LiveWorkload, without: readonly number[] = []): LivePod[] {
  return Array.from({ length: set.replicas }, (_, index) => index)
    .filter((index) => !without.includes(index))
    .map((index) =>
      pod(`${set.meta.name}-${index}`, {
        containers: set.containers,
        meta: {
          labels: { ...set.templateLabels, 'controller-revision-hash': set.updateRevision },
          owners: ownedBy('StatefulSet', set.meta.name),
        },
        volumes: set.claimTemplates.map((template) => ({
          name: template,
          source: 'claim' as const,
          target: `${template}-${set.meta.name}-${index}`,
        })),
      }),
    );
}

export function custom(
  kind: string,
  group: string,
  name: string,
  more: { spec?: object; status?: object; meta?: Partial<ObjectMeta> } = {},
): LiveCustom {
  return {
    kind: 'Custom',
    group,
    version: 'v1',
    customKind: kind,
    meta: meta(name, { uid: `uid-${kind}-${name}`, ...more.meta }),
    spec: { ...more.spec },
    status: { ...more.status },
  };
}

export function service(name: string, selector: Readonly<Record<string, string>>): LiveService {
  return {
    kind: 'Service',
    meta: meta(name),
    type: 'ClusterIP',
    clusterIp: 'None',
    selector,
    ports: [{ name: 'client', port: 9092 }],
    publishesNotReady: true,
  };
}

export function claim(name: string): LiveClaim {
  return {
    kind: 'PersistentVolumeClaim',
    meta: meta(name),
    phase: 'Bound',
    volume: `pv-${name}`,
    storageClass: 'fast',
    size: '10Gi',
  };
}

export function namespace(more: Partial<NamespaceObjects> = {}): NamespaceObjects {
  return {
    namespace: 'prod',
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
