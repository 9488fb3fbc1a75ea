import type { LossTable } from '#core/migrate/prune.ts';

export const NO_FIELD = 'kafka.strimzi.io/v1 has no such field';

/** Fields of v1beta2 that v1 has no longer and that nothing takes the place of by itself. */
export const STRIMZI_LOSSES: LossTable = {
  'spec.jmxTrans': 'JmxTrans is gone; spec.kafka.metricsConfig brings metrics',
  'spec.entityOperator.tlsSidecar': 'the operators talk to Kafka themselves',
  'spec.entityOperator.template.tlsSidecarContainer': 'the operators talk to Kafka themselves',
  'spec.entityOperator.topicOperator.zookeeperSessionTimeoutSeconds': 'there is no ZooKeeper any more',
  'spec.entityOperator.topicOperator.topicMetadataMaxAttempts': 'the topic operator no longer keeps topics of its own',
  'spec.entityOperator.userOperator.zookeeperSessionTimeoutSeconds': 'there is no ZooKeeper any more',
  'spec.cruiseControl.tlsSidecar': 'Cruise Control talks to Kafka itself',
  'spec.cruiseControl.template.tlsSidecarContainer': 'Cruise Control talks to Kafka itself',
  'spec.cruiseControl.brokerCapacity.disk': 'the capacity of the disks is that of the storage of the node pools',
  'spec.cruiseControl.brokerCapacity.cpuUtilization': 'spec.cruiseControl.brokerCapacity.cpu says it in cores',
  'spec.kafka.template.statefulset': 'brokers run in StrimziPodSets (template.podSet)',
  'spec.template.deployment': 'Connect runs in StrimziPodSets (template.podSet)',
  'spec.kafkaExporter.template.service': 'the exporter has no Service any more',
  'spec.storage.overrides': 'a class for single brokers is said by a node pool of their own',
  'spec.storage.volumes[].overrides': 'a class for single brokers is said by a node pool of their own',
  'spec.build.output.additionalKanikoOptions': 'spec.build.output.additionalBuildOptions takes the options of today',
};
