import type { DataCluster, Health, LiveMember } from '#core/live/model.ts';
import type { ContainerState, LiveEvent, LivePod } from '#core/live/objects.ts';
import type { JudgedCluster } from '#core/live/view.ts';
import type { CassandraInside } from '#core/systems/cassandra/live/inside.ts';
import type { KafkaInside } from '#core/systems/kafka/live/insideFacts.ts';
import type { DetailInput } from '#core/live/detail/render.ts';

export const NOW = 1_770_000_000_000;
const MINUTE = 60_000;

const meta = (name: string): LivePod['meta'] => ({
  uid: `uid-${name}`,
  namespace: 'shop',
  name,
  resourceVersion: '1',
  generation: undefined,
  createdAt: NOW - 90 * MINUTE,
  deletedAt: undefined,
  labels: {},
  annotations: {},
  owners: [],
});

function stateWith(change: Partial<ContainerState> = {}): ContainerState {
  return {
    name: 'main',
    isInit: false,
    isReady: true,
    restarts: 0,
    state: 'running',
    waitingReason: '',
    waitingMessage: '',
    runningSince: NOW - 80 * MINUTE,
    ended: undefined,
    lastEnd: undefined,
    ...change,
  };
}

export function memberWith(
  name: string,
  change: Partial<LiveMember> = {},
  state: Partial<ContainerState> = {},
): LiveMember {
  const pod: LivePod = {
    kind: 'Pod',
    meta: meta(name),
    phase: 'Running',
    reason: '',
    message: '',
    node: 'node-1',
    ip: '10.0.0.1',
    isReady: true,
    conditions: [],
    containers: [],
    states: [stateWith(state)],
    volumes: [],
    references: [],
    serviceAccount: '',
    graceSeconds: 30,
  };
  return { name, role: 'broker', pod, index: 0, rack: '', group: '', container: 'main', version: '', ...change };
}

const healthy: Health = { level: 'healthy', sentence: 'runs', evidence: [] };

export function judgedWith(
  members: readonly LiveMember[],
  change: Partial<DataCluster> = {},
  more: Partial<JudgedCluster> = {},
): JudgedCluster {
  const cluster: DataCluster = {
    key: 'kafka/shop/orders',
    system: 'kafka',
    flavour: 'kubernetes',
    namespace: 'shop',
    name: 'orders',
    resource: undefined,
    owner: undefined,
    members,
    wanted: members.length,
    version: '4.1.0',
    workloads: [],
    services: [],
    claims: [],
    budgets: [],
    customs: [],
    configMaps: [],
    secrets: [],
    ...change,
  };
  return {
    cluster,
    health: healthy,
    members: members.map((member) => ({ member, health: healthy })),
    inside: undefined,
    ...more,
  };
}

export function eventWith(change: Partial<LiveEvent> = {}): LiveEvent {
  return {
    kind: 'Event',
    meta: meta('event'),
    type: 'Normal',
    reason: 'Started',
    message: 'Started container main',
    count: 1,
    at: NOW - 5 * MINUTE,
    about: { kind: 'Pod', name: 'orders-0', uid: 'uid-orders-0' },
    ...change,
  };
}

export function inputWith(judged: JudgedCluster, change: Partial<DetailInput> = {}): DetailInput {
  return { judged, context: 'production', isDemo: false, events: [], interruption: '', now: NOW, ...change };
}

/** As Kafka tells them: that they are of its type is what keeps the pictures in step with it. */
export const kafkaFacts: KafkaInside = {
  via: 'protocol',
  clusterId: 'abc',
  principal: 'ANONYMOUS',
  reassignments: undefined,
  unseenTopics: [],
  brokers: [
    {
      id: 0,
      pod: 'orders-0',
      host: '',
      rack: 'a',
      isFenced: false,
      leaders: 6,
      replicas: 6,
      outOfSync: { count: 0, names: [] },
      logDirs: [],
    },
    {
      id: 1,
      pod: 'orders-1',
      host: '',
      rack: 'b',
      isFenced: true,
      leaders: 0,
      replicas: 6,
      outOfSync: { count: 2, names: ['audit-0', 'audit-1'] },
      logDirs: [{ path: '/data', error: '', replicaBytes: 10, totalBytes: 4 * 1024 ** 3, usableBytes: 1024 ** 3 }],
    },
  ],
  quorum: {
    leaderId: 0,
    leaderEpoch: 3,
    voters: [
      { id: 0, lag: 0, behindMs: 0 },
      { id: 1, lag: 812, behindMs: 9000 },
    ],
    observers: [],
  },
  partitions: {
    total: 6,
    offline: { count: 0, names: [] },
    underMinIsr: { count: 1, names: ['audit-0'] },
    atMinIsr: { count: 0, names: [] },
    underReplicated: { count: 2, names: ['audit-0', 'audit-1'] },
    preferredShare: 0.5,
  },
  topics: [
    {
      name: 'orders',
      isInternal: false,
      partitions: 4,
      replicationFactor: 2,
      minIsr: 1,
      underReplicated: 0,
      underMinIsr: 0,
      offline: 0,
    },
    {
      name: 'audit',
      isInternal: false,
      partitions: 2,
      replicationFactor: 2,
      minIsr: undefined,
      underReplicated: 2,
      underMinIsr: 1,
      offline: 0,
    },
  ],
};

/** As Cassandra tells them. */
export const ringFacts: CassandraInside = {
  system: 'cassandra',
  answers: [],
  keyspaces: [],
  ownershipOf: '',
  since: {},
  ring: {
    schemaUnknown: [],
    observers: ['catalog-0', 'catalog-2'],
    schemas: [{ version: 'x', addresses: [] }],
    hints: [{ holder: 'catalog-0', hostId: 'host-1', files: 51, oldestAt: NOW }],
    nodes: [0, 1, 2].map((index) => ({
      hostId: `host-${index}`,
      member: `catalog-${index}`,
      memberKnownBy: undefined,
      isElsewhere: false,
      callsItselfUp: true,
      isServingClients: index !== 1,
      streams: [],
      pendingCompactions: 0,
      datacenter: 'dc1',
      rack: index === 2 ? 'r2' : 'r1',
      addresses: [`10.0.0.${index}`],
      verdict: index === 1 ? 'drained' : 'up',
      peers: [
        { observer: 'catalog-0', liveness: index === 1 ? 'down' : 'up', state: undefined },
        { observer: 'catalog-2', liveness: index === 1 ? 'absent' : 'up', state: undefined },
      ],
      mode: index === 1 ? 'DRAINED' : 'NORMAL',
      loadBytes: 12 * 1024 ** 3,
      owns: index === 2 ? 50 : 25,
      tokens: 16,
    })),
  },
};
