import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import { isMissing } from '#core/systems/kafka/brokerConfig.ts';
import { viewBrokers, type BrokerGroup } from '#core/systems/kafka/brokers.ts';
import { listNames } from '#core/lint/structure/describe.ts';

/** Defaults of Kafka that one broker cannot meet. */
const DEFAULTS: Readonly<Record<string, number>> = {
  'offsets.topic.replication.factor': 3,
  'transaction.state.log.replication.factor': 3,
  'transaction.state.log.min.isr': 2,
};

export const oneBrokerThreeReplicas: ObjectRule = {
  id: 'KAF04',
  title: 'A single broker is left with defaults for three',
  severity: 'error',
  source: 'Kafka 4.3 GroupCoordinatorConfig and TransactionLogConfig defaults; AutoTopicCreationManager',
  fixable: false,
  refusedBy: 'nobody',
  why: `Kafka makes the topics for consumer offsets and for the state of transactions with three replicas unless it is told otherwise. On a
single broker they can never be created: consumers in a group wait for ever, and transactional producers do not start. Set
\`offsets.topic.replication.factor\`, \`transaction.state.log.replication.factor\` and \`transaction.state.log.min.isr\` to 1.`,
  subject: 'object',
  check: (object, report) => {
    for (const group of viewBrokers(object)) checkSingleBroker(group, report);
  },
};

/** Whether a single broker is left with what only three can do. */
export function checkSingleBroker(group: BrokerGroup, report: Report): void {
  const missing = group.brokers === 1 ? missingOf(group) : [];
  if (missing.length === 0) return;
  const list = listNames(
    missing.map((name) => `${name} (${DEFAULTS[name] ?? ''})`),
    'and',
  );
  const left = missing.length === 1 ? 'is left at its default' : 'are left at their defaults';
  const message = `There is one broker, but ${list} ${left}. ${consequence(missing)}`;
  report({ at: group.home, cause: 'required', message });
}

/** Where the number of replicas is written, KAF02 speaks of those that must be in sync. */
function missingOf({ config }: BrokerGroup): readonly string[] {
  const isWritten = config.settings.has('transaction.state.log.replication.factor');
  return Object.keys(DEFAULTS).filter(
    (name) => isMissing(config, name) && !(name === 'transaction.state.log.min.isr' && isWritten),
  );
}

function consequence(missing: readonly string[]): string {
  return missing.includes('offsets.topic.replication.factor')
    ? 'The topic for consumer offsets cannot be created, so no consumer group ever gets records.'
    : 'The topic for the state of transactions cannot be used, so no transactional producer starts.';
}
