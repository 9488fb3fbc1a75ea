import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { imageVersion, isConfiguredByImage, membersOf } from '#core/systems/cassandra/rules/members.ts';
import { KINDS_WITH_SETTINGS, readYamlSettings } from '#core/systems/cassandra/rules/settings.ts';
import { findVariable, variableText } from '#core/systems/cassandra/rules/variables.ts';

const OLD_NUMBER = 256;
/** First major version whose default is 16. */
const NEW_DEFAULT_SINCE = 4;

export const manyTokens: ObjectRule = {
  id: 'CAS12',
  title: 'The number of tokens is that of old versions',
  severity: 'hint',
  source:
    'Apache Cassandra 4.0 (num_tokens 16 with allocate_tokens_for_local_replication_factor); k8ssandra-operator 1.32 defaults',
  fixable: false,
  refusedBy: 'nobody',
  why: `With 256 tokens every member shares data with all others: the loss of any two members is felt, repair and streaming work on very many small
ranges. Since Cassandra 4.0 tokens are placed so that 16 are enough. A ring that holds data keeps the number it has: a node with another number does not start. So this is for new rings and new datacenters.`,
  subject: 'object',
  kinds: ['apps/StatefulSet', ...KINDS_WITH_SETTINGS],
  check: (object, report) => {
    for (const member of membersOf(object)) {
      const at = findVariable(member.container, 'CASSANDRA_NUM_TOKENS')?.field('value');
      const isNew = (imageVersion(member.image)?.[0] ?? 0) >= NEW_DEFAULT_SINCE && isConfiguredByImage(member);
      if (at && isNew && variableText(member.container, 'CASSANDRA_NUM_TOKENS')?.trim() === String(OLD_NUMBER)) {
        warn(at, report);
      }
    }
    for (const { settings, version, type } of readYamlSettings(object)) {
      const at = settings.field('num_tokens');
      if (type === 'cassandra' && majorOf(version) >= NEW_DEFAULT_SINCE && at.integer === OLD_NUMBER) warn(at, report);
    }
  },
};

function warn(at: NodeView, report: Report): void {
  report({
    at,
    cause: 'invalid',
    message: `${OLD_NUMBER} tokens are the number of Cassandra 3; since 4.0 the default is 16, with which repair and streaming are faster and fewer members share data. A ring that holds data cannot change it.`,
  });
}

function majorOf(version: string | undefined): number {
  return Number(/^\d+/.exec(version ?? '')?.[0] ?? 0);
}
