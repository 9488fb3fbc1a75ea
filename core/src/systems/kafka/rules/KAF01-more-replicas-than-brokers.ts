import type { ObjectRule, Report } from '#core/lint/rules/rule.ts';
import { integerOf, placeOf } from '#core/systems/kafka/brokerConfig.ts';
import { viewBrokers, type BrokerGroup } from '#core/systems/kafka/brokers.ts';

const COPIES = [
  'default.replication.factor',
  'offsets.topic.replication.factor',
  'transaction.state.log.replication.factor',
  'share.coordinator.state.topic.replication.factor',
];
/** How many of them must be in sync. */
export const IN_SYNC: readonly string[] = ['transaction.state.log.min.isr', 'share.coordinator.state.topic.min.isr'];
/** What Strimzi looks at before it makes a cluster. */
const REFUSED_BY_STRIMZI = [...COPIES.slice(0, 3), 'transaction.state.log.min.isr'];

export const moreReplicasThanBrokers: ObjectRule = {
  id: 'KAF01',
  title: 'A setting asks for more replicas than there are brokers',
  severity: 'error',
  source:
    'Strimzi 1.2 KafkaCluster validateIntConfigProperty; Kafka 4.3 ReplicationControlManager (InvalidReplicationFactor)',
  fixable: false,
  refusedBy: 'nobody',
  why: `Every replica of a partition lies on a broker of its own, so a topic with more replicas than brokers cannot be created. For the topics
that Kafka makes by itself (consumer offsets, state of transactions) nobody sees the error: consumers just never get a position.`,
  subject: 'object',
  check: (object, report) => {
    for (const group of viewBrokers(object)) checkReplicas(group, report);
  },
};

/** Compares what a group of brokers is told with how many they are. */
export function checkReplicas(group: BrokerGroup, report: Report): void {
  const { brokers, config } = group;
  if (brokers === undefined || brokers < 1) return;
  for (const name of [...COPIES, ...IN_SYNC]) {
    const setting = config.settings.get(name);
    const wanted = integerOf(config, name);
    if (!setting || wanted === undefined || wanted <= brokers) continue;
    const there = brokers === 1 ? 'there is one broker' : `there are ${brokers} brokers`;
    const message = `${setting.written} is ${wanted}, but ${there}. ${consequence(name, group)}`;
    report({ ...placeOf(setting), cause: 'invalid', message });
  }
}

function consequence(name: string, { operator }: BrokerGroup): string {
  if (operator === 'strimzi' && REFUSED_BY_STRIMZI.includes(name)) return 'Strimzi refuses the cluster.';
  return IN_SYNC.includes(name)
    ? 'So many replicas are never in sync, and no write to that topic succeeds.'
    : 'Kafka cannot create a topic with more replicas than brokers.';
}
