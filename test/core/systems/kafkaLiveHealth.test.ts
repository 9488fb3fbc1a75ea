import { describe, expect, test } from 'vitest';
import type { HealthLevel } from '#core/live/model.ts';
import type { ContainerEnd, ContainerState } from '#core/live/objects.ts';
import { kafkaLive } from '#core/systems/kafka/live.ts';
import { cluster, image, judge, judgeSecond, set } from '../../support/kafkaCluster.ts';
import { ago, namespace, NOW, pod, podsOf, running, statefulSet } from '../../support/liveObjects.ts';

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

  test('what is so of several is said once', () => {
    const why = condition('PodScheduled', 'False', 'Unschedulable', '0/3 nodes are available');
    const waits = { phase: 'Pending', isReady: false, states: [], conditions: [why] };
    const idle = cluster(waits);
    const members = idle.members.map((member) =>
      member.pod ? { ...member, pod: { ...member.pod, ...waits } } : member,
    );
    expect(judge({ ...idle, members }).sentence).toBe(
      '0 of 3 brokers ready, kafka-0, kafka-1, kafka-2 wait for a node: 0/3 nodes are available',
    );
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
    expect(health.sentence).toBe('1 of 60 brokers ready, kafka-1, kafka-2, kafka-3 and 56 more have no pod');
    expect(health.evidence).toHaveLength(41);
    expect(health.evidence.at(-1)?.text).toBe('And 20 more facts like these');
  });
});
