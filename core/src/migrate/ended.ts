/** A project whose manifests are still around. Facts from its repository; the dates are those of the last commits. */
export interface EndedProject {
  /** Group and kind. */
  readonly kinds: readonly string[];
  readonly name: string;
  /** What happened, as a sentence without its subject. */
  readonly end: string;
  /** What takes its place. */
  readonly successor: string;
  /** Kubernetes minor from which on it cannot run, and why, as the end of a sentence. */
  readonly cannotRun?: { readonly since: string; readonly why: string };
}

const OLD_DEFINITIONS = 'its definitions are apiextensions.k8s.io/v1beta1, which Kubernetes 1.22 removed';

export const ENDED_PROJECTS: readonly EndedProject[] = [
  {
    kinds: ['krallistic.github.com/Kafkacluster'],
    name: 'krallistic/kafka-operator',
    end: 'is inactive since 2018',
    successor: 'Strimzi (Kafka with a KafkaNodePool)',
    cannotRun: { since: '1.16', why: 'it makes StatefulSets of apps/v1beta1, which Kubernetes 1.16 removed' },
  },
  {
    kinds: [
      'cassandraoperator.instaclustr.com/CassandraDataCenter',
      'cassandraoperator.instaclustr.com/CassandraCluster',
      'cassandraoperator.instaclustr.com/CassandraBackup',
    ],
    name: 'instaclustr/cassandra-operator',
    end: 'has ended and points to cass-operator itself',
    successor: 'cass-operator (CassandraDatacenter)',
    cannotRun: { since: '1.22', why: OLD_DEFINITIONS },
  },
  {
    kinds: ['cassandra.database.com/CassandraCluster'],
    name: 'aslanbekirov/cassandra-operator',
    end: 'is inactive since 2018',
    successor: 'cass-operator (CassandraDatacenter)',
    cannotRun: { since: '1.22', why: OLD_DEFINITIONS },
  },
  {
    kinds: ['cassandra/CassandraCluster'],
    name: 'vgkowski/cassandra-operator',
    end: 'is inactive since 2018',
    successor: 'cass-operator (CassandraDatacenter)',
    cannotRun: { since: '1.0', why: 'no definition can have a group without a dot, such as "cassandra"' },
  },
  {
    kinds: ['/ConfigMap'],
    name: 'nbogojevic/kafka-operator',
    end: 'is inactive since 2019',
    successor: 'Strimzi (KafkaTopic)',
  },
];
