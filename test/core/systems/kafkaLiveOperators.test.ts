import { describe, expect, test } from 'vitest';
import type { DataCluster, Health, HealthLevel } from '#core/live/model.ts';
import type { LiveCustom, NamespaceObjects } from '#core/live/objects.ts';
import { kafkaLive } from '#core/systems/kafka/live.ts';
import { container, custom, namespace, NOW, ownedBy, pod, podsOf, statefulSet } from '../../support/liveObjects.ts';
import { kafka, ready, shop } from '../../support/strimziObjects.ts';

const only = (objects: Partial<NamespaceObjects>): DataCluster => {
  const [cluster] = kafkaLive.gather(namespace(objects));
  if (!cluster) throw new Error('no cluster');
  return cluster;
};
const judge = (objects: Partial<NamespaceObjects>): Health => kafkaLive.health(only(objects), undefined, NOW);

const condition = (type: string, reason = '', message = '', status = 'True') => ({
  type,
  status,
  reason,
  message,
  lastTransitionTime: '2026-11-20T10:00:00Z',
});
const start = '3 of 3 brokers and 3 of 3 controllers ready';

describe('Strimzi', () => {
  const ofStrimzi = (name: string, kind: string, status: object): LiveCustom =>
    custom(kind, 'kafka.strimzi.io', name, { meta: { labels: { 'strimzi.io/cluster': 'shop' } }, status });

  test.each<[what: string, status: object, level: HealthLevel, sentence: string]>([
    ['ready', { conditions: [ready] }, 'healthy', start],
    [
      'being created',
      { conditions: [condition('NotReady', 'Creating', 'Kafka cluster is being deployed')] },
      'working',
      `${start}, being created`,
    ],
    [
      'not ready',
      { conditions: [condition('NotReady', 'FatalProblem', 'Failed to roll pod shop-brokers-1')] },
      'unhealthy',
      `${start}, operator: FatalProblem: Failed to roll pod shop-brokers-1`,
    ],
    [
      'a warning beside ready',
      { conditions: [ready, condition('Warning', 'KafkaInterBrokerProtocolVersion', 'does not match')] },
      'warning',
      `${start}, operator warns: KafkaInterBrokerProtocolVersion`,
    ],
    ['paused', { conditions: [condition('ReconciliationPaused')] }, 'warning', `${start}, reconciliation paused`],
    [
      'a change not taken up',
      { conditions: [ready], observedGeneration: 2 },
      'working',
      `${start}, a change is not yet taken up`,
    ],
    [
      'an automatic rebalance',
      { conditions: [ready], autoRebalance: { state: 'RebalanceOnScaleUp' } },
      'working',
      `${start}, automatic rebalance under way`,
    ],
  ])('%s', (_, status, level, sentence) => {
    expect(judge(shop(status))).toMatchObject({ level, sentence });
  });

  test('an operator that has said nothing', () => {
    const { pods, customs } = shop();
    const silent = { ...kafka('shop'), status: {} };
    const health = judge({ pods, customs: [silent, ...customs.slice(1)] });
    expect(health).toMatchObject({ level: 'unknown', sentence: `${start}, its operator has said nothing yet` });
  });

  test('evidence has the time and who says it', () => {
    const at = Date.UTC(2026, 10, 20, 10, 0, 0);
    const health = judge(shop({ conditions: [condition('NotReady', 'FatalProblem', 'no')] }));
    expect(health.evidence[0]).toEqual({
      level: 'unhealthy',
      text: 'Strimzi says it is not ready: FatalProblem: no',
      source: 'operator',
      at,
    });
  });

  test('topics that are not accepted, rebalances that move and restarts that are asked for', () => {
    const { pods, customs } = shop();
    const why = condition('NotReady', 'KafkaError', 'Replication factor: 5 larger than available brokers: 3.');
    const more = [
      ...['a', 'b', 'c', 'd'].map((name) => ofStrimzi(name, 'KafkaTopic', { conditions: [why] })),
      ofStrimzi('fine', 'KafkaTopic', { conditions: [ready] }),
      ofStrimzi('full', 'KafkaRebalance', { conditions: [condition('Rebalancing')] }),
      ofStrimzi('bad', 'KafkaRebalance', {
        conditions: [condition('NotReady', 'CruiseControlRestException', 'no windows')],
      }),
    ];
    const health = judge({ pods, customs: [...customs, ...more] });
    expect(health.level).toBe('warning');
    expect(health.sentence).toBe(
      `${start}, 4 topics not accepted (a, b, c and 1 more), rebalance bad failed, and 1 more`,
    );
    const texts = health.evidence.map(({ text }) => text);
    expect(texts).toContain(
      '4 topics not accepted (a, b, c and 1 more): KafkaError: Replication factor: 5 larger than available brokers: 3.',
    );
    expect(texts).toContain('KafkaRebalance full moves replicas');
  });

  test('a pod that waits for its restart', () => {
    const { pods, customs } = shop();
    const asked = pods.map((one) =>
      one.meta.name === 'shop-brokers-2'
        ? { ...one, meta: { ...one.meta, annotations: { 'strimzi.io/manual-rolling-update': 'true' } } }
        : one,
    );
    expect(judge({ pods: asked, customs })).toMatchObject({
      level: 'working',
      sentence: `${start}, restart asked for shop-brokers-2`,
    });
  });

  test('nodes that the operator has not made yet', () => {
    const fresh = { ...kafka('new'), status: { conditions: [condition('NotReady', 'Creating')] } };
    expect(judge({ customs: [fresh] }).sentence).toBe('no brokers yet, being created');
  });
});

describe('Confluent for Kubernetes', () => {
  const make = (status: object, annotations = {}): Partial<NamespaceObjects> => {
    const set = statefulSet('kafka', {
      meta: { owners: ownedBy('Kafka', 'kafka', 'uid-Kafka-kafka') },
      containers: [container('confluentinc/cp-server:7.9.0')],
    });
    const resource = custom('Kafka', 'platform.confluent.io', 'kafka', {
      spec: { replicas: 3 },
      status,
      meta: { annotations },
    });
    return { customs: [resource], workloads: [set], pods: podsOf(set) };
  };
  test.each<[what: string, objects: Partial<NamespaceObjects>, level: HealthLevel, sentence: string]>([
    ['running', make({ phase: 'RUNNING' }), 'healthy', '3 of 3 brokers ready'],
    ['provisioning', make({ phase: 'PROVISIONING' }), 'working', '3 of 3 brokers ready, phase PROVISIONING'],
    ['a phase nobody knows', make({ phase: 'SINGING' }), 'unknown', '3 of 3 brokers ready, phase SINGING'],
    [
      'a condition that is false',
      make({
        phase: 'RUNNING',
        conditions: [
          condition('platform.confluent.io/cluster-ready', 'NotReady', 'under-replicated partitions', 'False'),
        ],
      }),
      'warning',
      '3 of 3 brokers ready, operator: NotReady: under-replicated partitions',
    ],
    [
      'garbage collection is false when all is well',
      make({ phase: 'RUNNING', conditions: [condition('platform.confluent.io/garbage-collecting', '', '', 'False')] }),
      'healthy',
      '3 of 3 brokers ready',
    ],
    [
      'maintenance',
      make({ phase: 'RUNNING' }, { 'platform.confluent.io/maintenance-mode': '{}' }),
      'warning',
      '3 of 3 brokers ready, in maintenance mode',
    ],
  ])('%s', (_, objects, level, sentence) => {
    expect(judge(objects)).toMatchObject({ level, sentence });
  });
});

describe('Koperator', () => {
  const make = (status: object): Partial<NamespaceObjects> => ({
    customs: [custom('KafkaCluster', 'kafka.banzaicloud.io', 'kafka', { spec: { brokers: [{ id: 0 }] }, status })],
    pods: [pod('kafka-0-abcde', { meta: { labels: { kafka_cr: 'kafka', brokerId: '0' } } })],
  });
  test.each<[what: string, status: object, level: HealthLevel, sentence: string]>([
    ['running', { state: 'ClusterRunning' }, 'healthy', '1 of 1 broker ready'],
    [
      'rolling',
      { state: 'ClusterRollingUpgrading', rollingUpgradeStatus: { errorCount: 2 } },
      'warning',
      '1 of 1 broker ready, rolling upgrade has errors, rolling upgrade',
    ],
    [
      'out of sync',
      { state: 'ClusterReconciling', brokersState: { '0': { configurationState: 'ConfigOutOfSync' } } },
      'working',
      '1 of 1 broker ready, operator at work, configuration out of sync on 1 broker',
    ],
    [
      'a graceful action failed',
      {
        state: 'ClusterRunning',
        brokersState: { '0': { gracefulActionState: { cruiseControlState: 'GracefulDownscaleCompletedWithError' } } },
      },
      'warning',
      '1 of 1 broker ready, broker 0: GracefulDownscaleCompletedWithError',
    ],
  ])('%s', (_, status, level, sentence) => {
    expect(judge(make(status))).toMatchObject({ level, sentence });
  });
});

test('an operator that has ended is a warning', () => {
  const resource = custom('Kafkacluster', 'krallistic.github.com', 'test', { spec: { brokerCount: 2 } });
  expect(judge({ customs: [resource] })).toMatchObject({
    level: 'warning',
    sentence: '0 of 2 nodes ready, its operator has ended, 2 pods missing',
  });
});
