import { valueAt } from '#core/json.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import { integerAt, textAt } from '#core/systems/kafka/live/json.ts';
import { conditionsOf } from '#core/systems/kafka/live/operatorFindings.ts';
import type { ResourceRef } from '#core/operations/operated/resource.ts';

/**
 * How Confluent for Kubernetes is asked for a restart, and what it says. Source: its documentation of manual restarts: another value of
 * this annotation of the pod template than at the last restart. It does not roll while a pod is in maintenance mode.
 */
export const ROLL_ANNOTATION = 'kafkacluster-manual-roll';
export const MAINTENANCE = 'platform.confluent.io/maintenance-mode';

export function rollValue(resource: LiveCustom): string {
  const value = valueAt(resource.spec, 'podTemplate', 'annotations', ROLL_ANNOTATION);
  return typeof value === 'string' ? value : '';
}

/** Why the operator does not act on a resource, or has not ended; undefined when it is content with it. */
export function unrestOf(resource: LiveCustom): string | undefined {
  const { customKind, meta, status } = resource;
  const who = `${customKind} ${meta.name}`;
  if (meta.annotations[MAINTENANCE] !== undefined) return `${who} is in maintenance mode`;
  const observed = integerAt(status, 'observedGeneration');
  if (meta.generation !== undefined && observed !== undefined && observed < meta.generation)
    return `the last change of ${who} is not taken up yet`;
  const phase = textAt(status, 'phase');
  if (phase !== 'RUNNING') return `${who} is in phase ${phase === '' ? 'unknown' : phase}`;
  const ready = conditionsOf(resource).find(
    ({ type }) => type.replace('platform.confluent.io/', '') === 'cluster-ready',
  );
  if (ready && ready.status !== 'True') return `${who} is not ready (${ready.reason || ready.message})`;
  return undefined;
}

/** The resources whose pods make up the cluster, controllers first. */
export function resourcesOf({ resource, customs }: DataCluster): readonly LiveCustom[] {
  const controllers = customs.filter(({ customKind }) => customKind === 'KRaftController');
  return [...controllers, ...(resource ? [resource] : [])];
}

export function refOf({ group, version, customKind, meta }: LiveCustom): ResourceRef {
  return { apiVersion: `${group}/${version}`, kind: customKind, name: meta.name, uid: meta.uid };
}
