import type { LiveCustom, LivePod } from '#core/live/objects.ts';
import { container, custom, ownedBy, pod } from './liveObjects.ts';

/** Objects as Strimzi 0.48 writes them, cut to what is read. */

const GROUP = 'kafka.strimzi.io';

export const ready = { type: 'Ready', status: 'True', lastTransitionTime: '2026-11-20T10:00:00.000000000Z' };

export const kafka = (
  name: string,
  status: object = { conditions: [ready] },
  spec: object = {},
  annotations = {},
): LiveCustom =>
  custom('Kafka', GROUP, name, {
    meta: { generation: 3, annotations },
    spec: { kafka: { version: '4.1.0', rack: { topologyKey: 'topology.kubernetes.io/zone' }, ...spec } },
    status: { observedGeneration: 3, kafkaVersion: '4.1.0', clusterId: 'c1d2', ...status },
  });

export const pool = (
  cluster: string,
  name: string,
  roles: readonly string[],
  nodeIds: readonly number[],
  replicas = nodeIds.length,
): LiveCustom =>
  custom('KafkaNodePool', GROUP, name, {
    meta: { labels: { 'strimzi.io/cluster': cluster } },
    spec: { replicas, roles, storage: { type: 'jbod' } },
    status: { observedGeneration: 1, nodeIds, roles, replicas, clusterId: 'c1d2' },
  });

export function poolPod(
  cluster: string,
  poolName: string,
  roles: readonly string[],
  id: number,
  more: Parameters<typeof pod>[1] = {},
): LivePod {
  const name = `${cluster}-${poolName}-${id}`;
  return pod(name, {
    containers: [
      container('quay.io/strimzi/kafka:0.48.0-kafka-4.1.0', {
        command: '/opt/kafka/kafka_run.sh',
        ports: [
          { name: 'tcp-ctrlplane', port: 9090 },
          { name: 'tcp-replication', port: 9091 },
          { name: 'tcp-tls', port: 9093 },
        ],
      }),
    ],
    ...more,
    meta: {
      labels: {
        'strimzi.io/cluster': cluster,
        'strimzi.io/name': `${cluster}-kafka`,
        'strimzi.io/kind': 'Kafka',
        'strimzi.io/component-type': 'kafka',
        'strimzi.io/pool-name': poolName,
        'strimzi.io/pod-name': name,
        'strimzi.io/controller': 'strimzipodset',
        'strimzi.io/broker-role': String(roles.includes('broker')),
        'strimzi.io/controller-role': String(roles.includes('controller')),
      },
      owners: ownedBy('StrimziPodSet', `${cluster}-${poolName}`),
      ...more.meta,
    },
  });
}

/** Three controllers and three brokers, numbered 0 to 5. */
export function shop(status?: object): { readonly customs: LiveCustom[]; readonly pods: LivePod[] } {
  const pods = [0, 1, 2].flatMap((id) => [
    poolPod('shop', 'brokers', ['broker'], id),
    poolPod('shop', 'controllers', ['controller'], id + 3),
  ]);
  const customs = [
    kafka('shop', status),
    pool('shop', 'brokers', ['broker'], [0, 1, 2]),
    pool('shop', 'controllers', ['controller'], [3, 4, 5]),
  ];
  return { customs, pods };
}
