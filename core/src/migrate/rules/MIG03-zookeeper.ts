import type { ObjectRule } from '#core/lint/rules/rule.ts';

export const zookeeper: ObjectRule = {
  id: 'MIG03',
  title: 'Kafka 4 and Strimzi 0.46 and later have no ZooKeeper',
  severity: 'hint',
  source: 'Kafka 4.0 release notes (KIP-500, KIP-833); Strimzi 0.46 release notes',
  fixable: false,
  refusedBy: 'nobody',
  why: `Kafka 4.0 removed ZooKeeper and Strimzi 0.46 with it. A cluster that runs on it is moved while it runs, with Strimzi 0.45 or older and Kafka 3.9 or
older:

1. Move brokers into a KafkaNodePool named \`kafka\` with the role broker, so that pods and volumes stay, and set the annotation
   \`strimzi.io/node-pools: enabled\` on the Kafka resource.
2. Add a KafkaNodePool with the role controller, with an odd number of replicas and storage of its own.
3. Set \`strimzi.io/kraft: migration\` and wait until \`status.kafkaMetadataState\` is \`KRaftPostMigration\`.
4. Set \`strimzi.io/kraft: enabled\`, wait for \`KRaft\`, and take \`spec.zookeeper\` out. Up to here there is a way back.
5. Upgrade Kafka and the operator, then move to kafka.strimzi.io/v1 (MIG01).`,
  subject: 'object',
  kinds: ['kafka.strimzi.io/Kafka'],
  check: ({ spec, metadata }, report) => {
    // In v1 the field is not known, and said to be so already.
    const section = spec.field('zookeeper');
    const usesKraft = metadata.at('annotations', 'strimzi.io/kraft').text === 'enabled';
    if (section.schema === undefined || !section.isPresent || section.isUnknown || usesKraft) return;
    report({
      at: section,
      cause: 'unsupported',
      message:
        'Strimzi 0.46 and later and Kafka 4 have no ZooKeeper. Move the running cluster to KRaft with Strimzi 0.45 or older: node pools for brokers and controllers, then strimzi.io/kraft: migration.',
    });
  },
};
