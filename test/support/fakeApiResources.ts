import { objectOf, objectsOf, textOf } from '#core/live/json.ts';
import type { ApiResource, JsonObject, ResourceKind } from '#core/live/ports.ts';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** A row of discovery. */
export function apiResource(
  group: string,
  version: string,
  kind: string,
  details: { readonly plural?: string; readonly namespaced?: boolean; readonly versions?: readonly string[] } = {},
): ApiResource {
  const plural = details.plural ?? `${kind.toLowerCase()}s`;
  const { namespaced = true, versions = [version] } = details;
  return { group, version, kind, plural, namespaced, verbs: VERBS, versions };
}

/** Kinds every API server has, as far as this product meets them. */
export const builtInResources: readonly ApiResource[] = [
  apiResource('', 'v1', 'Pod'),
  apiResource('', 'v1', 'Service'),
  apiResource('', 'v1', 'ConfigMap'),
  apiResource('', 'v1', 'Secret'),
  apiResource('', 'v1', 'Event'),
  apiResource('', 'v1', 'PersistentVolumeClaim'),
  apiResource('', 'v1', 'Node', { namespaced: false }),
  apiResource('', 'v1', 'Namespace', { namespaced: false }),
  apiResource('apps', 'v1', 'StatefulSet'),
  apiResource('apps', 'v1', 'Deployment'),
  apiResource('apps', 'v1', 'DaemonSet'),
  apiResource('apps', 'v1', 'ReplicaSet'),
  apiResource('batch', 'v1', 'Job'),
  apiResource('policy', 'v1', 'PodDisruptionBudget'),
  apiResource('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition', { namespaced: false }),
];

/** The row of discovery for what a definition defines, preferred version first. */
export function definedResource(definition: JsonObject): ApiResource {
  const spec = objectOf(definition['spec']);
  const names = objectOf(spec['names']);
  const served = objectsOf(spec['versions']).filter((row) => row['served'] !== false);
  const versions = served.map((row) => textOf(row['name']));
  return apiResource(textOf(spec['group']), versions[0] ?? 'v1', textOf(names['kind']), {
    plural: textOf(names['plural']),
    namespaced: spec['scope'] !== 'Cluster',
    versions,
  });
}

/** Whether two descriptions mean the same collection, whatever the version. */
export function isSameResource(a: Pick<ResourceKind, 'group' | 'plural'>, b: Pick<ResourceKind, 'group' | 'plural'>) {
  return a.group === b.group && a.plural === b.plural;
}
