import type { KafkaTopicPlan } from '../kafka/model.ts';
import { KafkaSimulation } from '../kafka/simulation.ts';
import { kindNamed } from '../kinds.ts';
import type { Simulation } from '../simulation.ts';
import type { World } from '../world.ts';
import { addServices, claim } from './parts.ts';

/**
 * Two Kafka clusters: `ledger`, which Strimzi runs and which is well, and `orders`, a StatefulSet whose second broker needs more memory
 * than it may have and is killed over and over. The topic `audit` wants as many replicas in sync as it has, so it does not survive that.
 */
export function addKafkaClusters(simulation: Simulation): void {
  addOrders(simulation);
  addLedger(simulation);
}

const ROLES = { isBroker: true, isController: true };
const ALLOWED_MEMORY = '1Gi';
const NEEDED_MEMORY = 1.4 * 1024 ** 3;

function addOrders({ world, members }: Simulation): void {
  const namespace = 'shop';
  const name = 'orders';
  members.kafka.set(
    `${namespace}/${name}`,
    new KafkaSimulation(
      {
        clusterId: 'Rk9yT3JkZXJzRGVtbzAwMQ',
        // What was missed while it was killed over and over is fetched within minutes, so that who mends it need not wait long.
        pace: { catchUpRate: 10_000_000 },
        version: '4.1.0',
        nodes: [0, 1, 2].map((id) => ({
          ...ROLES,
          id,
          rack: `zone-${'abc'.charAt(id)}`,
          pod: `${namespace}/${name}-${id}`,
        })),
        topics: [
          topic('orders', 12, [1, 2, 0], { 'min.insync.replicas': '2' }),
          topic('shipments', 6, [0, 1, 2], { 'min.insync.replicas': '2' }),
          {
            name: 'audit',
            assignment: [
              [1, 2],
              [2, 1],
              [1, 0],
              [2, 0],
            ],
            config: { 'min.insync.replicas': '2', 'retention.ms': '-1' },
          },
          { ...topic('__consumer_offsets', 6, [0, 1, 2], { 'cleanup.policy': 'compact' }), isInternal: true },
        ],
      },
      world.random,
    ),
  );
  members.memoryNeeds.set(`${namespace}/${name}-1`, NEEDED_MEMORY);
  const labels = { app: name };
  addServices(world, namespace, name, labels, [
    { name: 'client', port: 9092 },
    { name: 'controller', port: 9093 },
  ]);
  world.writes.create(
    { kind: kindNamed('StatefulSet'), namespace, manager: 'kubectl-client-side-apply', isDryRun: false },
    ordersSet(namespace, name, labels),
  );
}

function ordersSet(namespace: string, name: string, labels: Readonly<Record<string, string>>): unknown {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { namespace, name, labels },
    spec: {
      replicas: 3,
      serviceName: name,
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 120,
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'kubernetes.io/hostname',
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: { matchLabels: labels },
            },
          ],
          containers: [
            {
              name: 'kafka',
              image: 'apache/kafka:4.1.0',
              env: ordersVariables(name),
              ports: [
                { name: 'client', containerPort: 9092 },
                { name: 'controller', containerPort: 9093 },
              ],
              readinessProbe: { tcpSocket: { port: 9092 }, periodSeconds: 2 },
              resources: { requests: { cpu: '500m', memory: ALLOWED_MEMORY }, limits: { memory: ALLOWED_MEMORY } },
              volumeMounts: [{ name: 'data', mountPath: '/var/lib/kafka' }],
            },
          ],
        },
      },
      volumeClaimTemplates: [claim('data', '100Gi')],
    },
  };
}

/** Nothing that our own rules would find fault with: what is wrong with `orders` is its memory. */
function ordersVariables(name: string): readonly unknown[] {
  const fromField = (variable: string, fieldPath: string): unknown => ({
    name: variable,
    valueFrom: { fieldRef: { fieldPath } },
  });
  const voters = [0, 1, 2].map((id) => `${id}@${name}-${id}.${name}:9093`).join(',');
  return [
    fromField('POD_NAME', 'metadata.name'),
    fromField('KAFKA_NODE_ID', "metadata.labels['apps.kubernetes.io/pod-index']"),
    { name: 'KAFKA_PROCESS_ROLES', value: 'broker,controller' },
    { name: 'KAFKA_CONTROLLER_LISTENER_NAMES', value: 'CONTROLLER' },
    { name: 'KAFKA_CONTROLLER_QUORUM_VOTERS', value: voters },
    { name: 'KAFKA_LISTENERS', value: 'PLAINTEXT://:9092,CONTROLLER://:9093' },
    { name: 'KAFKA_ADVERTISED_LISTENERS', value: `PLAINTEXT://$(POD_NAME).${name}:9092` },
    { name: 'KAFKA_LISTENER_SECURITY_PROTOCOL_MAP', value: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT' },
    { name: 'KAFKA_LOG_DIRS', value: '/var/lib/kafka/data' },
    { name: 'KAFKA_DEFAULT_REPLICATION_FACTOR', value: '3' },
    { name: 'KAFKA_MIN_INSYNC_REPLICAS', value: '2' },
    { name: 'KAFKA_HEAP_OPTS', value: '-Xms768m -Xmx768m' },
  ];
}

function addLedger({ world, members }: Simulation): void {
  const namespace = 'payments';
  const name = 'ledger';
  const brokers = [0, 1, 2];
  members.kafka.set(
    `${namespace}/${name}`,
    new KafkaSimulation(
      {
        clusterId: 'TGVkZ2VyRGVtbzAwMDAwMQ',
        version: '4.1.0',
        nodes: [
          ...brokers.map((id) => ({
            id,
            isBroker: true,
            isController: false,
            rack: `zone-${'abc'.charAt(id)}`,
            pod: `${namespace}/${name}-brokers-${id}`,
          })),
          ...[3, 4, 5].map((id) => ({
            id,
            isBroker: false,
            isController: true,
            rack: '',
            pod: `${namespace}/${name}-controllers-${id}`,
          })),
        ],
        topics: [
          topic('payments', 12, brokers, { 'min.insync.replicas': '2' }),
          topic('refunds', 3, brokers, { 'min.insync.replicas': '2' }),
          { ...topic('__consumer_offsets', 6, brokers, {}), isInternal: true },
        ],
      },
      world.random,
    ),
  );
  addLedgerObjects(world, namespace, name);
}

function addLedgerObjects(world: World, namespace: string, name: string): void {
  const add = (
    kind: string,
    objectName: string,
    spec: unknown,
    labels: Readonly<Record<string, string>> = {},
  ): void => {
    const object = { apiVersion: 'kafka.strimzi.io/v1', kind, metadata: { namespace, name: objectName, labels }, spec };
    world.writes.create(
      { kind: kindNamed(kind), namespace, manager: 'kubectl-client-side-apply', isDryRun: false },
      object,
    );
  };
  const ofCluster = { 'strimzi.io/cluster': name };
  const pool = (roles: readonly string[], memory: string, size: string): unknown => ({
    replicas: 3,
    roles,
    storage: { type: 'jbod', volumes: [{ id: 0, type: 'persistent-claim', size, kraftMetadata: 'shared' }] },
    resources: { requests: { cpu: '500m', memory }, limits: { memory } },
  });
  add('Kafka', name, {
    kafka: {
      version: '4.1.0',
      metadataVersion: '4.1-IV1',
      listeners: [{ name: 'plain', port: 9092, type: 'internal', tls: false }],
      config: { 'min.insync.replicas': 2, 'default.replication.factor': 3 },
    },
    entityOperator: { topicOperator: {}, userOperator: {} },
  });
  add('KafkaNodePool', 'brokers', pool(['broker'], '4Gi', '500Gi'), ofCluster);
  add('KafkaNodePool', 'controllers', pool(['controller'], '2Gi', '20Gi'), ofCluster);
  for (const [objectName, partitions] of [
    ['payments', 12],
    ['refunds', 3],
  ] as const) {
    add('KafkaTopic', objectName, { partitions, replicas: 3, config: { 'min.insync.replicas': 2 } }, ofCluster);
  }
  addLedgerService(world, namespace, name, ofCluster);
}

function addLedgerService(
  world: World,
  namespace: string,
  name: string,
  ofCluster: Readonly<Record<string, string>>,
): void {
  world.add({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { namespace, name: `${name}-kafka`, labels: ofCluster },
    spec: { maxUnavailable: 1, selector: { matchLabels: { 'strimzi.io/name': `${name}-kafka` } } },
  });
  world.add({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name: `${name}-kafka-bootstrap`, labels: ofCluster },
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.96.14.2',
      selector: { 'strimzi.io/name': `${name}-kafka`, 'strimzi.io/broker-role': 'true' },
      ports: [{ name: 'tcp-clients', port: 9092 }],
    },
  });
}

function topic(
  name: string,
  partitions: number,
  brokers: readonly number[],
  config: Readonly<Record<string, string>>,
): KafkaTopicPlan {
  const assignment = Array.from({ length: partitions }, (_, index) =>
    brokers.map((_broker, place) => brokers[(index + place) % brokers.length] ?? 0),
  );
  return { name, assignment, config };
}
