import type { ListPartitionReassignmentsAnswer } from '#core/systems/kafka/admin.ts';
import { partitionName, type KafkaState, type PartitionState } from '#core/systems/kafka/operations/clusterState.ts';
import { isSameSet } from '#core/systems/kafka/operations/moves/moveText.ts';
import type { Move } from '#core/systems/kafka/rebalance/model.ts';

export type Moving = ListPartitionReassignmentsAnswer['partitions'][number];

/** How far a move is, told by the cluster alone. */
export type Stage =
  /** Its replicas are those of before. */
  | 'waiting'
  | 'moving'
  /** Its replicas are those of the plan, in whatever order. */
  | 'moved'
  /** The topic was deleted. */
  | 'gone'
  /** Somebody else gave it other replicas, or is about to. */
  | 'other';

/** What the brokers say of replicas at one moment. */
export interface MovesView {
  readonly state: KafkaState;
  readonly moving: ReadonlyMap<string, Moving>;
  readonly partitions: ReadonlyMap<string, PartitionState>;
}

export function viewOf(state: KafkaState, moving: readonly Moving[]): MovesView {
  return {
    state,
    moving: new Map(moving.map((one) => [partitionName(one), one])),
    partitions: new Map(state.partitions.map((one) => [partitionName(one), one])),
  };
}

export function stageOf(move: Move, { partitions, moving }: MovesView): Stage {
  const name = partitionName(move);
  const present = partitions.get(name);
  if (present === undefined) return 'gone';
  const underWay = moving.get(name);
  if (underWay) return isSameSet(targetOf(underWay), move.after) ? 'moving' : 'other';
  if (isSameSet(present.replicas, move.after)) return 'moved';
  if (isSameSet(present.replicas, move.before)) return 'waiting';
  // A broker hears of the end a moment after the controller, which no longer lists it: both old and new replicas are still told.
  const both = [...new Set([...move.before, ...move.after])];
  return isSameSet(present.replicas, both) ? 'moving' : 'other';
}

/** Where a reassignment leads to. Source: PartitionReassignmentReplicas of Kafka, which tells the target first. */
export function targetOf({ replicas, removing }: Moving): readonly number[] {
  return replicas.filter((id) => !removing.includes(id));
}

/** What is being moved and is none of ours. */
export function foreignMoves(moves: readonly Move[], { moving }: MovesView): readonly string[] {
  const ours = new Map(moves.map((move) => [partitionName(move), move]));
  return [...moving].flatMap(([name, one]) => {
    const move = ours.get(name);
    return move !== undefined && isSameSet(targetOf(one), move.after) ? [] : [name];
  });
}
