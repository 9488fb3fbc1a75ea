import type { ObjectRule } from '#core/lint/rules/rule.ts';
import { commandOf, membersOf } from '#core/systems/cassandra/rules/members.ts';
import { asksOwnStatus } from '#core/systems/cassandra/rules/probes.ts';

export const readinessByOwnStatus: ObjectRule = {
  id: 'CAS13',
  title: 'The readiness probe believes what the node says of itself',
  severity: 'warning',
  source:
    'measured with Cassandra 4.0 (a drained node calls itself UN and exits with 0); ready-probe.sh of kubernetes/examples',
  fixable: false,
  refusedBy: 'nobody',
  why: `\`nodetool status\` on a node shows how that node sees the ring, and it sees itself as UN even after a drain, and again seconds before its port
for clients is open. A probe that looks for UN is green in both cases: clients are sent to a node that refuses them, a PodDisruptionBudget counts it as healthy, and a restart goes
on too early. Ask for what clients need: a \`tcpSocket\` probe on port 9042, or \`nodetool statusbinary\`.`,
  subject: 'object',
  kinds: ['apps/StatefulSet'],
  check: (object, report) => {
    for (const { container, image } of membersOf(object)) {
      const probe = container.field('readinessProbe');
      const command = commandOf(probe);
      if (command === undefined || !asksOwnStatus(command, image)) continue;
      report({
        at: probe.at('exec', 'command'),
        cause: 'invalid',
        message: `This readiness probe asks ${command.includes('ready-probe.sh') ? 'with ready-probe.sh ' : ''}whether the node calls itself UN. It still does after a drain and before it answers clients, so a restart goes on too early; probe port 9042 or ask nodetool statusbinary.`,
      });
    }
  },
};
