import type { LabelRequirement, LabelSet } from '#core/workspace/facts.ts';

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
    ...selector.expressions.map((requirement) => meets(requirement, has)),
  ];
  if (verdicts.includes(false)) return false;
  return verdicts.includes(undefined) || !selector.isWhole ? undefined : true;
}

/** Whether a selector asks for anything at all; an empty one means all pods or none, by kind. */
export function isEmpty(selector: LabelSet): boolean {
  return selector.isWhole && selector.entries.length === 0 && selector.expressions.length === 0;
}

function meets({ key, operator, values }: LabelRequirement, labels: ReadonlyMap<string, string>): boolean | undefined {
  if (MADE_LABELS.has(key)) return undefined;
  const value = labels.get(key);
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return undefined;
  }
}
