import { decodeCustom } from '#core/live/decode/custom.ts';
import { decodeBudget, decodeClaim, decodeMetadata, decodeNode, decodeService } from '#core/live/decode/others.ts';
import { decodePod } from '#core/live/decode/pod.ts';
import { decodeDaemonSet, decodeDeployment, decodeStatefulSet } from '#core/live/decode/workload.ts';
import type { LiveObject } from '#core/live/objects.ts';
import type { ApiResource, JsonObject, WatchQuery } from '#core/live/ports.ts';
import type { SystemKind } from '#core/systems/contract.ts';

/** The lists that objects are kept in; those of NamespaceObjects, and definitions of kinds. */
export type Place =
  'pods' | 'workloads' | 'services' | 'claims' | 'budgets' | 'customs' | 'helmSecrets' | 'nodes' | 'definitions';

/** One kind of object that is watched: how it is asked for, read and kept. */
export interface WatchedResource {
  readonly query: Omit<WatchQuery, 'namespace'>;
  readonly place: Place;
  readonly decode: (object: JsonObject) => LiveObject | undefined;
}

const core = { group: '', version: 'v1', namespaced: true } as const;
const apps = { group: 'apps', version: 'v1', namespaced: true } as const;

/** Kinds that every API server since 1.21 serves. Of Secrets only those of Helm, and never their data. */
export const builtInWatches: readonly WatchedResource[] = [
  { query: { ...core, plural: 'pods' }, place: 'pods', decode: decodePod },
  { query: { ...apps, plural: 'statefulsets' }, place: 'workloads', decode: decodeStatefulSet },
  { query: { ...apps, plural: 'deployments' }, place: 'workloads', decode: decodeDeployment },
  { query: { ...apps, plural: 'daemonsets' }, place: 'workloads', decode: decodeDaemonSet },
  { query: { ...core, plural: 'services' }, place: 'services', decode: decodeService },
  { query: { ...core, plural: 'persistentvolumeclaims' }, place: 'claims', decode: decodeClaim },
  {
    query: { group: 'policy', version: 'v1', namespaced: true, plural: 'poddisruptionbudgets' },
    place: 'budgets',
    decode: decodeBudget,
  },
  { query: { ...core, namespaced: false, plural: 'nodes' }, place: 'nodes', decode: decodeNode },
  {
    query: { ...core, plural: 'secrets', labelSelector: 'owner=helm', metadataOnly: true },
    place: 'helmSecrets',
    decode: decodeMetadata('Secret'),
  },
  {
    query: {
      group: 'apiextensions.k8s.io',
      version: 'v1',
      namespaced: false,
      plural: 'customresourcedefinitions',
      metadataOnly: true,
    },
    place: 'definitions',
    decode: decodeMetadata('CustomResourceDefinition'),
  },
];

/** Not a kind of a system, but what runs the pods of a TrainJob. */
const JOB_SET = { group: 'jobset.x-k8s.io', kind: 'JobSet' };

/** The kinds of the systems that this server serves and lets clients watch. */
export function customWatches(
  served: readonly ApiResource[],
  kinds: readonly Pick<SystemKind, 'group' | 'kind'>[],
): readonly WatchedResource[] {
  const known = new Set([...kinds, JOB_SET].map(nameOf));
  return served
    .filter(
      (resource) => known.has(nameOf(resource)) && ['list', 'watch'].every((verb) => resource.verbs.includes(verb)),
    )
    .map((resource) => {
      const { group, version, plural, namespaced } = resource;
      return { query: { group, version, plural, namespaced }, place: 'customs', decode: decodeCustom(resource) };
    });
}

/** The same for one kind through all versions. */
export function resourceName({ group, plural }: Pick<WatchQuery, 'group' | 'plural'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}

function nameOf({ group, kind }: Pick<SystemKind, 'group' | 'kind'>): string {
  return `${group}/${kind}`;
}
