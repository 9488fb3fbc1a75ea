import { meetsRequirement } from '#core/kubernetes/labelRequirement.ts';
import type { LabelSet } from '#core/workspace/facts.ts';

/** Labels that controllers put on pods; no template shows them. */
const MADE_LABELS: ReadonlySet<string> = new Set([
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'controller-revision-hash',
  'pod-template-hash',
  'job-name',
  'controller-uid',
  'batch.kubernetes.io/job-name',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-completion-index',
]);

/** Whether a selector selects pods with these labels; undefined when that cannot be told. */
export function selects(selector: LabelSet, labels: LabelSet): boolean | undefined {
  const has = new Map(labels.entries.map(({ key, value }) => [key, value]));
  const verdicts = [
    ...selector.entries
      .filter(({ key }) => !MADE_LABELS.has(key))
      .map(({ key, value }) => (has.has(key) ? has.get(key) === value : labels.isWhole ? false : undefined)),
    ...selector.expressions.map(({ key, operator, values }) =>
      MADE_LABELS.has(key) || (!has.has(key) && !labels.isWhole)
        ? undefined
        : meetsRequirement(operator, values, has.get(key)),
    ),
  ];
  if (verdicts.includes(false)) return false;
  return verdicts.includes(undefined) || !selector.isWhole ? undefined : true;
}

/** Whether a selector asks for anything at all; an empty one means all pods or none, by kind. */
export function isEmpty(selector: LabelSet): boolean {
  return selector.isWhole && selector.entries.length === 0 && selector.expressions.length === 0;
}
