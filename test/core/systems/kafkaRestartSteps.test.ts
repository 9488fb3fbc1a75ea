import { describe, expect, test, vi } from 'vitest';
import { ClusterProblem, type JsonObject } from '#core/live/ports.ts';
import { KafkaDoor } from '#core/systems/kafka/operations/door.ts';
import { KafkaRestart } from '#core/systems/kafka/operations/restartProcedure.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { onDisk } from '#test/support/kafkaAnswers.ts';
import { podManifest } from '#test/support/liveManifests.ts';
import { planOf } from '../operations/plans.ts';

type Ask = (nodeId: number, api: string) => JsonObject | undefined;

/** Three brokers that are well, but for what a test says of them; undefined is a port that is closed. */
function brokers(
  other: Ask = () => undefined,
  silent: readonly number[] = [],
  isr: readonly number[] = [0, 1, 2],
): Ask {
  const partitions = [{ index: 0, errorCode: 0, leader: isr[0] ?? -1, replicas: [0, 1, 2], isr, offline: [] }];
  const named = [0, 1, 2].map((id) => ({ id, host: '', port: 9092, rack: '' }));
  const usual = (nodeId: number): Readonly<Record<string, JsonObject>> => ({
    Metadata: {
      clusterId: 'c1d2',
      controllerId: 0,
      brokers: named,
      topics: [{ name: 'orders', errorCode: 0, isInternal: false, partitions }],
    },
    DescribeCluster: { clusterId: 'c1d2', controllerId: 0, brokers: named.map((one) => ({ ...one, isFenced: false })) },
    ListPartitionReassignments: { partitions: [] },
    DescribeQuorum: { leaderId: 0, leaderEpoch: 1, highWatermark: 1, voters: [], observers: [] },
    DescribeConfigs: {
      resources: [
        {
          type: 2,
          name: 'orders',
          errorCode: 0,
          configs: [{ name: 'min.insync.replicas', value: '2', isReadOnly: false, source: 5 }],
        },
      ],
    },
    DescribeLogDirs: {
      dirs: [{ path: '/data', errorCode: 0, topics: [onDisk('orders', 900 - 100 * nodeId)] }],
    },
  });
  return (nodeId, api) => (silent.includes(nodeId) ? undefined : (other(nodeId, api) ?? usual(nodeId)[api]));
}

interface Setting {
  readonly cluster: FakeCluster;
  readonly procedure: KafkaRestart;
  readonly context: { readonly step: ReturnType<typeof planOf>['steps'][number]; readonly memory: { uid: string } };
}

function setting(ask: Ask = brokers(), podOne: object = {}, nodes = 3, onOpen = (): unknown => 0): Setting {
  const cluster = new FakeCluster();
  const clock = new FakeClock();
  for (let id = 0; id < nodes; id += 1) {
    const pod = podManifest(`kafka-${id}`, { namespace: 'prod', uid: `uid-${id}` });
    cluster.put(id === 1 ? { ...pod, ...podOne } : pod);
  }
  const open = async () => {
    onOpen();
    return {
      request: async (nodeId: number, api: string) => {
        const answer = ask(nodeId, api);
        if (!answer) throw new ClusterProblem('unreachable', `kafka-${nodeId} refused the connection`);
        return answer;
      },
      stop: () => undefined,
    };
  };
  const ids = Array.from({ length: nodes }, (_, id) => id);
  const procedure = new KafkaRestart({
    cluster,
    clock,
    door: new KafkaDoor(open, ids, clock),
    clusterIdentity: 'uid-of-kube-system',
    kafkaClusterId: 'c1d2',
    namespace: 'prod',
    nodes: ids.map((nodeId) => ({ pod: `kafka-${nodeId}`, nodeId, isBroker: true })),
    level: 'fully replicated',
    consented: new Set(),
  });
  const target = Math.min(1, nodes - 1);
  const [step] = planOf([
    { id: `kafka-${target}`, parameters: { pod: `kafka-${target}`, nodeId: target, before: 'uid-of-before' } },
  ]).steps;
  if (!step) throw new Error('no step');
  return { cluster, procedure, context: { step, memory: { uid: 'uid-of-before' } } };
}

const status = (containers: object): object => ({
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'False' }],
    containerStatuses: [{ name: 'kafka', ready: false, restartCount: 1, ...containers }],
  },
});

const crashLoop = status({
  restartCount: 4,
  state: { waiting: { reason: 'CrashLoopBackOff' } },
  lastState: { terminated: { exitCode: 1, reason: 'Error', finishedAt: '2026-01-01T11:59:50Z' } },
});

const restartedOnce = status({
  state: { running: { startedAt: '2026-01-01T11:59:55Z' } },
  lastState: { terminated: { exitCode: 1, reason: 'Error', finishedAt: '2026-01-01T11:59:50Z' } },
});

describe('before a broker goes', () => {
  test('a cluster that is well lets it go', async () => {
    const { procedure, context } = setting();
    expect(await procedure.gate(context)).toEqual({
      kind: 'yes',
      evidence: '1 partitions keep their in-sync replicas without broker 1',
    });
  });

  test.each([
    [
      'another broker is fenced',
      brokers((_, api) =>
        api === 'DescribeCluster' ? { brokers: [{ id: 0 }, { id: 1 }, { id: 2, isFenced: true }] } : undefined,
      ),
      'broker 2 to be registered and unfenced',
    ],
    [
      'partitions are moved',
      brokers((_, api) => (api === 'ListPartitionReassignments' ? { partitions: [{}] } : undefined)),
      '1 partitions to be moved',
    ],
    ['a replica is behind', brokers(undefined, [], [0, 1]), 'orders-0 waits for broker 2: 2 in sync, 2 needed'],
  ] as const)('%s', async (_, ask, waitingFor) => {
    const { procedure, context } = setting(ask);
    expect(await procedure.gate(context)).toMatchObject({ kind: 'wait', waitingFor });
  });

  test('brokers of another cluster stop it', async () => {
    const { procedure, context } = setting(
      brokers((_, api) => (api === 'Metadata' ? { clusterId: 'other', brokers: [], topics: [] } : undefined)),
    );
    expect(await procedure.gate(context)).toMatchObject({ kind: 'stop' });
  });

  test('another pod that is not ready is waited for, and one that will not be stops it', async () => {
    const { procedure, cluster, context } = setting();
    cluster.remove('Pod', 'kafka-2', 'prod');
    expect(await procedure.gate(context)).toMatchObject({ kind: 'wait', waitingFor: 'kafka-2 to be ready' });
    cluster.put({ ...podManifest('kafka-2', { namespace: 'prod' }), ...crashLoop });
    expect(await procedure.gate(context)).toMatchObject({ kind: 'stop', fix: 'Repair kafka-2 first.' });
  });

  test('another Kubernetes cluster is noticed', async () => {
    const { procedure, cluster } = setting();
    expect(await procedure.verifyIdentity()).toBeUndefined();
    cluster.clusterId = 'another';
    expect(await procedure.verifyIdentity()).toContain('Another Kubernetes cluster answers');
  });
});

describe('the eviction', () => {
  test.each([
    ['busy', 'again'],
    ['forbidden', 'stop'],
    ['invalid', 'stop'],
    ['conflict', 'acted'],
    ['absent', 'acted'],
  ] as const)('that ends as %s is taken for %s', async (kind, outcome) => {
    const { procedure, cluster, context } = setting();
    cluster.evict = () => Promise.reject(new ClusterProblem(kind, 'no'));
    expect(await procedure.act(context)).toMatchObject({ kind: outcome });
  });

  test('that got no answer is left open', async () => {
    const { procedure, cluster, context } = setting();
    cluster.evict = () => Promise.reject(new ClusterProblem('unreachable', 'reset'));
    await expect(procedure.act(context)).rejects.toThrow('reset');
  });
});

describe('a broker that went is awaited', () => {
  test('over a new connection: the old one leads to a process that is gone, and may be silent for long', async () => {
    let opened = 0;
    const { procedure, context } = setting(brokers(), {}, 2, () => (opened += 1));
    await procedure.gate(context);
    await procedure.act(context);
    await procedure.awaited(context);
    expect(opened).toBe(1);
    // Now the broker itself has been asked.
    await procedure.act(context);
    await procedure.awaited(context);
    expect(opened).toBe(2);
  });

  test('until it is in every ISR', async () => {
    const { procedure, context } = setting();
    expect(await procedure.awaited(context)).toEqual({ kind: 'yes', evidence: 'broker 1 is in every ISR' });
    const behind = setting(brokers(undefined, [], [0, 2]));
    expect(await behind.procedure.awaited(behind.context)).toMatchObject({
      kind: 'wait',
      waitingFor: 'kafka-1 to catch up: orders-0, 100 bytes behind',
    });
  });

  test('also while its pod is ready and others still count its old process in', async () => {
    const { procedure, context } = setting(brokers(undefined, [1]));
    expect(await procedure.awaited(context)).toMatchObject({ kind: 'wait', waitingFor: 'broker 1 to answer' });
    expect(await procedure.isDone(context)).toBe(false);
  });

  test('and a single broker is asked itself', async () => {
    const ask = brokers((_, api) =>
      api === 'DescribeCluster' ? { clusterId: 'c1d2', brokers: [{ id: 0, isFenced: false }] } : undefined,
    );
    const { procedure, context } = setting(ask, {}, 1);
    expect(await procedure.awaited(context)).toMatchObject({ kind: 'yes' });
  });

  test('and while its pod starts another one is asked, once, so that it finds the new controller in time', async () => {
    const asked: number[] = [];
    const ask = brokers((nodeId, api) => {
      if (api === 'DescribeQuorum') asked.push(nodeId);
      return undefined;
    });
    const { procedure, context } = setting(ask, status({ state: { running: {} } }));
    expect(await procedure.awaited(context)).toMatchObject({ kind: 'wait', waitingFor: 'kafka-1 to be ready' });
    expect(await procedure.awaited(context)).toMatchObject({ kind: 'wait' });
    await vi.waitFor(() => expect(asked).toEqual([0]));
  });

  test('when its container was restarted once, but not in a crash loop', async () => {
    const once = setting(brokers(), restartedOnce);
    expect(await once.procedure.awaited(once.context)).toMatchObject({
      kind: 'wait',
      waitingFor: 'kafka-1 to be ready',
    });
    const looping = setting(brokers(), crashLoop);
    expect(await looping.procedure.awaited(looping.context)).toMatchObject({ kind: 'stop' });
  });
});
