import type { ObjectView } from '#core/lint/rules/object.ts';
import type { Report, RuleHit, WorkspaceRule } from '#core/lint/rules/rule.ts';
import { viewBrokers } from '#core/systems/kafka/brokers.ts';
import { CLUSTER_LABEL, nodePoolsOf, type NodePools } from '#core/systems/kafka/nodePools.ts';
import { checkReplicas } from '#core/systems/kafka/rules/KAF01-more-replicas-than-brokers.ts';
import { checkLeftAtOne } from '#core/systems/kafka/rules/KAF03-replication-left-at-one.ts';
import { checkSingleBroker } from '#core/systems/kafka/rules/KAF04-one-broker-three-replicas.ts';

export const replicasAndPools: WorkspaceRule = {
  id: 'KAF31',
  title: 'The replicas of topics do not fit the brokers of the node pools',
  severity: 'error',
  source:
    'Strimzi 1.2 KafkaCluster validateIntConfigProperty and KafkaSpecChecker; Kafka 4.3 ReplicationControlManager (InvalidReplicationFactor)',
  fixable: false,
  refusedBy: 'nobody',
  why: `How many brokers a cluster has stands in its node pools, and how many replicas its topics get stands in the Kafka resource or in the
topic. Every replica lies on a broker of its own: with more replicas than brokers a topic cannot be created, with fewer than there could
be it is away whenever its broker is. It is an error only where the cluster and all its pools are applied together.`,
  subject: 'workspace',
  kinds: ['kafka.strimzi.io/Kafka', 'kafka.strimzi.io/KafkaTopic'],
  check: (object, workspace, report) => {
    const isTopic = object.kind.kind === 'KafkaTopic';
    const name = isTopic ? object.metadata.at('labels', CLUSTER_LABEL).text : object.metadata.field('name').text;
    const found = name === undefined ? undefined : nodePoolsOf(name, workspace);
    if (!found || found.brokers === undefined || found.brokers === 0) return;
    const tell: Report = (hit) => report(withPools(hit, found));
    if (isTopic) checkTopic(object, found.brokers, tell);
    else checkCluster(object, found.brokers, tell);
  },
};

function checkCluster(object: ObjectView, brokers: number, report: Report): void {
  if (object.spec.field('zookeeper').isPresent) return;
  for (const group of viewBrokers(object)) {
    const counted = { ...group, brokers };
    checkReplicas(counted, report);
    checkSingleBroker(counted, report);
    checkLeftAtOne(counted, (hit) => report({ ...hit, severity: 'warning' }));
  }
}

function checkTopic({ spec }: ObjectView, brokers: number, report: Report): void {
  const replicas = spec.field('replicas');
  const { integer } = replicas;
  if (!replicas.isPresent || integer === undefined || integer <= brokers) return;
  const there = brokers === 1 ? 'has one broker' : `has ${brokers} brokers`;
  report({
    at: replicas,
    cause: 'invalid',
    message: `The topic asks for ${integer} replicas, but its cluster ${there}. Kafka cannot create it.`,
  });
}

function withPools(hit: RuleHit, { pools, areTogether }: NodePools): RuleHit {
  return {
    ...hit,
    ...(areTogether ? {} : { severity: 'warning' }),
    related: pools.map((pool) => ({ object: pool, message: `The node pool ${pool.name}` })),
  };
}
