import type { LiveContainer, LivePod, LiveWorkload, NamespaceObjects, OwnerLink } from '#core/live/objects.ts';
import type { LiveMember } from '#core/live/model.ts';
import type { ContainerFacts, DocumentFacts } from '#core/systems/contract.ts';
import { ringLayouts, versionOfImage, type RingLayout } from '#core/systems/cassandra/live/layouts.ts';
import { cleanText } from '#core/systems/cassandra/live/reading.ts';
import { nodeContainers } from '#core/systems/cassandra/recognize.ts';

/** Nodes that one workload runs: a rack of an operator, or a whole ring. */
export interface NodeSet {
  /** Of the workload, seen or not. */
  readonly name: string;
  /** Undefined when it may not be read. */
  readonly workload: LiveWorkload | undefined;
  readonly pods: readonly LivePod[];
  /** Of the workload, its template and its pods. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly container: LiveContainer;
  readonly layout: RingLayout | undefined;
}

/** Every set of Cassandra nodes in a namespace, by name. */
export function findNodeSets(objects: NamespaceObjects): readonly NodeSet[] {
  const sets: NodeSet[] = [];
  const taken = new Set<string>();
  const byOwner = groupByOwner(objects.pods);
  for (const workload of objects.workloads) {
    const labels = { ...workload.templateLabels, ...workload.meta.labels };
    const container = chooseContainer(workload.kind, workload.meta.name, labels, workload.containers);
    if (!container) continue;
    const pods = podsOf(workload, byOwner, objects.pods);
    for (const pod of pods) taken.add(pod.meta.uid);
    const { annotations } = workload.meta;
    sets.push({ name: workload.meta.name, workload, pods, labels, annotations, container, layout: layoutFor(labels) });
  }
  return [...sets, ...setsOfPods(objects.pods.filter(({ meta }) => !taken.has(meta.uid)))].toSorted((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : 0,
  );
}

/** Pods whose StatefulSet may not be read, or that have none. */
function setsOfPods(pods: readonly LivePod[]): readonly NodeSet[] {
  const byOwner = new Map<string, NodeSet & { pods: LivePod[] }>();
  for (const pod of pods) {
    const owner = controllerOf(pod);
    const kind = owner?.kind === 'StatefulSet' ? 'StatefulSet' : owner?.kind === 'Job' ? 'Job' : 'Pod';
    const { labels, annotations } = pod.meta;
    const container = chooseContainer(kind, pod.meta.name, labels, pod.containers);
    if (!container || pod.phase === 'Succeeded') continue;
    const name = owner?.name ?? pod.meta.name;
    const known = byOwner.get(name);
    if (known) known.pods.push(pod);
    else {
      const set = { name, workload: undefined, pods: [pod], labels, annotations, container, layout: layoutFor(labels) };
      byOwner.set(name, set);
    }
  }
  return [...byOwner.values()];
}

const layoutFor = (labels: Readonly<Record<string, string>>): RingLayout | undefined =>
  ringLayouts.find(({ nameFrom }) => nameFrom(labels, '') !== undefined);

/** The container that runs a node; undefined when none does. */
function chooseContainer(
  kind: string,
  name: string,
  labels: Readonly<Record<string, string>>,
  containers: readonly LiveContainer[],
): LiveContainer | undefined {
  const facts: DocumentFacts = {
    group: kind === 'Pod' ? '' : 'apps',
    version: 'v1',
    kind,
    name,
    labels: new Map(Object.entries(labels)),
    containers: containers.map(factsOf),
    dataKeys: [],
  };
  const names = new Set(nodeContainers(facts).map((container) => container.name));
  const nodes = containers.filter((container) => names.has(container.name));
  const named = containers.find((container) => container.name === 'cassandra');
  // Operators may use images of any name; theirs is told by labels, which only their own StatefulSets carry.
  if (layoutFor(labels) && kind === 'StatefulSet') return named ?? nodes[0];
  return nodes.find((container) => container.name === 'cassandra') ?? nodes[0];
}

function factsOf({ name, image, command, variables, ports, mounts }: LiveContainer): ContainerFacts {
  return {
    name,
    image,
    command,
    variables: Object.keys(variables),
    ports: ports.map(({ port }) => port),
    mountPaths: mounts.map(({ path }) => path),
  };
}

const controllerOf = ({ meta }: LivePod): OwnerLink | undefined => meta.owners.find(({ isController }) => isController);

/** By the uid of their controller. */
function groupByOwner(pods: readonly LivePod[]): ReadonlyMap<string, readonly LivePod[]> {
  const groups = new Map<string, LivePod[]>();
  for (const pod of pods) {
    const uid = controllerOf(pod)?.uid ?? '';
    const known = groups.get(uid);
    if (known) known.push(pod);
    else groups.set(uid, [pod]);
  }
  return groups;
}

function podsOf(
  { kind, meta, selector }: LiveWorkload,
  byOwner: ReadonlyMap<string, readonly LivePod[]>,
  all: readonly LivePod[],
): readonly LivePod[] {
  if (kind !== 'Deployment') return byOwner.get(meta.uid) ?? [];
  // Between a Deployment and its pods stands a ReplicaSet, which is not read.
  const wanted = Object.entries(selector);
  return all.filter(
    (pod) =>
      wanted.length > 0 &&
      controllerOf(pod)?.kind === 'ReplicaSet' &&
      wanted.every(([key, value]) => pod.meta.labels[key] === value),
  );
}

/** The pods of a set, and the places of those that should be there and are not. */
export function membersOf(set: NodeSet): readonly LiveMember[] {
  const { workload, pods } = set;
  const names = new Set(pods.map(({ meta }) => meta.name));
  if (workload?.kind === 'StatefulSet') {
    const first = workload.firstOrdinal ?? 0;
    for (let ordinal = first; ordinal < first + workload.replicas; ordinal += 1) names.add(`${set.name}-${ordinal}`);
  }
  return [...names]
    .map((name): LiveMember => {
      const pod = pods.find(({ meta }) => meta.name === name);
      const container = pod?.containers.find((one) => one.name === set.container.name) ?? set.container;
      const rack = rackOf(set, pod);
      return {
        name,
        role: 'node',
        pod,
        index: ordinalOf(name, set),
        rack,
        group: cleanText((pod?.meta.labels ?? set.labels)[set.layout?.groupLabel ?? ''] ?? rack),
        container: set.container.name,
        version: versionOfImage(container.image),
      };
    })
    .toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0) || (a.name < b.name ? -1 : 1));
}

function ordinalOf(name: string, { name: set, workload, pods }: NodeSet): number | undefined {
  if (workload ? workload.kind !== 'StatefulSet' : !pods.some(isOfStatefulSet)) return undefined;
  const ordinal = name.startsWith(`${set}-`) ? name.slice(set.length + 1) : '';
  return /^\d+$/.test(ordinal) ? Number(ordinal) : undefined;
}

const isOfStatefulSet = ({ meta }: LivePod): boolean => meta.owners.some(({ kind }) => kind === 'StatefulSet');

/** From the operator's label, else from the variable of the image. vgkowski's operator writes the heap size into that one. */
function rackOf({ layout, labels, container }: NodeSet, pod: LivePod | undefined): string {
  const rack = layout && layout.rackLabel !== '' ? (pod?.meta.labels ?? labels)[layout.rackLabel] : undefined;
  const labelled = rack ?? (layout ? labels[layout.rackLabel] : undefined);
  if (labelled !== undefined) return cleanText(labelled);
  if (layout?.flavour === 'vgkowski') return '';
  return cleanText(container.variables['CASSANDRA_RACK'] ?? '');
}
