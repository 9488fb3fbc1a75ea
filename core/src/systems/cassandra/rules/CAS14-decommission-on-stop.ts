import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { commandOf, membersOf } from '#core/systems/cassandra/rules/members.ts';

export const decommissionOnStop: ObjectRule = {
  id: 'CAS14',
  title: 'Every restart takes the member out of the ring',
  severity: 'warning',
  source:
    'Apache Cassandra StorageService (a decommissioned node will not rejoin); bitnami/charts cassandra without persistence',
  fixable: false,
  refusedBy: 'nobody',
  why: `A preStop hook runs whenever a pod stops: at an update, at a drain of its Kubernetes node, at an eviction. \`nodetool decommission\` there
streams all data of the member to the others, which takes hours and is cut off by the grace period. With its disk kept the member then refuses to start, because it was
decommissioned. Drain in the hook, and decommission by hand before the number of replicas goes down.`,
  subject: 'object',
  kinds: ['apps/StatefulSet'],
  check: (object, report) => {
    for (const { container } of membersOf(object)) {
      const hook = container.at('lifecycle', 'preStop');
      if (!/\bnodetool\b[^;|&]*\bdecommission\b/.test(commandOf(hook) ?? '')) continue;
      report({
        at: hook.at('exec', 'command'),
        cause: 'invalid',
        message:
          'This hook runs at every stop of the pod and takes the member out of the ring: its data is streamed away, and with its disk kept it refuses to start again. Use nodetool drain.',
      });
    }
  },
};
