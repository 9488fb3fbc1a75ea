import { textAt } from '#core/json.ts';
import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Plan, Precondition } from '#core/operations/model.ts';
import { missingJournalRights, targetOf } from '#core/operations/target.ts';
import type { ScaleWish } from '#core/operations/wishes.ts';
import type { KafkaState } from '#core/systems/kafka/operations/clusterState.ts';
import { readBrokerSettings } from '#core/systems/kafka/operations/configure/brokerSettings.ts';
import type { KafkaDoor } from '#core/systems/kafka/operations/door.ts';
import { keepersOf } from '#core/operations/keepers.ts';
import type { KafkaPlanningPorts } from '#core/systems/kafka/operations/kafkaOperation.ts';
import { planMoves } from '#core/systems/kafka/operations/moves/planMoves.ts';
import { rightsToKeep } from '#core/systems/kafka/operations/restartChecks.ts';
import { losesClaims, readRoom } from '#core/operations/podRoom.ts';
import {
  checksDown,
  checksUp,
  examineScale,
  SETTINGS_TO_READ,
  type ScaleExamination,
} from '#core/systems/kafka/operations/scale/scaleChecks.ts';
import { claimsOf, placesBetween, scaleGroupOf } from '#core/systems/kafka/operations/scale/scaleGroup.ts';
import { growStep, shrinkSteps } from '#core/systems/kafka/operations/scale/scaleSteps.ts';
import { readScaledSet, setReplicas, type ScaledSet } from '#core/operations/scaledSet.ts';
import { planRebalance } from '#core/systems/kafka/rebalance/planRebalance.ts';

const plainFlavours = new Set(['kubernetes', 'bitnami']);

const operatorWays: Readonly<Record<string, string>> = {
  strimzi: 'Scale its KafkaNodePool, and move replicas with a KafkaRebalance: add-brokers after, remove-brokers before',
  'confluent-for-kubernetes': 'Set spec.replicas of the Kafka resource; Self-Balancing moves the replicas',
  koperator: 'Change spec.brokers of the KafkaCluster resource; its operator moves the replicas',
};

/** Why it is not scaled by us; undefined when a plan can be made. */
export function scaleRefusal({ flavour, name, workloads }: DataCluster): string | undefined {
  if (!plainFlavours.has(flavour)) {
    const way = operatorWays[flavour] ?? 'Change the size in its custom resource';
    return `${name} is run by an operator (${flavour}), which keeps its size. ${way}.`;
  }
  if (workloads.some(({ kind }) => kind === 'StatefulSet')) return undefined;
  return `${name} is no StatefulSet, whose pods alone keep their names and volumes.`;
}

/**
 * A plan for another number of brokers in one StatefulSet. Up: they are added and hold nothing. Down: the highest ordinals are evacuated,
 * then taken away one by one.
 * @throws ClusterProblem when the cluster cannot be asked, when the wish is unclear, or when there is nothing to do
 */
export async function planKafkaScale(wish: ScaleWish, ports: KafkaPlanningPorts): Promise<Plan> {
  const { data, cluster, door } = ports;
  const group = scaleGroupOf(data, wish.group);
  const { name, namespace } = group.workload.meta;
  if (!Number.isInteger(wish.to) || wish.to < 1)
    throw new ClusterProblem('invalid', 'There has to be a broker at least.');
  const set = await readScaledSet(cluster, namespace, name);
  const { replicas: from } = set;
  if (from === wish.to) throw new ClusterProblem('absent', `${name} has ${from} replicas already.`);
  const state = await door.state(undefined);
  const isUp = wish.to > from;
  const places = isUp ? placesBetween(group, from, wish.to) : placesBetween(group, wish.to, from);
  const claims = isUp ? places.flatMap(({ pod }) => claimsOf(group, pod)) : [];
  const target = await targetOf(data, cluster, state.clusterId);
  const examination: ScaleExamination = {
    data,
    group,
    from,
    to: wish.to,
    places,
    strangers: isUp
      ? []
      : await unknownBrokers(
          places.map(({ nodeId }) => nodeId),
          state,
          door,
        ),
    state,
    racks: await readRacks(ports),
    settings: await readFactors(ports, state),
    room: await readRoom(cluster, set.object, places.length, claims),
    keepers: keepersOf(set.object, 'spec', 'replicas'),
    isSettled: set.isSettled,
    hasPendingTemplate:
      textAt(set.object, 'status', 'currentRevision') !== textAt(set.object, 'status', 'updateRevision'),
    losesClaims: losesClaims(set.object),
    refusal: await trySize(ports, set, isUp ? wish.to : from - 1),
    missingRights: await missingJournalRights(target, cluster),
    now: ports.clock.now(),
  };
  return isUp ? planUp(examination, target, ports) : planDown(examination, target, wish, ports);
}

function planUp(examination: ScaleExamination, target: Plan['target'], { data, clock, id }: KafkaPlanningPorts): Plan {
  const { group, places, from, to } = examination;
  const preconditions = examineScale(checksUp, examination);
  const isPlannable = places.every(({ nodeId }) => nodeId >= 0);
  return {
    format: 1,
    id,
    operation: 'scale',
    title: `Scale ${group.workload.meta.name} of Kafka ${data.name} up to ${to}`,
    target,
    madeAt: clock.now(),
    parameters: {
      group: group.workload.meta.name,
      from,
      to,
      ...nodesOf(data, isPlannable ? places : []),
    },
    preconditions,
    steps: isPlannable ? [growStep(group, from, places)] : [],
    risks: [
      'A pod that does not start ends the run; the other brokers are not touched by it.',
      'New topics may be placed on the new brokers at once; what is there already stays where it is until a rebalance, "new brokers only".',
    ],
    needsTypedName: preconditions.some(({ state }) => state === 'consent'),
  };
}

async function planDown(
  examination: ScaleExamination,
  target: Plan['target'],
  { throttle }: ScaleWish,
  ports: KafkaPlanningPorts,
): Promise<Plan> {
  const { data, clock, id } = ports;
  const { group, places, from, to, state } = examination;
  const title = `Scale ${group.workload.meta.name} of Kafka ${data.name} down to ${to}`;
  const parameters = { group: group.workload.meta.name, from, to, goes: places.map(({ nodeId }) => nodeId) };
  const own = examineScale(checksDown, examination);
  const isPlannable = places.every(({ nodeId }) => nodeId >= 0);
  const { strangers } = examination;
  const goes = places.map(({ nodeId }) => nodeId);
  const leaving = goes.filter((id) => !strangers.includes(id));
  // Nothing is asked of brokers that have never been there.
  const known = {
    ...data,
    members: data.members.filter(({ index }) => index === undefined || !strangers.includes(index)),
  };
  const moves =
    isPlannable && leaving.length > 0
      ? await planEvacuation(title, leaving, throttle, { ...ports, data: known })
      : undefined;
  const unfinished = moves && !sameNumbers(moves.parameters['leaving'], leaving) ? [tooMuchForOneRun] : [];
  const first = moves ? moves.preconditions : [rightsToKeep(examination), enoughLeft(examination)];
  const preconditions = [
    ...first,
    ...own.filter((one) => first.every(({ id: other }) => other !== one.id)),
    ...unfinished,
  ];
  return {
    format: 1,
    id,
    operation: 'scale',
    title,
    target,
    madeAt: clock.now(),
    parameters: { leaving, ...nodesOf(known, []), ...moves?.parameters, ...parameters },
    preconditions,
    steps: [
      ...(moves?.steps ?? []),
      ...(isPlannable ? shrinkSteps(group, from, places, { hasQuorum: state.quorum !== undefined }) : []),
    ],
    risks: [
      ...(moves?.risks ?? []),
      'Once the first broker is taken away, a cancelled run leaves the StatefulSet at the size it has by then.',
    ],
    needsTypedName: preconditions.some((one) => one.state === 'consent'),
    ...(moves?.preview ? { preview: moves.preview } : {}),
  };
}

/** Those that are not told, neither as live nor as fenced; before Kafka 4.0 fenced ones are not told, and nobody is unknown. */
async function unknownBrokers(ids: readonly number[], state: KafkaState, door: KafkaDoor): Promise<readonly number[]> {
  const { brokers } = await door.ask('DescribeCluster', {});
  if (brokers.some(({ isFenced }) => isFenced === undefined)) return [];
  const held = new Set(state.partitions.flatMap(({ replicas }) => replicas));
  return ids.filter((id) => !held.has(id) && brokers.every((one) => one.id !== id));
}

const NOTHING = 'They hold nothing.';

/** Undefined when the brokers hold nothing. */
async function planEvacuation(
  title: string,
  leaving: readonly number[],
  throttle: number | undefined,
  ports: KafkaPlanningPorts,
): Promise<Plan | undefined> {
  try {
    return await planMoves(
      {
        operation: 'scale',
        title,
        solve: (input) => planRebalance(input, { mode: 'off brokers', brokers: leaving, exclude: [] }),
        unsolvedIs: 'fails',
        leaving,
        mayUncordon: false,
        throttle,
        elected: 'moved',
        exclude: [],
        parameters: {},
        nothing: NOTHING,
      },
      ports,
    );
  } catch (error) {
    if (error instanceof ClusterProblem && error.kind === 'absent' && error.message === NOTHING) return undefined;
    throw error;
  }
}

const tooMuchForOneRun: Precondition = {
  id: 'evacuated',
  title: 'Everything is moved away in one run',
  state: 'fails',
  evidence: ['There are more partitions than one run has room for'],
  fix: 'Evacuate the brokers first, in as many runs as it takes; then scale down.',
};

/** Of brokers that hold nothing; else the plan of the moves says it. */
function enoughLeft({ state, places }: ScaleExamination): Precondition {
  const id = { id: 'enough-brokers', title: 'Enough brokers are left for the replicas of every partition' };
  const left = state.brokers.filter((broker) => places.every(({ nodeId }) => nodeId !== broker)).length;
  const most = Math.max(0, ...state.partitions.map(({ replicas }) => replicas.length));
  const evidence = [`${left} brokers are left, and partitions have up to ${most} replicas`];
  if (left >= most) return { ...id, state: 'holds', evidence };
  return { ...id, state: 'fails', evidence, fix: 'Lower the replication factor first.' };
}

function nodesOf(
  { members }: DataCluster,
  added: readonly { readonly pod: string; readonly nodeId: number }[],
): { readonly nodes: readonly string[]; readonly nodeIds: readonly number[]; readonly brokers: readonly number[] } {
  const brokers = members.filter(({ role }) => role !== 'controller').map(({ index }) => index ?? -1);
  return {
    nodes: [...members.map(({ name }) => name), ...added.map(({ pod }) => pod)],
    nodeIds: [...members.map(({ index }) => index ?? -1), ...added.map(({ nodeId }) => nodeId)],
    brokers: [...brokers, ...added.map(({ nodeId }) => nodeId)],
  };
}

async function readRacks({ door }: KafkaPlanningPorts): Promise<ReadonlyMap<number, string>> {
  const { brokers } = await door.ask('Metadata', { topics: [] });
  return new Map(brokers.filter(({ rack }) => rack !== '').map(({ id, rack }) => [id, rack]));
}

/** From one broker; those that may not be read are missing. */
async function readFactors(
  { door }: KafkaPlanningPorts,
  { brokers }: KafkaState,
): Promise<ReadonlyMap<string, string>> {
  const [first] = brokers;
  if (first === undefined) return new Map();
  try {
    const { entries } = await readBrokerSettings(door, first, SETTINGS_TO_READ);
    return new Map([...entries].filter(([, { value }]) => value !== '').map(([name, { value }]) => [name, value]));
  } catch (error) {
    if (error instanceof ClusterProblem) return new Map();
    throw error;
  }
}

async function trySize({ cluster }: KafkaPlanningPorts, set: ScaledSet, to: number): Promise<string | undefined> {
  try {
    await setReplicas(cluster, set, to, { dryRun: true });
    return undefined;
  } catch (error) {
    if (!(error instanceof ClusterProblem) || error.kind === 'unreachable') throw error;
    return error.message;
  }
}

function sameNumbers(value: unknown, numbers: readonly number[]): boolean {
  return Array.isArray(value) && value.length === numbers.length && numbers.every((one) => value.includes(one));
}
