import type { WorkspaceRule } from '#core/lint/rules/rule.ts';
import { membersOf } from '#core/systems/cassandra/rules/members.ts';
import { lacksBudget } from '#core/workspace/budgets.ts';

export const noBudget: WorkspaceRule = {
  id: 'CAS21',
  title: 'No disruption budget keeps a quorum of the ring together',
  severity: 'warning',
  source:
    'quorum at replication factor 3; eviction subresource of Kubernetes 1.34; budgets made by cass-operator 1.32 and CassKop 2.3',
  fixable: false,
  refusedBy: 'nobody',
  why: `A drain of nodes, as every upgrade of a node pool makes it, evicts all pods of a node and several nodes at a time. Only a
PodDisruptionBudget makes it wait until the last member is back. Without one two of three copies of the data may be away together, and requests
at QUORUM fail.`,
  subject: 'workspace',
  kinds: ['apps/StatefulSet'],
  check: (object, workspace, report) => {
    const [member] = membersOf(object);
    if (!member || (member.replicas ?? 0) < 2 || !lacksBudget(workspace.self, workspace)) return;
    report({
      at: object.metadata.field('name'),
      cause: 'required',
      message:
        'No PodDisruptionBudget covers the members, so a drain of nodes may take several at once, and requests at QUORUM fail. Add one with maxUnavailable: 1.',
    });
  },
};
