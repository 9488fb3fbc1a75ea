import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import { integerOf, isMissing, placeOf, valueOf } from '#core/systems/kafka/brokerConfig.ts';
import { viewBrokers, type BrokerGroup } from '#core/systems/kafka/brokers.ts';

/** Who writes one of them has thought about replicas, and may create every topic with its own number. */
const THOUGHT_OF = [
  'default.replication.factor',
  'min.insync.replicas',
  'offsets.topic.replication.factor',
  'transaction.state.log.replication.factor',
];

export const replicationLeftAtOne: ObjectRule = {
  id: 'KAF03',
  title: 'New topics of a cluster with several brokers get one replica',
  severity: 'warning',
  source: 'Strimzi 1.2 KafkaSpecChecker (KafkaDefaultReplicationFactor, KafkaMinInsyncReplicas); defaults of Kafka 4.3',
  fixable: false,
  refusedBy: 'nobody',
  why: `A topic that is created without saying how many replicas it wants gets \`default.replication.factor\`, which is 1: its data lie on one
broker, and are away with that broker. Write 3, with \`min.insync.replicas: 2\`, where there are at least three brokers.`,
  subject: 'object',
  check: (object, report) => {
    for (const group of viewBrokers(object)) checkLeftAtOne(group, report);
  },
};

/** Whether the topics of several brokers get one replica for want of a word about it. */
export function checkLeftAtOne({ config, brokers, home }: BrokerGroup, report: Report): void {
  if (brokers === undefined || brokers < 2) return;
  const factor = config.settings.get('default.replication.factor');
  const consequence =
    'A topic created without a number of its own lies on one broker and is away whenever that broker is.';
  if (factor && integerOf(config, 'default.replication.factor') === 1) {
    const message = `${factor.written} is 1 although there are ${brokers} brokers. ${consequence}`;
    report({ ...placeOf(factor), cause: 'invalid', message });
  } else if (THOUGHT_OF.every((name) => isMissing(config, name)) && !isManual(config)) {
    const message = `Nothing is said about replicas although there are ${brokers} brokers, so default.replication.factor is 1. ${consequence}`;
    report({ at: home, cause: 'required', message });
  }
}

/** Topics come into being only when somebody says how. */
function isManual(config: Parameters<typeof valueOf>[0]): boolean {
  return config.settings.has('auto.create.topics.enable') && valueOf(config, 'auto.create.topics.enable') !== 'true';
}
