import { versions } from '../../versions.ts';

export type Application = 'kafka' | 'cassandra' | 'tensorflow' | 'spark';
export const applications: readonly Application[] = ['kafka', 'cassandra', 'tensorflow', 'spark'];

export interface Artifact {
  readonly group: string;
  readonly name: string;
  readonly version: string;
}

interface Contents {
  /** What Maven brings, with everything it depends on; nothing for what consists of scripts. */
  readonly artifacts: readonly Artifact[];
  /** As the official images have it, so that manifests written for those fit. */
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly path: string;
}

export const contents: Readonly<Record<Application, Contents>> = {
  kafka: {
    artifacts: [
      { group: 'org.apache.kafka', name: `kafka_${versions.scala}`, version: versions.kafka },
      { group: 'org.apache.kafka', name: 'kafka-tools', version: versions.kafka },
      { group: 'org.apache.logging.log4j', name: 'log4j-slf4j-impl', version: versions.log4jBridge },
    ],
    user: '1000',
    entrypoint: ['/etc/kafka/docker/run'],
    path: '',
  },
  cassandra: {
    artifacts: [{ group: 'org.apache.cassandra', name: 'cassandra-all', version: versions.cassandra }],
    user: '999',
    entrypoint: ['docker-entrypoint.sh'],
    path: '/opt/cassandra/bin:',
  },
  // No TensorFlow: a program that works together as its replicas do.
  tensorflow: { artifacts: [], user: '1000', entrypoint: ['python3', '/opt/tensorflow/replica.py'], path: '' },
  // Its jars are mounted: 234 MB that only some clusters want.
  spark: { artifacts: [], user: '1000', entrypoint: ['/opt/entrypoint.sh'], path: '' },
};

/** Commands of Kafka's release archive, each by the class behind it. */
export const kafkaTools: Readonly<Record<string, string>> = {
  'kafka-storage': 'kafka.tools.StorageTool',
  'kafka-configs': 'kafka.admin.ConfigCommand',
  'kafka-topics': 'org.apache.kafka.tools.TopicCommand',
  'kafka-broker-api-versions': 'org.apache.kafka.tools.BrokerApiVersionsCommand',
  'kafka-leader-election': 'org.apache.kafka.tools.LeaderElectionCommand',
  'kafka-features': 'org.apache.kafka.tools.FeatureCommand',
  'kafka-consumer-groups': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  'kafka-console-producer': 'org.apache.kafka.tools.ConsoleProducer',
  'kafka-console-consumer': 'org.apache.kafka.tools.consumer.ConsoleConsumer',
  'kafka-log-dirs': 'org.apache.kafka.tools.LogDirsCommand',
  'kafka-metadata-quorum': 'org.apache.kafka.tools.MetadataQuorumCommand',
  'kafka-reassign-partitions': 'org.apache.kafka.tools.reassign.ReassignPartitionsCommand',
  'kafka-cluster': 'org.apache.kafka.tools.ClusterTool',
};

export const pomOf = (application: Application): string => pom(application, contents[application].artifacts);

/** The project file from which Maven copies the jars. */
export const pom = (
  name: string,
  artifacts: readonly Artifact[],
): string => `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>testbed</groupId><artifactId>${name}</artifactId><version>1</version>
  <dependencies>
${artifacts.map(dependencyOf).join('\n')}
  </dependencies>
</project>
`;

const dependencyOf = ({ group, name, version }: Artifact): string =>
  `    <dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`;
