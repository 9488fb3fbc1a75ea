import { describe, expect, test } from 'vitest';
import type { KeyspaceReplication } from '#core/systems/cassandra/nodetool/describeCluster.ts';
import type { JobState } from '#core/systems/cassandra/nodetool/job.ts';
import { bootstrapDoubts, fewerRacks, tooFewNodes } from '#core/systems/cassandra/operations/scale/scaleDecisions.ts';
import { judgeJob } from '#core/systems/cassandra/operations/tending/tendJob.ts';
import { neededRoom, verbs } from '#core/systems/cassandra/operations/tending/verbs.ts';
import type { RingNode } from '#core/systems/cassandra/ring.ts';

const node = (datacenter: string, rack: string): RingNode => ({
  hostId: `${datacenter}-${rack}`,
  member: undefined,
  memberKnownBy: undefined,
  datacenter,
  rack,
  isElsewhere: false,
  addresses: [],
  verdict: 'up',
  peers: [],
  callsItselfUp: true,
  mode: 'NORMAL',
  isServingClients: true,
  loadBytes: undefined,
  owns: undefined,
  tokens: 16,
  streams: [],
  pendingCompactions: 0,
});

const topology = (factors: Record<string, number>): KeyspaceReplication => ({
  keyspace: 'shop',
  strategy: 'NetworkTopologyStrategy',
  factors,
});

const simple: KeyspaceReplication = {
  keyspace: 'system_distributed',
  strategy: 'SimpleStrategy',
  factors: { replication_factor: 3 },
};

describe('how many nodes have to be left', () => {
  const [a, b, c] = [node('dc1', 'r1'), node('dc1', 'r2'), node('dc1', 'r3')];
  const other = node('dc2', 'r1');
  test.each([
    [[topology({ dc1: 3 })], [a, b, c], []],
    [[topology({ dc1: 3 })], [a, b, other], ['shop has 3 replicas in dc1, and 2 nodes would be left']],
    [[simple], [a, b], ['system_distributed has 3 replicas, and 2 nodes would be left']],
    [[simple], [a, b, other], []],
    [[{ keyspace: 'system', strategy: 'LocalStrategy', factors: { replication_factor: 9 } }], [a], []],
  ] as const)('of %j', (keyspaces, left, expected) => {
    expect(tooFewNodes(keyspaces, left)).toEqual(expected);
  });

  test.each([
    [3, [a, b, c, node('dc1', 'r3')], [a, b, c], 0],
    [3, [a, b, c], [a, b], 1],
    [2, [a, b, c], [a, b], 0],
    // It never had a rack for each replica.
    [3, [a, b, node('dc1', 'r2')], [a, node('dc1', 'r1')], 0],
  ] as const)('for %i replicas a rack is missed', (factor, before, left, count) => {
    expect(fewerRacks([topology({ dc1: factor })], before, left)).toHaveLength(count);
  });
});

describe('whether a new node is sent its data', () => {
  const container = (variables: Record<string, string>): Parameters<typeof bootstrapDoubts>[0] => ({
    name: 'cassandra',
    image: 'cassandra:5.0',
    command: '',
    variables,
    ports: [],
    mounts: [],
    hasReadinessProbe: false,
    preStop: '',
  });
  test.each([
    [{ CASSANDRA_SEEDS: 'catalog-0.catalog' }, []],
    [{ CASSANDRA_SEEDS: 'catalog-0.catalog, catalog-3.catalog.shop.svc' }, [true]],
    [{ CASSANDRA_SEEDS: 'catalog-30.catalog' }, []],
    [{ CASSANDRA_SEEDS: 'catalog.shop.svc.cluster.local' }, [false]],
    [{ CASSANDRA_SEEDS: 'catalog-0.catalog', CASSANDRA_AUTO_BOOTSTRAP: 'false' }, [true]],
    [{ CASSANDRA_SEEDS: 'catalog-0.catalog', JVM_EXTRA_OPTS: '-Dcassandra.auto_bootstrap=false' }, [true]],
    [{ CASSANDRA_SEED_PROVIDER: 'io.k8s.cassandra.KubernetesSeedProvider' }, [false]],
    [{}, [false]],
  ] as const)('with %j', (variables, expected) => {
    const doubts = bootstrapDoubts(container(variables), ['catalog-3'], ['catalog']);
    expect(doubts.map(({ isSure }) => isSure)).toEqual(expected);
  });
});

describe('what is made of a long command', () => {
  const ended = (exitCode: number, said: string): JobState => ({ kind: 'ended', exitCode, said });
  test.each([
    [ended(0, ''), 'done'],
    [ended(0, 'Aborted cleaning up at least one table in keyspace shop, check server logs'), 'failed'],
    [ended(2, 'error: Node is involved in cluster membership changes. Not safe to run cleanup.'), 'too early'],
    [ended(2, 'error: disk full'), 'failed'],
    [{ kind: 'running', said: '' }, 'under way'],
    [{ kind: 'nowhere' }, 'failed'],
    [undefined, 'under way'],
  ] as const)('%j is %s', (job, kind) => {
    expect(judgeJob(verbs.cleanup, job, undefined).kind).toBe(kind);
  });

  test('a repair tells how far it is by what it prints', () => {
    const said = 'progress: 3%)\n[2026-01-01] Repair session finished (progress: 41%)\n';
    expect(judgeJob(verbs.repair, { kind: 'running', said }, undefined)).toMatchObject({ text: '41 %' });
  });

  test.each([
    ['cleanup', 100, 40, 40],
    ['cleanup', 100, undefined, 100],
    ['compact', 100, 40, 100],
    ['flush', 100, 40, 0],
    ['compact', undefined, 40, undefined],
  ] as const)('%s of %s bytes, the largest file %s, needs %s', (mode, load, largest, needed) => {
    expect(neededRoom(verbs[mode], load, largest)).toBe(needed);
  });
});
