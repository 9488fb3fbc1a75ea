import { describe, expect, test } from 'vitest';
import type { HealthLevel, InsideFacts } from '#core/live/model.ts';
import { cluster, judge, judgeSecond } from '../../support/kafkaCluster.ts';
import { broker, inside, partitions, some } from '../../support/kafkaFacts.ts';
import { ago, NOW, running } from '../../support/liveObjects.ts';

describe('what Kafka tells', () => {
  test.each<[what: string, facts: InsideFacts, level: HealthLevel, sentence: string]>([
    ['everything is in sync', inside(), 'healthy', '3 of 3 brokers, 24 partitions in sync'],
    [
      'partitions under min ISR',
      inside({
        partitions: partitions({
          underReplicated: some('orders-4', 'orders-7'),
          underMinIsr: some('orders-4', 'orders-7'),
        }),
      }),
      'unhealthy',
      '3 of 3 brokers, 2 partitions under min ISR (orders-4, orders-7)',
    ],
    [
      'partitions that lack a replica',
      inside({ partitions: partitions({ underReplicated: { count: 14, names: ['a-0', 'a-1', 'a-2', 'a-3'] } }) }),
      'warning',
      '3 of 3 brokers, 14 partitions under-replicated (a-0, a-1, a-2 and 11 more)',
    ],
    [
      'partitions that nobody leads',
      inside({ partitions: partitions({ offline: some('orders-0') }) }),
      'unhealthy',
      '3 of 3 brokers, 1 partition offline (orders-0)',
    ],
    [
      'a broker is fenced',
      inside({ brokers: [broker(0), broker(1, { isFenced: true }), broker(2)] }),
      'unhealthy',
      '3 of 3 brokers, 24 partitions in sync, broker 1 fenced',
    ],
    [
      'a broker is not registered',
      inside({ brokers: [broker(0), broker(2)] }),
      'unhealthy',
      '3 of 3 brokers, 24 partitions in sync, kafka-1 not registered',
    ],
    [
      'no controller leads',
      inside({ quorum: { leaderId: -1, leaderEpoch: 9, voters: [], observers: [] } }),
      'unhealthy',
      '3 of 3 brokers, 24 partitions in sync, no controller leads',
    ],
    [
      'a controller lags',
      inside({
        quorum: {
          leaderId: 1,
          leaderEpoch: 4,
          voters: [0, 1, 2].map((id) => ({ id, lag: id === 2 ? 70 : 0, behindMs: id === 2 ? 9000 : 0 })),
          observers: [],
        },
      }),
      'warning',
      '3 of 3 brokers, 24 partitions in sync, 1 of 3 controllers behind',
    ],
    [
      'partitions move',
      inside({ reassignments: some('orders-1') }),
      'working',
      '3 of 3 brokers, 24 partitions in sync, 1 partition being moved',
    ],
    [
      'a disk fills up',
      inside({
        brokers: [0, 1, 2].map((id) =>
          broker(id, {
            logDirs: [{ path: '/data', error: '', replicaBytes: 1, totalBytes: 100, usableBytes: id === 1 ? 3 : 90 }],
          }),
        ),
      }),
      'unhealthy',
      '3 of 3 brokers, 24 partitions in sync, disk of broker 1 97 % full',
    ],
    [
      'a log directory failed',
      inside({
        brokers: [0, 1, 2].map((id) =>
          broker(id, {
            logDirs: [
              {
                path: '/data',
                error: id === 1 ? 'KAFKA_STORAGE_ERROR' : '',
                replicaBytes: 1,
                totalBytes: undefined,
                usableBytes: undefined,
              },
            ],
          }),
        ),
      }),
      'unhealthy',
      '3 of 3 brokers, 24 partitions in sync, a log directory of broker 1 has failed',
    ],
    [
      'topics that we may not see',
      inside({ unseenTopics: ['secret', 'other'] }),
      'unknown',
      '3 of 3 brokers, 2 topics not visible to us',
    ],
    [
      'topics could not be described',
      inside({ partitions: undefined }),
      'unknown',
      '3 of 3 brokers ready, partitions not known',
    ],
    [
      'an old answer',
      inside({}, [], 600),
      'unknown',
      '3 of 3 brokers, 24 partitions in sync, partitions as of 10 min ago',
    ],
    [
      'nobody answered',
      { askedAt: NOW, facts: undefined, problems: ['kafka-0 refused the connection'] },
      'unknown',
      '3 of 3 brokers ready, Kafka could not be asked',
    ],
  ])('%s', (_, facts, level, sentence) => {
    expect(judge(cluster(), facts)).toMatchObject({ level, sentence });
  });

  test('that the broker of a missing pod is not registered goes without saying', () => {
    const health = judge(
      cluster(null),
      inside({ brokers: [broker(0), broker(2)], partitions: partitions({ underReplicated: some('orders-1') }) }),
    );
    expect(health.sentence).toBe('2 of 3 brokers, kafka-1 has no pod, 1 partition under-replicated (orders-1)');
  });

  test('a broker that restarts is no second trouble for being fenced or not registered', () => {
    const starting = cluster({ isReady: false, states: [running('kafka', { isReady: false, runningSince: ago(20) })] });
    const fenced = inside({ brokers: [broker(0), broker(1, { isFenced: true }), broker(2)] });
    const unknown = inside({ brokers: [broker(0), broker(2)] });
    for (const facts of [fenced, unknown]) {
      expect(judge(starting, facts)).toMatchObject({
        level: 'working',
        sentence: '2 of 3 brokers, 24 partitions in sync, kafka-1 runs for 20 s and is not ready',
      });
    }
    expect(judge(starting, fenced).evidence.map(({ text }) => text)).toContain('Broker 1 is fenced: it serves nothing');
  });

  test('what is at min ISR and who leads is evidence, not a sentence', () => {
    const health = judge(
      cluster(),
      inside({
        partitions: partitions({
          atMinIsr: some('orders-1'),
          underReplicated: some('orders-1'),
          preferredShare: 0.666,
        }),
      }),
    );
    expect(health.sentence).toBe('3 of 3 brokers, 1 partition under-replicated (orders-1)');
    const texts = health.evidence.map(({ text }) => text);
    expect(texts).toContain('1 partition at min ISR (orders-1). One more loss and writes with acks=all are refused');
    expect(texts).toContain('66 % of partitions are led by their preferred broker');
    expect(texts).not.toContain('Partitions not asked');
  });

  test('a member is judged by its own part', () => {
    expect(judgeSecond(cluster(), inside()).sentence).toBe('ready, leads 8 of 24 partitions, all in sync');
    const behind = inside({ brokers: [broker(0), broker(1, { outOfSync: some('orders-4', 'orders-7') }), broker(2)] });
    expect(judgeSecond(cluster(), behind)).toMatchObject({
      level: 'warning',
      sentence: 'not in sync in 2 of 24 partitions',
    });
    const fenced = inside({ brokers: [broker(0), broker(1, { isFenced: true }), broker(2)] });
    expect(judgeSecond(cluster(), fenced)).toMatchObject({ level: 'unhealthy', sentence: 'broker 1 fenced' });
    expect(judgeSecond(cluster(), inside({ brokers: [broker(0)] }))).toMatchObject({
      level: 'unhealthy',
      sentence: 'not registered',
    });
  });

  test('problems are told beside what is known', () => {
    const { evidence } = judge(cluster(), inside({}, ['Broker 2 did not answer DescribeLogDirs']));
    expect(evidence.map(({ text }) => text)).toContain('Broker 2 did not answer DescribeLogDirs');
  });
});
