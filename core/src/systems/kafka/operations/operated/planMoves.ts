import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Plan, PlannedStep, Precondition, StepValue } from '#core/operations/model.ts';
import { missingJournalRights, targetOf } from '#core/operations/target.ts';
import type { DrainWish, RebalanceWish } from '#core/operations/wishes.ts';
import type { KafkaState } from '#core/systems/kafka/operations/clusterState.ts';
import type { KafkaPlanningPorts } from '#core/systems/kafka/operations/kafkaOperation.ts';
import { nodeParameters } from '#core/systems/kafka/operations/planRestart.ts';
import { examineOperated } from '#core/systems/kafka/operations/restartChecks.ts';

/** What Cruise Control is to do, as operators offer it. */
export interface OperatedMove {
  readonly mode: 'full' | 'add-brokers' | 'remove-brokers';
  /** Numbers of the brokers it is about; none for `full`. */
  readonly brokers: readonly number[];
  /** Names of topics that stay, `*` stands for any text. */
  readonly exclude: readonly string[];
  /** Bytes a second for each broker; undefined leaves it to Cruise Control. */
  readonly throttle: number | undefined;
}

const MODES: Readonly<Partial<Record<RebalanceWish['mode'], OperatedMove['mode']>>> = {
  full: 'full',
  'new brokers only': 'add-brokers',
  'off brokers': 'remove-brokers',
};

/** Of an evacuation or a rebalance that moves data. @throws ClusterProblem for what Cruise Control is not asked for, and for brokers that there are not */
export function moveOf(wish: DrainWish | RebalanceWish, data: DataCluster, title: string): OperatedMove {
  const exclude = wish.operation === 'rebalance' ? (wish.exclude ?? []) : [];
  const mode = modeOf(wish, title);
  const brokers = mode === 'full' ? [] : (wish.members ?? []).map((name) => numberOf(name, data));
  if (mode !== 'full' && brokers.length === 0)
    throw new ClusterProblem('invalid', 'Name the brokers that it is about.');
  return { mode, brokers, exclude, throttle: wish.throttle };
}

function modeOf(wish: DrainWish | RebalanceWish, title: string): OperatedMove['mode'] {
  if (wish.operation === 'drain') return 'remove-brokers';
  if (wish.reassignment !== undefined)
    throw new ClusterProblem('invalid', `${title} moves what Cruise Control proposes, not what a file says.`);
  const mode = MODES[wish.mode];
  if (mode) return mode;
  const offered = Object.keys(MODES).join(', ');
  throw new ClusterProblem('invalid', `${title} has no rebalance "${wish.mode}"; it has ${offered}.`);
}

function numberOf(name: string, { members }: DataCluster): number {
  const found = members.find((member) => member.name === name && member.role !== 'controller');
  if (found?.index !== undefined) return found.index;
  throw new ClusterProblem('absent', `There is no broker ${name} whose number is known.`);
}

/** Of the questions before a restart those that moving replicas asks too. */
const ASKED = new Set(['journal', 'pods', 'registered', 'nothing-moves', 'disks', 'leaders', 'in-sync']);

export interface MovePlan {
  /** `Strimzi`. */
  readonly title: string;
  readonly move: OperatedMove;
  readonly preconditions: readonly Precondition[];
  readonly parameters: Readonly<Record<string, StepValue>>;
  readonly steps: readonly PlannedStep[];
  readonly risks: readonly string[];
}

/** @throws ClusterProblem when the cluster cannot be asked */
export async function planOperatedMove(
  wish: DrainWish | RebalanceWish,
  { data, cluster, door, clock, id }: KafkaPlanningPorts,
  { title, move, ...own }: MovePlan,
): Promise<Plan> {
  const state = await door.state(undefined);
  const target = await targetOf(data, cluster, state.clusterId);
  const examined = examineOperated({
    cluster: data,
    members: [],
    state,
    disks: await door.disks(),
    refusals: [],
    missingRights: await missingJournalRights(target, cluster),
    now: clock.now(),
  });
  const preconditions = [
    ...examined.filter((one) => ASKED.has(one.id)),
    ...own.preconditions,
    ...(move.mode === 'remove-brokers' ? [enoughLeft(move, state)] : []),
  ];
  const what = { full: 'Rebalance', 'add-brokers': 'Filling of new brokers', 'remove-brokers': 'Evacuation' }[
    move.mode
  ];
  const which = move.brokers.length === 0 ? '' : ` (broker ${move.brokers.join(', ')})`;
  return {
    format: 1,
    id,
    operation: wish.operation,
    title: `${what} of Kafka ${data.name} by ${title}${which}`,
    target,
    madeAt: clock.now(),
    parameters: { ...nodeParameters(data), mode: move.mode, moved: move.brokers, ...own.parameters },
    preconditions,
    steps: own.steps,
    risks: own.risks,
    needsTypedName: preconditions.some(({ state: verdict }) => verdict === 'consent'),
  };
}

/** Every replica of a partition needs a broker of its own. */
function enoughLeft({ brokers }: OperatedMove, { brokers: live, partitions }: KafkaState): Precondition {
  const id = { id: 'left', title: 'Enough brokers are left for every replica' };
  const left = live.filter((broker) => !brokers.includes(broker)).length;
  const most = Math.max(0, ...partitions.map(({ replicas }) => replicas.length));
  if (left >= most) return { ...id, state: 'holds', evidence: [`${left} are left, ${most} are needed`] };
  const evidence = [`${left} would be left, and there are partitions of ${most} replicas`];
  return { ...id, state: 'fails', evidence, fix: 'Add brokers first, or lower the number of replicas.' };
}

/** Partitions that still have a replica on one of the brokers. */
export function remaining({ partitions }: KafkaState, brokers: readonly number[]): number {
  return partitions.filter(({ replicas }) => replicas.some((id) => brokers.includes(id))).length;
}

export function movedBrokers({ parameters }: Plan): readonly number[] {
  const moved = parameters['moved'];
  return Array.isArray(moved) ? moved.map(Number) : [];
}

export function modeIn({ parameters }: Plan): OperatedMove['mode'] {
  const mode = parameters['mode'];
  return mode === 'add-brokers' || mode === 'remove-brokers' ? mode : 'full';
}
