import { reportUnsupported } from '#core/kubernetes/rules/fields.ts';
import { STRATEGIES } from '#core/kubernetes/rules/workload/strategies.ts';
import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';

export const updateStrategy: ObjectRule = {
  id: 'STS04',
  title: 'The update strategy has a wrong type, or settings of another type',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/apps/validation ValidateStatefulSetSpec and ValidateDeploymentStrategy, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `A StatefulSet or DaemonSet updates its pods by RollingUpdate, or leaves them until somebody deletes them (OnDelete); a Deployment
replaces them by RollingUpdate or all at once (Recreate). Settings of a rolling update beside another type would do nothing, so the
server refuses them even when they are empty.`,
  subject: 'object',
  kinds: Object.keys(STRATEGIES),
  check: ({ groupKind, spec, kind }, report) => {
    const strategy = STRATEGIES[groupKind];
    if (!strategy) return;
    const { field, types, unknownType, without } = strategy;
    const view = spec.field(field);
    const type = view.field('type');
    const rollingUpdate = view.field('rollingUpdate');
    // The server prints the path of the strategy, and puts the default in the place of an empty text.
    const printed: Report = (hit) => report({ ...hit, path: view.path });
    if (type.text !== '') reportUnsupported(type, `update strategy of a ${kind.kind}`, types, printed, unknownType);
    if (!without || type.text !== without.type || !rollingUpdate.isPresent || view.isOpen) return;
    const message = `rollingUpdate is set up, but the strategy is ${without.type}, which makes no rolling update.`;
    report({ at: rollingUpdate, cause: without.cause, message, related: [{ at: type, message: 'The strategy' }] });
  },
};
