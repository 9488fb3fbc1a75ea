import { describe, expect, test } from 'vitest';
import type { ContainerFacts, DocumentFacts } from '#core/systems/contract.ts';
import { recognizeDocument, systems } from '#core/systems/registry.ts';

interface Sketch {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly containers?: readonly (Partial<ContainerFacts> & { readonly image: string })[];
  readonly files?: readonly string[];
}

function factsOf({
  apiVersion = 'v1',
  kind,
  name = 'a',
  labels = {},
  containers = [],
  files = [],
}: Sketch): DocumentFacts {
  const [version = '', group = ''] = apiVersion.split('/').toReversed();
  return {
    group,
    version,
    kind,
    name,
    labels: new Map(Object.entries(labels)),
    containers: containers.map((container) => ({
      name: 'main',
      command: '',
      variables: [],
      ports: [],
      mountPaths: [],
      ...container,
    })),
    dataKeys: files,
  };
}

const answerTo = (sketch: Sketch): string | undefined => {
  const found = recognizeDocument(factsOf(sketch));
  return found && `${found.system} ${found.role} ${found.flavour}`;
};

const workload = (
  kind: 'StatefulSet' | 'Deployment' | 'Pod' | 'Job' | 'CronJob',
  image: string,
  more: Partial<ContainerFacts> = {},
  labels: Readonly<Record<string, string>> = {},
): Sketch => {
  const group = kind === 'StatefulSet' || kind === 'Deployment' ? 'apps/v1' : 'v1';
  return { apiVersion: kind.endsWith('Job') ? 'batch/v1' : group, kind, labels, containers: [{ image, ...more }] };
};

const sparkPod = { 'spark-role': 'driver', 'spark-app-selector': 'spark-1' };

describe('is surely part of a system', () => {
  test.each<[string, Sketch, string]>([
    ['a kind of an operator', { apiVersion: 'kafka.strimzi.io/v1', kind: 'Kafka' }, 'kafka cluster strimzi'],
    [
      'the same kind name in another group',
      { apiVersion: 'platform.confluent.io/v1beta1', kind: 'Kafka' },
      'kafka cluster confluent-for-kubernetes',
    ],
    [
      'a CassandraCluster by its group',
      { apiVersion: 'db.orange.com/v2', kind: 'CassandraCluster' },
      'cassandra cluster casskop',
    ],
    [
      'a SparkApplication of the Apache operator',
      { apiVersion: 'spark.apache.org/v1', kind: 'SparkApplication' },
      'spark job apache-spark-operator',
    ],
    ['a TFJob', { apiVersion: 'kubeflow.org/v1', kind: 'TFJob' }, 'tfjob job kubeflow-training-operator'],
    ['brokers of the Apache image', workload('StatefulSet', 'apache/kafka:4.1.0'), 'kafka cluster kubernetes'],
    [
      'brokers from a registry with a port, by digest',
      workload('StatefulSet', 'registry.example.org:5000/mirror/bitnamilegacy/kafka@sha256:0a1b'),
      'kafka cluster kubernetes',
    ],
    [
      'a single broker in a Deployment that listens',
      workload('Deployment', 'confluentinc/cp-kafka:8.0.0', { ports: [9092] }),
      'kafka cluster kubernetes',
    ],
    [
      'a broker that a script prepares first',
      workload('StatefulSet', 'apache/kafka', {
        command:
          'bash -c kafka-configs --version; sleep 5; exec /opt/kafka/bin/kafka-server-start.sh /c/server.properties',
      }),
      'kafka cluster kubernetes',
    ],
    [
      'an image of the house that is configured as a broker and keeps its data',
      workload('StatefulSet', 'example.org/platform/kafka-node:7', {
        variables: ['KAFKA_PROCESS_ROLES', 'KAFKA_NODE_ID'],
        mountPaths: ['/var/lib/kafka/data'],
      }),
      'kafka cluster kubernetes',
    ],
    [
      'a broker pod of Strimzi',
      workload(
        'Pod',
        'quay.io/strimzi/kafka:0.51.0-kafka-4.2.0',
        { name: 'kafka', ports: [9090, 9091] },
        { 'strimzi.io/kind': 'Kafka', 'strimzi.io/broker-role': 'true' },
      ),
      'kafka cluster strimzi',
    ],
    [
      'a worker of Connect under Strimzi',
      workload('Pod', 'quay.io/strimzi/kafka:0.51.0-kafka-4.2.0', {}, { 'strimzi.io/kind': 'KafkaConnect' }),
      'kafka connect strimzi',
    ],
    [
      'Connect by its command',
      workload('Deployment', 'apache/kafka:4.1.0', { command: 'bin/connect-distributed.sh /c/connect.properties' }),
      'kafka connect kubernetes',
    ],
    ['an exporter of metrics', workload('Deployment', 'danielqsj/kafka-exporter:v1.9.0'), 'kafka companion kubernetes'],
    [
      'the file of a broker',
      { kind: 'ConfigMap', files: ['server.properties', 'log4j2.yaml'] },
      'kafka configuration kubernetes',
    ],
    ['nodes of the official image', workload('StatefulSet', 'cassandra:5.0'), 'cassandra cluster kubernetes'],
    [
      'nodes of a mirror',
      workload('StatefulSet', 'public.example.org/docker/library/cassandra:5.0'),
      'cassandra cluster kubernetes',
    ],
    [
      'a node in a Deployment that listens',
      workload('Deployment', 'docker.io/library/cassandra', { ports: [9042] }),
      'cassandra cluster kubernetes',
    ],
    [
      'a rack of cass-operator',
      workload(
        'StatefulSet',
        'docker.io/k8ssandra/cass-management-api:5.0.6-ubi',
        {},
        { 'cassandra.datastax.com/rack': 'r1' },
      ),
      'cassandra cluster cass-operator',
    ],
    [
      'an image of the house that talks to other nodes',
      workload('StatefulSet', 'example.org/cassandra-lucene:4.1', {
        ports: [7000, 9042],
        variables: ['CASSANDRA_SEEDS'],
      }),
      'cassandra cluster kubernetes',
    ],
    ['Reaper', workload('Deployment', 'thelastpickle/cassandra-reaper:3.6.0'), 'cassandra companion kubernetes'],
    ['the file of a node', { kind: 'ConfigMap', files: ['cassandra.yaml'] }, 'cassandra configuration kubernetes'],
    [
      'a driver of the Kubeflow operator, whatever its image',
      workload('Pod', 'example.org/etl:3', {}, { ...sparkPod, 'sparkoperator.k8s.io/app-name': 'etl' }),
      'spark job kubeflow-spark-operator',
    ],
    [
      'a driver that was submitted by hand',
      workload('Pod', 'example.org/etl:3', {}, sparkPod),
      'spark job spark-submit',
    ],
    [
      'a master that Spark manages itself',
      workload('StatefulSet', 'bitnamilegacy/spark:3.5', { variables: ['SPARK_MODE'] }),
      'spark cluster standalone',
    ],
    [
      'a Job that submits',
      workload('Job', 'example.org/etl:3', { command: '/opt/spark/bin/spark-submit --class a.B local:///a.jar' }),
      'spark job spark-submit',
    ],
    [
      'the file of an application',
      { kind: 'ConfigMap', files: ['spark-defaults.conf'] },
      'spark configuration kubernetes',
    ],
    [
      'training on several pods without an operator',
      workload('StatefulSet', 'tensorflow/tensorflow:2.17.0-gpu', { variables: ['TF_CONFIG'] }),
      'tfjob job kubernetes',
    ],
    [
      'a replica of a TFJob, whatever its image',
      workload(
        'Pod',
        'example.org/mnist:1',
        {},
        { 'training.kubeflow.org/operator-name': 'tfjob-controller', 'training.kubeflow.org/job-name': 'mnist' },
      ),
      'tfjob job kubeflow-training-operator',
    ],
    [
      'TensorBoard',
      workload('Deployment', 'tensorflow/tensorflow', { command: 'tensorboard --logdir /logs' }),
      'tfjob companion kubernetes',
    ],
  ])('%s', (_title, sketch, expected) => {
    expect(answerTo(sketch)).toBe(expected);
  });
});

describe('is left alone', () => {
  test.each<[string, Sketch]>([
    ['an unknown kind of a known group', { apiVersion: 'kafka.strimzi.io/v1', kind: 'KafkaThing' }],
    ['a known kind name in a foreign group', { apiVersion: 'example.org/v1', kind: 'KafkaTopic' }],
    ['a Knative source with Kafka in its name', { apiVersion: 'sources.knative.dev/v1', kind: 'KafkaSource' }],
    ['a training job of another kind', { apiVersion: 'kubeflow.org/v1', kind: 'PyTorchJob' }],
    [
      'a client pod of the broker image',
      workload('Pod', 'apache/kafka:4.1.0', { command: 'kafka-console-consumer.sh --topic a' }),
    ],
    ['a pod of the broker image to log in to', workload('Pod', 'bitnami/kafka', { command: 'sleep infinity' })],
    ['a Deployment of the broker image that says nothing', workload('Deployment', 'apache/kafka:4.1.0')],
    [
      'a Job that makes topics',
      workload('Job', 'confluentinc/cp-kafka', { command: 'kafka-topics --create', variables: ['KAFKA_NODE_ID'] }),
    ],
    [
      'a Job with a script of its own',
      workload('Job', 'apache/kafka', { command: 'sh /c/setup.sh', variables: ['KAFKA_NODE_ID'], ports: [9092] }),
    ],
    [
      'a user interface nobody listed',
      workload('Deployment', 'example.org/kafka-console:2', { ports: [8080], variables: ['KAFKA_BROKERS'] }),
    ],
    ['a consumer with Kafka in its name', workload('Deployment', 'example.org/kafka-consumer:2', { ports: [9092] })],
    [
      'the exporter of Strimzi, which has the image of the brokers',
      workload(
        'Deployment',
        'quay.io/strimzi/kafka:0.51.0-kafka-4.2.0',
        { name: 'my-kafka-exporter', ports: [9404] },
        { 'strimzi.io/kind': 'Kafka' },
      ),
    ],
    ['the operator itself', workload('Deployment', 'quay.io/strimzi/operator:1.2.0')],
    [
      'another broker with the same port',
      workload('StatefulSet', 'redpandadata/redpanda:v25', { ports: [9092, 9093] }),
    ],
    ['ZooKeeper', workload('StatefulSet', 'confluentinc/cp-zookeeper', { ports: [2181] })],
    ['the file of a game server', { kind: 'ConfigMap', name: 'minecraft', files: ['server.properties'] }],
    ['the same file beside one that gives it away', { kind: 'ConfigMap', files: ['server.properties', 'ops.json'] }],
    ['a Secret with the name of a file', { kind: 'Secret', files: ['server.properties'] }],
    [
      'a backup Job of the node image',
      workload('Job', 'cassandra:5.0', { command: 'nodetool snapshot', ports: [9042], variables: ['CASSANDRA_SEEDS'] }),
    ],
    [
      'a Job of the node image with a script of its own',
      workload('Job', 'cassandra:5.0', { command: 'sh /c/load.sh', ports: [9042], variables: ['CASSANDRA_SEEDS'] }),
    ],
    ['a shell for queries', workload('Pod', 'cassandra:5.0', { command: 'cqlsh cassandra-0', ports: [9042] })],
    ['a relative of Cassandra', workload('StatefulSet', 'scylladb/scylla:6.2', { ports: [7000, 9042] })],
    [
      'a client with Cassandra in its name',
      workload('Deployment', 'example.org/cassandra-loader:1', { variables: ['CASSANDRA_SEEDS'] }),
    ],
    ['files of a relative', { kind: 'ConfigMap', files: ['scylla.yaml', 'cassandra-rackdc.properties'] }],
    [
      'a notebook of the Spark image',
      workload('Deployment', 'apache/spark:4.0.1', { command: 'jupyter lab', ports: [8888] }),
    ],
    ['a pod with only one of the labels', workload('Pod', 'example.org/etl:3', {}, { 'spark-role': 'driver' })],
    [
      'the Spark operator',
      workload('Deployment', 'ghcr.io/kubeflow/spark-operator/controller:2.5.2', { ports: [8080] }),
    ],
    ['a served model', workload('Deployment', 'tensorflow/serving:2.17.0', { ports: [8500, 8501] })],
    [
      'a notebook of the TensorFlow image',
      workload('Deployment', 'tensorflow/tensorflow:latest-jupyter', { ports: [8888] }),
    ],
    [
      'a PyTorchJob replica',
      workload(
        'Pod',
        'example.org/t:1',
        {},
        { 'training.kubeflow.org/operator-name': 'pytorchjob-controller', 'training.kubeflow.org/job-name': 'a' },
      ),
    ],
    ['a Service on the port of a broker', { kind: 'Service', labels: { app: 'kafka' } }],
    ['a workload of no system', workload('Deployment', 'nginx')],
  ])('%s', (_title, sketch) => {
    expect(answerTo(sketch)).toBeUndefined();
  });
});

test('no two systems are sure of the same manifest', () => {
  const everyImage = ['apache/kafka', 'cassandra', 'apache/spark', 'tensorflow/tensorflow'].map((image) =>
    workload('StatefulSet', image, { variables: ['SPARK_MODE', 'TF_CONFIG'], ports: [9092, 9042, 7077, 2222] }),
  );
  for (const sketch of everyImage) {
    const sure = systems.filter((system) => system.recognize(factsOf(sketch)) !== undefined);
    expect(sure, JSON.stringify(sketch)).toHaveLength(1);
  }
});
