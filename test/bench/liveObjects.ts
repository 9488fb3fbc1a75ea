import type { JsonObject } from '#core/live/ports.ts';

/** A cluster of many brokers as a server sends it: StatefulSets with their pods, claims and services, spread over namespaces. */
export interface LiveScale {
  readonly workloads: number;
  readonly podsEach: number;
  readonly namespaces: number;
}

export const FULL_SCALE: LiveScale = { workloads: 1000, podsEach: 10, namespaces: 20 };

export function liveObjects({ workloads, podsEach, namespaces }: LiveScale): readonly JsonObject[] {
  const objects: JsonObject[] = [];
  for (let index = 0; index < workloads; index += 1) {
    const place = { namespace: `team-${index % namespaces}`, app: `kafka-${index}` };
    objects.push(statefulSet(place, podsEach), service(place));
    for (let ordinal = 0; ordinal < podsEach; ordinal += 1) {
      objects.push(brokerPod(place, ordinal), claim(place, ordinal));
    }
  }
  return objects;
}

interface Place {
  readonly namespace: string;
  readonly app: string;
}

/** @param restarts changes what the pod says of itself */
export function brokerPod({ namespace, app }: Place, ordinal: number, restarts = 0): JsonObject {
  const name = `${app}-${ordinal}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      uid: `${namespace}/${name}`,
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: { app, 'apps.kubernetes.io/pod-index': String(ordinal), 'controller-revision-hash': `${app}-7c9` },
      annotations: { 'checksum/config': 'a'.repeat(64) },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'StatefulSet', name: app, uid: `${namespace}/${app}`, controller: true },
      ],
    },
    spec: {
      ...podSpec,
      nodeName: `node-${ordinal}`,
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: `data-${name}` } }],
    },
    status: {
      phase: 'Running',
      podIP: '10.0.0.1',
      conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({ type, status: 'True' })),
      containerStatuses: [
        {
          name: 'kafka',
          ready: true,
          restartCount: restarts,
          state: { running: { startedAt: '2026-01-01T00:00:10Z' } },
        },
      ],
    },
  };
}

const podSpec = {
  serviceAccountName: 'kafka',
  terminationGracePeriodSeconds: 120,
  containers: [
    {
      name: 'kafka',
      image: 'apache/kafka:4.1.0',
      env: Array.from({ length: 12 }, (_, index) => ({ name: `KAFKA_SETTING_${index}`, value: `value ${index}` })),
      ports: [
        { name: 'client', containerPort: 9092 },
        { name: 'controller', containerPort: 9093 },
      ],
      volumeMounts: [{ name: 'data', mountPath: '/var/lib/kafka' }],
      readinessProbe: { tcpSocket: { port: 9092 } },
    },
  ],
};

function statefulSet({ namespace, app }: Place, replicas: number): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: app, namespace, uid: `${namespace}/${app}`, labels: { app } },
    spec: {
      replicas,
      serviceName: app,
      selector: { matchLabels: { app } },
      template: { metadata: { labels: { app } }, spec: podSpec },
      volumeClaimTemplates: [{ metadata: { name: 'data' } }],
    },
    status: { replicas, readyReplicas: replicas, updatedReplicas: replicas },
  };
}

function service({ namespace, app }: Place): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: app, namespace },
    spec: { clusterIP: 'None', selector: { app }, ports: [{ name: 'client', port: 9092 }] },
  };
}

function claim({ namespace, app }: Place, ordinal: number): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: `data-${app}-${ordinal}`, namespace, labels: { app } },
    spec: { volumeName: `pv-${app}-${ordinal}`, resources: { requests: { storage: '10Gi' } } },
    status: { phase: 'Bound', capacity: { storage: '10Gi' } },
  };
}
