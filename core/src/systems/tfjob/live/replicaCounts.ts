import type { LiveCustom } from '#core/live/objects.ts';
import { messageText } from '#core/live/plainText.ts';
import { isUntrustedObject, numberAt, objectAt, textAt } from '#core/live/reading.ts';
import { compareTypes, nameReplicas } from '#core/systems/tfjob/live/replicas.ts';

/** What the operator counts; it may leave pods active that were deleted after the end. */
export interface ReplicaCount {
  readonly type: string;
  readonly active: number;
  readonly succeeded: number;
  readonly failed: number;
}

/** v1alpha1 has a list with a map of states, v1alpha2 and v1beta1 a map with a name of its own. */
export function replicaCounts({ status }: LiveCustom): readonly ReplicaCount[] {
  const list = status['replicaStatuses'];
  const counts = Array.isArray(list)
    ? list.filter(isUntrustedObject).map(readOldCount)
    : Object.entries({ ...objectAt(status, 'tfReplicaStatuses'), ...objectAt(status, 'replicaStatuses') }).map(
        readCount,
      );
  return counts.toSorted((a, b) => compareTypes(a.type, b.type));
}

/** `2 PS active, 4 workers active, 1 failed`. */
export function describeCounts(counts: readonly ReplicaCount[]): string {
  return counts
    .map(({ type, active, succeeded, failed }) => {
      const ended = [succeeded > 0 ? `, ${succeeded} succeeded` : '', failed > 0 ? `, ${failed} failed` : ''].join('');
      return `${nameReplicas(active, type)} active${ended}`;
    })
    .join(', ');
}

function readCount([type, value]: readonly [string, unknown]): ReplicaCount {
  return {
    type: messageText(type, 63).toLowerCase(),
    active: numberAt(value, 'active') ?? 0,
    succeeded: numberAt(value, 'succeeded') ?? 0,
    failed: numberAt(value, 'failed') ?? 0,
  };
}

function readOldCount(value: Readonly<Record<string, unknown>>): ReplicaCount {
  const states = objectAt(value, 'ReplicasStates');
  return {
    type: messageText(textAt(value, 'tf_replica_type'), 63).toLowerCase(),
    active: numberAt(states, 'Running') ?? 0,
    succeeded: numberAt(states, 'Succeeded') ?? 0,
    failed: numberAt(states, 'Failed') ?? 0,
  };
}
