import { describe, expect, test } from 'vitest';
import { decodeCustom } from '#core/live/decode/custom.ts';
import { decodeEvent } from '#core/live/decode/event.ts';
import { decodeBudget, decodeClaim, decodeMetadata, decodeNode, decodeService } from '#core/live/decode/others.ts';
import { decodePod } from '#core/live/decode/pod.ts';
import { decodeDaemonSet, decodeStatefulSet } from '#core/live/decode/workload.ts';
import { isObject } from '#core/live/json.ts';
import { liveSystems } from '#core/live/liveSystems.ts';
import type { JsonObject } from '#core/live/ports.ts';
import { builtInWatches, customWatches } from '#core/live/resources.ts';
import { systems } from '#core/systems/registry.ts';
import { apiResource } from '#test/support/fakeApiResources.ts';
import { makeRandom, type Random } from '#test/support/random.ts';

const metadata = {
  name: 'kafka-0',
  namespace: 'prod',
  uid: 'u1',
  resourceVersion: '7',
  generation: 3,
  creationTimestamp: '2026-01-01T00:00:00Z',
  labels: { app: 'kafka', broken: 5 },
  annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"secret":1}', note: 'kept' },
  ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'kafka', uid: 'u0', controller: true }],
  managedFields: [{ manager: 'kubectl' }],
};

const podSpec = {
  nodeName: 'node-1',
  serviceAccountName: 'kafka',
  terminationGracePeriodSeconds: 120,
  initContainers: [{ name: 'init', envFrom: [{ secretRef: { name: 'keys' } }] }],
  containers: [
    {
      name: 'kafka',
      image: 'apache/kafka:4.1.0',
      command: ['sh', '-c'],
      args: ['run'],
      env: [
        { name: 'PLAIN', value: 'x' },
        { name: 'EMPTY' },
        { name: 'NS', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
        { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'keys', key: 'p' } } },
        { name: 'OPTS', valueFrom: { configMapKeyRef: { name: 'opts', key: 'o' } } },
      ],
      ports: [{ name: 'client', containerPort: 9092 }],
      volumeMounts: [{ name: 'data', mountPath: '/data' }],
      readinessProbe: {},
      lifecycle: { preStop: { exec: { command: ['sleep', '5'] } } },
    },
  ],
  volumes: [
    { name: 'data', persistentVolumeClaim: { claimName: 'data-kafka-0' } },
    { name: 'keys', secret: { secretName: 'keys' } },
    { name: 'tmp', emptyDir: {} },
    { name: 'odd', csi: {} },
  ],
};

describe('pods', () => {
  const status = {
    phase: 'Running',
    podIP: '10.0.0.1',
    message: 'two\nlines\u001B[31m',
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:01:00Z' }],
    initContainerStatuses: [{ name: 'init', state: { terminated: { exitCode: 0, reason: 'Completed' } } }],
    containerStatuses: [
      {
        name: 'kafka',
        ready: true,
        restartCount: 2,
        state: { running: { startedAt: '2026-01-01T00:00:30Z' } },
        lastState: {
          terminated: { exitCode: 137, signal: 9, reason: 'OOMKilled', finishedAt: '2026-01-01T00:00:20Z' },
        },
      },
    ],
  };
  const pod = decodePod({ metadata, spec: podSpec, status });

  test('keep what is shown of their metadata', () => {
    expect(pod?.meta).toEqual({
      uid: 'u1',
      namespace: 'prod',
      name: 'kafka-0',
      resourceVersion: '7',
      generation: 3,
      createdAt: Date.UTC(2026, 0, 1),
      deletedAt: undefined,
      labels: { app: 'kafka' },
      annotations: { note: 'kept' },
      owners: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'kafka', uid: 'u0', isController: true }],
    });
  });

  test('keep their containers, and what those need', () => {
    expect(pod?.containers).toEqual([
      {
        name: 'kafka',
        image: 'apache/kafka:4.1.0',
        command: 'sh -c run',
        variables: { PLAIN: 'x', EMPTY: '', NS: 'prod', PASSWORD: undefined, OPTS: undefined },
        ports: [{ name: 'client', port: 9092 }],
        mounts: [{ volume: 'data', path: '/data' }],
        hasReadinessProbe: true,
        preStop: 'sleep 5',
      },
    ]);
    expect(pod?.references).toEqual([
      { kind: 'Secret', name: 'keys' },
      { kind: 'ConfigMap', name: 'opts' },
    ]);
    expect(pod?.volumes.map(({ source, target }) => `${source} ${target}`)).toEqual([
      'claim data-kafka-0',
      'secret keys',
      'emptyDir ',
      'other ',
    ]);
  });

  test('keep their states', () => {
    expect(pod).toMatchObject({
      isReady: true,
      node: 'node-1',
      ip: '10.0.0.1',
      graceSeconds: 120,
      message: 'two lines [31m',
    });
    expect(pod?.states).toMatchObject([
      { name: 'init', isInit: true, state: 'terminated', ended: { exitCode: 0 } },
      { name: 'kafka', state: 'running', restarts: 2, lastEnd: { exitCode: 137, signal: 9, reason: 'OOMKilled' } },
    ]);
  });

  test('without a name are none', () => {
    expect(decodePod({ metadata: {}, spec: podSpec })).toBeUndefined();
    expect(decodePod({ metadata: { name: 'a' } })).toMatchObject({
      phase: 'Unknown',
      isReady: false,
      graceSeconds: 30,
    });
  });
});

test('workloads are read with what the server fills in', () => {
  const spec = {
    serviceName: 'kafka',
    selector: { matchLabels: { a: '1' }, matchExpressions: [{ key: 'b', operator: 'In', values: ['2'] }] },
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } },
    template: { metadata: { labels: { a: '1' } }, spec: podSpec },
    volumeClaimTemplates: [{ metadata: { name: 'data' } }],
  };
  expect(decodeStatefulSet({ metadata, spec, status: { readyReplicas: 1 } })).toMatchObject({
    kind: 'StatefulSet',
    replicas: 1,
    readyReplicas: 1,
    selector: { a: '1', b: '2' },
    partition: 2,
    claimTemplates: ['data'],
  });
  const status = { desiredNumberScheduled: 4, numberReady: 3, updatedNumberScheduled: 2 };
  expect(decodeDaemonSet({ metadata, status })).toMatchObject({ replicas: 4, readyReplicas: 3, updatedReplicas: 2 });
});

test('the other kinds are read', () => {
  expect(decodeService({ metadata, spec: { clusterIP: 'None', ports: [{ name: 'x', port: 1 }] } })).toMatchObject({
    type: 'ClusterIP',
    clusterIp: 'None',
    ports: [{ name: 'x', port: 1 }],
  });
  const asked = { resources: { requests: { storage: '10Gi' } } };
  expect(decodeClaim({ metadata, spec: asked })).toMatchObject({ phase: 'Pending', size: '10Gi' });
  expect(decodeClaim({ metadata, spec: asked, status: { capacity: { storage: '20Gi' } } })?.size).toBe('20Gi');
  expect(decodeBudget({ metadata, spec: { minAvailable: 2, maxUnavailable: '50%' } })).toMatchObject({
    minAvailable: '2',
    maxUnavailable: '50%',
  });
  const zone = { 'failure-domain.beta.kubernetes.io/zone': 'a' };
  expect(decodeNode({ metadata: { name: 'n', labels: zone }, spec: { unschedulable: true } })).toMatchObject({
    zone: 'a',
    isSchedulable: false,
    isReady: false,
  });
  const secret = decodeMetadata('Secret')({ metadata, data: { password: 'aHVudGVyMg==' } });
  expect(JSON.stringify(secret)).not.toContain('aHVudGVyMg');
  const series = { count: 9, lastObservedTime: '2026-01-01T00:00:09.5Z' };
  expect(
    decodeEvent({ metadata, series, lastTimestamp: null, involvedObject: { kind: 'Pod', name: 'a' } }),
  ).toMatchObject({
    count: 9,
    at: Date.UTC(2026, 0, 1, 0, 0, 9, 500),
    about: { kind: 'Pod', name: 'a' },
  });
});

describe('custom resources', () => {
  test('of old kinds are read with what stands beside their spec', () => {
    const decode = decodeCustom(apiResource('cassandraoperator.instaclustr.com', 'v1alpha1', 'CassandraDataCenter'));
    expect(decode({ kind: 'x', metadata, datacenter: 'dc1', spec: { nodes: 3 }, status: [] })).toMatchObject({
      customKind: 'CassandraDataCenter',
      spec: { datacenter: 'dc1', nodes: 3 },
      status: {},
    });
  });

  test('lose the credentials that an old operator writes into their status', () => {
    const decode = decodeCustom(apiResource('cluster.confluent.com', 'v1alpha1', 'KafkaCluster'));
    const decoded = decode({
      metadata,
      status: { phase: 'RUNNING', internalClient: 'password="x"', externalClient: '' },
    });
    expect(decoded?.status).toEqual({ phase: 'RUNNING' });
  });

  test('are watched as they are served', () => {
    const served = [
      apiResource('kafka.strimzi.io', 'v1', 'Kafka'),
      apiResource('jobset.x-k8s.io', 'v1alpha2', 'JobSet'),
      apiResource('platform.confluent.io', 'v1beta1', 'Kafka'),
      apiResource('elsewhere.test', 'v1', 'Kafka'),
      { ...apiResource('kafka.strimzi.io', 'v1', 'KafkaTopic'), verbs: ['get'] },
    ];
    const kinds = systems.flatMap((system) => system.kinds);
    expect(customWatches(served, kinds).map(({ query }) => `${query.plural}.${query.group}/${query.version}`)).toEqual([
      'kafkas.kafka.strimzi.io/v1',
      'jobsets.jobset.x-k8s.io/v1alpha2',
      'kafkas.platform.confluent.io/v1beta1',
    ]);
  });
});

test('the light table of systems says what the registry says', () => {
  expect(liveSystems).toEqual(systems.map(({ id, title, kinds, live }) => ({ id, title, kinds, live })));
});

const WRONG: readonly unknown[] = [null, 7, 'x', [], {}, [null], true, { a: { b: [] } }];

/** Replaces parts of an object by values of other types, as a server that is broken or hostile may send them. */
function distort(value: unknown, random: Random): unknown {
  if (random.below(7) === 0) return WRONG[random.below(WRONG.length)];
  if (Array.isArray(value)) return value.map((item) => distort(item, random));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, distort(item, random)]));
}

test('nothing a server sends makes a decoder throw', () => {
  const random = makeRandom(1);
  const template = { metadata, spec: podSpec };
  const status = { conditions: [{ type: 'Ready' }], containerStatuses: [{ state: { waiting: {} }, lastState: {} }] };
  const whole: JsonObject = { metadata, spec: { ...podSpec, template, selector: { matchExpressions: [{}] } }, status };
  const custom = customWatches([apiResource('kafka.strimzi.io', 'v1', 'Kafka')], liveSystems[1]?.kinds ?? []);
  const decoders = [...builtInWatches, ...custom].map(({ decode }) => decode);
  for (let round = 0; round < 300; round += 1) {
    const broken = distort(whole, random);
    for (const decode of [...decoders, decodeEvent]) if (isObject(broken)) expect(() => decode(broken)).not.toThrow();
  }
});
