import type { DataCluster, LiveMember } from '#core/live/model.ts';
import type { LiveWorkload } from '#core/live/objects.ts';
import { ClusterProblem } from '#core/live/ports.ts';

/** The StatefulSet that gets other members, and what its pods and brokers are called. */
export interface ScaleGroup {
  readonly workload: LiveWorkload;
  /** In the order of their ordinals. */
  readonly members: readonly LiveMember[];
  /** What is added to an ordinal to get the number of the node; undefined when the numbers do not follow the ordinals. */
  readonly offset: number | undefined;
  /** Whether its nodes are controllers too. */
  readonly isCombined: boolean;
}

export interface Place {
  readonly pod: string;
  /** -1 when it cannot be told. */
  readonly nodeId: number;
}

/** @throws ClusterProblem when there is no such group, or when it must be named and is not */
export function scaleGroupOf(data: DataCluster, wanted: string | undefined): ScaleGroup {
  const groups = groupsOf(data);
  const names = groups.map(({ workload }) => workload.meta.name).join(', ');
  if (groups.length === 0)
    throw new ClusterProblem('invalid', `${data.name} has no StatefulSet of brokers that could be scaled.`);
  const [only, second] = groups;
  if (wanted === undefined && only && !second) return only;
  const found = groups.find(({ workload }) => workload.meta.name === wanted);
  if (found) return found;
  const what =
    wanted === undefined ? 'has several StatefulSets of brokers; name one of them' : `has no ${wanted} of brokers`;
  throw new ClusterProblem('invalid', `${data.name} ${what}: ${names}.`);
}

function groupsOf({ workloads, members }: DataCluster): readonly ScaleGroup[] {
  return workloads.flatMap((workload) => {
    const own = members
      .filter(({ name }) => ordinalIn(workload, name) !== undefined)
      .toSorted((a, b) => (ordinalIn(workload, a.name) ?? 0) - (ordinalIn(workload, b.name) ?? 0));
    const isOfBrokers = own.some(({ role }) => role !== 'controller');
    if (workload.kind !== 'StatefulSet' || !isOfBrokers) return [];
    const isCombined = own.some(({ role }) => role !== 'broker');
    return [{ workload, members: own, offset: offsetOf(workload, own), isCombined }];
  });
}

function ordinalIn({ meta }: LiveWorkload, pod: string): number | undefined {
  const [, name, ordinal] = /^(.*)-(\d+)$/.exec(pod) ?? [];
  return name === meta.name ? Number(ordinal) : undefined;
}

function offsetOf(workload: LiveWorkload, members: readonly LiveMember[]): number | undefined {
  const offsets = new Set(
    members.map(({ name, index }) => (index === undefined ? Number.NaN : index - (ordinalIn(workload, name) ?? 0))),
  );
  const [offset] = offsets;
  return offsets.size === 1 && Number.isInteger(offset) ? offset : undefined;
}

/** Pods of the ordinals from the one count to the other, lowest first. A StatefulSet adds and takes away the highest only. */
export function placesBetween({ workload, offset }: ScaleGroup, from: number, to: number): readonly Place[] {
  const first = workload.firstOrdinal ?? 0;
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => {
    const ordinal = first + from + index;
    return { pod: `${workload.meta.name}-${ordinal}`, nodeId: offset === undefined ? -1 : ordinal + offset };
  });
}

/** Claims of a pod of the StatefulSet. */
export function claimsOf({ workload }: ScaleGroup, pod: string): readonly string[] {
  return workload.claimTemplates.map((template) => `${template}-${pod}`);
}
