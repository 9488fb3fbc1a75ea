import type { DataCluster, LiveMember } from '#core/live/model.ts';
import type {
  LiveClaim,
  LiveContainer,
  LiveCustom,
  LivePod,
  LiveWorkload,
  NamespaceObjects,
  ObjectMeta,
  OwnerLink,
} from '#core/live/objects.ts';
import type { DocumentFacts } from '#core/systems/contract.ts';
import { groupBy } from '#core/systems/kafka/live/groupBy.ts';

/** What a gatherer found of one cluster, before what belongs to its pods is added. */
export interface ClusterParts {
  readonly flavour: string;
  readonly name: string;
  readonly resource: LiveCustom | undefined;
  /** Whose annotations tell who made it. */
  readonly made: ObjectMeta | undefined;
  readonly members: readonly LiveMember[];
  readonly wanted: number | undefined;
  readonly version: string;
  readonly workloads: readonly LiveWorkload[];
  readonly customs: readonly LiveCustom[];
  readonly successor?: string | undefined;
}

/** A data cluster with everything in its namespace that belongs to its pods. */
export function completeCluster(parts: ClusterParts, objects: NamespaceObjects): DataCluster {
  const { flavour, name, resource, made, wanted, version, workloads, successor } = parts;
  const members = [...parts.members].toSorted(byRoleAndName);
  const pods = members.flatMap(({ pod }) => pod ?? []);
  const labelSets = [...pods.map(({ meta }) => meta.labels), ...workloads.map(({ templateLabels }) => templateLabels)];
  return {
    key: `kafka/${objects.namespace}/${name}`,
    system: 'kafka',
    flavour,
    namespace: objects.namespace,
    name,
    resource,
    owner: ownerOf(made),
    members,
    wanted,
    version,
    workloads: byName(workloads),
    services: selecting(objects.services, labelSets),
    claims: claimsOf(members, workloads, objects.claims),
    budgets: selecting(objects.budgets, labelSets),
    customs: [...parts.customs].toSorted(byKindAndName),
    configMaps: namesOf(pods, 'ConfigMap', 'configMap'),
    secrets: namesOf(pods, 'Secret', 'secret'),
    ...(objects.hidden.size === 0 ? {} : { hidden: [...objects.hidden].toSorted() }),
    ...(successor === undefined ? {} : { successor }),
  };
}

/** An empty selector selects nothing here: a Service without one has its endpoints from elsewhere. */
export function isSelected(
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): boolean {
  const pairs = Object.entries(selector);
  return pairs.length > 0 && pairs.every(([key, value]) => labels[key] === value);
}

/** The Helm release or the custom resource that made an object. Source: labels and annotations of Helm 3, owner references. */
export function ownerOf(meta: ObjectMeta | undefined): DataCluster['owner'] {
  if (!meta) return undefined;
  const controller = meta.owners.find(({ isController }) => isController) ?? meta.owners[0];
  if (controller) return controller;
  const release = meta.annotations['meta.helm.sh/release-name'];
  if (release !== undefined && release !== '') return { helmRelease: release };
  const isOfHelm = meta.labels['app.kubernetes.io/managed-by'] === 'Helm' || meta.labels['heritage'] === 'Helm';
  const instance = meta.labels['app.kubernetes.io/instance'] ?? meta.labels['release'];
  return isOfHelm && instance !== undefined ? { helmRelease: instance } : undefined;
}

export function isOwnedBy(
  meta: ObjectMeta,
  owner: Pick<OwnerLink, 'kind' | 'name'> & { readonly uid?: string },
): boolean {
  return meta.owners.some(({ uid, kind, name }) => uid === owner.uid || (kind === owner.kind && name === owner.name));
}

/** What recognition asks of a workload or a pod. */
export function factsOf(object: LiveWorkload | LivePod): DocumentFacts {
  const labels = object.kind === 'Pod' ? object.meta.labels : { ...object.meta.labels, ...object.templateLabels };
  return {
    group: object.kind === 'Pod' ? '' : 'apps',
    version: 'v1',
    kind: object.kind,
    name: object.meta.name,
    labels: new Map(Object.entries(labels)),
    containers: object.containers.map(readContainer),
    dataKeys: [],
  };
}

function readContainer({
  name,
  image,
  command,
  variables,
  ports,
  mounts,
}: LiveContainer): DocumentFacts['containers'][number] {
  return {
    name,
    image,
    command,
    variables: Object.keys(variables),
    ports: ports.map(({ port }) => port),
    mountPaths: mounts.map(({ path }) => path),
  };
}

export function byName<T extends { readonly meta: ObjectMeta }>(objects: readonly T[]): readonly T[] {
  return [...objects].toSorted((a, b) => compare(a.meta.name, b.meta.name));
}

/** By text, with numbers in it by their value: kafka-2 before kafka-10. */
export function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split(/(\d+)/));
  for (const [index, part] of (left ?? []).entries()) {
    const other = right?.[index];
    if (other === undefined) return 1;
    if (part === other) continue;
    const bothNumbers = index % 2 === 1;
    return bothNumbers && Number(part) !== Number(other) ? Number(part) - Number(other) : part < other ? -1 : 1;
  }
  return (left?.length ?? 0) - (right?.length ?? 0);
}

const roleOrder = ['controller', 'broker and controller', 'broker'];

function byRoleAndName(a: LiveMember, b: LiveMember): number {
  return roleOrder.indexOf(a.role) - roleOrder.indexOf(b.role) || compare(a.name, b.name);
}

function byKindAndName(a: LiveCustom, b: LiveCustom): number {
  return compare(a.customKind, b.customKind) || compare(a.meta.name, b.meta.name);
}

/** By what a pod mounts, and for pods that are away by how StatefulSets and Strimzi name claims: `data-0-shop-brokers-1`. */
function claimsOf(
  members: readonly LiveMember[],
  workloads: readonly LiveWorkload[],
  claims: readonly LiveClaim[],
): readonly LiveClaim[] {
  const index = remember(claimIndexes, claims, () => groupBy(claims, ({ meta }) => meta.name));
  const mounted = members.flatMap(({ pod }) => pod?.volumes.filter(({ source }) => source === 'claim') ?? []);
  const templates = new Set(workloads.flatMap(({ claimTemplates }) => claimTemplates));
  const ofTemplates = members.flatMap(({ name }) => [...templates].map((template) => `${template}-${name}`));
  const away = members.filter(({ pod }) => pod === undefined);
  const ofStrimzi = away.flatMap(({ name }) => [`data-${name}`, ...VOLUME_IDS.map((id) => `data-${id}-${name}`)]);
  const names = new Set([...mounted.map(({ target }) => target), ...ofTemplates, ...ofStrimzi]);
  return byName([...names].flatMap((name) => index.get(name) ?? []));
}

const VOLUME_IDS = [0, 1, 2, 3, 4, 5, 6, 7];

interface Selecting {
  readonly meta: ObjectMeta;
  readonly selector: Readonly<Record<string, string>>;
}

/** Looked up by the first pair of the selector, because a namespace may have thousands of each. */
function selecting<T extends Selecting>(list: readonly T[], labelSets: readonly Labels[]): readonly T[] {
  const index = remember(selectorIndexes, list, () => {
    const positions = [...list.keys()];
    return groupBy(positions, (position) => Object.entries(list[position]?.selector ?? {}).map(pairText)[0]);
  });
  const pairs = new Set(labelSets.flatMap((labels) => Object.entries(labels).map(pairText)));
  const positions = [...pairs].flatMap((pair) => index.get(pair) ?? []);
  return positions
    .toSorted((a, b) => a - b)
    .flatMap((position) => list[position] ?? [])
    .filter(({ selector }) => labelSets.some((labels) => isSelected(selector, labels)));
}

type Labels = Readonly<Record<string, string>>;

const claimIndexes = new WeakMap<readonly LiveClaim[], ReadonlyMap<string, readonly LiveClaim[]>>();
const selectorIndexes = new WeakMap<readonly Selecting[], ReadonlyMap<string, readonly number[]>>();

function remember<K extends object, V>(known: WeakMap<K, V>, key: K, make: () => V): V {
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = make();
  known.set(key, made);
  return made;
}

function pairText([key, value]: readonly [string, string]): string {
  return `${key}=${value}`;
}

function namesOf(pods: readonly LivePod[], kind: 'ConfigMap' | 'Secret', source: 'configMap' | 'secret'): string[] {
  const names = pods.flatMap(({ volumes, references }) => [
    ...volumes.filter((volume) => volume.source === source).map(({ target }) => target),
    ...references.filter((reference) => reference.kind === kind).map(({ name }) => name),
  ]);
  return [...new Set(names)].filter((name) => name !== '').toSorted();
}
