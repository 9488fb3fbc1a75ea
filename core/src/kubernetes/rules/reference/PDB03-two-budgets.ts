import { BUDGET, covers, selectorOf } from '#core/workspace/budgets.ts';
import type { WorkspaceRule } from '#core/lint/rules/rule.ts';

export const twoBudgets: WorkspaceRule = {
  id: 'PDB03',
  title: 'Two disruption budgets cover the same pods',
  severity: 'warning',
  source:
    'Kubernetes 1.34 pkg/registry/core/pod/storage/eviction.go ("This pod has more than one PodDisruptionBudget, which the eviction subresource does not support")',
  fixable: false,
  refusedBy: 'nobody',
  why: `The eviction of a pod with two budgets ends with an error of the server, whatever the budgets allow. So a drain of its node never ends.
Keep one budget for a set of pods.`,
  subject: 'workspace',
  kinds: ['policy/PodDisruptionBudget'],
  check: (object, workspace, report) => {
    const selector = selectorOf(workspace.self);
    if (!selector || workspace.scope.isPatched) return;
    const others = workspace.inScope(BUDGET).filter((budget) => budget.name !== workspace.self.name);
    for (const workload of workspace.workloadsInScope()) {
      if (covers(selector, workload) !== true) continue;
      const other = others.find((budget) => {
        const theirs = selectorOf(budget);
        return theirs !== undefined && covers(theirs, workload) === true;
      });
      if (!other) continue;
      report({
        at: object.spec.field('selector'),
        cause: 'duplicate',
        message: `The PodDisruptionBudget ${other.name} covers the pods of the ${workload.kind} ${workload.name} as well. The server evicts no pod that has two budgets.`,
        related: [
          { object: other, message: `The PodDisruptionBudget ${other.name}` },
          { object: workload, message: `${workload.kind} ${workload.name}` },
        ],
      });
      return;
    }
  },
};
