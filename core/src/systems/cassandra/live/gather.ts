import type { DataCluster } from '#core/live/model.ts';
import type { LiveCustom, NamespaceObjects, OwnerLink } from '#core/live/objects.ts';
import {
  budgetsOf,
  claimsOf,
  commonVersion,
  customsOf,
  namedByPods,
  servicesOf,
} from '#core/systems/cassandra/live/attached.ts';
import { layoutOf, ringLayouts, successorOf, type RingLayout } from '#core/systems/cassandra/live/layouts.ts';
import { findNodeSets, membersOf, type NodeSet } from '#core/systems/cassandra/live/nodeSets.ts';
import { cleanText } from '#core/systems/cassandra/live/reading.ts';

/**
 * The rings of a namespace. With an operator the unit is its resource (of cass-operator: one datacenter; the StatefulSets are its
 * racks). Without one it is a StatefulSet, or several that were given the same cluster name and the same seeds.
 */
export function gatherRings(objects: NamespaceObjects): readonly DataCluster[] {
  const drafts = new Map<string, RingDraft>();
  for (const resource of objects.customs) {
    const layout = layoutOf(resource);
    if (layout) drafts.set(resource.meta.uid, { name: resource.meta.name, layout, resource, sets: [] });
  }
  const resources = objects.customs.filter((custom) => layoutOf(custom) !== undefined);
  for (const set of findNodeSets(objects)) placeSet(set, objects.namespace, resources, drafts);
  for (const umbrella of umbrellasWithout(drafts, objects)) drafts.set(umbrella.meta.uid, umbrellaDraft(umbrella));
  const rings = [...drafts.values()].map((draft) => toCluster(draft, objects));
  return withOwnKeys(rings.toSorted(byName));
}

interface RingDraft {
  readonly name: string;
  readonly layout: RingLayout | undefined;
  readonly resource: LiveCustom | undefined;
  readonly sets: NodeSet[];
}

function placeSet(
  set: NodeSet,
  namespace: string,
  resources: readonly LiveCustom[],
  drafts: Map<string, RingDraft>,
): void {
  const resource = resourceOf(set, resources);
  const layout = resource ? layoutOf(resource) : set.layout;
  const name = resource?.meta.name ?? layout?.nameFrom(set.labels, namespace) ?? set.name;
  const key = resource?.meta.uid ?? (layout ? `${layout.flavour} ${name}` : ringNameOf(set));
  const known = drafts.get(key);
  if (known) known.sets.push(set);
  else drafts.set(key, { name, layout, resource, sets: [set] });
}

/** The operator's resource, by ownership or else by labels: links of owners are lost when a StatefulSet is restored. */
function resourceOf(
  { workload, pods, labels, layout }: NodeSet,
  resources: readonly LiveCustom[],
): LiveCustom | undefined {
  const owners = [...(workload?.meta.owners ?? []), ...pods.flatMap(({ meta }) => meta.owners)];
  return (
    resources.find(({ meta }) => owners.some(({ uid }) => uid === meta.uid)) ??
    resources.find((custom) => layout !== undefined && layoutOf(custom) === layout && layout.isOf(custom, labels))
  );
}

/** Sets that were told the same cluster name and the same seeds are racks of one ring. */
function ringNameOf({ name, container }: NodeSet): string {
  const { CASSANDRA_CLUSTER_NAME: cluster, CASSANDRA_SEEDS: seeds } = container.variables;
  return cluster && seeds ? `ring ${JSON.stringify([cluster, seeds])}` : `set ${name}`;
}

/** Resources above the rings: shown by themselves only while no ring of theirs is in sight. */
function umbrellasWithout(
  drafts: ReadonlyMap<string, RingDraft>,
  { customs }: NamespaceObjects,
): readonly LiveCustom[] {
  const above = new Set([...drafts.values()].map(({ resource }) => umbrellaNameOf(resource)));
  return customs.filter(
    ({ group, customKind, meta }) =>
      (group === 'k8ssandra.io' && customKind === 'K8ssandraCluster' && !above.has(meta.name)) ||
      (group === 'db.orange.com' &&
        customKind === 'MultiCasskop' &&
        ![...drafts.values()].some(({ resource }) => resource?.meta.owners.some(({ uid }) => uid === meta.uid))),
  );
}

const umbrellaDraft = (resource: LiveCustom): RingDraft => ({
  name: resource.meta.name,
  layout: undefined,
  resource,
  sets: [],
});

const umbrellaNameOf = (resource: LiveCustom | undefined): string =>
  resource?.meta.labels['k8ssandra.io/cluster-name'] ?? '';

function toCluster({ name, layout, resource, sets }: RingDraft, objects: NamespaceObjects): DataCluster {
  const members = sets.flatMap(membersOf);
  const workloads = sets.flatMap(({ workload }) => (workload ? [workload] : []));
  const successor = resource && successorOf(resource);
  return {
    key: `cassandra/${objects.namespace}/${name}`,
    system: 'cassandra',
    flavour: layout?.flavour ?? flavourOf(resource),
    namespace: objects.namespace,
    name,
    resource,
    owner: ownerOf(resource, sets, objects),
    members,
    wanted: resource && layout ? layout.wanted(resource) : wantedBySets(sets),
    version: (resource && layout?.version(resource)) || commonVersion(members),
    workloads,
    services: servicesOf(objects, sets),
    claims: claimsOf(objects, sets),
    budgets: budgetsOf(objects, sets),
    customs: customsOf(objects, resource, umbrellaNameOf(resource)),
    configMaps: namedByPods(sets, 'configMap'),
    secrets: namedByPods(sets, 'secret'),
    ...(objects.hidden.size === 0 ? {} : { hidden: [...objects.hidden].toSorted() }),
    ...(successor === undefined ? {} : { successor }),
  };
}

function flavourOf(resource: LiveCustom | undefined): string {
  if (resource?.customKind === 'K8ssandraCluster') return 'k8ssandra-operator';
  return resource?.customKind === 'MultiCasskop' ? 'casskop' : 'kubernetes';
}

/** Undefined while a workload may not be read: then nothing says how many there should be. */
function wantedBySets(sets: readonly NodeSet[]): number | undefined {
  let wanted = 0;
  for (const { workload, pods } of sets) {
    const isLone = workload === undefined && pods.every(({ meta }) => meta.owners.length === 0);
    if (workload === undefined && !isLone) return undefined;
    wanted += workload?.replicas ?? pods.length;
  }
  return sets.length === 0 ? undefined : wanted;
}

/** What stands above: a K8ssandraCluster by its label, another controller, or a release of Helm. */
function ownerOf(
  resource: LiveCustom | undefined,
  sets: readonly NodeSet[],
  { customs }: NamespaceObjects,
): DataCluster['owner'] {
  const umbrella = umbrellaNameOf(resource);
  if (umbrella !== '') {
    const found = customs.find(({ customKind, meta }) => customKind === 'K8ssandraCluster' && meta.name === umbrella);
    return linkTo(umbrella, found);
  }
  const metas = resource ? [resource.meta] : sets.flatMap(({ workload }) => (workload ? [workload.meta] : []));
  const controller = metas.flatMap(({ owners }) => owners).find(({ isController }) => isController);
  if (controller) return controller;
  const annotations = [
    ...metas.map((meta) => meta.annotations),
    ...(resource ? [] : sets.map((set) => set.annotations)),
  ];
  const release = annotations.map((one) => one['meta.helm.sh/release-name']).find((one) => one !== undefined);
  return release === undefined ? undefined : { helmRelease: cleanText(release) };
}

/** It may live in another namespace, or in another cluster. */
const linkTo = (name: string, found: LiveCustom | undefined): OwnerLink => ({
  apiVersion: `k8ssandra.io/${found?.version ?? 'v1alpha1'}`,
  kind: 'K8ssandraCluster',
  name,
  uid: found?.meta.uid ?? '',
  isController: false,
});

/** Rings of one name get keys of their own: a StatefulSet may be called like a resource of an operator. */
function withOwnKeys(rings: readonly DataCluster[]): readonly DataCluster[] {
  const taken = new Set<string>();
  return rings.map((ring) => {
    const key = taken.has(ring.key) ? `${ring.key} (${ring.flavour})` : ring.key;
    taken.add(key);
    return key === ring.key ? ring : { ...ring, key };
  });
}

/** Within one name in the order of the table, with what has no operator last. */
function byName(a: DataCluster, b: DataCluster): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return rank(a) - rank(b);
}

function rank({ flavour }: DataCluster): number {
  const index = ringLayouts.findIndex((layout) => layout.flavour === flavour);
  return index === -1 ? ringLayouts.length : index;
}
