import type { LivePod, LiveWorkload, NamespaceObjects, OwnerLink } from '#core/live/objects.ts';
import { groupBy } from '#core/systems/kafka/live/groupBy.ts';
import { linksOf, neighboursOf } from '#core/systems/kafka/live/links.ts';
import { compare, factsOf, ownerOf, type ClusterParts } from '#core/systems/kafka/live/parts.ts';
import { makeWorkloadMember, membersOfWorkload } from '#core/systems/kafka/live/workloadMembers.ts';
import { recognizeKafka } from '#core/systems/kafka/recognize.ts';

/** Clusters that no operator runs: workloads that belong together, and pods that nobody runs. */
export function gatherWorkloads(
  objects: NamespaceObjects,
  taken: { readonly workloads: ReadonlySet<LiveWorkload>; readonly pods: ReadonlySet<LivePod> },
): readonly ClusterParts[] {
  const workloads = objects.workloads.filter((workload) => !taken.workloads.has(workload) && isBroker(workload));
  const groups = groupByLinks(workloads, objects);
  const left = objects.pods.filter((pod) => !taken.pods.has(pod) && isUnseenOwner(pod, objects) && isBroker(pod));
  const lonely = groupBy(left, ({ meta }) => controllerOf(meta)?.name ?? meta.name);
  return [
    ...groups.map((group) => describe(group, objects)),
    ...[...lonely].map(([name, pods]) => describePods(name, pods)),
  ];
}

/** Nobody runs the pod, or who does may not be listed. */
function isUnseenOwner({ meta }: LivePod, { hidden }: NamespaceObjects): boolean {
  const owner = controllerOf(meta);
  return owner === undefined || (owner.kind === 'StatefulSet' && hidden.has('statefulsets'));
}

function controllerOf({ owners }: LivePod['meta']): OwnerLink | undefined {
  return owners.find(({ isController }) => isController);
}

function isBroker(object: LiveWorkload | LivePod): boolean {
  const found = recognizeKafka(factsOf(object));
  // Of Strimzi's pods those of brokers are known already; the others only look like some.
  return found?.role === 'cluster' && found.flavour !== 'strimzi';
}

/** Workloads that say the same of their cluster, or of which one says it of another. */
function groupByLinks(
  workloads: readonly LiveWorkload[],
  objects: NamespaceObjects,
): readonly (readonly LiveWorkload[])[] {
  const groupOf = new Map<LiveWorkload, LiveWorkload>(workloads.map((workload) => [workload, workload]));
  const rootOf = (workload: LiveWorkload): LiveWorkload => {
    const parent = groupOf.get(workload) ?? workload;
    return parent === workload ? workload : rootOf(parent);
  };
  const neighbours = neighboursOf(workloads, objects);
  const sayers = new Map<string, LiveWorkload>();
  for (const workload of workloads) {
    for (const link of linksOf(workload, neighbours)) {
      const before = sayers.get(link) ?? workload;
      sayers.set(link, before);
      groupOf.set(rootOf(workload), rootOf(before));
    }
  }
  const positions = new Map(workloads.map((workload, index) => [workload, String(index)]));
  return [...groupBy(workloads, (workload) => positions.get(rootOf(workload))).values()];
}

function describe(workloads: readonly LiveWorkload[], objects: NamespaceObjects): ClusterParts {
  const sorted = workloads.toSorted((a, b) => compare(a.meta.name, b.meta.name));
  const perWorkload = sorted.map((workload) => membersOfWorkload(workload, objects));
  const members = perWorkload.flatMap((own, index) =>
    own.map((member) => (sorted.length > 1 ? { ...member, group: sorted[index]?.meta.name ?? '' } : member)),
  );
  const main = sorted.find((_, index) => perWorkload[index]?.some(({ role }) => role !== 'controller')) ?? sorted[0];
  const isCounted = sorted.every(({ kind }) => kind !== 'DaemonSet');
  const flavour = main && recognizeKafka(factsOf(main))?.flavour;
  return {
    flavour: flavour ?? 'kubernetes',
    name: nameOf(sorted, main),
    resource: undefined,
    made: main?.meta,
    members,
    wanted: isCounted ? sorted.reduce((sum, { replicas }) => sum + replicas, 0) : undefined,
    version: members.find(({ version }) => version !== '')?.version ?? '',
    workloads: sorted,
    customs: [],
  };
}

/** Of several the release that made them, or what their names have in common; of one its own name. */
function nameOf(workloads: readonly LiveWorkload[], main: LiveWorkload | undefined): string {
  const own = main?.meta.name ?? '';
  if (workloads.length < 2) return own;
  const common = commonStart(workloads.map(({ meta }) => meta.name)).replace(/-+$/, '');
  if (common.length >= 2) return common;
  const owner = ownerOf(main?.meta);
  return owner && 'helmRelease' in owner ? owner.helmRelease : own;
}

/** Whole parts between dashes. */
function commonStart(names: readonly string[]): string {
  const [first = [], ...others] = names.map((name) => name.split('-'));
  const end = first.findIndex((part, index) => others.some((parts) => parts[index] !== part));
  return (end < 0 ? first : first.slice(0, end)).join('-');
}

function describePods(name: string, pods: readonly LivePod[]): ClusterParts {
  const members = pods.map((pod) =>
    makeWorkloadMember(pod.meta.name, pod, pod.containers, pod.meta.labels, controllerOf(pod.meta) !== undefined),
  );
  return {
    flavour: 'kubernetes',
    name,
    resource: undefined,
    made: pods[0]?.meta,
    members,
    wanted: undefined,
    version: members[0]?.version ?? '',
    workloads: [],
    customs: [],
  };
}
