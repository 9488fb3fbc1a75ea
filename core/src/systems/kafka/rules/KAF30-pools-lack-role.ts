import type { WorkspaceRule } from '#core/lint/rules/rule.ts';
import { nodePoolsOf } from '#core/systems/kafka/nodePools.ts';

export const poolsLackRole: WorkspaceRule = {
  id: 'KAF30',
  title: 'No node pool of the cluster has brokers, or none has controllers',
  severity: 'error',
  source:
    'Strimzi 0.51 and 1.2 NodePoolUtils.validateNodePools (at least one node pool with each role and one or more replicas)',
  fixable: false,
  refusedBy: 'nobody',
  why: `A cluster needs nodes that keep its metadata and nodes that keep its data. Each node pool says which of both its nodes do, and
together they must do both. Strimzi otherwise leaves the cluster as it is and sets its condition to NotReady.`,
  subject: 'workspace',
  kinds: ['kafka.strimzi.io/Kafka'],
  check: (object, workspace, report) => {
    const name = object.metadata.field('name');
    if (!object.spec.field('zookeeper').isAbsent || name.text === undefined) return;
    const found = nodePoolsOf(name.text, workspace);
    if (!found?.areTogether) return;
    for (const [role, count] of [
      ['broker', found.brokers],
      ['controller', found.controllers],
    ] as const) {
      if (count !== 0) continue;
      report({
        at: name,
        cause: 'required',
        message: `No node pool of this cluster has nodes with the role ${role}. Strimzi refuses the cluster.`,
        related: found.pools.map((pool) => ({ object: pool, message: `The node pool ${pool.name}` })),
      });
    }
  },
};
