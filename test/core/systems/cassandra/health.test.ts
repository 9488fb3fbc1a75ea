import { describe, expect, test } from 'vitest';
import type { DataCluster, Health } from '#core/live/model.ts';
import type { ContainerEnd, LiveCondition, LivePod, LiveWorkload } from '#core/live/objects.ts';
import { cassandraLive } from '#core/systems/cassandra/live.ts';
import { clusterOf, told } from '#test/core/systems/cassandra/told.ts';
import {
  claimOf,
  containerOf,
  metaOf,
  MINUTE,
  NOW,
  ownedBy,
  podOf,
  podsOf,
  setOf,
  stateOf,
} from '#test/core/systems/cassandra/objects.ts';

/** A ring of three, one of whose pods is as the test says. */
function ringWith(pod: Partial<LivePod> | undefined, set: Partial<LiveWorkload> = {}): DataCluster {
  const workload = setOf('cassandra', set);
  const pods = [podOf(workload, 0), podOf(workload, 2), ...(pod ? [podOf(workload, 1, pod)] : [])];
  return clusterOf({ workloads: [workload], pods });
}

const notReady = (changedAt: number): LiveCondition[] => [
  { type: 'Ready', status: 'False', reason: 'ContainersNotReady', message: '', changedAt },
];
const endOf = (more: Partial<ContainerEnd>): ContainerEnd => ({
  exitCode: 1,
  signal: undefined,
  reason: 'Error',
  message: '',
  startedAt: undefined,
  finishedAt: undefined,
  ...more,
});
const waiting = (waitingReason: string, more: Parameters<typeof stateOf>[0] = {}): Partial<LivePod> => ({
  phase: 'Pending',
  isReady: false,
  conditions: notReady(NOW - MINUTE),
  states: [stateOf({ state: 'waiting', isReady: false, runningSince: undefined, waitingReason, ...more })],
});

describe('what Kubernetes says', () => {
  test.each<[string, DataCluster, string]>([
    ['all is ready', ringWith({}), 'healthy: 3 of 3 nodes ready; ring not asked'],
    ['a pod is missing', ringWith(undefined), 'unhealthy: 2 of 3 nodes ready; cassandra-1 has no pod; ring not asked'],
    [
      'a pod waits for the one before it',
      clusterOf({
        workloads: [setOf('cassandra', { replicas: 2 })],
        pods: [podOf(setOf('cassandra'), 0, waiting('ContainerCreating'))],
      }),
      'warning: 0 of 2 nodes ready; cassandra-0 is still being created after 60 min; ring not asked',
    ],
    [
      'a pod crashes again and again',
      ringWith(waiting('CrashLoopBackOff', { restarts: 7, lastEnd: endOf({ exitCode: 3 }) })),
      'unhealthy: 2 of 3 nodes ready; cassandra-1 crashes again and again: exit code 3, 7 restarts; ring not asked',
    ],
    [
      'a pod is killed for memory again and again',
      ringWith(waiting('CrashLoopBackOff', { restarts: 1, lastEnd: endOf({ exitCode: 137, reason: 'OOMKilled' }) })),
      'unhealthy: 2 of 3 nodes ready; cassandra-1 crashes again and again: exit code 137 (OOMKilled), 1 restart; ring not asked',
    ],
    [
      'an image cannot be pulled',
      ringWith(waiting('ImagePullBackOff', { waitingMessage: 'Back-off pulling image.' })),
      'unhealthy: 2 of 3 nodes ready; cassandra-1 cannot pull image cassandra:5.0.5: Back-off pulling image; ring not asked',
    ],
    [
      'a Secret is missing',
      ringWith(waiting('CreateContainerConfigError', { waitingMessage: 'secret "login" not found' })),
      'unhealthy: 2 of 3 nodes ready; cassandra-1 cannot start: CreateContainerConfigError, secret "login" not found; ring not asked',
    ],
    [
      'an init container fails',
      ringWith(waiting('CrashLoopBackOff', { name: 'prepare', isInit: true, restarts: 2, lastEnd: endOf({}) })),
      'unhealthy: 2 of 3 nodes ready; cassandra-1 crashes again and again (init container prepare): exit code 1, 2 restarts; ring not asked',
    ],
    [
      'a pod cannot be scheduled',
      ringWith({
        phase: 'Pending',
        isReady: false,
        states: [],
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'Unschedulable',
            message: '0/3 nodes are available: 3 Insufficient memory.',
            changedAt: NOW - 3 * MINUTE,
          },
        ],
      }),
      'unhealthy: 2 of 3 nodes ready; cassandra-1 has been unschedulable for 3 min: 0/3 nodes are available: 3 Insufficient memory; ring not asked',
    ],
    [
      'a node starts',
      ringWith({
        isReady: false,
        conditions: notReady(NOW - 41_000),
        states: [stateOf({ isReady: false, runningSince: NOW - 40_000 })],
      }),
      'working: 2 of 3 nodes ready; cassandra-1 has been starting for 40 s; ring not asked',
    ],
    [
      'a node has been starting for long',
      ringWith({
        isReady: false,
        conditions: notReady(NOW - 30 * MINUTE),
        states: [stateOf({ isReady: false, runningSince: NOW - 30 * MINUTE })],
      }),
      'warning: 2 of 3 nodes ready; cassandra-1 has been starting for 30 min; ring not asked',
    ],
    [
      'a node is ready no more',
      ringWith({ isReady: false, conditions: notReady(NOW - 3 * MINUTE), states: [stateOf({ isReady: false })] }),
      'unhealthy: 2 of 3 nodes ready; cassandra-1 has not been ready for 3 min; ring not asked',
    ],
    [
      'only a sidecar is not ready',
      ringWith({
        isReady: false,
        conditions: notReady(NOW - 3 * MINUTE),
        states: [stateOf(), stateOf({ name: 'medusa', isReady: false })],
      }),
      'warning: 2 of 3 nodes ready; cassandra-1 has not been ready for 3 min: container medusa; ring not asked',
    ],
    [
      'a node was killed for memory a while ago',
      ringWith({
        states: [
          stateOf({
            restarts: 3,
            lastEnd: endOf({ exitCode: 137, reason: 'OOMKilled', finishedAt: NOW - 12 * MINUTE }),
          }),
        ],
      }),
      'warning: 3 of 3 nodes ready; cassandra-1 was killed for lack of memory 12 min ago, 3 restarts; ring not asked',
    ],
    [
      'a node ended by itself yesterday',
      ringWith({ states: [stateOf({ restarts: 1, lastEnd: endOf({ finishedAt: NOW - 24 * 60 * MINUTE }) })] }),
      'healthy: 3 of 3 nodes ready; ring not asked',
    ],
    [
      'a pod was evicted',
      ringWith({
        phase: 'Failed',
        isReady: false,
        reason: 'Evicted',
        message: 'The node was low on resource: memory.',
        states: [],
      }),
      'unhealthy: 2 of 3 nodes ready; cassandra-1 has failed (Evicted: The node was low on resource: memory); ring not asked',
    ],
    [
      'a new template rolls out',
      ringWith({}, { updateRevision: 'cassandra-2', updatedReplicas: 1 }),
      'working: 3 of 3 nodes ready; cassandra is being updated: 1 of 3 pods have the newest template; ring not asked',
    ],
    [
      'a new template is held back',
      ringWith({}, { updateRevision: 'cassandra-2', updatedReplicas: 1, partition: 2 }),
      'warning: 3 of 3 nodes ready; cassandra is held back by its partition 2: 1 of 3 pods have the newest template; ring not asked',
    ],
    [
      'a new template waits for deletions',
      ringWith({}, { updateRevision: 'cassandra-2', updatedReplicas: 0, updateStrategy: 'OnDelete' }),
      'warning: 3 of 3 nodes ready; cassandra waits for pods to be deleted: 0 of 3 pods have the newest template; ring not asked',
    ],
    [
      'a volume is lost',
      clusterOf({
        workloads: [setOf('cassandra')],
        pods: podsOf(setOf('cassandra')),
        claims: [claimOf('data-cassandra-2', 'Lost')],
      }),
      'unhealthy: 3 of 3 nodes ready; claim data-cassandra-2 has lost its volume; ring not asked',
    ],
    [
      'a node would leave the ring at every restart',
      ringWith(
        {},
        { containers: [containerOf('bitnami/cassandra:4.1.3', { preStop: 'bash -ec nodetool decommission' })] },
      ),
      'warning: 3 of 3 nodes ready; cassandra has a preStop hook that decommissions: a node whose pod is deleted or restarted leaves the ring; ring not asked',
    ],
    [
      'cass-operator has not started the process yet',
      ringWith({
        isReady: false,
        meta: metaOf('cassandra-1', {
          labels: { 'cassandra.datastax.com/node-state': 'Ready-to-Start' },
          owners: [ownedBy('StatefulSet', 'cassandra')],
        }),
        states: [stateOf({ isReady: false })],
      }),
      'working: 2 of 3 nodes ready; cassandra-1 waits for cass-operator to start Cassandra in it; ring not asked',
    ],
    [
      'nobody wants a node',
      clusterOf({ workloads: [setOf('cassandra', { replicas: 0 })] }),
      'done: stopped, no nodes are wanted',
    ],
    [
      'texts have control characters',
      ringWith(waiting('ErrImagePull', { waitingMessage: 'no\u001b[2J such\u202e image' })),
      'unhealthy: 2 of 3 nodes ready; cassandra-1 cannot pull image cassandra:5.0.5: no [2J such  image; ring not asked',
    ],
  ])('%s', (_, cluster, expected) => {
    expect(told(cluster)).toBe(expected);
  });

  test('a pod that has to wait for another is not missing', () => {
    const set = setOf('cassandra', { replicas: 2 });
    const cluster = clusterOf({ workloads: [set], pods: [podOf(set, 0, waiting('ContainerCreating'))] });
    const second = cluster.members[1];
    expect(second && cassandraLive.memberHealth(second, cluster, undefined, NOW)).toMatchObject({
      level: 'working',
      sentence: 'has no pod yet: cassandra-0 has to be ready first',
    });
  });

  test('pods that may not be listed are not missing', () => {
    const cluster = clusterOf({ workloads: [setOf('cassandra')], hidden: new Set(['pods']) });
    expect(told(cluster)).toBe('unknown: 3 of 3 nodes ready; pods may not be listed here; ring not asked');
    const [member] = cluster.members;
    expect(member && cassandraLive.memberHealth(member, cluster, undefined, NOW)).toMatchObject({
      level: 'unknown',
      sentence: 'pods may not be listed here',
    });
  });

  test('a pod that is being deleted is working, and late when its grace is over', () => {
    const set = setOf('cassandra', { replicas: 1 });
    const levelOf = (deletedAt: number): Health => {
      const pod = podOf(set, 0);
      const cluster = clusterOf({ workloads: [set], pods: [{ ...pod, meta: { ...pod.meta, deletedAt } }] });
      return cassandraLive.health(cluster, undefined, NOW);
    };
    expect(levelOf(NOW + MINUTE)).toMatchObject({
      level: 'working',
      sentence: '0 of 1 node ready; cassandra-0 is being deleted; ring not asked',
    });
    expect(levelOf(NOW - 5 * MINUTE).evidence[0]?.text).toBe(
      'cassandra-0 is being deleted and should have been gone 5 min ago',
    );
  });

  test('of one member, without its name', () => {
    const cluster = ringWith(waiting('CrashLoopBackOff', { restarts: 7, lastEnd: endOf({ exitCode: 3 }) }));
    const [first, second] = cluster.members.map((member) =>
      cassandraLive.memberHealth(member, cluster, undefined, NOW),
    );
    expect(first).toMatchObject({ level: 'healthy', sentence: 'ready; ring not asked' });
    expect(second).toMatchObject({ level: 'unhealthy', sentence: 'crashes again and again: exit code 3, 7 restarts' });
    expect(second?.evidence).toEqual([
      {
        level: 'unhealthy',
        text: 'cassandra-1 crashes again and again: exit code 3, 7 restarts',
        source: 'kubernetes',
        member: 'cassandra-1',
      },
    ]);
  });
});
