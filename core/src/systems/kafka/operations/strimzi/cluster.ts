import type { LiveCustom, LivePod } from '#core/live/objects.ts';
import type { Precondition } from '#core/operations/model.ts';
import { conditionsOf } from '#core/systems/kafka/live/operatorFindings.ts';
import { integerAt, oneLine } from '#core/systems/kafka/live/json.ts';

/**
 * How Strimzi is asked and what it says. Source: Strimzi's documentation of annotations, and its conditions Ready, NotReady and
 * ReconciliationPaused. It looks at annotated pods at its next round, every two minutes unless told otherwise.
 */
export const ROLL_ANNOTATION = 'strimzi.io/manual-rolling-update';
const PAUSE_ANNOTATION = 'strimzi.io/pause-reconciliation';

export function isAskedToRoll({ meta }: Pick<LivePod | LiveCustom, 'meta'>): boolean {
  return meta.annotations[ROLL_ANNOTATION] === 'true';
}

/** Why a Kafka resource would not be acted on, or not now; undefined when Strimzi is done with it and content. */
export function restlessness(resource: LiveCustom): { readonly text: string; readonly kind: Unrest } | undefined {
  const { meta, status } = resource;
  const conditions = conditionsOf(resource);
  const isSo = (type: string): boolean => conditions.some((one) => one.type === type && one.status === 'True');
  if (meta.annotations[PAUSE_ANNOTATION] === 'true' || isSo('ReconciliationPaused'))
    return { kind: 'paused', text: `reconciliation of ${meta.name} is paused (${PAUSE_ANNOTATION})` };
  const observed = integerAt(status, 'observedGeneration');
  if (meta.generation !== undefined && (observed ?? 0) < meta.generation)
    return { kind: 'behind', text: `the last change of ${meta.name} is not taken up yet` };
  if (isSo('Ready')) return undefined;
  const notReady = conditions.find(({ type, status: is }) => type === 'NotReady' && is === 'True');
  const why = [notReady?.reason, notReady?.message].filter((text) => text !== undefined && text !== '').join(': ');
  return { kind: 'not ready', text: `${meta.name} is not ready${why === '' ? '' : ` (${oneLine(why, 200)})`}` };
}

export type Unrest = 'paused' | 'behind' | 'not ready';

const FIXES: Readonly<Record<Unrest, string>> = {
  paused: `Take the annotation ${PAUSE_ANNOTATION} away.`,
  behind: 'Wait for the next round of the operator.',
  'not ready': 'Repair what the condition names first.',
};

/** `hasUnready`: one pod is not ready, which the resource may well say, and which is dealt with first. */
export function resourceCheck(resource: LiveCustom, hasUnready: boolean): Precondition {
  const id = { id: 'resource', title: 'The Kafka resource is ready and not paused' };
  const unrest = restlessness(resource);
  if (!unrest)
    return { ...id, state: 'holds', evidence: [`${resource.meta.name} is ready, and its last change is taken up`] };
  const isExpected = unrest.kind === 'not ready' && hasUnready;
  return { ...id, state: isExpected ? 'warns' : 'fails', evidence: [unrest.text], fix: FIXES[unrest.kind] };
}
