import type { ObjectAddress, ResourceKind } from '#core/live/ports.ts';

export const nodes: ResourceKind = { group: '', version: 'v1', plural: 'nodes', namespaced: false };
export const pods: ResourceKind = { group: '', version: 'v1', plural: 'pods', namespaced: true };
export const claims: ResourceKind = { group: '', version: 'v1', plural: 'persistentvolumeclaims', namespaced: true };
export const volumes: ResourceKind = { group: '', version: 'v1', plural: 'persistentvolumes', namespaced: false };
export const budgets: ResourceKind = {
  group: 'policy',
  version: 'v1',
  plural: 'poddisruptionbudgets',
  namespaced: true,
};

export const nodeAddress = (name: string): ObjectAddress => ({ ...nodes, namespace: '', name });
