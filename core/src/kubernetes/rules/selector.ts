import { checkLabelValue, checkQualifiedName } from '#core/kubernetes/names.ts';
import { reportUnsupported } from '#core/kubernetes/rules/choices.ts';
import { reportMalformed } from '#core/kubernetes/rules/fields.ts';
import { reportLabels } from '#core/kubernetes/rules/labels.ts';
import type { Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

const WITH_VALUES = ['In', 'NotIn'];
const WITHOUT_VALUES = ['Exists', 'DoesNotExist'];

/**
 * Reports what is wrong in a label selector (`matchLabels`, `matchExpressions`). That a required field is not written is for the
 * schema to say. Source: k8s.io/apimachinery pkg/apis/meta/v1/validation ValidateLabelSelector; confirmed against kube-apiserver 1.34.4.
 */
export function reportSelector(selector: NodeView, report: Report): void {
  reportLabels(selector.field('matchLabels'), report);
  for (const requirement of selector.field('matchExpressions').items) reportRequirement(requirement, report);
}

/** Whether a selector certainly selects by nothing. */
export function isEmptySelector(selector: NodeView): boolean {
  if (selector.content?.kind !== 'map' || selector.isOpen) return false;
  const labels = selector.field('matchLabels');
  const hasNoLabels = labels.isAbsent || (labels.content?.kind === 'map' && labels.fields.length === 0);
  return hasNoLabels && selector.field('matchExpressions').count === 0;
}

/** Whether the server can read a selector; it does not compare labels with one that it cannot. */
export function isWellFormedSelector(selector: NodeView): boolean {
  let problems = 0;
  reportSelector(selector, () => problems++);
  return problems === 0;
}

function reportRequirement(requirement: NodeView, report: Report): void {
  const operator = requirement.field('operator');
  const values = requirement.field('values');
  reportMalformed(requirement.field('key'), 'label key', checkQualifiedName, report, 'checked');
  for (const value of values.items) reportMalformed(value, 'label value', checkLabelValue, report);
  if (WITH_VALUES.includes(operator.text ?? '') && values.count === 0) {
    report({ at: values, cause: 'required', message: `The operator ${operator.text ?? ''} needs values.` });
  } else if (WITHOUT_VALUES.includes(operator.text ?? '') && values.items.length > 0 && !requirement.isOpen) {
    report({ at: values, cause: 'forbidden', message: `The operator ${operator.text ?? ''} takes no values.` });
  }
  const allowed = [...WITH_VALUES, ...WITHOUT_VALUES];
  reportUnsupported(operator, { what: 'operator', allowed, cause: 'invalid', empty: 'refused' }, report);
}
