import { affinityTerms } from '#core/kubernetes/rules/scheduling/terms.ts';
import type { PodView } from '#core/lint/rules/pods.ts';
import type { Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

/** Constraints and terms that select no pod, because they have no selector at all. */
export function warnOfNoSelector(pod: PodView, report: Report): void {
  const constraints = pod.spec.field('topologySpreadConstraints').items;
  for (const constraint of constraints) warn(constraint, 'constraint', 'spreads nothing', report);
  for (const { term } of affinityTerms(pod)) warn(term, 'term', 'has no effect', report);
}

/** Keys that add to a selector which is not there are refused, so nothing is said of the selector. */
const ADDING_KEYS = ['matchLabelKeys', 'mismatchLabelKeys'];

function warn(holder: NodeView, what: string, effect: string, report: Report): void {
  const selector = holder.field('labelSelector');
  if (!holder.isPresent || !selector.isAbsent || ADDING_KEYS.some((name) => holder.field(name).isPresent)) return;
  const message = `This ${what} has no labelSelector, so it selects no pod and ${effect}.`;
  report({ at: selector, cause: 'required', message });
}
