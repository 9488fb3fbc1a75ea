import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type {
  Comparison,
  OperationName,
  OperationTarget,
  Plan,
  Precondition,
  StepValue,
} from '#core/operations/model.ts';
import { missingJournalRights, targetOf } from '#core/operations/target.ts';
import type { KafkaPlanningPorts } from '#core/systems/kafka/operations/kafkaOperation.ts';
import { movesData } from '#core/systems/kafka/operations/moves/moveText.ts';
import { examineMoves, receiversOf, type MoveExamination } from '#core/systems/kafka/operations/moves/moveChecks.ts';
import { movesThatFit, stepsFor } from '#core/systems/kafka/operations/moves/planSteps.ts';
import { cordonPlace } from '#core/systems/kafka/operations/moves/cordonStep.ts';
import {
  GROWTH_MS,
  readSituation,
  toRebalanceInput,
  type Situation,
} from '#core/systems/kafka/operations/moves/situation.ts';
import { keyOf } from '#core/systems/kafka/operations/moves/throttles.ts';
import { leastThrottle, USUAL_THROTTLE } from '#core/systems/kafka/operations/moves/throttleChoice.ts';
import { canCordon, tryMoves } from '#core/systems/kafka/operations/moves/trials.ts';
import type { Move, Rebalance, RebalanceInput, Unsolved } from '#core/systems/kafka/rebalance/model.ts';
import { summarize, type BrokerLoad, type RebalanceSummary } from '#core/systems/kafka/rebalance/summary.ts';

/** What an operation wants moved; the rest of the plan is the same for all of them. */
export interface MovesWanted {
  readonly operation: OperationName;
  readonly title: string;
  /** What the planner makes of what there is. */
  readonly solve: (input: RebalanceInput) => Rebalance & { readonly refusals?: readonly string[] };
  readonly unsolvedIs: MoveExamination['unsolvedIs'];
  /** Brokers that are to hold nothing. */
  readonly leaving: readonly number[];
  /** Whether cordoned brokers may be opened again for what comes to them. */
  readonly mayUncordon: boolean;
  /** Bytes a second, as the user wants it. */
  readonly throttle: number | undefined;
  /** Which partitions are to be led by their preferred leader at the end: those that change, or all but those of some topics. */
  readonly elected: 'moved' | 'all';
  readonly exclude: readonly string[];
  /** What the user chose, for the record. */
  readonly parameters: Readonly<Record<string, StepValue>>;
  /** When nothing is to be done, a sentence. */
  readonly nothing: string;
}

/** Whose pods are nobody's but the StatefulSet's; operators have ways of their own to move replicas. */
const plainFlavours = new Set(['kubernetes', 'bitnami']);

export function movesRefusal({ flavour, name }: DataCluster): string | undefined {
  if (plainFlavours.has(flavour)) return undefined;
  return `${name} is run by an operator (${flavour}), which has its own way to move replicas and may move them back.`;
}

/** Broker numbers of the named pods. @throws ClusterProblem when there is none of that name, or it is no broker */
export function brokersNamed({ members, name: cluster }: DataCluster, names: readonly string[]): readonly number[] {
  return names.map((name) => {
    const member = members.find((one) => one.name === name);
    if (!member || member.role === 'controller')
      throw new ClusterProblem('absent', `${cluster} has no broker ${name}.`);
    if (member.index === undefined)
      throw new ClusterProblem('invalid', `The number of ${name} is not known; ask the cluster again.`);
    return member.index;
  });
}

/** What is decided before a plan is written: what moves in this run, how fast, and what is done about cordons. */
interface Draft {
  readonly situation: Situation;
  readonly input: RebalanceInput;
  readonly moves: readonly Move[];
  readonly left: number;
  readonly unsolved: readonly Unsolved[];
  readonly objections: readonly string[];
  readonly throttle: number;
  readonly leastThrottle: number | undefined;
  /** Brokers that are empty afterwards. */
  readonly leaving: readonly number[];
  readonly isCordoned: boolean;
  readonly uncordoned: readonly number[];
  readonly summary: RebalanceSummary;
}

/** @throws ClusterProblem when the cluster cannot be asked, or when there is nothing to do */
export async function planMoves(wanted: MovesWanted, ports: KafkaPlanningPorts): Promise<Plan> {
  const { data, cluster, clock } = ports;
  const draft = await draftOf(wanted, ports);
  const { moves, leaving, throttle, summary } = draft;
  const target = await targetOf(data, cluster, draft.situation.state.clusterId);
  const preconditions = await preconditionsOf(draft, wanted, ports, target);
  const copies = moves.some(movesData) || leaving.length > 0;
  return {
    format: 1,
    id: ports.id,
    operation: wanted.operation,
    title: wanted.title,
    target,
    madeAt: clock.now(),
    parameters: {
      ...wanted.parameters,
      ...(copies ? { throttle } : {}),
      leaving,
      elected: wanted.elected,
      exclude: wanted.exclude,
      nodes: data.members.map(({ name }) => name),
      nodeIds: data.members.map(({ index }) => index ?? -1),
      brokers: brokerIdsOf(data),
    },
    preconditions,
    steps: stepsFor(draft),
    risks: copies ? [...DATA_RISKS, ...RISKS] : RISKS,
    needsTypedName: preconditions.some(({ state }) => state === 'consent'),
    preview: previewOf(summary, data),
  };
}

async function draftOf(wanted: MovesWanted, { data, clock, door }: KafkaPlanningPorts): Promise<Draft> {
  const situation = await readSituation(door, brokerIdsOf(data), clock, GROWTH_MS);
  const input = toRebalanceInput(situation);
  const { moves: all, unsolved, refusals: objections = [] } = wanted.solve(input);
  const toElect = wanted.elected === 'all' ? electable(situation) : 0;
  if (all.length === 0 && unsolved.length === 0 && toElect === 0) throw new ClusterProblem('absent', wanted.nothing);
  const moves = movesThatFit(all);
  const left = all.length - moves.length;
  const least = leastThrottle(moves, input, situation.growth);
  // What is moved in part only is not empty at the end.
  const leaving = left === 0 ? wanted.leaving : [];
  return {
    situation,
    input,
    moves,
    left,
    unsolved,
    objections,
    throttle: Math.round(wanted.throttle ?? Math.max(USUAL_THROTTLE, least ?? 0)),
    leastThrottle: least,
    leaving,
    isCordoned: await canCordon(door, leaving, situation),
    uncordoned: wanted.mayUncordon ? cordonedReceivers(receiversOf(moves), situation) : [],
    summary: summarize(input, moves),
  };
}

async function preconditionsOf(
  draft: Draft,
  { unsolvedIs, leaving }: MovesWanted,
  { data, door, cluster }: KafkaPlanningPorts,
  target: OperationTarget,
): Promise<readonly Precondition[]> {
  const { situation, moves, throttle } = draft;
  return examineMoves({
    ...draft,
    cluster: data,
    state: situation.state,
    disks: await door.disks(),
    missingRights: await missingJournalRights(target, cluster),
    refusals: await tryMoves(door, moves, throttle, situation),
    unsolvedIs,
    leaving,
  });
}

const DATA_RISKS = [
  'A receiving broker that goes away keeps its copies from ending; the run names it and pauses after a while. It can then be cancelled, or gone on with once the broker is back.',
  'Copying takes disk and network from clients, up to the throttle on each broker.',
  'If the run is killed, Kafka goes on with what is under way, and the throttle stays until the run is gone on with or cancelled.',
];

const RISKS = ['Clients that do not retry see a NOT_LEADER_OR_FOLLOWER answer at each change of a leader.'];

function brokerIdsOf({ members }: DataCluster): readonly number[] {
  return members.filter(({ role }) => role !== 'controller').map(({ index }) => index ?? -1);
}

function electable({ state: { partitions } }: Situation): number {
  return partitions.filter(({ leader, replicas, isr }) => leader !== replicas[0] && isr.includes(replicas[0] ?? -1))
    .length;
}

function cordonedReceivers(receivers: readonly number[], { settings }: Situation): readonly number[] {
  return receivers.filter((id) => settings.values.has(keyOf(cordonPlace(id))));
}

function previewOf({ brokers }: RebalanceSummary, { members }: DataCluster): readonly Comparison[] {
  const nameOf = (id: number): string => members.find(({ index }) => index === id)?.name ?? `broker ${id}`;
  const compare = (figure: (load: BrokerLoad) => number): Comparison['items'] =>
    brokers.map(({ id, before, after }) => ({ label: nameOf(id), before: figure(before), after: figure(after) }));
  const areDisksTold = brokers.every(({ before }) => before.diskPercent !== undefined);
  const percent = compare(({ diskPercent = 0 }) => Math.round(diskPercent * 10) / 10);
  return [
    { title: 'Replicas', unit: 'count', items: compare(({ replicas }) => replicas) },
    { title: 'Leaders', unit: 'count', items: compare(({ leaders }) => leaders) },
    { title: 'Data', unit: 'bytes', items: compare(({ bytes }) => bytes) },
    ...(areDisksTold ? [{ title: 'Disk', unit: 'percent' as const, items: percent, limit: 80 }] : []),
  ];
}
