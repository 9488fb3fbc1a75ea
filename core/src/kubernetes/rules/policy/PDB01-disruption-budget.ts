import { reportAmount } from '#core/kubernetes/rules/amount.ts';
import { reportUnsupported } from '#core/kubernetes/rules/fields.ts';
import { checkLabelSelector } from '#core/kubernetes/rules/requirements.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';

const POLICIES = ['IfHealthyBudget', 'AlwaysAllow'];

export const disruptionBudget: ObjectRule = {
  id: 'PDB01',
  title: 'A disruption budget contradicts itself or is malformed',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/policy/validation ValidatePodDisruptionBudgetSpec, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `A budget says how many pods must stay, or how many may be missing, as a number or a percentage, but not both. While it is refused, a
drain of nodes may take all pods at once.`,
  subject: 'object',
  kinds: ['policy/PodDisruptionBudget'],
  check: ({ spec }, report) => {
    const [least, most] = [spec.field('minAvailable'), spec.field('maxUnavailable')];
    // In a template one of them may stand there for the other.
    if (least.isPresent && most.isPresent && !spec.isOpen) {
      const message = 'minAvailable and maxUnavailable are both given; a budget has one of them.';
      report({ at: most, cause: 'invalid', message, path: spec.path, related: [{ at: least, message: 'The other' }] });
    }
    reportAmount(least, '100%', report);
    reportAmount(most, '100%', report);
    reportUnsupported(spec.field('unhealthyPodEvictionPolicy'), 'eviction policy', POLICIES, report);
    checkLabelSelector(spec.field('selector'), report);
  },
};
