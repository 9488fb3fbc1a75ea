import { numberAt, objectAt, textAt, type JsonObject } from '#core/json.ts';
import type { ObjectChange } from '#core/live/helm/releaseChanges.ts';
import { patchedByHelm } from '#core/live/helm/threeWay.ts';
import { isHeld } from '#core/operations/statefulSetNow.ts';

/**
 * What keeps a StatefulSet from replacing pods while Helm writes its new template. Helm sets what the manifest sets, the update strategy
 * included, so a hold is tried on paper first: it must still hold in what Helm makes of the object.
 *
 * - OnDelete outlives a manifest that says nothing of the strategy.
 * - A partition above every ordinal outlives one that says `type: RollingUpdate` and no partition, which is what most charts say.
 * - None outlives a manifest that sets the partition itself, or takes away a strategy that the older one set.
 */
export interface Hold {
  /** What the strategy becomes first; undefined when it is held as it is. */
  readonly strategy: JsonObject | undefined;
  /** What it is once Helm is done and everything is put back. */
  readonly after: JsonObject;
}

/** No StatefulSet has as many pods. */
export const HOLDING_PARTITION = 1_000_000;

const ON_DELETE: JsonObject = { type: 'OnDelete' };
const PARTITION: JsonObject = { type: 'RollingUpdate', rollingUpdate: { partition: HOLDING_PARTITION } };

/** Undefined when nothing holds it. `keepsStrategy`: whoever writes leaves the strategy alone until it is put back. */
export function chooseHold(
  { old, target, live }: Pick<ObjectChange, 'old' | 'target' | 'live'>,
  { keepsStrategy }: { readonly keepsStrategy: boolean },
): Hold | undefined {
  // What the manifest of today does not have, Helm patches from the object as it is, or refuses, by its version: nothing is sure to hold.
  if (!target || !live || (!old && !keepsStrategy)) return undefined;
  const outlives = (strategy: JsonObject): boolean =>
    keepsStrategy || holds(strategyIn(patchedByHelm(old?.object, target.object, withStrategy(live, strategy))));
  const now = strategyIn(live);
  const after = strategyIn(patchedByHelm(old?.object, target.object, live));
  if (isHeld(now) && outlives(now)) return { strategy: undefined, after };
  const strategy = [ON_DELETE, PARTITION].find(outlives);
  return strategy && { strategy, after };
}

/** Whether no pod is replaced by the controller under this strategy. */
export function holds(strategy: JsonObject): boolean {
  return isHeld(strategy) || isPartitionHold(strategy);
}

export function isPartitionHold(strategy: JsonObject): boolean {
  const isRolling = (textAt(strategy, 'type') || 'RollingUpdate') === 'RollingUpdate';
  return isRolling && (numberAt(strategy, 'rollingUpdate', 'partition') ?? 0) >= HOLDING_PARTITION;
}

function strategyIn(object: JsonObject): JsonObject {
  return objectAt(object, 'spec', 'updateStrategy');
}

function withStrategy(object: JsonObject, updateStrategy: JsonObject): JsonObject {
  return { ...object, spec: { ...objectAt(object, 'spec'), updateStrategy } };
}
