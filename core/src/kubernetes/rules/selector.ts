import { checkLabelSelector } from '#core/kubernetes/rules/requirements.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

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
  checkLabelSelector(selector, () => problems++);
  return problems === 0;
}
