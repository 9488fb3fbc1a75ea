import { KafkaSimulation } from '../kafka/simulation.ts';
import { kindNamed } from '../kinds.ts';
import type { Simulation } from '../simulation.ts';
import { addServices, claim } from './parts.ts';

const NAMESPACE = 'analytics';
const NAME = 'clickstream';
const BROKERS = `${NAME}-brokers`;
const CONTROLLERS = `${NAME}-controllers`;
const FIRST_CONTROLLER = 100;
const VOLUME_GIB = 16;
const MEGABYTE = 1_000_000;

/**
 * A Kafka cluster that is well, to practise on: brokers and controllers in a StatefulSet each. Its fourth broker came later and got
 * little, so that the first has the most of everything and a rebalance has something to do.
 */
export function addClickstream(simulation: Simulation): void {
  const { world, members } = simulation;
  const brokers = [0, 1, 2, 3].map((id) => ({
    id,
    isBroker: true,
    isController: false,
    rack: '',
    pod: `${NAMESPACE}/${BROKERS}-${id}`,
  }));
  const controllers = [0, 1, 2].map((ordinal) => ({
    id: FIRST_CONTROLLER + ordinal,
    isBroker: false,
    isController: true,
    rack: '',
    pod: `${NAMESPACE}/${CONTROLLERS}-${ordinal}`,
  }));
  const volumeBytes = VOLUME_GIB * 1024 ** 3;
  members.kafka.set(
    `${NAMESPACE}/${NAME}`,
    new KafkaSimulation(
      {
        clusterId: 'Q2xpY2tzdHJlYW1EZW1vMQ',
        version: '4.3.1',
        nodes: [...brokers, ...controllers],
        topics,
        volumeBytes,
      },
      world.random,
    ),
  );
  for (const { name, role, replicas } of SETS) {
    const labels = { app: NAME, role };
    const ports = portsOf(role).map(({ name: port, containerPort }) => ({ name: port, port: containerPort }));
    addServices(world, NAMESPACE, name, labels, ports);
    world.writes.create(
      { kind: kindNamed('StatefulSet'), namespace: NAMESPACE, manager: 'kubectl-client-side-apply', isDryRun: false },
      statefulSet(name, role, replicas),
    );
  }
}

const SETS = [
  { name: CONTROLLERS, role: 'controller', replicas: 3 },
  { name: BROKERS, role: 'broker', replicas: 4 },
] as const;

type Role = (typeof SETS)[number]['role'];

/** By turns; the first broker is in all of them, and the last in one of four. */
const PLACES = [
  [0, 1, 2],
  [1, 0, 2],
  [0, 2, 1],
  [3, 0, 1],
];

const assignment = (partitions: number, factor: number): readonly (readonly number[])[] =>
  Array.from({ length: partitions }, (_, index) => (PLACES[index % PLACES.length] ?? []).slice(0, factor));

const topics = [
  {
    name: 'page-views',
    assignment: assignment(12, 3),
    config: { 'min.insync.replicas': '2' },
    partitionBytes: 400 * MEGABYTE,
  },
  {
    name: 'clicks',
    assignment: assignment(6, 3),
    config: { 'min.insync.replicas': '2' },
    partitionBytes: 250 * MEGABYTE,
  },
  {
    name: 'sessions',
    assignment: assignment(6, 2),
    config: { 'min.insync.replicas': '1', 'retention.ms': '86400000' },
    partitionBytes: 900 * MEGABYTE,
  },
  { name: 'experiments', assignment: assignment(4, 3), config: { 'cleanup.policy': 'compact' } },
  {
    name: '__consumer_offsets',
    assignment: assignment(8, 3),
    config: { 'cleanup.policy': 'compact' },
    isInternal: true,
  },
];

const portsOf = (role: Role): readonly { readonly name: string; readonly containerPort: number }[] =>
  role === 'broker' ? [{ name: 'client', containerPort: 9092 }] : [{ name: 'controller', containerPort: 9093 }];

function statefulSet(name: string, role: Role, replicas: number): unknown {
  const isBroker = role === 'broker';
  const labels = { app: NAME, role };
  const memory = isBroker ? '4Gi' : '2Gi';
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { namespace: NAMESPACE, name, labels },
    spec: {
      replicas,
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
              image: 'apache/kafka:4.3.1',
              ...(isBroker ? {} : { command: ['sh', '-c', CONTROLLER_START] }),
              env: isBroker ? brokerVariables : controllerVariables,
              ports: portsOf(role),
              readinessProbe: { tcpSocket: { port: isBroker ? 9092 : 9093 }, periodSeconds: 2 },
              resources: { requests: { cpu: '500m', memory }, limits: { memory } },
              volumeMounts: [{ name: 'data', mountPath: '/var/lib/kafka' }],
            },
          ],
        },
      },
      volumeClaimTemplates: [claim('data', isBroker ? `${VOLUME_GIB}Gi` : '4Gi')],
    },
  };
}

/** Brokers and controllers share one space of numbers. */
const CONTROLLER_START = `export KAFKA_NODE_ID="$((${FIRST_CONTROLLER} + \${HOSTNAME##*-}))"\nexec /etc/kafka/docker/run\n`;

const VOTERS = [0, 1, 2]
  .map((ordinal) => `${FIRST_CONTROLLER + ordinal}@${CONTROLLERS}-${ordinal}.${CONTROLLERS}:9093`)
  .join(',');

const fromField = (name: string, fieldPath: string): unknown => ({ name, valueFrom: { fieldRef: { fieldPath } } });

const sharedVariables = [
  { name: 'CLUSTER_ID', value: 'Q2xpY2tzdHJlYW1EZW1vMQ' },
  { name: 'KAFKA_CONTROLLER_LISTENER_NAMES', value: 'CONTROLLER' },
  { name: 'KAFKA_CONTROLLER_QUORUM_VOTERS', value: VOTERS },
  { name: 'KAFKA_LISTENER_SECURITY_PROTOCOL_MAP', value: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT' },
  { name: 'KAFKA_LOG_DIRS', value: '/var/lib/kafka/data' },
];

const brokerVariables = [
  fromField('POD_NAME', 'metadata.name'),
  fromField('KAFKA_NODE_ID', "metadata.labels['apps.kubernetes.io/pod-index']"),
  ...sharedVariables,
  { name: 'KAFKA_PROCESS_ROLES', value: 'broker' },
  { name: 'KAFKA_LISTENERS', value: 'PLAINTEXT://:9092' },
  { name: 'KAFKA_ADVERTISED_LISTENERS', value: `PLAINTEXT://$(POD_NAME).${BROKERS}:9092` },
  { name: 'KAFKA_DEFAULT_REPLICATION_FACTOR', value: '3' },
  { name: 'KAFKA_MIN_INSYNC_REPLICAS', value: '2' },
  { name: 'KAFKA_HEAP_OPTS', value: '-Xms2g -Xmx2g' },
];

const controllerVariables = [
  ...sharedVariables,
  { name: 'KAFKA_PROCESS_ROLES', value: 'controller' },
  { name: 'KAFKA_LISTENERS', value: 'CONTROLLER://:9093' },
  { name: 'KAFKA_HEAP_OPTS', value: '-Xms1g -Xmx1g' },
];
