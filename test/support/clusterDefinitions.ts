import type { ClusterSchemas } from '#core/protocol.ts';

export const CLUSTER_VERSION = '1.32';

/** The definition of a kind of nobody, whose `spec.size` has the given type. */
export function definitionOf(type: 'integer' | 'string'): Readonly<Record<string, unknown>> {
  const size = { type };
  const openAPIV3Schema = { type: 'object', properties: { spec: { type: 'object', properties: { size } } } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'gauges.example.org' },
    spec: {
      group: 'example.org',
      names: { kind: 'Gauge', plural: 'gauges', singular: 'gauge' },
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}

/** What a client tells of a cluster that serves that kind. */
export function clusterWith(type: 'integer' | 'string'): ClusterSchemas {
  const json = JSON.stringify(definitionOf(type));
  return {
    context: 'prod-eu',
    kubernetesVersion: CLUSTER_VERSION,
    definitions: [{ name: 'gauges.example.org', json }],
  };
}
