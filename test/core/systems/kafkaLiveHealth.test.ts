import { describe, expect, test } from 'vitest';
import type { DataCluster, Health, HealthLevel, InsideFacts } from '#core/live/model.ts';
import type { ContainerEnd, ContainerState, LivePod, LiveWorkload } from '#core/live/objects.ts';
import { kafkaLive } from '#core/systems/kafka/live.ts';
import { broker, inside, partitions, some } from '../../support/kafkaFacts.ts';
import { ago, container, namespace, NOW, pod, podsOf, running, statefulSet } from '../../support/liveObjects.ts';

const image = container('apache/kafka:4.1.0', { variables: { KAFKA_NODE_ID: undefined } });
const set = (more: Parameters<typeof statefulSet>[1] = {}): LiveWorkload =>
  statefulSet('kafka', { containers: [image], ...more });

/** kafka-1 as given, the others well; without pod when it is null. */
function cluster(
  second: (Partial<Omit<LivePod, 'meta'>> & { meta?: object }) | null = {},
  workload = set(),
): DataCluster {
  const pods = podsOf(workload).flatMap((one) => {
    if (one.meta.name !== 'kafka-1') return [one];
    return second === null ? [] : [{ ...one, ...second, meta: { ...one.meta, ...second.meta } }];
  });
  const [found] = kafkaLive.gather(namespace({ workloads: [workload], pods }));
  if (!found) throw new Error('no cluster');
  return found;
}

const judge = (of: DataCluster, facts?: InsideFacts): Health => kafkaLive.health(of, facts, NOW);
const judgeSecond = (of: DataCluster, facts?: InsideFacts): Health => {
  const member = of.members.find(({ name }) => name === 'kafka-1');
  if (!member) throw new Error('no member');
  return kafkaLive.memberHealth(member, of, facts, NOW);
};

const end = (more: Partial<ContainerEnd> = {}): ContainerEnd => ({
  exitCode: 137,
  signal: undefined,
  reason: 'OOMKilled',
  message: '',
  startedAt: ago(100),
  finishedAt: ago(40),
  ...more,
});
const state = (more: Partial<ContainerState>): { isReady: boolean; states: ContainerState[] } => ({
  isReady: false,
  states: [running('kafka', { isReady: false, ...more })],
});
const waiting = (waitingReason: string, waitingMessage = '', more: Partial<ContainerState> = {}) =>
  state({ state: 'waiting', waitingReason, waitingMessage, runningSince: undefined, ...more });
const condition = (type: string, status: string, reason = '', message = '') => ({
  type,
  status,
  reason,
  message,
  changedAt: ago(90),
});

type Second = Parameters<typeof cluster>[0];

const ofPods: readonly [what: string, second: Second, level: HealthLevel, sentence: string, member: string][] = [
  ['all ready', {}, 'healthy', '3 of 3 brokers ready', 'ready'],
  ['a pod is missing', null, 'unhealthy', '2 of 3 brokers ready, kafka-1 has no pod', 'has no pod'],
  [
    'a broker is killed for its memory again and again',
    waiting('CrashLoopBackOff', 'back-off', { restarts: 3, lastEnd: end() }),
    'unhealthy',
    '2 of 3 brokers ready, kafka-1 restarting: exit code 137 (OOMKilled), 3rd restart 40 s ago',
    'restarting: exit code 137 (OOMKilled), 3rd restart 40 s ago',
  ],
  [
    'a broker ends with an error',
    waiting('CrashLoopBackOff', '', {
      restarts: 11,
      lastEnd: end({ exitCode: 1, reason: 'Error', finishedAt: ago(300) }),
    }),
    'unhealthy',
    '2 of 3 brokers ready, kafka-1 restarting: exit code 1, 11th restart 5 min ago',
    'restarting: exit code 1, 11th restart 5 min ago',
  ],
  [
    'no node takes the pod',
    {
      phase: 'Pending',
      isReady: false,
      states: [],
      meta: { createdAt: ago(600) },
      conditions: [
        condition('PodScheduled', 'False', 'Unschedulable', '0/3 nodes are available: 3 Insufficient memory.'),
      ],
    },
    'unhealthy',
    '2 of 3 brokers ready, kafka-1 waits for a node: 0/3 nodes are available: 3 Insufficient memory.',
    'waits for a node: 0/3 nodes are available: 3 Insufficient memory.',
  ],
  [
    'the image is not there',
    { phase: 'Pending', ...waiting('ImagePullBackOff', 'Back-off pulling image "apache/kafka:9"') },
    'unhealthy',
    '2 of 3 brokers ready, kafka-1 cannot pull its image: ImagePullBackOff, Back-off pulling image "apache/kafka:9"',
    'cannot pull its image: ImagePullBackOff, Back-off pulling image "apache/kafka:9"',
  ],
  [
    'a Secret it mounts is not there',
    { phase: 'Pending', ...waiting('CreateContainerConfigError', 'secret "tls" not found') },
    'unhealthy',
    '2 of 3 brokers ready, kafka-1 cannot create its container: CreateContainerConfigError, secret "tls" not found',
    'cannot create its container: CreateContainerConfigError, secret "tls" not found',
  ],
  [
    'an init container fails',
    {
      phase: 'Pending',
      isReady: false,
      states: [
        running('init', {
          isInit: true,
          state: 'waiting',
          waitingReason: 'CrashLoopBackOff',
          restarts: 2,
          lastEnd: end({ exitCode: 2, reason: 'Error' }),
        }),
      ],
    },
    'unhealthy',
    '2 of 3 brokers ready, kafka-1 restarting (init container init): exit code 2, 2nd restart 40 s ago',
    'restarting (init container init): exit code 2, 2nd restart 40 s ago',
  ],
  [
    'a pod is being created',
    { phase: 'Pending', ...waiting('ContainerCreating'), meta: { createdAt: ago(20) } },
    'working',
    '2 of 3 brokers ready, kafka-1 is being created, for 20 s',
    'is being created, for 20 s',
  ],
  [
    'a pod is terminating',
    { meta: { deletedAt: NOW + 20_000 } },
    'working',
    '2 of 3 brokers ready, kafka-1 is terminating (grace period 30 s)',
    'is terminating (grace period 30 s)',
  ],
  [
    'a pod does not end',
    { meta: { deletedAt: ago(600) } },
    'unhealthy',
    '2 of 3 brokers ready, kafka-1 should have ended 10 min ago and is still terminating',
    'should have ended 10 min ago and is still terminating',
  ],
  [
    'a broker starts',
    state({ runningSince: ago(30) }),
    'working',
    '2 of 3 brokers ready, kafka-1 runs for 30 s and is not ready',
    'runs for 30 s and is not ready',
  ],
  [
    'a broker starts again after it was killed',
    state({ runningSince: ago(5), restarts: 3, lastEnd: end() }),
    'warning',
    '2 of 3 brokers ready, kafka-1 runs again for 5 s and is not ready: exit code 137 (OOMKilled), 3rd restart',
    'runs again for 5 s and is not ready: exit code 137 (OOMKilled), 3rd restart',
  ],
  [
    'a broker runs and does not get ready',
    state({ runningSince: ago(1200) }),
    'unhealthy',
    '2 of 3 brokers ready, kafka-1 runs for 20 min and is not ready',
    'runs for 20 min and is not ready',
  ],
  [
    'a pod was evicted',
    { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.', isReady: false },
    'unhealthy',
    '2 of 3 brokers ready, kafka-1 failed: Evicted, The node was low on resource: memory.',
    'failed: Evicted, The node was low on resource: memory.',
  ],
  [
    'a broker came back a moment ago',
    {
      states: [
        running('kafka', { restarts: 1, lastEnd: end({ exitCode: 143, reason: 'Error', finishedAt: ago(90) }) }),
      ],
    },
    'warning',
    '3 of 3 brokers ready, kafka-1 restarted 90 s ago: exit code 143 (asked to end), 1st restart',
    'restarted 90 s ago: exit code 143 (asked to end), 1st restart',
  ],
  [
    'a restart of yesterday is no news',
    { states: [running('kafka', { restarts: 1, lastEnd: end({ finishedAt: ago(80_000) }) })] },
    'healthy',
    '3 of 3 brokers ready',
    'ready',
  ],
  [
    'a pod is being evicted',
    { conditions: [condition('DisruptionTarget', 'True', 'EvictionByEvictionAPI', 'Eviction API: evicting')] },
    'working',
    '3 of 3 brokers ready, kafka-1 is being evicted: Eviction API: evicting',
    'is being evicted: Eviction API: evicting',
  ],
  [
    'control characters and whole logs of a server are no text for a row',
    { phase: 'Failed', reason: 'Evicted', message: `a\u001B[31m\nb ${'x'.repeat(200)}`, isReady: false },
    'unhealthy',
    `2 of 3 brokers ready, kafka-1 failed: Evicted, a [31m b ${'x'.repeat(63)}…`,
    `failed: Evicted, a [31m b ${'x'.repeat(63)}…`,
  ],
];

describe('what Kubernetes tells', () => {
  test.each(ofPods)('%s', (_, second, level, sentence, member) => {
    const of = cluster(second);
    expect(judge(of)).toMatchObject({ level, sentence });
    expect(judgeSecond(of)).toMatchObject({ level, sentence: member });
  });

  test('without a word from Kafka nothing is claimed of partitions', () => {
    expect(judge(cluster()).evidence).toEqual([{ level: 'healthy', text: 'Partitions not asked', source: 'kafka' }]);
  });

  const revisions = { currentRevision: 'kafka-1', updateRevision: 'kafka-2', updatedReplicas: 1 };
  const old = { meta: { labels: { app: 'kafka', 'controller-revision-hash': 'kafka-1' } } };
  test.each<[what: string, more: Parameters<typeof set>[0], level: HealthLevel, end: string]>([
    ['a rollout is under way', revisions, 'working', 'rollout: 2 of 3 pods updated'],
    [
      'pods wait to be deleted',
      { ...revisions, updateStrategy: 'OnDelete' },
      'warning',
      '1 pod not yet on the new revision (OnDelete)',
    ],
    ['a partition holds the rollout', { ...revisions, partition: 2 }, 'warning', 'rollout held at partition 2'],
    ['a change is not yet seen', { observedGeneration: 0 }, 'working', 'a change is not yet taken up'],
  ])('%s', (_, more, level, clause) => {
    expect(judge(cluster(old, set(more)))).toMatchObject({ level, sentence: `3 of 3 brokers ready, ${clause}` });
  });

  test('a cluster that is scaled to nothing is not broken', () => {
    expect(judge(cluster({}, set({ replicas: 0 })))).toMatchObject({
      level: 'healthy',
      sentence: 'scaled to 0 brokers',
    });
  });

  test('a pod that leaves on a way down is no longer counted', () => {
    const smaller = { ...cluster({ meta: { deletedAt: NOW + 1000 } }), wanted: 2 };
    expect(judge(smaller).sentence).toBe('2 of 2 brokers ready, kafka-1 is terminating (grace period 30 s)');
  });

  test('pods that may not be listed are unknown, not missing', () => {
    const [of] = kafkaLive.gather(namespace({ workloads: [set({ readyReplicas: 2 })], hidden: new Set(['pods']) }));
    if (!of) throw new Error('no cluster');
    expect(judge(of)).toMatchObject({ level: 'unknown', sentence: '2 of 3 pods ready, pods not visible' });
    expect(judgeSecond(of)).toMatchObject({ level: 'unknown', sentence: 'pods may not be listed here' });
  });

  test('many troubles are counted, and the worst comes first', () => {
    const big = statefulSet('kafka', { replicas: 60, containers: [image] });
    const [of] = kafkaLive.gather(
      namespace({
        workloads: [big],
        pods: [pod('kafka-0', { containers: [image], meta: { owners: podsOf(big)[0]?.meta.owners ?? [] } })],
      }),
    );
    if (!of) throw new Error('no cluster');
    const health = judge(of);
    expect(health.sentence).toBe('1 of 60 brokers ready, kafka-1 has no pod, kafka-2 has no pod, 57 more');
    expect(health.evidence).toHaveLength(41);
    expect(health.evidence.at(-1)?.text).toBe('And 20 more facts like these');
  });
});

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
