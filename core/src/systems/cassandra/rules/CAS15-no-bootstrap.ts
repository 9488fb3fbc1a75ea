import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { isConfiguredByImage, membersOf } from '#core/systems/cassandra/rules/members.ts';
import { KINDS_WITH_SETTINGS, readYamlSettings } from '#core/systems/cassandra/rules/settings.ts';
import { findVariable, variableText } from '#core/systems/cassandra/rules/variables.ts';

const VARIABLE = 'CASSANDRA_AUTO_BOOTSTRAP';

export const noBootstrap: ObjectRule = {
  id: 'CAS15',
  title: 'A new member joins without its data',
  severity: 'warning',
  source:
    'Apache Cassandra auto_bootstrap; start script of kubernetes/examples cassandra; example of aslanbakirov/cassandra-operator',
  fixable: false,
  refusedBy: 'nobody',
  why: `Without auto_bootstrap a node that joins takes over its share of the ring and streams nothing: it is up, and reads that it answers miss rows
until it has been repaired or rebuilt. That is right only for the nodes of a new datacenter, which are rebuilt afterwards.`,
  subject: 'object',
  kinds: ['apps/StatefulSet', ...KINDS_WITH_SETTINGS],
  check: (object, report) => {
    for (const member of membersOf(object)) {
      const at = findVariable(member.container, VARIABLE)?.field('value');
      const text = variableText(member.container, VARIABLE)?.trim().toLowerCase();
      // The official image does not read it.
      if (at && text === 'false' && !isConfiguredByImage(member)) warn(at, report);
    }
    for (const { settings } of readYamlSettings(object)) {
      const at = settings.field('auto_bootstrap');
      if (at.boolean === false) warn(at, report);
    }
  },
};

function warn(at: NodeView, report: Report): void {
  report({
    at,
    cause: 'invalid',
    message:
      'A member that joins takes over its share of the data without streaming it, so reads miss rows. Turn it off only for a new datacenter that is rebuilt afterwards.',
  });
}
