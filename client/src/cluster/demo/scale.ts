import type { Clock, Stoppable } from '#core/live/ports.ts';
import { kindNamed } from './simulation/kinds.ts';
import { shapedAs, timeText, type Container, type KubeObject, type Pod } from './simulation/objects.ts';
import { addBase } from './simulation/scenario/base.ts';
import type { World } from './simulation/world.ts';

/** A large cluster that nothing controls: for measuring what its size costs. */
export interface DemoScale {
  readonly pods: number;
  readonly statefulSets: number;
  readonly namespaces: number;
  /** Changes of pods; 0 for none. */
  readonly eventsPerSecond: number;
}

const CHURN_EVERY_MS = 100;

export function fillScale(world: World, scale: DemoScale): void {
  addBase(world);
  const members = Math.max(1, Math.round(scale.pods / scale.statefulSets));
  for (let index = 0; index < scale.namespaces; index++) {
    world.add({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespaceOf(index) },
      status: { phase: 'Active' },
    });
  }
  for (let index = 0; index < scale.statefulSets; index++) addSet(world, index, index % scale.namespaces, members);
}

/** Pods lose and regain their readiness, evenly over the second. */
export function churn(world: World, clock: Clock, { eventsPerSecond }: DemoScale): Stoppable {
  const pods = world.store.keys(kindNamed('Pod'));
  let timer: Stoppable | undefined;
  let due = 0;
  const step = (): void => {
    due += (eventsPerSecond * CHURN_EVERY_MS) / 1000;
    for (; due >= 1; due--) {
      const pod = world.store.byKey(kindNamed('Pod'), pods[world.random.below(pods.length)] ?? '');
      if (pod !== undefined) flipReadiness(world, shapedAs<Pod>(pod));
    }
    timer = clock.after(CHURN_EVERY_MS, step);
  };
  if (eventsPerSecond > 0) step();
  return { stop: () => timer?.stop() };
}

export function flipReadiness(world: World, pod: Pod): KubeObject {
  const { conditions, containerStatuses } = pod.status;
  const isReady = conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  const status = isReady ? 'False' : 'True';
  const changed = conditions.map((condition) =>
    condition.type === 'Ready' ? { ...condition, status, lastTransitionTime: timeText(world.now()) } : condition,
  );
  const states = containerStatuses.map((state) => ({ ...state, ready: !isReady }));
  return world.setStatus(pod, { ...pod.status, conditions: changed, containerStatuses: states });
}

function namespaceOf(index: number): string {
  return `team-${index}`;
}

/** Kafka and Cassandra by turns, as large as such objects are in practice. */
function addSet(world: World, index: number, namespaceIndex: number, members: number): void {
  const isKafka = index % 2 === 0;
  const name = `${isKafka ? 'kafka' : 'cassandra'}-${index}`;
  const namespace = namespaceOf(namespaceIndex);
  const labels = { app: name };
  const container = isKafka ? kafkaContainer : cassandraContainer;
  const template = {
    metadata: { labels },
    spec: { containers: [container], terminationGracePeriodSeconds: 120, restartPolicy: 'Always' },
  };
  const set = world.add({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { namespace, name, labels },
    spec: {
      replicas: members,
      serviceName: name,
      selector: { matchLabels: labels },
      template,
      updateStrategy: { type: 'RollingUpdate' },
      podManagementPolicy: 'Parallel',
    },
    status: {
      replicas: members,
      readyReplicas: members,
      updatedReplicas: members,
      currentRevision: `${name}-1`,
      updateRevision: `${name}-1`,
      observedGeneration: 1,
    },
  });
  world.add({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name, labels },
    spec: { clusterIP: 'None', selector: labels, ports: [{ name: 'client', port: 9092 }] },
  });
  for (let ordinal = 0; ordinal < members; ordinal++) addMember(world, set, container, ordinal);
}

function addMember(world: World, set: KubeObject, container: Container, ordinal: number): void {
  const { namespace = '', name, uid, labels = {} } = set.metadata;
  const at = timeText(world.now());
  world.add({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace,
      name: `${name}-${ordinal}`,
      labels: { ...labels, 'apps.kubernetes.io/pod-index': String(ordinal), 'controller-revision-hash': `${name}-1` },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name, uid, controller: true }],
    },
    spec: {
      containers: [container],
      nodeName: `demo-node-${(ordinal % 6) + 1}`,
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 120,
    },
    status: {
      phase: 'Running',
      podIP: `10.41.${ordinal}.${(name.length * 7) % 250}`,
      startTime: at,
      conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({
        type,
        status: 'True',
        lastTransitionTime: at,
      })),
      containerStatuses: [
        {
          name: container.name,
          image: container.image,
          imageID: '',
          ready: true,
          started: true,
          restartCount: 0,
          state: { running: { startedAt: at } },
          lastState: {},
        },
      ],
    },
  });
}

const kafkaContainer: Container = {
  name: 'kafka',
  image: 'apache/kafka:4.1.0',
  env: [
    { name: 'KAFKA_PROCESS_ROLES', value: 'broker,controller' },
    { name: 'KAFKA_LISTENERS', value: 'PLAINTEXT://:9092,CONTROLLER://:9093' },
  ],
  ports: [{ name: 'client', containerPort: 9092 }],
  readinessProbe: { tcpSocket: { port: 9092 } },
  resources: { limits: { memory: '4Gi' } },
};

const cassandraContainer: Container = {
  name: 'cassandra',
  image: 'cassandra:5.0.5',
  env: [{ name: 'CASSANDRA_SEEDS', value: 'seed' }],
  ports: [{ name: 'cql', containerPort: 9042 }],
  readinessProbe: { tcpSocket: { port: 9042 } },
  resources: { limits: { memory: '8Gi' } },
};
