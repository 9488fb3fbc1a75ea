import { quoteText } from '#core/lint/structure/describe.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';

/** Where the name of the topic stands when it is not that of the object. */
const FIELDS: Readonly<Record<string, string>> = {
  'kafka.strimzi.io/KafkaTopic': 'topicName',
  'kafka.banzaicloud.io/KafkaTopic': 'name',
};
const LONGEST = 249;

export const topicName: ObjectRule = {
  id: 'KAF26',
  title: 'Kafka takes no topic of this name',
  severity: 'error',
  source: 'Kafka 4.3 org.apache.kafka.common.internals.Topic.validate',
  fixable: false,
  refusedBy: 'nobody',
  why: `The name of a topic becomes the name of a directory, so it is made of letters, digits, ".", "_" and "-", at most 249 of them. The API server
accepts any text; the operator then cannot create the topic.`,
  subject: 'object',
  kinds: Object.keys(FIELDS),
  check: ({ groupKind, spec, metadata }, report) => {
    const field = spec.field(FIELDS[groupKind] ?? '');
    const at = field.isAbsent ? metadata.field('name') : field;
    const name = at.text;
    const problem = name === undefined ? undefined : problemOf(name);
    if (name === undefined || problem === undefined || (at !== field && name.length <= LONGEST)) return;
    report({ at, cause: 'invalid', message: `The topic name ${quoteText(name)} ${problem}. Kafka refuses the topic.` });
  },
};

function problemOf(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (name === '.' || name === '..') return 'is that of a directory';
  if (name.length > LONGEST) return `has ${name.length} characters; at most ${LONGEST} are allowed`;
  return /^[a-zA-Z0-9._-]+$/.test(name) ? undefined : 'may have letters, digits, ".", "_" and "-" only';
}
