import { describe, expect, test } from 'vitest';
import type { DataCluster, InsideFacts } from '#core/live/model.ts';
import type { LiveWorkload } from '#core/live/objects.ts';
import type { CassandraInside } from '#core/systems/cassandra/live/inside.ts';
import { cassandraLive } from '#core/systems/cassandra/live.ts';
import { containerOf, metaOf, MINUTE, NOW, podOf, setOf, stateOf } from '#test/core/systems/cassandra/objects.ts';
import { hostId, insideOf, type RingSketch } from '#test/core/systems/cassandra/sketches.ts';
import { clusterOf, told } from '#test/core/systems/cassandra/told.ts';

/** Racks r1, r2 and so on, two nodes each, in StatefulSets of their own that are one ring; `cassandra-0` and so on by position. */
function ring(count: number, racks: readonly string[] = [], missing: readonly number[] = []): DataCluster {
  const set = (index: number): LiveWorkload =>
    setOf('cassandra', {
      replicas: count,
      podManagementPolicy: 'Parallel',
      containers: [
        containerOf('cassandra:5.0.5', {
          variables: racks[index] === undefined ? {} : { CASSANDRA_RACK: racks[index] },
        }),
      ],
    });
  const pods = Array.from({ length: count }, (_, index) => {
    const pod = podOf(set(index), index);
    return { ...pod, meta: { ...pod.meta, uid: `uid-${index}` } };
  });
  const cluster = clusterOf({ workloads: [set(-1)], pods: pods.filter((_, index) => !missing.includes(index)) });
  const members = cluster.members.map((member) => {
    const rack = racks[member.index ?? 0] ?? '';
    return { ...member, rack, group: rack };
  });
  return { ...cluster, members };
}

const UN = ['UN', 'UN', 'UN'];
const whole: RingSketch['views'] = { 0: { sees: UN }, 1: { sees: UN }, 2: { sees: UN } };

function asked(
  cluster: DataCluster,
  sketch: RingSketch,
  more: Parameters<typeof insideOf>[3] = {},
): InsideFacts<CassandraInside> {
  return insideOf(sketch, cluster.members, NOW - 1000, more);
}

describe('what the ring says', () => {
  const three = ring(3);
  const hint = (files: number, oldestAt: number) => ({ hostId: hostId(2), files, newestAt: NOW, oldestAt });

  test.each<[string, RingSketch, string]>([
    ['all see all', { views: whole }, 'healthy: 3 of 3 nodes, all up and normal from every node'],
    [
      'one is down',
      { views: { ...whole, 0: { sees: ['UN', 'DN', 'UN'] }, 2: { sees: ['UN', 'DN', 'UN'] } } },
      'unhealthy: 2 of 3 nodes up; cassandra-1 seen down by 2 peers',
    ],
    [
      'peers do not agree',
      { views: { ...whole, 0: { sees: ['UN', 'DN', 'UN'] } } },
      'warning: 2 of 3 nodes up; cassandra-1 seen down by 1 of 2 peers (cassandra-0)',
    ],
    [
      'one is drained and does not say so',
      { views: { 0: { sees: ['UN', 'DN', 'UN'] }, 1: { sees: UN, mode: 'DRAINED' }, 2: { sees: ['UN', 'DN', 'UN'] } } },
      'unhealthy: 2 of 3 nodes up; cassandra-1 is drained but calls itself UN',
    ],
    [
      'one is draining',
      { views: { ...whole, 1: { sees: UN, mode: 'DRAINING' } } },
      'working: 2 of 3 nodes up; cassandra-1 is draining',
    ],
    [
      'one joins and streams',
      {
        views: {
          0: { sees: ['UN', 'UN', 'UJ'] },
          1: { sees: ['UN', 'UN', 'UJ'] },
          2: {
            sees: ['UN', 'UN', 'UJ'],
            mode: 'JOINING',
            answer: {
              netstats: {
                mode: 'JOINING',
                streams: [
                  {
                    operation: 'Bootstrap',
                    planId: hostId(50),
                    sessions: [
                      {
                        peer: '10.1.0.10',
                        receiving: { files: 2, bytes: 2 ** 31, doneFiles: 1, doneBytes: 2 ** 29 },
                        sending: undefined,
                      },
                    ],
                  },
                ],
              },
            },
          },
        },
      },
      'working: 2 of 3 nodes up; cassandra-2 is joining the ring, streams: Bootstrap, 25 % of 2.0 GiB',
    ],
    [
      'one leaves',
      { views: { ...whole, 2: { sees: UN, mode: 'LEAVING' } } },
      'working: 2 of 3 nodes up; cassandra-2 is leaving the ring',
    ],
    [
      'one is decommissioned and runs on',
      {
        views: {
          0: { sees: ['UN', 'UN', '--'] },
          1: { sees: ['UN', 'UN', '--'] },
          2: { sees: UN, mode: 'DECOMMISSIONED' },
        },
      },
      'warning: 2 of 3 nodes up; cassandra-2 is decommissioned and still runs',
    ],
    [
      'one does not serve clients',
      { views: { ...whole, 2: { sees: UN, isServing: false } } },
      'unhealthy: 2 of 3 nodes up; cassandra-2 is up and does not serve clients',
    ],
    [
      'the schema has two versions',
      { views: whole, schemas: { [hostId(800)]: [0, 1], [hostId(801)]: [2] } },
      'warning: 3 of 3 nodes, all up and normal from every node; schema disagreement: 2 versions (cassandra-2 differs)',
    ],
    [
      'compactions pile up',
      { views: { ...whole, 1: { sees: UN, answer: { compactions: { pending: 250, running: [] } } } } },
      'warning: 3 of 3 nodes, all up and normal from every node; cassandra-1 has 250 compactions pending',
    ],
    [
      'hints wait',
      { views: { ...whole, 0: { sees: UN, answer: { hints: [hint(14, NOW - MINUTE)] } } } },
      'working: 3 of 3 nodes, all up and normal from every node; for cassandra-2 14 files of hints wait on 1 node',
    ],
    [
      'hints are old',
      { views: { ...whole, 0: { sees: UN, answer: { hints: [hint(1, NOW - 300 * MINUTE)] } } } },
      'warning: 3 of 3 nodes, all up and normal from every node; for cassandra-2 1 file of hints wait on 1 node, the oldest longer than hints are kept by default (3 h): repair it',
    ],
    [
      'a node without a pod is left over',
      { views: { 0: { sees: [...UN, 'DN'] }, 1: { sees: [...UN, 'DN'] }, 2: { sees: [...UN, 'DN'] } } },
      'unhealthy: 3 of 3 nodes up; 10.1.0.13, whose pod is not known, seen down by 3 peers',
    ],
    [
      'a node of another datacenter is down',
      {
        datacenters: ['dc1', 'dc1', 'dc1', 'dc2'],
        views: { 0: { sees: [...UN, 'DN'] }, 1: { sees: [...UN, 'DN'] }, 2: { sees: [...UN, 'DN'] } },
      },
      'warning: 3 of 3 nodes up; 10.1.0.13 of datacenter dc2 seen down by 3 peers',
    ],
    [
      'another datacenter is well',
      {
        datacenters: ['dc1', 'dc1', 'dc1', 'dc2'],
        views: { 0: { sees: [...UN, 'UN'] }, 1: { sees: [...UN, 'UN'] }, 2: { sees: [...UN, 'UN'] } },
      },
      'healthy: 3 of 3 nodes, all up and normal from every node, and so is 1 in other datacenters',
    ],
  ])('%s', (_, sketch, expected) => {
    expect(told(three, asked(three, sketch))).toBe(expected);
  });

  test('names the rack where there are several', () => {
    const racks = ['r1', 'r1', 'r2', 'r2', 'r3', 'r3'];
    const cluster = ring(6, racks, [4]);
    const sees = ['UN', 'UN', 'UN', 'UN', 'DN', 'UN'];
    const views = Object.fromEntries([0, 1, 2, 3, 5].map((index) => [index, { sees }]));
    const known = [{ member: 'cassandra-4', hostId: hostId(4), by: 'before' }] as const;
    const inside = asked(cluster, { racks, views }, { known });
    expect(told(cluster, inside)).toBe(
      'unhealthy: 5 of 6 nodes up; rack r3: cassandra-4 seen down by 5 peers, has no pod',
    );
    const [, , , , member] = cluster.members;
    expect(member && cassandraLive.memberHealth(member, cluster, inside, NOW)).toMatchObject({
      level: 'unhealthy',
      sentence: 'seen down by 5 peers, has no pod',
    });
  });

  test('says for how long, when the change was seen', () => {
    const views = { 0: { sees: ['UN', 'DN', 'UN'] }, 2: { sees: ['UN', 'DN', 'UN'] } };
    const known = [{ member: 'cassandra-1', hostId: hostId(1), by: 'operator' }] as const;
    const since = { [hostId(1)]: { verdict: 'down', since: NOW - 3 * MINUTE } } as const;
    const down = asked(three, { views }, { known, since });
    expect(told(three, down)).toBe('unhealthy: 2 of 3 nodes up; cassandra-1 seen down by 2 peers for 3 min');
  });

  test('does not claim to know a pod that was only left over', () => {
    const views = { 0: { sees: ['UN', 'UN', 'DN'] }, 1: { sees: ['UN', 'UN', 'DN'] } };
    expect(told(three, asked(three, { views }))).toMatch(/; cassandra-2 \(by elimination\) seen down by 2 peers/);
  });

  test('tells how one member is seen', () => {
    const [member] = three.members;
    expect(member && cassandraLive.memberHealth(member, three, asked(three, { views: whole }), NOW)).toMatchObject({
      level: 'healthy',
      sentence: 'up and normal as 2 peers see it, 1.0 KiB, owns 100 %',
    });
  });

  test('is not taken for a ring of one', () => {
    const one = ring(1);
    expect(told(one, asked(one, { views: { 0: { sees: ['UN'] } } }))).toBe(
      'healthy: 1 of 1 node, up and normal by its own word',
    );
  });
});

describe('what is not known is not claimed', () => {
  const three = ring(3);

  test('when one member could not be asked', () => {
    const problems = ['cassandra-2 could not be asked: it hangs'];
    const inside = asked(three, { views: { 0: { sees: UN }, 1: { sees: UN } } }, { problems });
    expect(told(three, inside)).toBe('unknown: 3 of 3 nodes up; cassandra-2 could not be asked: it hangs');
    const [, , member] = three.members;
    expect(member && cassandraLive.memberHealth(member, three, inside, NOW)).toMatchObject({
      level: 'unknown',
      sentence: 'could not be asked: it hangs',
    });
  });

  test('when nobody could be asked', () => {
    const inside = { askedAt: NOW, facts: undefined, problems: ['No node could be asked: pods/exec is forbidden'] };
    expect(told(three, inside)).toBe(
      'unknown: 3 of 3 nodes ready; ring could not be asked: No node could be asked: pods/exec is forbidden',
    );
  });

  test('when the answers are old', () => {
    const inside = { ...asked(three, { views: whole }), askedAt: NOW - 12 * MINUTE };
    expect(told(three, inside)).toBe('healthy: 3 of 3 nodes ready; ring asked 12 min ago, not since');
  });

  test.each<[string, (index: number) => Parameters<typeof podOf>[2]]>([
    ['was replaced', () => ({ meta: metaOf('cassandra-1', { uid: 'another' }) })],
    ['was started again', () => ({ states: [stateOf({ runningSince: NOW })] })],
  ])('when a pod %s since', (_, change) => {
    const members = three.members.map((member, index) =>
      index === 1 && member.pod ? { ...member, pod: { ...member.pod, ...change(index) } } : member,
    );
    const cluster = { ...three, members };
    expect(told(cluster, asked(three, { views: whole }))).toBe(
      'unknown: 2 of 3 nodes up; cassandra-1 has been restarted since the ring was asked',
    );
  });

  test('when a pod is newer than the answers', () => {
    const four = ring(4);
    const members = four.members.map((member, index) =>
      index === 3 && member.pod
        ? { ...member, pod: { ...member.pod, states: [stateOf({ runningSince: NOW })] } }
        : member,
    );
    expect(told({ ...four, members }, asked(ring(3), { views: whole }))).toBe(
      'unknown: 3 of 4 nodes up; cassandra-3 has been started since the ring was asked',
    );
  });

  test('when only one node could be asked: it is not known which pods the others run in, nor how the one is seen', () => {
    const problems = ['cassandra-1 could not be asked: it hangs', 'cassandra-2 could not be asked: it hangs'];
    expect(told(three, asked(three, { views: { 0: { sees: UN } } }, { problems }))).toBe(
      'unknown: 2 of 3 nodes up; cassandra-0 is seen by no other node that could be asked; cassandra-1 could not be asked: it hangs, and 1 more',
    );
  });

  test('when a pod has gone since', () => {
    const inside = asked(three, { views: whole });
    expect(told(ring(3, [], [1]), inside)).toBe(
      'unhealthy: 2 of 3 nodes up; cassandra-1 has no pod, has gone since the ring was asked',
    );
  });

  test('when the facts are of another system', () => {
    expect(told(three, { askedAt: NOW, facts: { brokers: [] }, problems: [] })).toBe(
      'healthy: 3 of 3 nodes ready; ring could not be asked',
    );
  });
});
