import type { JsonObject } from '#core/live/ports.ts';

/** Objects of a cluster as its server sends them, with what the tests of live clusters look at. */

export interface Naming {
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

export function manifest(apiVersion: string, kind: string, name: string, naming: Naming = {}, rest = {}): JsonObject {
  return { apiVersion, kind, metadata: { name, ...naming }, ...rest };
}

export function podManifest(
  name: string,
  naming: Naming = {},
  details: { readonly image?: string; readonly isReady?: boolean; readonly phase?: string } = {},
): JsonObject {
  const { image = 'apache/kafka:4.1.0', isReady = true, phase = 'Running' } = details;
  return manifest('v1', 'Pod', name, naming, {
    spec: { nodeName: 'node-1', containers: [{ name: 'main', image, ports: [{ containerPort: 9092 }] }] },
    status: {
      phase,
      conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }],
      containerStatuses: [{ name: 'main', ready: isReady, restartCount: 0, state: { running: {} } }],
    },
  });
}

export interface WorkloadDetails {
  readonly image?: string;
  readonly container?: string;
  readonly replicas?: number;
  readonly ready?: number;
  readonly args?: readonly string[];
  readonly env?: readonly JsonObject[];
}

export function workloadManifest(
  kind: 'StatefulSet' | 'Deployment' | 'DaemonSet',
  name: string,
  naming: Naming = {},
  details: WorkloadDetails = {},
): JsonObject {
  const {
    image = 'apache/kafka:4.1.0',
    container = 'main',
    replicas = 1,
    ready = replicas,
    args = [],
    env = [],
  } = details;
  const labels = naming.labels ?? { app: name };
  const template = {
    metadata: { labels: { app: name, ...labels } },
    spec: { containers: [{ name: container, image, args, env }] },
  };
  const rest = {
    spec: { replicas, selector: { matchLabels: { app: name } }, template },
    status: { replicas, readyReplicas: ready, updatedReplicas: replicas },
  };
  return manifest('apps/v1', kind, name, { labels, ...naming }, rest);
}
