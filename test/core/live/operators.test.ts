import { describe, expect, test } from 'vitest';
import { decodePod } from '#core/live/decode/pod.ts';
import { decodeDeployment } from '#core/live/decode/workload.ts';
import { knownOperators } from '#core/live/operators/table.ts';
import { viewOperators } from '#core/live/operators/viewOperators.ts';
import type { NamespaceObjects } from '#core/live/objects.ts';
import type { JsonObject } from '#core/live/ports.ts';
import type { OperatorView } from '#core/live/view.ts';
import { START } from '#test/support/fakeClock.ts';
import { manifest, workloadManifest, type WorkloadDetails } from '#test/support/liveManifests.ts';

const inOps = { namespace: 'ops' };

function view(
  details: WorkloadDetails,
  labels: Readonly<Record<string, string>> = {},
  pods: readonly JsonObject[] = [],
) {
  const workload = decodeDeployment(workloadManifest('Deployment', 'operator', { ...inOps, labels }, details));
  const objects: NamespaceObjects = {
    namespace: 'ops',
    pods: pods.flatMap((pod) => decodePod(pod) ?? []),
    workloads: workload ? [workload] : [],
    services: [],
    claims: [],
    budgets: [],
    customs: [],
    helmSecrets: [],
    nodes: new Map(),
    hidden: new Set(),
  };
  return viewOperators(objects, START)[0];
}

function operatorPod(status: object): JsonObject {
  const spec = { nodeName: 'node-1', containers: [{ name: 'main' }] };
  return manifest('v1', 'Pod', 'operator-7d9', { ...inOps, labels: { app: 'operator' } }, { spec, status });
}

const images: readonly (readonly [string, string, string])[] = [
  ['quay.io/strimzi/operator:0.51.0', 'Strimzi Cluster Operator', '0.51.0'],
  ['registry:5000/mirror/strimzi/operator:1.2.0@sha256:00', 'Strimzi Cluster Operator', '1.2.0'],
  ['strimzi/cluster-operator:0.5.0', 'Strimzi Cluster Operator', '0.5.0'],
  ['confluentinc/confluent-operator:0.1351.59', 'Confluent for Kubernetes', '0.1351.59'],
  ['confluentinc/cp-operator-service:0.364.0', 'Confluent Operator', '0.364.0'],
  ['ghcr.io/banzaicloud/kafka-operator:v0.25.1', 'Koperator', '0.25.1'],
  ['ghcr.io/adobe/koperator:0.29.0', 'Koperator', '0.29.0'],
  ['krallistic/kafka-operator:v0.0.2', 'krallistic Kafka operator', '0.0.2'],
  ['k8ssandra/cass-operator:v1.32.0', 'cass-operator', '1.32.0'],
  ['datastax/cass-operator:1.5.0', 'cass-operator', '1.5.0'],
  ['k8ssandra/k8ssandra-operator:v1.32.5', 'k8ssandra-operator', '1.32.5'],
  ['ghcr.io/cscetbon/casskop:v2.3.4', 'CassKop', '2.3.4'],
  ['orangeopensource/cassandra-k8s-operator:0.4.1', 'CassKop', '0.4.1'],
  ['gcr.io/cassandra-operator/cassandra-operator:v6.7.0', 'Instaclustr Cassandra operator', '6.7.0'],
  ['vgkowski/cassandra-operator:0.1', 'vgkowski Cassandra operator', '0.1'],
  ['aslanbekirov/cassandra-operator:v0.0.1', 'aslanbekirov Cassandra operator', '0.0.1'],
  ['skyuk/cassandra-operator:0.78.0', 'Sky Cassandra operator', '0.78.0'],
  ['ghcr.io/kubeflow/spark-operator/controller:2.5.2', 'Kubeflow Spark Operator', '2.5.2'],
  [
    'gcr.io/spark-operator/spark-operator:v2.3.1-v1alpha1-latest',
    'Kubeflow Spark Operator of the time of v1alpha1',
    '2.3.1-v1alpha1-latest',
  ],
  ['apache/spark-kubernetes-operator:1.0.0', 'Apache Spark K8s Operator', '1.0.0'],
  ['kubeflow/training-operator:v1-5170a36', 'Kubeflow Training Operator', '1-5170a36'],
  ['ghcr.io/kubeflow/trainer/trainer-controller-manager:v2.3.0', 'Kubeflow Trainer', '2.3.0'],
  ['gcr.io/kubeflow-images-public/tf_operator:v0.5.0', 'TF Operator', '0.5.0'],
  ['gcr.io/kubeflow-images-public/tf-operator:v0.6.0', 'TF Operator', '0.6.0'],
  ['nbogojevic/kafka-operator:0.4', 'nbogojevic Kafka topic operator', '0.4'],
];

describe('operators are known by their images', () => {
  test.each(images)('%s', (image, title, version) => {
    expect(view({ image })).toMatchObject({ title, version, namespace: 'ops', name: 'operator' });
  });

  test.each(['nginx:1.29', 'acme/kafka-operator:1.0', 'k8ssandra/cass-management-api:4.1', ''])(
    '%s is none',
    (image) => {
      expect(view({ image })).toBeUndefined();
    },
  );

  test('every row of the table is met by one of them', () => {
    const met = new Set([...images.map(([, title]) => title), 'Kubeflow Spark Operator webhook']);
    expect(knownOperators.map(({ title }) => title).filter((title) => !met.has(title))).toEqual([]);
  });

  test('what runs beside an operator from its image is not it', () => {
    expect(view({ image: 'quay.io/strimzi/operator:0.51.0', container: 'topic-operator' })).toBeUndefined();
    const webhook = view({ image: 'kubeflow/spark-operator:2.1.0', args: ['webhook', 'start', '--namespaces=jobs'] });
    expect(webhook?.title).toBe('Kubeflow Spark Operator webhook');
  });

  test('a tag that is no version leaves it to the label', () => {
    const image = 'skyuk/cassandra-operator:latest';
    expect(view({ image }, { 'app.kubernetes.io/version': '0.77' })?.version).toBe('0.77');
    expect(view({ image })?.version).toBe('');
  });
});

describe('the namespaces an operator watches', () => {
  const strimzi = 'quay.io/strimzi/operator:0.51.0';
  const own = { name: 'STRIMZI_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } };
  const annotated = { name: 'STRIMZI_NAMESPACE', valueFrom: { fieldRef: { fieldPath: "metadata.annotations['x']" } } };
  const cases: readonly [WorkloadDetails, OperatorView['watches']][] = [
    [{ image: strimzi, env: [own] }, ['ops']],
    [{ image: strimzi, env: [annotated] }, undefined],
    [{ image: strimzi, env: [{ name: 'STRIMZI_NAMESPACE', value: 'b,a' }] }, ['a', 'b']],
    [{ image: strimzi, env: [{ name: 'STRIMZI_NAMESPACE', value: '*' }] }, []],
    [{ image: strimzi }, []],
    [{ image: 'k8ssandra/cass-operator:v1.32.0', env: [{ name: 'WATCH_NAMESPACE', value: '' }] }, []],
    [{ image: 'k8ssandra/cass-operator:v1.32.0' }, undefined],
    [{ image: 'kubeflow/spark-operator:2.1.0', args: ['controller', 'start', '--namespaces=""'] }, []],
    [{ image: 'kubeflow/spark-operator:2.1.0', args: ['controller', 'start', '--namespaces', 'jobs'] }, ['jobs']],
    [{ image: 'kubeflow/spark-operator:2.6.0', args: ['--namespace-selector=team=data'] }, undefined],
    [
      { image: 'ghcr.io/adobe/koperator:0.29.0', args: ['--cert-manager-namespace=cert', '--namespaces=kafka'] },
      ['kafka'],
    ],
    [{ image: 'apache/spark-kubernetes-operator:1.0.0' }, undefined],
    [{ image: 'ghcr.io/kubeflow/trainer/trainer-controller-manager:v2.0.0', args: ['--leader-elect'] }, []],
  ];
  test.each(cases)('%o', (details, namespaces) => {
    expect(view(details)?.watches).toEqual(namespaces);
  });
});

describe('the health of an operator', () => {
  const image = 'quay.io/strimzi/operator:0.51.0';
  const running = (more: object) => ({
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [{ name: 'main', ready: true, restartCount: 3, state: { running: {} }, ...more }],
  });
  const minutesAgo = (minutes: number) => new Date(START - minutes * 60_000).toISOString();

  test('is good when all are ready', () => {
    expect(view({ image }, {}, [operatorPod(running({}))])?.health).toMatchObject({
      level: 'healthy',
      sentence: '1 of 1 ready',
    });
  });

  test('tells a restart that is not long ago', () => {
    const end = (minutes: number) => ({
      lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: minutesAgo(minutes) } },
    });
    const recent = view({ image }, {}, [operatorPod(running(end(30)))])?.health;
    expect(recent?.level).toBe('warning');
    expect(recent?.sentence).toBe(
      '1 of 1 ready, operator-7d9 was restarted 30 min ago: container main ended with exit code 137 (OOMKilled)',
    );
    const error = { lastState: { terminated: { exitCode: 1, finishedAt: minutesAgo(30) } } };
    expect(view({ image }, {}, [operatorPod(running(error))])?.health.sentence).toBe(
      '1 of 1 ready, operator-7d9 was restarted 3 times, last 30 min ago after exit code 1',
    );
    expect(view({ image }, {}, [operatorPod(running(end(90)))])?.health.level).toBe('healthy');
  });

  test('is bad when nobody is left to reconcile, and says why', () => {
    const waiting = { waiting: { reason: 'ImagePullBackOff', message: 'not\u0000 found' } };
    const status = { phase: 'Pending', containerStatuses: [{ name: 'main', ready: false, state: waiting }] };
    const health = view({ image, ready: 0 }, {}, [operatorPod(status)])?.health;
    expect(health?.level).toBe('unhealthy');
    expect(health?.sentence).toMatch(/^0 of 1 ready, nobody reconciles, operator-7d9 /);
    expect(view({ image, ready: 0 })?.health.level).toBe('unhealthy');
    expect(view({ image, replicas: 0 })?.health).toMatchObject({
      level: 'warning',
      sentence: 'scaled to 0, nobody reconciles',
    });
  });

  test('names the end of its project', () => {
    expect(view({ image: 'krallistic/kafka-operator:v0.0.2' })?.health).toMatchObject({
      level: 'warning',
      sentence: '1 of 1 ready, the project is inactive since 2018; Strimzi can take its place',
    });
  });
});
