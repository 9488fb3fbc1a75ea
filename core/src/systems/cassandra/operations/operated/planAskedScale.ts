import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { OperationTarget, Plan, PlannedStep, Precondition } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import {
  findOperators,
  operatorCheck,
  operatorParameters,
  type FoundOperators,
} from '#core/operations/operated/operatorWatch.ts';
import { losesClaims, readRoom } from '#core/operations/podRoom.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import { readScaledSet, type ScaledSet } from '#core/operations/scaledSet.ts';
import { KIND, ProcedureOfKinds } from '#core/operations/stepKinds.ts';
import type { UndertakingPorts } from '#core/operations/systemOperations.ts';
import { journalCheck, missingJournalRights, targetOf } from '#core/operations/target.ts';
import type { ScaleWish } from '#core/operations/wishes.ts';
import { dataDirectory, disksOf } from '#core/systems/cassandra/operations/dataDisk.ts';
import { examineRing } from '#core/systems/cassandra/operations/examination.ts';
import { AskedGrow } from '#core/systems/cassandra/operations/operated/askedGrow.ts';
import { AskedLeave } from '#core/systems/cassandra/operations/operated/askedLeave.ts';
import { AskedScale } from '#core/systems/cassandra/operations/operated/askedScale.ts';
import {
  claimsCheck,
  keptElsewhere,
  notByHand,
  operatorRest,
  roomOnEach,
  seedsUnknown,
  sizeTaken,
} from '#core/systems/cassandra/operations/operated/askedScaleChecks.ts';
import { cleanupWordOf } from '#core/systems/cassandra/operations/operated/cleanupWord.ts';
import {
  CustomSizes,
  fieldParameters,
  fieldText,
  sizeFieldOf,
  type SizeField,
} from '#core/systems/cassandra/operations/operated/customSizes.ts';
import { tasksCheck } from '#core/systems/cassandra/operations/operated/datacenterNow.ts';
import { racksOf, scalings, type Scaling } from '#core/systems/cassandra/operations/operated/operators.ts';
import { spread, type RackSet, type Round } from '#core/systems/cassandra/operations/operated/rackRounds.ts';
import { ringOperatorOf, taskTargetOf } from '#core/systems/cassandra/operations/operated/ringOperator.ts';
import type { RingReading } from '#core/systems/cassandra/operations/reading.ts';
import { loadAfter, withAdded } from '#core/systems/cassandra/operations/scale/planScale.ts';
import { scaleChecks } from '#core/systems/cassandra/operations/scale/scaleChecks.ts';
import { execCheck, ringChecks } from '#core/systems/cassandra/operations/tending/planTending.ts';
import { otherKubernetes, ringTargetOf } from '#core/systems/cassandra/operations/tending/ringTarget.ts';

export const ASKED_ROUTE = 'asked';
const GROW = 'asked-grow';
const LEAVE = 'asked-leave';

/** As of our own way: a join of an empty node takes a minute or two; data comes on top. */
const GROW_MS = 180_000;
const LEAVE_MS = 600_000;

/** Everything a plan is made of. */
interface Found {
  readonly data: DataCluster;
  readonly title: string;
  readonly scaling: Scaling;
  readonly racks: readonly RackSet[];
  readonly rounds: readonly Round[];
  readonly field: SizeField;
  readonly sizes: CustomSizes;
  readonly now: ScaledSet;
  /** Numbers of all nodes. */
  readonly from: number;
  readonly to: number;
  /** Those that come or go, in their order. */
  readonly pods: readonly string[];
  readonly claims: readonly string[];
  readonly reading: RingReading;
  readonly operators: FoundOperators;
}

/**
 * A plan for another number of nodes that an operator makes when it is told: in steps of what it does at once, each of which is gated and awaited by
 * the ring.
 * @throws ClusterProblem when the ring cannot be asked, when the wish cannot be expressed, or when there is nothing to do
 */
export async function planAskedScale(wish: ScaleWish, { data, ...ports }: PlanningPorts): Promise<Plan> {
  const { cluster, clock, id } = ports;
  const { found, target, problems } = await findOut(wish, data, ports);
  const { title, scaling, field, from, pods, rounds, reading, operators } = found;
  const preconditions = [
    journalCheck(await missingJournalRights(target, cluster)),
    await execCheck(cluster, data.namespace),
    ...ringChecks(data, data.members, reading, problems, clock.now()),
    ...(await checksOf(found, ports)),
  ];
  const isUp = wish.to > from;
  const tasks = taskTargetOf(data);
  return {
    format: 1,
    id,
    operation: 'scale',
    title: `Scale Cassandra ${data.name} ${isUp ? 'up' : 'down'} to ${wish.to} nodes by ${title}`,
    target,
    madeAt: clock.now(),
    parameters: {
      route: ASKED_ROUTE,
      operator: title,
      flavour: data.flavour,
      from,
      to: wish.to,
      ...(tasks ? { datacenter: tasks.datacenter, clusterName: tasks.clusterName } : {}),
      ...fieldParameters(field),
      ...operatorParameters(operators),
      ...withAdded(data, reading, isUp ? pods : []),
    },
    preconditions,
    steps: rounds.map((round, place) => (isUp ? growStep(found, round, place) : leaveStep(found, round, place))),
    risks: [...scaling.risks, ...risksOf(isUp)],
    needsTypedName: !isUp || preconditions.some(({ state }) => state === 'consent'),
    ...(isUp ? {} : { preview: loadAfter(reading, pods) }),
  };
}

async function findOut(
  wish: ScaleWish,
  data: DataCluster,
  ports: Omit<PlanningPorts, 'data'>,
): Promise<{ readonly found: Found; readonly target: OperationTarget; readonly problems: readonly string[] }> {
  const { cluster } = ports;
  const scaling = scalings[data.flavour];
  const title = ringOperatorOf(data)?.title ?? data.flavour;
  if (!scaling) throw new ClusterProblem('invalid', `How ${title} is told a size is not known.`);
  // What has several datacenters says so before anything is counted.
  const field = await sizeFieldOf(data, wish.group, cluster);
  const racks = racksOf(data, wish.group);
  const from = racks.reduce((sum, { replicas }) => sum + replicas, 0);
  if (!Number.isInteger(wish.to)) throw new ClusterProblem('invalid', 'The number of nodes is a whole one.');
  const goal = scaling.fieldValue(racks, wish.to);
  if (from === wish.to) throw new ClusterProblem('absent', `${data.name} has ${from} nodes already.`);
  const { reading, problems } = await examineRing(data, ports);
  const target = await targetOf(data, cluster, reading.clusterNames[0]);
  const sizes = new CustomSizes(cluster, field, target);
  const rounds = scaling.rounds(racks, goal);
  const pods = rounds.flatMap((round) => round.pods);
  const found: Found = {
    data,
    title,
    scaling,
    racks,
    rounds,
    field,
    sizes,
    now: await sizes.read(),
    from,
    to: wish.to,
    pods,
    claims: pods.flatMap((pod) => claimsOf(racks, pod)),
    reading,
    operators: await findOperators(cluster, data.flavour, data.namespace),
  };
  return { found, target, problems };
}

/** What asks an operator for the steps of a plan, on whatever machine. */
export function askedScaleOf(plan: Plan, { cluster, clock }: UndertakingPorts): Procedure {
  const target = ringTargetOf(plan, { cluster, clock });
  const asked = new AskedScale(plan, target);
  const kinds = { [GROW]: new AskedGrow(asked, cleanupWordOf(plan, cluster)), [LEAVE]: new AskedLeave(asked) };
  return new ProcedureOfKinds(kinds, () => otherKubernetes(target));
}

const ASKED_UP = new Set(['old-volumes', 'quota', 'nodes', 'racks', 'bootstrap']);
const ASKED_DOWN = new Set(['host-ids', 'replication', 'racks', 'disk']);

async function checksOf(found: Found, { cluster }: Pick<PlanningPorts, 'cluster'>): Promise<readonly Precondition[]> {
  const { data, title, scaling, racks, sizes, now, from, to, operators, field } = found;
  const isUp = to > from;
  const isCassOperator = data.flavour === 'cass-operator';
  const tasks = taskTargetOf(data);
  const expected = data.flavour === 'casskop' ? racks.map(() => now.replicas) : spread(now.replicas, racks.length);
  const asked = (await ownChecks(found, cluster)).filter(({ id }) => (isUp ? ASKED_UP : ASKED_DOWN).has(id));
  const first = found.rounds[0]?.to ?? now.replicas;
  return [
    operatorCheck(title, data.namespace, operators),
    await operatorRest(sizes, title),
    ...(tasks ? [await tasksCheck(cluster, tasks, false)] : []),
    notByHand(racks, expected, field),
    await sizeTaken(sizes, now, first),
    keptElsewhere(field, now),
    ...asked.filter(({ id }) => !(isCassOperator && (id === 'bootstrap' || id === 'disk'))),
    ...(isCassOperator && isUp ? [seedsUnknown()] : []),
    ...(scaling.room === 'each' && !isUp ? [await eachCheck(found, cluster)] : []),
    ...(isUp ? [] : [claimsCheck(scaling, found.claims, title)]),
  ];
}

/** The questions of our own way, of which those about the StatefulSet are not asked. */
async function ownChecks(found: Found, cluster: PlanningPorts['cluster']): Promise<readonly Precondition[]> {
  const { data, racks, from, to, pods, claims, reading } = found;
  const workload = data.workloads.find(({ meta }) => meta.name === racks[0]?.set);
  if (!workload) return [];
  const set = await readScaledSet(cluster, data.namespace, workload.meta.name);
  const isUp = to > from;
  const staying = data.members.filter(({ name }) => !pods.includes(name));
  const directories = new Map(staying.map((member) => [member.name, dataDirectory(member)]));
  return scaleChecks({
    data,
    workload,
    from,
    to,
    pods,
    reading,
    room: await readRoom(cluster, set.object, pods.length, isUp ? claims : []),
    disks: isUp ? new Map() : await disksOf(staying, directories, cluster),
    keepers: [],
    isSettled: true,
    losesClaims: losesClaims(set.object),
    refusal: undefined,
  });
}

async function eachCheck({ data, pods, reading }: Found, cluster: PlanningPorts['cluster']): Promise<Precondition> {
  const staying = data.members.filter(({ name }) => !pods.includes(name));
  const directories = new Map(staying.map((member) => [member.name, dataDirectory(member)]));
  return roomOnEach(reading, pods, staying, await disksOf(staying, directories, cluster));
}

function claimsOf(racks: readonly RackSet[], pod: string): readonly string[] {
  const rack = racks.find(({ set }) => set === pod.replace(/-\d+$/, ''));
  return (rack?.claimTemplates ?? []).map((template) => `${template}-${pod}`);
}

const AT_REST = 'is there and at rest; every node is up and normal for every other, on one schema, and nothing moves';

function growStep(found: Found, { from, to, pods }: Round, place: number): PlannedStep {
  const { data, title, field, rounds, now } = found;
  const before = rounds.slice(0, place).flatMap((round) => round.pods);
  return {
    id: `asked-${to}-${pods[0] ?? ''}`,
    title: `Ask ${title} for ${pods.join(', ')}`,
    gate: `${fieldText(field)} is ${from}; ${title} ${AT_REST}`,
    effect: `${fieldText(field)} becomes ${to}; the operator adds one node after the other, and each is sent what it owns`,
    done: `every node sees ${pods.join(', ')} up and normal, each serves clients for 40 s, and ${title} says that it is done`,
    undo: 'scale down once it is done, which decommissions them',
    expectedMs: GROW_MS * pods.length,
    parameters: {
      [KIND]: GROW,
      uid: now.uid,
      workload: fieldText(field),
      from,
      to,
      pods,
      present: [...data.members.map(({ name }) => name), ...before],
    },
  };
}

function leaveStep(found: Found, { from, to, pods }: Round, place: number): PlannedStep {
  const { data, title, field, rounds, now, scaling, racks, reading } = found;
  const gone = rounds.slice(0, place).flatMap((round) => round.pods);
  const going = found.pods;
  const names = data.members.map(({ name }) => name);
  const volumes = scaling.claims === 'deleted' ? ', and the operator deletes its volume' : '';
  return {
    id: `asked-${to}-${pods[0] ?? ''}`,
    title: `Ask ${title} to take ${pods.join(', ')} away`,
    ...(pods.length === 1 && pods[0] !== undefined ? { member: pods[0] } : {}),
    gate: `${fieldText(field)} is ${from}; ${title} ${AT_REST}; enough nodes are left for every keyspace`,
    effect: `${fieldText(field)} becomes ${to}; the operator decommissions ${pods.join(', ')}, which streams what it holds to the others${volumes}`,
    done: `no node knows ${pods.join(', ')} any more, the pod is gone, and ${title} says that it is done`,
    expectedMs: LEAVE_MS * pods.length,
    parameters: {
      [KIND]: LEAVE,
      uid: now.uid,
      workload: fieldText(field),
      from,
      to,
      pods,
      hostIds: pods.map((pod) => reading.ring.nodes.find(({ member }) => member === pod)?.hostId ?? ''),
      present: names.filter((name) => !gone.includes(name)),
      staying: names.filter((name) => !going.includes(name)),
      claims: pods.flatMap((pod) => claimsOf(racks, pod)),
    },
  };
}

function risksOf(isUp: boolean): readonly string[] {
  if (isUp)
    return [
      'A pod that does not start ends the run; the other nodes are not touched by it. What was begun is awaited, whatever is wished.',
    ];
  return [
    'A decommission that was begun cannot be taken back, and is awaited to its end whatever is wished.',
    'The others hold more afterwards, and are busier meanwhile.',
  ];
}
