import type { WorkspaceRule } from '#core/lint/rules/rule.ts';
import { viewBrokers } from '#core/systems/kafka/brokers.ts';
import { lacksBudget } from '#core/workspace/budgets.ts';

export const noBudget: WorkspaceRule = {
  id: 'KAF29',
  title: 'No disruption budget keeps the brokers together',
  severity: 'warning',
  source: 'min.insync.replicas of Kafka 4.3; eviction subresource of Kubernetes 1.34; budget made by Strimzi 1.2',
  fixable: false,
  refusedBy: 'nobody',
  why: `A drain of nodes, as every upgrade of a node pool makes it, evicts all pods of a node and several nodes at a time. Only a
PodDisruptionBudget makes it wait until the last broker is back. Without one two of three replicas may be away together: producers with
\`acks=all\` are refused, and controllers lose their majority.`,
  subject: 'workspace',
  kinds: ['apps/StatefulSet'],
  check: (object, workspace, report) => {
    const workload = viewBrokers(object).find((group) => group.workload)?.workload;
    if (!workload || (workload.replicas ?? 0) < 2 || !lacksBudget(workspace.self, workspace)) return;
    report({
      at: object.metadata.field('name'),
      cause: 'required',
      message:
        'No PodDisruptionBudget covers the brokers, so a drain of nodes may take several at once, and writes with acks=all are refused. Add one with maxUnavailable: 1.',
    });
  },
};
