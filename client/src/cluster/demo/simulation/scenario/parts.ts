import type { World } from '../world.ts';

export function claim(name: string, storage: string): unknown {
  return { metadata: { name }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } } };
}

/** A headless service for the members, and a budget that lets one of them be away. */
export function addServices(
  world: World,
  namespace: string,
  name: string,
  labels: Readonly<Record<string, string>>,
  ports: readonly { readonly name: string; readonly port: number }[],
): void {
  world.add({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name, labels },
    spec: { clusterIP: 'None', publishNotReadyAddresses: true, selector: labels, ports },
  });
  world.add({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { namespace, name, labels },
    spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
  });
}
