import type { DataCluster } from '#core/live/model.ts';
import { rowIds } from '#core/live/tree/ids.ts';
import type { TreeContext } from '#core/live/tree/input.ts';
import type { JudgedCluster } from '#core/live/view.ts';

/** An object as a manifest names it. */
export interface WantedObject {
  readonly group: string;
  readonly kind: string;
  /** Undefined when the manifest does not say. */
  readonly namespace: string | undefined;
  readonly name: string;
}

/** A place in the tree, whether it is drawn or not. */
export interface RowPlace {
  readonly context: string;
  readonly namespace: string;
  /** Ids from the first row to the one that is meant. */
  readonly path: readonly string[];
}

/** Where an object stands in the contexts that are watched; one place in each namespace that has it. */
export function findObject(contexts: readonly TreeContext[], wanted: WantedObject): readonly RowPlace[] {
  return contexts.flatMap(({ summary, view }) =>
    (view?.clusters ?? [])
      .filter(({ cluster }) => wanted.namespace === undefined || cluster.namespace === wanted.namespace)
      .flatMap((judged) => {
        const below = pathBelow(summary.name, judged, wanted);
        return below ? [placeOf(summary.name, judged.cluster, below)] : [];
      }),
  );
}

export function placeOfCluster(context: string, cluster: DataCluster): RowPlace {
  return placeOf(context, cluster, []);
}

function placeOf(context: string, { key, namespace }: DataCluster, below: readonly string[]): RowPlace {
  const path = [rowIds.context(context), rowIds.namespace(context, namespace), rowIds.cluster(context, key), ...below];
  return { context, namespace, path };
}

/** The ids below the row of the data cluster; empty when it is that row; undefined when the object is none of its. */
function pathBelow(
  context: string,
  { cluster, members }: JudgedCluster,
  wanted: WantedObject,
): readonly string[] | undefined {
  const { resource, workloads, key } = cluster;
  if (resource && resource.group === wanted.group && resource.customKind === wanted.kind) {
    if (resource.meta.name === wanted.name) return [];
  }
  const named = (group: string, kind: string): boolean => wanted.group === group && wanted.kind === kind;
  const isWorkload = (kind: string, name: string): boolean => named('apps', kind) && name === wanted.name;
  if (workloads.length === 1 && !resource && workloads.some(({ kind, meta }) => isWorkload(kind, meta.name))) return [];
  if (named('', 'Pod') && members.some(({ member }) => member.name === wanted.name)) {
    return [rowIds.member(context, key, wanted.name)];
  }
  const group = groupOf(cluster, wanted);
  if (group === undefined) return undefined;
  const id = rowIds.group(rowIds.cluster(context, key), group);
  return [id, rowIds.object(id, wanted.kind, wanted.name)];
}

/** The group of the data cluster that has the object. */
function groupOf(cluster: DataCluster, { group, kind, name }: WantedObject): string | undefined {
  const { workloads, services, claims, budgets, customs, configMaps, secrets } = cluster;
  const has = (objects: readonly { readonly meta: { readonly name: string } }[]): boolean =>
    objects.some(({ meta }) => meta.name === name);
  const apps = workloads.filter((workload) => workload.kind === kind);
  if (group === 'apps') return has(apps) ? 'workloads' : undefined;
  if (group === 'policy') return kind === 'PodDisruptionBudget' && has(budgets) ? 'budgets' : undefined;
  if (group !== '') {
    const same = customs.filter((custom) => custom.group === group && custom.customKind === kind);
    return has(same) ? `${kind}.${group}` : undefined;
  }
  if (kind === 'Service') return has(services) ? 'services' : undefined;
  if (kind === 'PersistentVolumeClaim') return has(claims) ? 'storage' : undefined;
  if (kind === 'ConfigMap') return configMaps.includes(name) ? 'configuration' : undefined;
  return kind === 'Secret' && secrets.includes(name) ? 'configuration' : undefined;
}
