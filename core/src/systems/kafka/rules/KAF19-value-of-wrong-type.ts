import { quoteText, listNames } from '#core/lint/structure/describe.ts';
import type { ObjectRule } from '#core/lint/rules/rule.ts';
import type { KnowledgeEntry, KnowledgeType } from '#core/systems/contract.ts';
import { parseInteger, placeOf, splitList } from '#core/systems/kafka/brokerConfig.ts';
import { topicTable } from '#core/systems/kafka/knowledge/index.ts';
import { readSettings, type KnownSetting } from '#core/systems/kafka/settingPlaces.ts';

export const valueOfWrongType: ObjectRule = {
  id: 'KAF19',
  title: 'The value is none that the setting can have',
  severity: 'error',
  source:
    'Kafka 4.3 ConfigDef.parseType and ValidString; Strimzi 1.2 KafkaConfiguration.validate; tried with the classes of 4.3.1',
  fixable: false,
  refusedBy: 'nobody',
  why: `Kafka reads each setting as a number, as \`true\` or \`false\`, or as one of a few words, and their case counts. A broker with a value it
cannot read does not start. Strimzi looks first and refuses the cluster; for a topic it sets the condition to NotReady.`,
  subject: 'object',
  check: (object, report) => {
    for (const known of readSettings(object)) {
      const { setting, entry } = known;
      if (!entry || setting.value === undefined) continue;
      const wanted = wantedBy(setting.name, entry, setting.value);
      if (wanted === undefined) continue;
      const message = `${setting.written} must be ${wanted}, and ${quoteText(setting.value)} is not. ${consequence(known)}`;
      report({ ...placeOf(setting), cause: 'invalid', message });
    }
  },
};

/** Types that a text can be checked against, with what they are in words. */
const TYPES: Partial<
  Readonly<Record<KnowledgeType, { readonly what: string; readonly fits: (text: string) => boolean }>>
> = {
  integer: { what: 'an integer', fits: (text) => parseInteger(text) !== undefined },
  number: { what: 'a number', fits: (text) => text.trim() !== '' && Number.isFinite(Number(text)) },
  boolean: { what: 'true or false', fits: (text) => /^\s*(?:true|false)\s*$/i.test(text) },
};

/** Settings whose words may be in either case. */
const ANY_CASE = ['group.consumer.migration.policy', 'sasl.oauthbearer.assertion.algorithm', 'metrics.recording.level'];

/** What the setting wants, when the text is not that. */
function wantedBy(name: string, { type, values }: KnowledgeEntry, text: string): string | undefined {
  const known = TYPES[type];
  if (known) return known.fits(text) ? undefined : known.what;
  if (!values) return undefined;
  const items = type === 'list' ? splitList(text) : [text.trim()];
  const spelled = (word: string): string => (ANY_CASE.includes(name) ? word.toLowerCase() : word);
  const allowed = values.map(spelled);
  return items.every((item) => allowed.includes(spelled(item))) ? undefined : listNames(values);
}

function consequence({ operator, table }: KnownSetting): string {
  if (table === topicTable) return 'Kafka refuses the topic.';
  return operator === 'strimzi' ? 'Strimzi refuses the cluster.' : 'The broker does not start.';
}
