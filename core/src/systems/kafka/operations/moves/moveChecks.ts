import { duration } from '#core/live/durations.ts';
import type { DataCluster } from '#core/live/model.ts';
import { sizeText } from '#core/live/sizes.ts';
import type { Precondition } from '#core/operations/model.ts';
import { CONFIG_BROKER } from '#core/systems/kafka/admin.ts';
import { partitionName, type PartitionState } from '#core/systems/kafka/operations/clusterState.ts';
import type { DiskFindings } from '#core/systems/kafka/operations/door.ts';
import { isUnderMinIsr } from '#core/systems/kafka/operations/moves/brake.ts';
import { few } from '#core/systems/kafka/operations/moves/movesRun.ts';
import type { Situation } from '#core/systems/kafka/operations/moves/situation.ts';
import { LEAST_THROTTLE } from '#core/systems/kafka/operations/moves/throttleChoice.ts';
import { THROTTLE_KEYS } from '#core/systems/kafka/operations/moves/throttles.ts';
import {
  disksWell,
  nobodyMoves,
  partitionsLed,
  rightsToKeep,
  topicsVisible,
} from '#core/systems/kafka/operations/restartChecks.ts';
import { laggards } from '#core/systems/kafka/operations/safety.ts';
import type { Move, RebalanceInput, Unsolved } from '#core/systems/kafka/rebalance/model.ts';
import { addedBy, estimateMs, type RebalanceSummary } from '#core/systems/kafka/rebalance/summary.ts';

/** Everything that was found out before a plan of moves is made. */
export interface MoveExamination {
  readonly cluster: DataCluster;
  readonly situation: Situation;
  readonly state: Situation['state'];
  readonly disks: DiskFindings;
  readonly missingRights: readonly string[];
  /** What Kafka would not let us do, with the reason; from trials without effect. */
  readonly refusals: readonly string[];
  readonly input: RebalanceInput;
  /** Those of this run. */
  readonly moves: readonly Move[];
  /** How many more there are, for another run. */
  readonly left: number;
  readonly unsolved: readonly Unsolved[];
  /** What it means that something is unsolved: the goal is missed, it costs what a person has to agree to, or it is only told. */
  readonly unsolvedIs: 'fails' | 'consent' | 'warns';
  /** Why it should not be done. */
  readonly objections: readonly string[];
  readonly summary: RebalanceSummary;
  readonly throttle: number;
  /** Under this copies would not end; undefined when it was not measured. */
  readonly leastThrottle: number | undefined;
  /** Brokers that are to hold nothing. */
  readonly leaving: readonly number[];
  readonly isCordoned: boolean;
  readonly uncordoned: readonly number[];
}

type Check = (examination: MoveExamination) => Precondition | undefined;

/** In the order in which they are shown. */
const checks: readonly Check[] = [
  rightsToKeep,
  mayAlter,
  brokersLive,
  nobodyMoves,
  topicsVisible,
  disksWell,
  partitionsLed,
  enoughInSync,
  enoughBrokers,
  everythingPlaced,
  nobodyOverloaded,
  roomOnDisks,
  throttleAboveWrites,
  throttlesOfOthers,
  nothingNewPlaced,
  comeBackAllowed,
  fitsIntoOneRun,
];

export function examineMoves(examination: MoveExamination): readonly Precondition[] {
  return checks.flatMap((check) => check(examination) ?? []);
}

function mayAlter({ refusals }: MoveExamination): Precondition {
  const id = { id: 'may-alter', title: 'Kafka lets us move partitions and change settings' };
  if (refusals.length === 0) return holds(id, 'Tried without effect');
  const fix = 'Give the principal Alter and AlterConfigs on the cluster, and AlterConfigs on the topics.';
  return { ...id, state: 'fails', evidence: refusals, fix };
}

function brokersLive({ cluster, state }: MoveExamination): Precondition {
  const id = { id: 'registered', title: 'Every broker is registered and not fenced' };
  const brokers = cluster.members.filter(({ role }) => role !== 'controller');
  const absent = brokers.filter(({ index }) => index === undefined || !state.brokers.includes(index));
  if (absent.length === 0) return holds(id, `${brokers.length} brokers: ${state.brokers.join(', ')}`);
  const evidence = [`Not among the live brokers: ${few(absent.map(({ name }) => name))}`];
  return { ...id, state: 'fails', evidence, fix: 'Bring them back first: a copy to a broker that is away never ends.' };
}

function enoughInSync({ state, situation: { view } }: MoveExamination): Precondition {
  const id = { id: 'in-sync', title: 'Every partition has enough replicas in sync' };
  const unread = state.partitions.filter(({ minIsr }) => minIsr === undefined);
  if (unread.length > 0) {
    const evidence = [`min.insync.replicas cannot be read of ${few([...new Set(unread.map(({ topic }) => topic))])}`];
    return { ...id, state: 'fails', evidence, fix: 'Give the principal DescribeConfigs on all topics.' };
  }
  const adding = (one: PartitionState): number => view.moving.get(partitionName(one))?.adding.length ?? 0;
  const under = state.partitions.filter((one) => isUnderMinIsr(one, adding(one)));
  if (under.length > 0) {
    const evidence = [`${under.length} are under min ISR: ${few(under.map(partitionName))}`];
    return { ...id, state: 'fails', evidence, fix: 'Wait until they are in sync again, or find out why they are not.' };
  }
  const behind = state.partitions.filter((one) => laggards(one).length > adding(one));
  if (behind.length === 0) return holds(id, 'No partition is under-replicated');
  const evidence = [`${behind.length} under-replicated: ${few(behind.map(partitionName))}`];
  return { ...id, state: 'warns', evidence, fix: 'Nothing is begun while one is under min ISR.' };
}

function enoughBrokers({ leaving, input }: MoveExamination): Precondition | undefined {
  if (leaving.length === 0) return undefined;
  const id = { id: 'enough-brokers', title: 'Enough brokers are left for the replicas of every partition' };
  const left = input.brokers.filter((broker) => broker.isTarget && !leaving.includes(broker.id)).length;
  const most = Math.max(0, ...input.partitions.map(({ replicas }) => replicas.length));
  const evidence = `${left} brokers are left, and partitions have up to ${most} replicas`;
  if (left >= most) return holds(id, evidence);
  return { ...id, state: 'fails', evidence: [evidence], fix: 'Add brokers first, or lower the replication factor.' };
}

function everythingPlaced({ unsolved, unsolvedIs, moves }: MoveExamination): Precondition {
  const id = { id: 'solved', title: 'Everything that should change can' };
  if (unsolved.length === 0) return holds(id, `${moves.length} partitions change`);
  const named = unsolved.slice(0, MOST_NAMED).map((one) => `${partitionName(one)}: ${one.reason}`);
  const more = unsolved.length > named.length ? [`and ${unsolved.length - named.length} more`] : [];
  return { ...id, state: unsolvedIs, evidence: [...named, ...more], ...FIXES[unsolvedIs] };
}

const MOST_NAMED = 10;

const FIXES: Readonly<Record<MoveExamination['unsolvedIs'], { readonly fix?: string }>> = {
  fails: { fix: 'Make room, add brokers, or take these topics out.' },
  consent: { fix: 'Agree that these stay as they are, or give them more replicas first.' },
  warns: {},
};

function nobodyOverloaded({ objections }: MoveExamination): Precondition | undefined {
  if (objections.length === 0) return undefined;
  const id = { id: 'leader-share', title: 'Nobody would lead far more than its share' };
  return { ...id, state: 'fails', evidence: objections, fix: 'Demote fewer brokers at a time.' };
}

/** Old and new copies both exist until a partition has moved. */
function roomOnDisks({ summary, situation }: MoveExamination): Precondition | undefined {
  if (summary.bytesToCopy === 0 && summary.dataMoves === 0) return undefined;
  const id = { id: 'disk-space', title: `Disks stay at or under ${MOST_PERCENT} % while both copies exist` };
  const silent = [...situation.silent].map(([broker, reason]) => `Broker ${broker} does not tell its disks: ${reason}`);
  const receivers = summary.brokers.filter(({ bytesIn }) => bytesIn > 0);
  const unknown = receivers.filter(({ peakDiskPercent }) => peakDiskPercent === undefined);
  const full = receivers.filter(({ peakDiskPercent = 0 }) => peakDiskPercent > MOST_PERCENT);
  if (full.length > 0) {
    const evidence = full.map((one) => `Broker ${one.id}: ${Math.round(one.peakDiskPercent ?? 0)} % at the peak`);
    return { ...id, state: 'fails', evidence, fix: 'Enlarge its volume, or move less.' };
  }
  if (silent.length + unknown.length > 0) {
    const evidence = [...silent, ...unknown.map((one) => `Broker ${one.id} does not tell how large its disks are`)];
    return {
      ...id,
      state: 'consent',
      evidence,
      fix: 'Look at the volumes yourself: a broker whose disk is full stops.',
    };
  }
  const peak = Math.max(0, ...receivers.map(({ peakDiskPercent = 0 }) => peakDiskPercent));
  return holds(id, `${Math.round(peak)} % at most`);
}

const MOST_PERCENT = 80;

function throttleAboveWrites({ summary, throttle, leastThrottle }: MoveExamination): Precondition | undefined {
  if (summary.dataMoves === 0) return undefined;
  const id = { id: 'throttle', title: 'Copying is slow enough for clients and fast enough to end' };
  const rate = `${sizeText(throttle)}/s for each broker`;
  const ms = estimateMs(summary, throttle) ?? 0;
  const length = `${sizeText(summary.bytesToCopy)} to copy at ${rate}: at least ${duration(ms)}`;
  if (throttle < LEAST_THROTTLE) {
    return {
      ...id,
      state: 'fails',
      evidence: [`${rate} is too little for the throttle of Kafka`],
      fix: 'Give at least 1 MB/s.',
    };
  }
  if (leastThrottle === undefined) {
    const evidence = [length, 'How much is written to these partitions was not measured'];
    return { ...id, state: 'unknown', evidence, fix: 'Watch that the copies come nearer; raise the throttle if not.' };
  }
  if (throttle < leastThrottle) {
    const evidence = [`${rate} is less than what is written meanwhile wants: ${sizeText(leastThrottle)}/s`];
    return { ...id, state: 'fails', evidence, fix: 'Give a higher throttle; the copies would never end.' };
  }
  return holds(id, length);
}

function throttlesOfOthers({ situation: { settings } }: MoveExamination): Precondition | undefined {
  const keys = new Set(Object.values(THROTTLE_KEYS).flat());
  const found = [...settings.values].filter(([place]) => keys.has(place.split(' ')[2] ?? ''));
  if (found.length === 0) return undefined;
  const id = { id: 'other-throttles', title: 'Nobody else throttles' };
  const evidence = found.slice(0, MOST_NAMED).map(([place, value]) => {
    const [type, name, key] = place.split(' ');
    return `${Number(type) === CONFIG_BROKER ? 'broker' : 'topic'} ${name ?? ''}: ${key ?? ''}=${value}`;
  });
  const fix =
    'If nobody needs them any more, take them away first. They are added to for the time of the run and put back at its end.';
  return { ...id, state: 'warns', evidence, fix };
}

function nothingNewPlaced({ leaving, isCordoned }: MoveExamination): Precondition | undefined {
  if (leaving.length === 0) return undefined;
  const id = { id: 'cordon', title: 'Nothing new is placed on what leaves' };
  if (isCordoned) return holds(id, 'Its disks are cordoned, as this version of Kafka can');
  const evidence = ['This version of Kafka cannot cordon disks'];
  return {
    ...id,
    state: 'warns',
    evidence,
    fix: 'What is created meanwhile is moved afterwards, three times at most.',
  };
}

function comeBackAllowed({ uncordoned }: MoveExamination): Precondition | undefined {
  if (uncordoned.length === 0) return undefined;
  const id = { id: 'uncordon', title: 'Brokers that get replicas take some' };
  const evidence = [`The disks of broker ${uncordoned.join(', ')} are cordoned`];
  return { ...id, state: 'warns', evidence, fix: 'The run takes the cordon away first.' };
}

function fitsIntoOneRun({ left, moves }: MoveExamination): Precondition | undefined {
  if (left === 0) return undefined;
  const id = { id: 'one-run', title: 'Everything fits into one run' };
  const evidence = [`${moves.length} of ${moves.length + left} partitions; the smallest go first`];
  return { ...id, state: 'warns', evidence, fix: 'Make the same plan again when this one is done.' };
}

/** Those that get a copy. */
export function receiversOf(moves: readonly Move[]): readonly number[] {
  return [...new Set(moves.flatMap(addedBy))].toSorted((a, b) => a - b);
}

function holds(id: { readonly id: string; readonly title: string }, evidence: string): Precondition {
  return { ...id, state: 'holds', evidence: [evidence] };
}
