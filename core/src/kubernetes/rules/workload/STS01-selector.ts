import { checkLabelSelector } from '#core/kubernetes/rules/requirements.ts';
import { isEmptySelector } from '#core/kubernetes/rules/selector.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';

export const selector: ObjectRule = {
  id: 'STS01',
  title: 'The selector of a workload is empty or malformed',
  severity: 'error',
  source: 'k8s.io/kubernetes pkg/apis/apps/validation ValidateStatefulSetSpec and its like for other workloads, 1.34',
  fixable: true,
  refusedBy: 'server',
  why: `A workload finds its pods by its selector. An empty one would take every pod of the namespace for its own. In and NotIn need values,
Exists and DoesNotExist take none, and operators are written with capital letters. The selector cannot be changed later.`,
  subject: 'object',
  kinds: ['apps/StatefulSet', 'apps/Deployment', 'apps/DaemonSet', 'apps/ReplicaSet'],
  check: ({ spec, kind }, report) => {
    const view = spec.field('selector');
    checkLabelSelector(view, report);
    if (!isEmptySelector(view)) return;
    const message = `The selector of the ${kind.kind} is empty, so it would select every pod of the namespace.`;
    report({ at: view, cause: 'invalid', message });
  },
};
