import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { commandOf, membersOf } from '#core/systems/cassandra/rules/members.ts';
import { asksOwnStatus } from '#core/systems/cassandra/rules/probes.ts';

export const probesMissing: ObjectRule = {
  id: 'CAS05',
  title: 'A member has no readiness probe, or a liveness probe that kills it under load',
  severity: 'warning',
  source:
    'measured with Cassandra 4.0 (a rolling restart without a readiness probe loses quorum); probes of the Management API in cass-operator 1.32',
  fixable: false,
  refusedBy: 'nobody',
  why: `A StatefulSet restarts the next member as soon as the last one is ready. Without a readiness probe that is when the process exists, half a
minute before Cassandra answers: in a ring of three two members are away at once, and requests at QUORUM fail. A liveness probe by \`nodetool status\` starts a Java virtual machine
every few seconds and is slowest when the node is busiest, so Kubernetes kills a node because it has much to do.`,
  subject: 'object',
  kinds: ['apps/StatefulSet'],
  check: (object, report) => {
    for (const { container, image, replicas = 1 } of membersOf(object)) {
      const readiness = container.field('readinessProbe');
      if (readiness.isAbsent && replicas > 1) {
        report({
          at: readiness,
          cause: 'required',
          message:
            'There is no readiness probe, so a restart goes on to the next member as soon as the process of the last one exists. Two members are away at once then, and requests at QUORUM fail.',
        });
      }
      const liveness = container.field('livenessProbe');
      const command = commandOf(liveness);
      if (command !== undefined && asksOwnStatus(command, image)) {
        report({
          at: liveness.at('exec', 'command'),
          cause: 'invalid',
          severity: 'hint',
          message:
            'This liveness probe starts a Java virtual machine for nodetool status each time. It is slowest when the node is busiest, and then Kubernetes kills the node; a tcpSocket probe is enough.',
        });
      }
    }
  },
};
