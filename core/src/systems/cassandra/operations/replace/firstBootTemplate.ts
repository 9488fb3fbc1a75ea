import { objectsOf, textAt, type JsonObject } from '#core/json.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import type { Answer } from '#core/operations/model.ts';
import { containersOf, patchTemplate, type VariableChange } from '#core/operations/podTemplate.ts';
import type { ActOutcome } from '#core/operations/procedure.ts';
import { setAddress } from '#core/operations/scaledSet.ts';
import { isHeld, readStatefulSet, type StatefulSetNow } from '#core/operations/statefulSetNow.ts';
import { setBack } from '#core/operations/updateStrategy.ts';
import type { ReplaceParts } from '#core/systems/cassandra/operations/replace/replaceParts.ts';

export interface TemplateNow extends StatefulSetNow {
  readonly object: JsonObject;
  /** The template of the pod says what it should say while the pod is made anew. */
  readonly isTelling: boolean;
  /** It says what it did before. */
  readonly isUsual: boolean;
}

/** The template of the StatefulSet of a dead node. @throws ClusterProblem */
export async function readTemplate(
  cluster: Cluster,
  namespace: string,
  { workload, container, wanted, before }: ReplaceParts,
): Promise<TemplateNow> {
  const object = await cluster.get(setAddress(namespace, workload));
  const now = await readStatefulSet(cluster, namespace, workload);
  const own = containersOf(object).find((one) => textAt(one, 'name') === container);
  const variables = objectsOf(own?.['env']);
  const has = ({ variable, value }: VariableChange): boolean => {
    const entry = variables.findLast((one) => textAt(one, 'name') === variable);
    return value === null ? entry === undefined : entry !== undefined && textAt(entry, 'value') === value;
  };
  return { ...now, object, isTelling: wanted.every(has), isUsual: before.every(has) };
}

/** Why nothing is done to this StatefulSet; undefined when something may be. */
export function unheld(now: TemplateNow, { workload, uid }: ReplaceParts): Answer | undefined {
  const fix = 'Make a new plan.';
  if (now.workload.meta.uid !== uid)
    return { kind: 'stop', reason: `The StatefulSet ${workload} is another one than when the plan was made.`, fix };
  if (!isHeld(now.strategy)) return { kind: 'stop', ...setBack(now) };
  if (now.isTelling || now.isUsual) return undefined;
  return { kind: 'stop', reason: `Somebody has changed the variables of ${workload} since the plan was made.`, fix };
}

/** Counts only for the version that was read. What got no answer is left open. */
export async function writeTemplate(
  cluster: Cluster,
  { object, workload }: TemplateNow,
  container: string,
  changes: readonly VariableChange[],
): Promise<ActOutcome> {
  const { name } = workload.meta;
  try {
    await patchTemplate(cluster, object, container, changes);
    return { kind: 'acted' };
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    if (error.kind === 'conflict') return { kind: 'again', waitingFor: `${name} not to be changed by others` };
    if (error.kind !== 'forbidden' && error.kind !== 'invalid') throw error;
    const reason = `The server refuses the change of ${name}: ${error.message}`;
    return { kind: 'stop', reason, fix: 'Ask for the right, or see what refuses it.' };
  }
}
