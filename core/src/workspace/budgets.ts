import type { LabelSet, ObjectFacts } from '#core/workspace/facts.ts';
import type { IndexedObject } from '#core/workspace/fileFacts.ts';
import { isEmpty, selects } from '#core/workspace/labels.ts';
import { UNKNOWN_VALUE } from '#core/workspace/values.ts';
import type { WorkspaceView } from '#core/workspace/view.ts';

export const BUDGET = 'PodDisruptionBudget';

/** The selector of a budget that says which pods it is about; an empty one is about all. */
export function selectorOf(budget: ObjectFacts): LabelSet | undefined {
  const selector = budget.labelSets.find(({ role }) => role === 'selector');
  return selector && !isEmpty(selector) ? selector : undefined;
}

/** Whether a selector covers the pods of a workload; undefined when that cannot be told. */
export function covers(selector: LabelSet, workload: ObjectFacts): boolean | undefined {
  const verdicts = workload.labelSets.filter(({ role }) => role === 'pods').map((labels) => selects(selector, labels));
  if (verdicts.includes(true)) return true;
  return verdicts.includes(undefined) ? undefined : false;
}

/** Whether some budget of the workspace may cover the pods of a workload; one without a readable selector may cover any. */
function mayHaveBudget(workload: ObjectFacts, workspace: WorkspaceView): boolean {
  if (!workspace.isCertain(BUDGET)) return true;
  return workspace.ofKind(BUDGET).some((budget) => {
    const selector = selectorOf(budget);
    return !selector || covers(selector, workload) !== false;
  });
}

/** How many pods a workload asks for; undefined where that is not known or another object decides. */
export function replicasOf(workload: IndexedObject, workspace: WorkspaceView): number | undefined {
  if (workload.kind !== 'StatefulSet' && workload.kind !== 'Deployment') return undefined;
  const written = workload.values['spec.replicas'] ?? '1';
  if (written === UNKNOWN_VALUE || !/^\d+$/.test(written) || workspace.isPatched(workload)) return undefined;
  return isScaled(workload, workspace) ? undefined : Number(written);
}

function isScaled({ kind, name }: IndexedObject, workspace: WorkspaceView): boolean {
  const scalers = ['HorizontalPodAutoscaler', 'ScaledObject'].flatMap((scaler) => workspace.ofKind(scaler));
  return scalers.some((scaler) =>
    scaler.occurrences.some(
      ({ role, target, name: scaled }) => role === 'reference' && target === kind && scaled === name,
    ),
  );
}

/**
 * Whether a StatefulSet has no budget although everything that belongs to it seems to be here: its Service is applied together with it,
 * and neither a template nor a broken document may hold a budget.
 */
export function lacksBudget(self: ObjectFacts, workspace: WorkspaceView): boolean {
  const service = self.values['spec.serviceName'];
  const { isWhole } = workspace.scope;
  if (service === undefined || !isWhole || !workspace.inScope('Service').some(({ name }) => name === service))
    return false;
  return !mayHaveBudget(self, workspace);
}
