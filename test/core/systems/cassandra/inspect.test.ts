import { describe, expect, test } from 'vitest';
import type { DataCluster, InsideFacts } from '#core/live/model.ts';
import { ClusterProblem, type Cluster, type ExecRequest, type ExecResult } from '#core/live/ports.ts';
import { neverCancelled } from '#core/ports.ts';
import { cassandraFacts } from '#core/systems/cassandra/live/inside.ts';
import { cassandraLive } from '#core/systems/cassandra/live.ts';
import { execCluster, stoppedClock } from '#test/core/systems/cassandra/execCluster.ts';
import { healthy } from '#test/core/systems/cassandra/managementTexts.ts';
import { nodetoolText } from '#test/core/systems/cassandra/nodetoolFixtures.ts';
import { containerOf, customOf, NOW, podOf, podsOf, setOf, stateOf } from '#test/core/systems/cassandra/objects.ts';
import { clusterOf, told } from '#test/core/systems/cassandra/told.ts';

/** The nodes of the fixtures, by pod. */
const HOSTS = [
  '1b583a1a-7125-4b54-89f4-8fe1ed1b6e88',
  '0c9f6d52-3f6c-4a55-9d0e-1f2e3d4c5b6a',
  'af2332ed-7020-466e-b35a-7ade80c77703',
];

const section = (name: string, out: string, code = 0, error = ''): string =>
  `\n@@begin ${name}@@\n${out}\n@@error ${name}@@\n${error}\n@@end ${name} ${code}@@\n`;

/** What a node of 5.0 prints, with the changes of a test. */
function printed(index: number, changes: Readonly<Record<string, string>> = {}): string {
  const text = (name: string): string => changes[name] ?? nodetoolText('5.0', name);
  return [
    section('info', text('info').replace(HOSTS[0] ?? '', HOSTS[index] ?? '')),
    section('status', text('status')),
    section('netstats', text('netstats')),
    section('cluster', text('describecluster')),
    section('compactions', text('compactionstats-idle')),
    section('hints', text('listpendinghints-none')),
  ].join('');
}

const upAll = nodetoolText('5.0', 'status').replaceAll('DN  ', 'UN  ');
const ok = (stdout: string): ExecResult => ({ exitCode: 0, stdout, stderr: '', isCut: false });
const set = setOf('cassandra', { podManagementPolicy: 'Parallel' });
const three = clusterOf({ workloads: [set], pods: podsOf(set) });

interface Asked {
  readonly inside: InsideFacts;
  readonly requests: readonly ExecRequest[];
  readonly most: number;
}

/** Asks, and notes how many were asked at once. */
async function ask(
  cluster: DataCluster,
  answer: (index: number, request: ExecRequest) => string | ClusterProblem,
  previous?: InsideFacts,
): Promise<Asked> {
  const requests: ExecRequest[] = [];
  let running = 0;
  let most = 0;
  const fake = execCluster(async (request) => {
    requests.push(request);
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    const said = answer(Number(request.pod.at(-1)), request);
    if (said instanceof ClusterProblem) throw said;
    return ok(said);
  });
  const inspect = cassandraLive.inspect?.bind(cassandraLive);
  if (!inspect) throw new Error('Cassandra can be asked.');
  const inside = await inspect(cluster, {
    cluster: fake,
    clock: stoppedClock(NOW),
    cancellation: neverCancelled,
    previous,
  });
  return { inside, requests, most };
}

describe('asking a ring', () => {
  test('asks every node in its own container, and all see all', async () => {
    const { inside, requests } = await ask(three, (index) => printed(index, { status: upAll }));
    expect(requests.map(({ namespace, pod, container, command }) => [namespace, pod, container, command[0]])).toEqual(
      [0, 1, 2].map((index) => ['data', `cassandra-${index}`, 'cassandra', 'sh']),
    );
    expect(inside.problems).toEqual([]);
    const facts = cassandraFacts(inside);
    expect(facts?.ring.nodes.map(({ member, verdict }) => [member, verdict])).toEqual([
      ['cassandra-0', 'up'],
      ['cassandra-1', 'up'],
      ['cassandra-2', 'up'],
    ]);
    expect(facts?.keyspaces.map(({ keyspace }) => keyspace)).toEqual(['system_auth', 'shop', 'archive', 'system']);
    expect(told(three, inside)).toBe('healthy: 3 of 3 nodes, all up and normal from every node');
    const [first, ...others] = three.members;
    const unready = first?.pod ? [{ ...first, pod: { ...first.pod, isReady: false } }, ...others] : others;
    expect(told({ ...three, members: unready }, inside)).toContain('3 of 3 nodes up when they were asked');
  });

  test('asks four at a time and no pod that does not run', async () => {
    const many = setOf('cassandra', { replicas: 9 });
    const pods = podsOf(many).map((pod, index) =>
      index === 8 ? { ...pod, states: [stateOf({ state: 'waiting', waitingReason: 'CrashLoopBackOff' })] } : pod,
    );
    const { requests, most } = await ask(clusterOf({ workloads: [many], pods }), () => printed(0));
    expect([requests.length, most]).toEqual([8, 4]);
  });

  test('a pod that is gone is named by what was known before, and its time runs on', async () => {
    const before = await ask(three, (index) => printed(index, { status: upAll }));
    const two = clusterOf({ workloads: [set], pods: [podOf(set, 0), podOf(set, 1)] });
    const { inside } = await ask(two, (index) => printed(index), before.inside);
    const node = cassandraFacts(inside)?.ring.nodes.find(({ hostId }) => hostId === HOSTS[2]);
    expect(node).toMatchObject({ member: 'cassandra-2', memberKnownBy: 'before', verdict: 'down' });
    expect(cassandraFacts(inside)?.since[HOSTS[2] ?? '']).toEqual({ verdict: 'down', since: NOW });
    expect(told(two, inside)).toBe('unhealthy: 2 of 3 nodes up; cassandra-2 seen down by 2 peers, has no pod');
    const later = await ask(two, (index) => printed(index), { ...inside, askedAt: NOW - 60_000 });
    expect(cassandraFacts(later.inside)?.since[HOSTS[2] ?? '']?.since).toBe(NOW);
  });

  test('a pod that cannot be asked is named by its operator', async () => {
    const labels = { 'cassandra.datastax.com/datacenter': 'dc1' };
    const own = setOf('cassandra', { meta: { ...set.meta, labels } });
    const status = { cassandraOperatorProgress: 'Ready', nodeStatuses: { 'cassandra-2': { hostID: HOSTS[2] } } };
    const custom = customOf('cassandra.datastax.com/v1beta1', 'CassandraDatacenter', 'dc1', {
      spec: { size: 3 },
      status,
    });
    const cluster = clusterOf({ customs: [custom], workloads: [own], pods: [podOf(own, 0), podOf(own, 1)] });
    const { inside } = await ask(cluster, (index) => printed(index));
    const node = cassandraFacts(inside)?.ring.nodes.find(({ hostId }) => hostId === HOSTS[2]);
    expect(node).toMatchObject({ member: 'cassandra-2', memberKnownBy: 'operator' });
  });

  test('ownership is asked for one keyspace when keyspaces are replicated differently', async () => {
    const without = nodetoolText('5.0', 'status').replaceAll('100.0%', '?     ');
    const { inside, requests } = await ask(three, (index, { command }) =>
      command.at(-1)?.includes("ask ownership 'status' 'archive'")
        ? section('ownership', nodetoolText('5.0', 'status'))
        : printed(index, { status: without }),
    );
    expect(requests).toHaveLength(4);
    expect(cassandraFacts(inside)?.ownershipOf).toBe('archive');
    expect(cassandraFacts(inside)?.ring.nodes.map(({ owns }) => owns)).toEqual([100, 100, 100]);
  });

  test('a drained node is found though it cannot describe the cluster', async () => {
    const { inside } = await ask(three, (index) => {
      if (index !== 2) return printed(index);
      const drained = nodetoolText('5.0', 'netstats-drained');
      const failed = section('cluster', 'Cluster Information:\n', 2, 'error: event executor terminated');
      return (
        section('info', nodetoolText('5.0', 'info').replace(HOSTS[0] ?? '', HOSTS[2] ?? '')) +
        section('status', upAll) +
        section('netstats', drained) +
        failed
      );
    });
    expect(inside.problems).toEqual([]);
    expect(told(three, inside)).toBe('unhealthy: 2 of 3 nodes up; cassandra-2 is drained but calls itself UN');
  });
});

describe('who cannot be asked', () => {
  const failing = (code: number, error: string): string => section('info', '', code, error);
  test.each<[string, string | ClusterProblem, RegExp]>([
    ['no nodetool', '@@absent@@\n', /^cassandra-1 could not be asked: container cassandra has no nodetool$/],
    ['no output', '', /^cassandra-1 could not be asked: nodetool printed nothing that can be read$/],
    [
      'a closed port',
      failing(1, "nodetool: Failed to connect to '127.0.0.1:7199' - ConnectException"),
      /^cassandra-1 could not be asked: its JMX port does not answer/,
    ],
    ['no login', failing(1, 'SecurityException: Authentication failed! Credentials required'), /JMX wants a login/],
    ['a failure', failing(2, 'error: broken\u001b[2J'), /^cassandra-1 did not answer to info: broken\[2J$/],
    [
      'a broken connection',
      new ClusterProblem('server', 'The command did not end in 200 s.'),
      /^cassandra-1 could not be asked: The command did not end in 200 s$/,
    ],
  ])('%s is a sentence, and the others count', async (_, said, expected) => {
    const { inside } = await ask(three, (index) => (index === 1 ? said : printed(index, { status: upAll })));
    expect(inside.problems).toEqual([expect.stringMatching(expected)]);
    expect(cassandraFacts(inside)?.ring.observers).toEqual(['cassandra-0', 'cassandra-2']);
    expect(told(three, inside)).toMatch(/^unknown: 3 of 3 nodes up; cassandra-1 /);
  });

  test('a right that is missing is told once', async () => {
    const { inside, requests } = await ask(three, () => new ClusterProblem('forbidden', 'pods "x" is forbidden.'));
    expect(requests.length).toBeLessThanOrEqual(4);
    expect(inside).toEqual({
      askedAt: NOW,
      facts: undefined,
      problems: ['No node could be asked: pods "x" is forbidden'],
    });
  });

  test('where nobody may exec, pods with a management API are asked by that', async () => {
    const ports = [{ name: 'mgmt-api-http', port: 8080 }];
    const own = setOf('cassandra', { containers: [containerOf('k8ssandra/cass-management-api:4.1.5', { ports })] });
    const ring = clusterOf({ workloads: [own], pods: podsOf(own) });
    const fake = execCluster(() => Promise.reject(new ClusterProblem('forbidden', 'no exec')));
    const http: Cluster['http'] = ({ pod }) =>
      Promise.resolve({
        request: ({ path }) =>
          pod === 'cassandra-2' && path.includes('compactions')
            ? Promise.resolve({ status: 404, text: '' })
            : Promise.resolve({ status: 200, text: healthy[path] ?? '' }),
        stop: () => undefined,
      });
    const access = { cluster: { ...fake, http }, clock: stoppedClock(NOW), cancellation: neverCancelled };
    const inside = await cassandraLive.inspect?.(ring, access);
    const facts = cassandraFacts(inside);
    expect(facts?.ring.nodes.map(({ member, verdict, mode }) => [member, verdict, mode])).toEqual([
      ['cassandra-0', 'up', 'NORMAL'],
      ['cassandra-1', 'up', 'NORMAL'],
      ['cassandra-2', 'up', 'NORMAL'],
    ]);
    expect(facts?.keyspaces.map(({ keyspace }) => keyspace)).toEqual(['system', 'system_auth', 'shop']);
    expect(inside?.problems).toEqual([
      'cassandra-2 did not answer to compactions: this management API cannot tell (404)',
    ]);
  });

  test('a login that is missing is explained once', async () => {
    const login = failing(1, 'SecurityException: Authentication failed! Credentials required');
    const { inside } = await ask(three, () => login);
    expect(inside.problems).toHaveLength(3);
    expect(inside.problems.filter((text) => text.includes('kubectl -n data annotate'))).toHaveLength(1);
    expect(inside.facts).toBeUndefined();
  });

  test('a ring without a running node is not asked', async () => {
    const { inside, requests } = await ask(clusterOf({ workloads: [set] }), () => '');
    expect(requests).toEqual([]);
    expect(inside.problems).toEqual(['No node runs that could be asked']);
  });
});
