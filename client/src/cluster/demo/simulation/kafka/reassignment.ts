import { KAFKA_ERRORS } from '#core/systems/kafka/admin.ts';
import type { KafkaPartition } from './model.ts';
import { electLeader, type ReplicationState } from './replication.ts';

/**
 * Moves of partitions as the controllers of Kafka make them: first the replicas are those of the target and those that are to go, then
 * the new ones copy, and when every replica of the target is in sync the others are dropped. Source: KIP-455, and answers of Kafka 4.3.
 */

export interface Refusal {
  readonly errorCode: number;
  readonly message: string;
}

const refusal = (errorCode: number, message: string): Refusal => ({ errorCode, message });

export const isMoving = ({ adding, removing }: KafkaPartition): boolean => adding.length + removing.length > 0;

/** Those that are to have the partition, whether they are in sync or not. */
const targetOf = ({ replicas, removing }: KafkaPartition): readonly number[] =>
  replicas.filter((id) => !removing.includes(id));

/** Those that hold the partition apart from who is only getting it: a replica that is being added is not missed yet. */
export const heldBy = ({ replicas, adding }: KafkaPartition): readonly number[] =>
  replicas.filter((id) => !adding.includes(id));

/** @param isKnown whether a broker is registered, fenced or not */
export function reassign(
  partition: KafkaPartition,
  target: readonly number[],
  isKnown: (id: number) => boolean,
): Refusal | undefined {
  const refused = refuse(partition, target, isKnown);
  if (refused) return refused;
  const before = partition.replicas;
  const ascending = (ids: readonly number[]): readonly number[] => ids.toSorted((a, b) => a - b);
  partition.adding = ascending(target.filter((id) => !before.includes(id) || partition.adding.includes(id)));
  partition.removing = ascending(before.filter((id) => !target.includes(id)));
  partition.replicas = [...target, ...partition.removing];
  for (const id of partition.adding) {
    // A new replica begins with nothing.
    if (!before.includes(id)) partition.behind.set(id, partition.size);
  }
  return undefined;
}

function refuse(
  partition: KafkaPartition,
  target: readonly number[],
  isKnown: (id: number) => boolean,
): Refusal | undefined {
  const invalid = (what: string): Refusal =>
    refusal(KAFKA_ERRORS.INVALID_REPLICA_ASSIGNMENT, `The manual partition assignment includes ${what}`);
  if (target.length === 0) return invalid('an empty replica list.');
  const sorted = target.toSorted((a, b) => a - b);
  const unknown = sorted.find((id) => !isKnown(id));
  if (unknown !== undefined) return invalid(`broker ${unknown}, but no such broker is registered.`);
  const twice = sorted.find((id, place) => sorted[place - 1] === id);
  if (twice !== undefined) return invalid(`the broker ${twice} more than once.`);
  const factor = targetOf(partition).length;
  return factor === target.length
    ? undefined
    : refusal(
        KAFKA_ERRORS.INVALID_REPLICATION_FACTOR,
        `The replication factor is changed from ${factor} to ${target.length}`,
      );
}

/** Who was being added goes; the order of before is not known any more. */
export function cancelReassignment(partition: KafkaPartition, state: ReplicationState): Refusal | undefined {
  if (!isMoving(partition)) return refusal(KAFKA_ERRORS.NO_REASSIGNMENT_IN_PROGRESS, '');
  const held = heldBy(partition);
  if (!partition.isr.some((id) => held.includes(id))) {
    return refusal(
      KAFKA_ERRORS.INVALID_REPLICA_ASSIGNMENT,
      `Unable to revert partition assignment for ${partition.topic}:${partition.index} because it would require an unclean leader election.`,
    );
  }
  keepOnly(partition, held, state);
  return undefined;
}

/** A reassignment ends when every replica of its target is in sync. */
export function finishReassignment(partition: KafkaPartition, state: ReplicationState): void {
  if (!isMoving(partition)) return;
  const target = targetOf(partition);
  if (target.every((id) => partition.isr.includes(id))) keepOnly(partition, target, state);
}

function keepOnly(partition: KafkaPartition, replicas: readonly number[], state: ReplicationState): void {
  partition.isr = replicas.filter((id) => partition.isr.includes(id));
  partition.replicas = [...replicas];
  partition.adding = [];
  partition.removing = [];
  for (const id of partition.behind.keys()) if (!replicas.includes(id)) partition.behind.delete(id);
  if (!replicas.includes(partition.leader)) electLeader(partition, state);
}
