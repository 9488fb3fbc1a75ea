import { sizeText } from '#core/live/sizes.ts';
import type { PlannedStep, StepValue } from '#core/operations/model.ts';
import { KIND } from '#core/operations/stepKinds.ts';
import { movesData, writeMoves } from '#core/systems/kafka/operations/moves/moveText.ts';
import { compareSizes } from '#core/systems/kafka/rebalance/feeding.ts';
import type { Move, RebalanceInput } from '#core/systems/kafka/rebalance/model.ts';
import { addedBy, estimateMs, summarize } from '#core/systems/kafka/rebalance/summary.ts';

/** Names of the kinds of steps, which are kept in journals. */
export type MoveStepKind =
  'throttle' | 'cordon' | 'uncordon' | 'move' | 'sweep' | 'order' | 'elect' | 'unthrottle' | 'verify';

export interface StepsWanted {
  readonly input: RebalanceInput;
  readonly moves: readonly Move[];
  /** Bytes a second. */
  readonly throttle: number;
  /** Brokers that are to hold nothing. */
  readonly leaving: readonly number[];
  /** Whether the leaving brokers can be cordoned. */
  readonly isCordoned: boolean;
  /** Brokers whose disks are cordoned and that replicas come back to. */
  readonly uncordoned: readonly number[];
}

/** A step can be paused or looked at when it is over, so none should be much longer than this. */
const CHUNK_MS = 600_000;
const CHUNK_MOVES = 150;
/** As often as new partitions are looked for on brokers that cannot be cordoned. */
const SWEEPS = 3;
const QUICK_MS = 3000;

/** A ConfigMap holds 1 MiB, and what happens is written down beside the plan. */
const LONGEST_MOVES = 550_000;
/** Of what is found on the way and remembered by one step. */
export const LONGEST_FOUND = 60_000;

/** The moves that one run takes, in the order in which they begin: as many as the journal has room for. */
export function movesThatFit(moves: readonly Move[], longest = LONGEST_MOVES): readonly Move[] {
  let room = longest;
  const texts = new Map(moves.map((move) => [move, writeMoves([move]).join('').length + 3]));
  return moves.toSorted(compareSizes).filter((move) => {
    room -= texts.get(move) ?? 0;
    return room >= 0;
  });
}

export function stepsFor(wanted: StepsWanted): readonly PlannedStep[] {
  const data = wanted.moves.filter(movesData).toSorted(compareSizes);
  const order = wanted.moves.filter((move) => !movesData(move));
  const copies = data.length > 0 || wanted.leaving.length > 0;
  return [
    ...(copies ? [throttleStep(wanted)] : []),
    ...(wanted.isCordoned ? [cordonStep('cordon', wanted.leaving)] : []),
    ...(wanted.uncordoned.length > 0 ? [cordonStep('uncordon', wanted.uncordoned)] : []),
    ...chunksOf(data, wanted).map((chunk, place, all) => moveStep(chunk, place + 1, all.length, wanted)),
    ...(wanted.leaving.length > 0 && !wanted.isCordoned ? sweeps(wanted) : []),
    ...(wanted.moves.length > 0 ? [orderStep(order)] : []),
    electStep(),
    ...(copies ? [unthrottleStep()] : []),
    verifyStep(wanted),
  ];
}

/** In order; each as long as one wants to wait for a step. */
function chunksOf(moves: readonly Move[], { input, throttle }: StepsWanted): readonly (readonly Move[])[] {
  const chunks: Move[][] = [];
  let bytes = 0;
  // Roughly: all brokers receive at the same time.
  const mostBytes = (CHUNK_MS / 1000) * throttle * Math.max(1, input.brokers.length);
  for (const move of moves) {
    const size = move.bytes * addedBy(move).length;
    const last = chunks.at(-1);
    if (last && last.length < CHUNK_MOVES && bytes + size <= mostBytes) {
      last.push(move);
      bytes += size;
    } else {
      chunks.push([move]);
      bytes = size;
    }
  }
  return chunks;
}

function moveStep(moves: readonly Move[], number: number, of: number, { input, throttle }: StepsWanted): PlannedStep {
  const summary = summarize(input, moves);
  return {
    ...step(`move-${number}`, 'move', { moves: writeMoves(moves) }),
    title: `Move ${moves.length} partitions, ${sizeText(summary.bytesToCopy)} to copy (${number} of ${of})`,
    gate: 'every broker is registered, every partition is led and has enough replicas in sync, and nobody else moves anything',
    effect:
      'new replicas are copied beside the old ones, at most five in and five out for each broker; the old ones go once all are in sync',
    done: 'every partition has the replicas of the plan',
    undo: 'cancelled meanwhile, what is under way goes back at once; afterwards a rebalance with the rollback file',
    expectedMs: Math.max(QUICK_MS, estimateMs(summary, throttle) ?? 0),
  };
}

function throttleStep({ throttle }: StepsWanted): PlannedStep {
  return {
    ...step('throttle', 'throttle'),
    title: `Throttle copying to ${sizeText(throttle)}/s for each broker`,
    gate: 'every broker is registered and nobody else moves anything',
    effect:
      'throttles are set for the replicas of the plan on the brokers that take part; those of others are remembered and kept',
    done: 'every broker tells the throttle',
    undo: 'put back by the step unthrottle, and whenever the run ends early',
  };
}

function cordonStep(kind: 'cordon' | 'uncordon', brokers: readonly number[]): PlannedStep {
  const names = brokers.join(', ');
  return {
    ...step(kind, kind, { brokers }),
    title: kind === 'cordon' ? `Cordon the disks of broker ${names}` : `Let broker ${names} take replicas again`,
    gate: 'every broker is registered and nobody else moves anything',
    effect:
      kind === 'cordon'
        ? 'no new partition is placed there (cordoned.log.dirs=*)'
        : 'cordoned.log.dirs of the broker is taken away',
    done: 'the broker tells it',
    undo:
      kind === 'cordon'
        ? 'put back when the run ends early; afterwards a rebalance with the rollback file takes it away'
        : 'put back when the run ends early',
  };
}

function sweeps({ leaving }: StepsWanted): readonly PlannedStep[] {
  const names = leaving.join(', ');
  return Array.from({ length: SWEEPS }, (_, place) => ({
    ...step(`sweep-${place + 1}`, 'sweep'),
    title: `Move what was placed on broker ${names} meanwhile (${place + 1} of ${SWEEPS})`,
    gate: 'as of a move, and every new partition has another place',
    effect: 'new partitions are moved like those of the plan; nothing when there are none',
    done: `broker ${names} holds no replica`,
    undo: 'cancelled meanwhile, what is under way goes back at once',
  }));
}

function orderStep(moves: readonly Move[]): PlannedStep {
  return {
    ...step('order', 'order', { moves: writeMoves(moves) }),
    title: 'Put replicas into their final order',
    gate: 'every broker is registered and nobody else moves anything',
    effect: 'the preferred leader comes first in each list; no data moves',
    done: 'every list is in the order of the plan',
    undo: 'a rebalance with the rollback file',
  };
}

function electStep(): PlannedStep {
  return {
    ...step('elect', 'elect'),
    title: 'Elect preferred leaders',
    gate: 'every broker is registered',
    effect: 'clients that write or read are sent to other brokers; each sees one NOT_LEADER_OR_FOLLOWER and goes on',
    done: 'preferred leaders that are in sync lead',
  };
}

function unthrottleStep(): PlannedStep {
  return {
    ...step('unthrottle', 'unthrottle'),
    title: 'Put throttles back as they were',
    gate: 'nothing is copied any more',
    effect: 'throttles of before are set again, and none where there was none',
    done: 'every broker tells the throttles of before',
  };
}

function verifyStep({ leaving }: StepsWanted): PlannedStep {
  const empty = `broker ${leaving.join(', ')} holds no replica, by Metadata and on its disks, `;
  return {
    ...step('verify', 'verify'),
    title: 'Look whether everything is where it should be',
    gate: `${leaving.length > 0 ? empty : ''}every partition has the replicas of the plan, all in sync`,
    effect: 'none',
    done: 'it was so twice in a row',
  };
}

function step(
  id: string,
  kind: MoveStepKind,
  parameters: Readonly<Record<string, StepValue>> = {},
): Pick<PlannedStep, 'id' | 'expectedMs' | 'parameters'> {
  return { id, expectedMs: QUICK_MS, parameters: { [KIND]: kind, ...parameters } };
}
