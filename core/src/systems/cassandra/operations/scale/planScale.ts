import type { DataCluster } from '#core/live/model.ts';
import type { LiveWorkload } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import { keepersOf } from '#core/operations/keepers.ts';
import type { Comparison, Plan, PlannedStep } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import { losesClaims, readRoom } from '#core/operations/podRoom.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import { readScaledSet, setReplicas, type ScaledSet } from '#core/operations/scaledSet.ts';
import { KIND, ProcedureOfKinds } from '#core/operations/stepKinds.ts';
import type { UndertakingPorts } from '#core/operations/systemOperations.ts';
import { journalCheck, missingJournalRights, targetOf } from '#core/operations/target.ts';
import type { ScaleWish } from '#core/operations/wishes.ts';
import { dataDirectory, disksOf } from '#core/systems/cassandra/operations/dataDisk.ts';
import { examineRing } from '#core/systems/cassandra/operations/examination.ts';
import type { RingReading } from '#core/systems/cassandra/operations/reading.ts';
import { nodeParameters } from '#core/systems/cassandra/operations/restartOf.ts';
import { GrowStep } from '#core/systems/cassandra/operations/scale/growStep.ts';
import { LeaveStep } from '#core/systems/cassandra/operations/scale/leaveStep.ts';
import type { Sizes } from '#core/systems/cassandra/operations/scale/sizes.ts';
import { scaleChecks } from '#core/systems/cassandra/operations/scale/scaleChecks.ts';
import { execCheck, ringChecks } from '#core/systems/cassandra/operations/tending/planTending.ts';
import { otherKubernetes, ringTargetOf } from '#core/systems/cassandra/operations/tending/ringTarget.ts';

const GROW = 'grow';
const LEAVE = 'leave';

/** A join of an empty node takes a minute or two, of which ring_delay is half; data comes on top. */
const GROW_MS = 180_000;
const LEAVE_MS = 600_000;

/** Why it is not scaled by us; undefined when a plan can be made. Contacts nothing. */
export function scaleRefusal({ flavour, name, resource, workloads }: DataCluster): string | undefined {
  if (flavour !== 'kubernetes' || resource !== undefined)
    return `${name} is run by an operator (${flavour}), which keeps its size and decommissions nodes itself. Change the size in its custom resource.`;
  if (workloads.some(({ kind }) => kind === 'StatefulSet')) return undefined;
  return `${name} is no StatefulSet, whose pods alone keep their names and volumes.`;
}

/**
 * A plan for another number of nodes in one StatefulSet, one after the other. Up: each has joined before the next. Down: the highest ordinal is
 * decommissioned, and only then its pod is taken away.
 * @throws ClusterProblem when the ring cannot be asked, when the wish is unclear, or when there is nothing to do
 */
export async function planCassandraScale(wish: ScaleWish, { data, ...ports }: PlanningPorts): Promise<Plan> {
  const { cluster, clock, id } = ports;
  const workload = workloadOf(data, wish.group);
  const { name, namespace } = workload.meta;
  if (!Number.isInteger(wish.to) || wish.to < 1)
    throw new ClusterProblem('invalid', 'There has to be a node at least.');
  const set = await readScaledSet(cluster, namespace, name);
  const { replicas: from } = set;
  const { to } = wish;
  if (from === to) throw new ClusterProblem('absent', `${name} has ${from} replicas already.`);
  const { reading, problems } = await examineRing(data, ports);
  const target = await targetOf(data, cluster, reading.clusterNames[0]);
  const pods = podsBetween(workload, Math.min(from, to), Math.max(from, to));
  const claims = to > from ? pods.flatMap((pod) => claimsOf(workload, pod)) : [];
  const staying = data.members.filter((member) => !pods.includes(member.name));
  const directories = new Map(staying.map((member) => [member.name, dataDirectory(member)]));
  const found = {
    data,
    workload,
    from,
    to,
    pods,
    reading,
    room: await readRoom(cluster, set.object, pods.length, claims),
    disks: to > from ? new Map<string, undefined>() : await disksOf(staying, directories, cluster),
    keepers: keepersOf(set.object, 'spec', 'replicas'),
    isSettled: set.isSettled,
    losesClaims: losesClaims(set.object),
    // Read again: its status may have changed while the ring was asked, which would look like a refusal.
    refusal: await tryReplicas(cluster, await readScaledSet(cluster, namespace, name), to > from ? to : from - 1),
  };
  const preconditions = [
    journalCheck(await missingJournalRights(target, cluster)),
    await execCheck(cluster, namespace),
    ...ringChecks(data, data.members, reading, problems, clock.now()),
    ...scaleChecks(found),
  ];
  return {
    format: 1,
    id,
    operation: 'scale',
    title: `Scale ${name} of Cassandra ${data.name} ${to > from ? 'up' : 'down'} to ${to}`,
    target,
    madeAt: clock.now(),
    parameters: { group: name, from, to, ...withAdded(data, reading, to > from ? pods : []) },
    preconditions,
    steps: to > from ? growSteps(workload, data, from, pods) : leaveSteps(workload, data, from, pods, reading),
    risks: risksOf(to > from),
    needsTypedName: to < from || preconditions.some(({ state }) => state === 'consent'),
    ...(to < from ? { preview: loadAfter(reading, pods) } : {}),
  };
}

/** What adds or takes away the nodes of a plan, on whatever machine. `sizes`: where the size is kept; the StatefulSet when absent. */
export function cassandraScaleOf(plan: Plan, ports: UndertakingPorts, sizes?: Sizes): Procedure {
  const target = ringTargetOf(plan, ports);
  const kinds = { [GROW]: new GrowStep(target, sizes), [LEAVE]: new LeaveStep(target, sizes) };
  return new ProcedureOfKinds(kinds, () => otherKubernetes(target));
}

function workloadOf({ workloads, name }: DataCluster, wanted: string | undefined): LiveWorkload {
  const sets = workloads.filter(({ kind }) => kind === 'StatefulSet');
  const found = wanted === undefined && sets.length === 1 ? sets[0] : sets.find(({ meta }) => meta.name === wanted);
  if (found) return found;
  const names = sets.map(({ meta }) => meta.name).join(', ');
  throw new ClusterProblem('invalid', `${name} has the StatefulSets ${names}; name one of them.`);
}

/** Of the ordinals from the one count to the other, lowest first. */
function podsBetween({ meta, firstOrdinal = 0 }: LiveWorkload, from: number, to: number): readonly string[] {
  return Array.from({ length: to - from }, (_, index) => `${meta.name}-${firstOrdinal + from + index}`);
}

const claimsOf = ({ claimTemplates }: LiveWorkload, pod: string): readonly string[] =>
  claimTemplates.map((template) => `${template}-${pod}`);

/** New pods are asked in the same container as the others; their Host IDs are not known yet. */
export function withAdded(data: DataCluster, { ring }: RingReading, added: readonly string[]): Plan['parameters'] {
  const known = nodeParameters(data, ring);
  const container = data.members[0]?.container ?? '';
  const more = (value: unknown, text: (pod: string) => string): readonly string[] => [
    ...(Array.isArray(value) ? value.map(String) : []),
    ...added.map(text),
  ];
  return {
    nodes: more(known['nodes'], (pod) => pod),
    containers: more(known['containers'], () => container),
    hostIds: more(known['hostIds'], () => ''),
  };
}

function growSteps(
  workload: LiveWorkload,
  { members }: DataCluster,
  from: number,
  pods: readonly string[],
): readonly PlannedStep[] {
  const { name, uid } = workload.meta;
  return pods.map((pod, index) => ({
    id: `grow-${pod}`,
    title: `Add ${pod}`,
    gate: `${name} has ${from + index} replicas; every node is up and normal for every other, on one schema, and nothing moves`,
    effect: `${name} gets ${from + index + 1} replicas; ${pod} joins and is sent what it owns`,
    done: `every node sees ${pod} up and normal, it serves clients, on one schema, for 40 s`,
    undo: 'scale down, which decommissions it',
    expectedMs: GROW_MS,
    parameters: {
      [KIND]: GROW,
      workload: name,
      uid,
      pod,
      from: from + index,
      to: from + index + 1,
      present: [...members.map((member) => member.name), ...pods.slice(0, index)],
    },
  }));
}

function leaveSteps(
  workload: LiveWorkload,
  { members }: DataCluster,
  from: number,
  pods: readonly string[],
  { ring }: RingReading,
): readonly PlannedStep[] {
  const { name, uid } = workload.meta;
  const order = pods.toReversed();
  const staying = members.flatMap((member) => (pods.includes(member.name) ? [] : [member.name]));
  return order.map((pod, index) => ({
    id: `leave-${pod}`,
    title: `Decommission ${pod} and take it away`,
    member: pod,
    gate: `${name} has ${from - index} replicas; every node is up and normal for every other, and enough nodes are left for every keyspace`,
    effect: `${pod} streams what it holds to the others; then ${name} gets ${from - index - 1} replicas and its pod ends`,
    done: `${pod} is decommissioned, no node knows it any more, and its pod is gone`,
    expectedMs: LEAVE_MS,
    parameters: {
      [KIND]: LEAVE,
      workload: name,
      uid,
      pod,
      hostId: ring.nodes.find(({ member }) => member === pod)?.hostId ?? '',
      from: from - index,
      to: from - index - 1,
      present: members.flatMap((member) => (order.slice(0, index).includes(member.name) ? [] : [member.name])),
      staying,
      claims: claimsOf(workload, pod),
    },
  }));
}

function risksOf(isUp: boolean): readonly string[] {
  if (isUp)
    return [
      'A pod that does not start ends the run; the other nodes are not touched by it.',
      'A join that was begun is awaited, whatever is wished. Afterwards the older nodes hold rows they no longer own until they are cleaned up.',
    ];
  return [
    'A decommission that was begun cannot be taken back, and is awaited to its end whatever is wished.',
    'A node that has left does not come back: its volume is kept, and must be deleted before a pod of that name is made again.',
    'The others hold more afterwards, and are busier meanwhile.',
  ];
}

/** What leaves is assumed to be spread evenly over the datacenter. */
export function loadAfter({ ring: { nodes } }: RingReading, pods: readonly string[]): readonly Comparison[] {
  const isLeaving = (member: string | undefined): boolean => member !== undefined && pods.includes(member);
  const items = nodes.flatMap(({ member, datacenter, loadBytes, hostId }) => {
    if (loadBytes === undefined) return [];
    const local = nodes.filter((node) => node.datacenter === datacenter);
    const moved = local.reduce((sum, node) => sum + (isLeaving(node.member) ? (node.loadBytes ?? 0) : 0), 0);
    const left = local.filter((node) => !isLeaving(node.member)).length;
    const after = isLeaving(member) ? 0 : Math.round(loadBytes + moved / Math.max(1, left));
    return [{ label: member ?? hostId, before: loadBytes, after }];
  });
  return items.length === 0 ? [] : [{ title: 'Load', unit: 'bytes', items }];
}

async function tryReplicas(cluster: Cluster, set: ScaledSet, to: number): Promise<string | undefined> {
  try {
    await setReplicas(cluster, set, to, { dryRun: true });
    return undefined;
  } catch (error) {
    if (!(error instanceof ClusterProblem) || error.kind === 'unreachable') throw error;
    return error.message;
  }
}
