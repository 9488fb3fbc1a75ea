import { describe, expect, test } from 'vitest';
import type { LiveClaim, LiveCustom } from '#core/live/objects.ts';
import type { RunRecord } from '#core/operations/model.ts';
import type { KeyspaceReplication } from '#core/systems/cassandra/nodetool/describeCluster.ts';
import type { ReplicaRange } from '#core/systems/cassandra/nodetool/describeRing.ts';
import {
  cleanupEvidence,
  notOwnedCheck,
  type EvidenceSources,
  type NodeEvidence,
} from '#core/systems/cassandra/operations/tending/cleanupEvidence.ts';
import { addedAt, claimedAt, cleanedAt } from '#core/systems/cassandra/operations/tending/joins.ts';
import { judgeFiles, ownedTokens } from '#core/systems/cassandra/operations/tending/ownedTokens.ts';
import { shownShares, skewSentences } from '#core/systems/cassandra/operations/tending/skew.ts';
import type { RingNode, RingView } from '#core/systems/cassandra/ring.ts';
import { claimOf, podsOf, setOf } from '#test/core/systems/cassandra/objects.ts';
import { clusterOf } from '#test/core/systems/cassandra/told.ts';

const GIB = 1024 ** 3;
const HOUR = 3_600_000;

function ringOf(racks: readonly string[], more: (index: number) => Partial<RingNode> = () => ({})): RingView {
  const nodes = racks.map((rack, index): RingNode => ({
    hostId: `host-${index}`,
    member: `catalog-${index}`,
    memberKnownBy: 'itself',
    datacenter: 'dc1',
    rack,
    isElsewhere: false,
    addresses: [`10.0.0.${index}`],
    verdict: 'up',
    peers: [],
    callsItselfUp: true,
    mode: 'NORMAL',
    isServingClients: true,
    loadBytes: 10 * GIB,
    owns: 50,
    tokens: 16,
    streams: [],
    pendingCompactions: 0,
    ...more(index),
  }));
  return { nodes, observers: [], schemas: [], schemaUnknown: [], hints: [] };
}

const shop = (factor: number): KeyspaceReplication => ({
  keyspace: 'shop',
  strategy: 'NetworkTopologyStrategy',
  factors: { dc1: factor },
});

const alike = new Map(['catalog-0', 'catalog-1', 'catalog-2', 'catalog-3'].map((name) => [name, 0]));

function judged(more: Partial<EvidenceSources> = {}): readonly NodeEvidence[] {
  return cleanupEvidence({
    ring: ringOf(['r1', 'r1', 'r1', 'r1']),
    keyspaces: [shop(2)],
    claimedAt: alike,
    cleanedAt: new Map(),
    addedAt: new Map(),
    files: new Map(),
    ...more,
  });
}

describe('whether a cleanup is needed', () => {
  const late = new Map([...alike, ['catalog-3', 5 * HOUR]]);
  const cleanedAtHour = (hour: number): Partial<EvidenceSources> => ({
    claimedAt: late,
    cleanedAt: new Map([['catalog-0', hour * HOUR]]),
  });
  const fuller: Partial<EvidenceSources> = {
    ring: ringOf(['r1', 'r1', 'r1', 'r1'], (index) => (index === 0 ? { loadBytes: 14 * GIB } : {})),
  };
  const files = (
    outside: number,
    inside: number,
    across: number,
    count = outside + inside + across,
  ): typeof fuller => ({
    files: new Map([['catalog-0', { outside, inside, across, count }]]),
  });
  test.each([
    ['nodes that began together', {}, 'not needed', 'nobody has joined since it joined itself'],
    [
      'one that joined later, and no record',
      { claimedAt: late },
      'cannot be told',
      'catalog-3 joined or came back empty',
    ],
    ['one that joined after the last cleanup', cleanedAtHour(4), 'needed', 'its cleanup of 1970-01-01T04:00:00Z'],
    ['one that was cleaned up after it', cleanedAtHour(6), 'not needed', 'nobody has joined since its cleanup'],
    [
      'one that joined within the hour',
      { claimedAt: new Map([...alike, ['catalog-3', HOUR]]) },
      'cannot be told',
      'catalog-3 joined or came back empty since it joined itself, within an hour',
    ],
    [
      'one that was added by us, and no record',
      { addedAt: new Map([['catalog-3', HOUR]]) },
      'needed',
      'catalog-3 joined since it joined itself, and no cleanup since then is written down',
    ],
    [
      'one that was added by us before the cleanup',
      { addedAt: new Map([['catalog-3', HOUR]]), ...cleanedAtHour(6) },
      'not needed',
      'nobody has joined since its cleanup',
    ],
    ['volumes that are not known', { claimedAt: new Map() }, 'cannot be told', 'when it joined is not known'],
    [
      'a volume that is not known',
      { claimedAt: new Map([['catalog-0', 0]]) },
      'cannot be told',
      'when catalog-1, catalog-2',
    ],
    ['a load above its share', fuller, 'needed', 'it holds 14.0 GiB, and its share would be 11.0 GiB'],
    [
      'as many replicas as nodes',
      { ...fuller, claimedAt: late, keyspaces: [shop(4)] },
      'not needed',
      'it owns everything',
    ],
    ['no keyspace of anybody', { claimedAt: late, keyspaces: [] }, 'not needed', 'no keyspaces but'],
    [
      'shares that are not known',
      { ring: ringOf(['r1', 'r1', 'r1', 'r1'], () => ({ owns: undefined })) },
      'cannot be told',
      'not known',
    ],
    ['a file that begins outside', files(1, 3, 5), 'needed', '9 of 9 files were looked at, and 1 begin or end'],
    [
      'files inside, whatever else',
      { ...fuller, ...files(0, 4, 0) },
      'not needed',
      'it owns everything that lies in them',
    ],
    [
      'not all files looked at',
      { claimedAt: late, ...files(0, 4, 0, 5) },
      'cannot be told',
      '4 of 5 files were looked at',
    ],
    [
      'no tool for files',
      { claimedAt: late, files: new Map([['catalog-0', 'not told' as const]]) },
      'cannot be told',
      'no sstablemetadata that answers; catalog-3 joined',
    ],
    ['files from end to end', { claimedAt: late, ...files(0, 0, 4) }, 'cannot be told', '4 reach over ranges'],
  ] as const)('%s: %#', (_, more, verdict, reason) => {
    const [first] = judged(more);
    expect(first).toEqual({ node: 'catalog-0', verdict, reason: expect.stringContaining(reason) as unknown });
  });

  test('with as many racks as replicas, who joins takes from his own rack only', () => {
    const racks = ['r1', 'r2', 'r1', 'r1'];
    const lateInR1 = { ring: ringOf(racks), claimedAt: late, cleanedAt: new Map(alike) };
    expect(judged(lateInR1).map(({ verdict }) => verdict)).toEqual(['needed', 'not needed', 'needed', 'not needed']);
    const moreRacks = { ...lateInR1, keyspaces: [shop(3)] };
    expect(judged(moreRacks)[1]?.verdict).toBe('needed');
  });

  const one = (node: string, verdict: NodeEvidence['verdict']): NodeEvidence => ({ node, verdict, reason: 'because' });
  test.each([
    [[one('a', 'not needed'), one('b', 'needed')], 'holds', 'b: needed; because'],
    [[one('a', 'not needed'), one('b', 'cannot be told')], 'unknown', 'b: cannot be told; because'],
    [[one('a', 'not needed')], 'warns', 'a: not needed; because'],
    [[], 'unknown', 'A cleanup that is not needed costs little'],
  ] as const)('of %j it %s', (evidence, state, first) => {
    const check = notOwnedCheck(evidence, ['a']);
    expect([check.state, check.evidence[0]]).toEqual([state, expect.stringContaining(first)]);
  });

  test('who needs it and is left out is named', () => {
    expect(notOwnedCheck([one('b', 'needed')], ['a']).evidence.at(-1)).toBe('b is not gone over');
  });
});

describe('what is owned, and files', () => {
  const range = (start: string, end: string, ...addresses: string[]): ReplicaRange => ({ start, end, addresses });
  const ring = [range('-100', '0', 'a', 'b'), range('0', '100', 'a'), range('100', '-100', 'b', 'c')];

  test('spans that touch are one, and one goes over the end', () => {
    expect(ownedTokens(ring, ['a'])).toEqual([{ first: -99n, last: 100n }]);
    expect(ownedTokens(ring, ['c', 'old'])).toEqual([
      { first: -(2n ** 63n), last: -100n },
      { first: 101n, last: 2n ** 63n - 1n },
    ]);
    expect(ownedTokens(ring, ['x'])).toEqual([]);
    expect(ownedTokens([range('5', '5', 'a')], ['a'])).toEqual([{ first: -(2n ** 63n), last: 2n ** 63n - 1n }]);
  });

  test('of tokens that are no numbers nothing is known', () => {
    expect(ownedTokens([range('0a', 'ff', 'a')], ['a'])).toBeUndefined();
    expect(ownedTokens([range('0', '99999999999999999999', 'a')], ['a'])).toBeUndefined();
    expect(ownedTokens([], ['a'])).toBeUndefined();
  });

  test.each([
    [-99n, 100n, 'inside'],
    [-100n, 5n, 'outside'],
    [5n, 101n, 'outside'],
  ] as const)('from %s to %s of a is %s', (first, last, kind) => {
    const owned = new Map([['shop', ownedTokens(ring, ['a']) ?? []]]);
    const none = { outside: 0, inside: 0, across: 0 };
    expect(judgeFiles([{ keyspace: 'shop', first, last }], owned)).toEqual({ ...none, [kind]: 1 });
    expect(judgeFiles([{ keyspace: 'other', first, last }], owned)).toEqual(none);
  });

  test('over what is not owned it tells nothing', () => {
    const owned = new Map([['shop', ownedTokens(ring, ['b']) ?? []]]);
    expect(judgeFiles([{ keyspace: 'shop', first: -50n, last: 200n }], owned).across).toBe(1);
  });
});

describe('when nodes joined and were cleaned up', () => {
  const set = setOf('catalog');
  const pods = podsOf(set);
  const claims = pods.flatMap((pod, index): LiveClaim[] =>
    pod.volumes.map(({ target }) => {
      const claim = claimOf(target);
      return { ...claim, meta: { ...claim.meta, createdAt: index * HOUR } };
    }),
  );
  const data = clusterOf({ workloads: [set], pods, claims });

  test('by the claim of each', () => {
    expect([...claimedAt({ ...data, claims })]).toEqual([
      ['catalog-0', 0],
      ['catalog-1', HOUR],
      ['catalog-2', 2 * HOUR],
    ]);
    expect(claimedAt({ ...data, claims: [] }).size).toBe(0);
  });

  const step = (pod: string): RunRecord['plan']['steps'][number] => ({
    id: pod,
    title: '',
    gate: '',
    effect: '',
    done: '',
    expectedMs: 0,
    parameters: { pod },
  });
  const run = (mode: string, actedAt: number, operation: RunRecord['plan']['operation'] = 'rebalance'): RunRecord => ({
    plan: {
      format: 1,
      id: 'plan',
      operation,
      title: '',
      target: {
        context: '',
        clusterIdentity: '',
        namespace: '',
        system: 'cassandra',
        key: '',
        name: '',
        anchor: { apiVersion: '', kind: '', name: '', uid: '' },
        systemIdentity: '',
      },
      madeAt: 0,
      parameters: { mode },
      preconditions: [],
      steps: [step('catalog-0'), step('catalog-1'), step('catalog-2')],
      risks: [],
      needsTypedName: false,
    },
    state: { kind: 'cancelled' },
    startedAt: 0,
    runner: '',
    steps: [
      { id: 'catalog-0', phase: 'done', startedAt: 0, actedAt, memory: {}, notes: [] },
      { id: 'catalog-1', phase: 'awaiting', startedAt: 0, actedAt, memory: {}, notes: [] },
    ],
  });

  test('by steps of ours that ended, the latest of each', () => {
    const journal = { current: run('repair', 9), history: [run('cleanup', 3), run('cleanup', 7)], resourceVersion: '' };
    expect([...cleanedAt(data, journal)]).toEqual([['catalog-0', 7]]);
    expect(cleanedAt(data, undefined).size).toBe(0);
  });

  test('by steps of ours that added a node', () => {
    const scaled = (from: number, to: number): RunRecord => {
      const { plan, ...record } = run('', 5, 'scale');
      const steps = record.steps.map((one) => (one.phase === 'done' ? { ...one, doneAt: 8 } : one));
      return { ...record, steps, plan: { ...plan, parameters: { from, to } } };
    };
    const journal = { current: undefined, history: [scaled(2, 3)], resourceVersion: '' };
    expect([...addedAt(journal)]).toEqual([['catalog-0', 8]]);
    expect(addedAt({ ...journal, history: [scaled(3, 2), run('cleanup', 1)] }).size).toBe(0);
    expect(addedAt(undefined).size).toBe(0);
  });

  const task = (spec: Record<string, unknown>, status: Record<string, unknown>): LiveCustom => ({
    kind: 'Custom',
    customKind: 'CassandraTask',
    group: 'control.k8ssandra.io',
    version: 'v1alpha1',
    meta: { ...set.meta, name: 'cleanup-1' },
    spec,
    status,
  });
  const jobs = { jobs: [{ command: 'cleanup' }] };
  const times = { startTime: '1970-01-01T01:00:00Z', completionTime: '1970-01-01T02:00:00Z' };
  test.each([
    [
      jobs,
      { ...times, podStatuses: { 'catalog-0': { status: 'COMPLETED' }, 'catalog-1': { status: 'ERROR' } } },
      ['catalog-0'],
    ],
    [jobs, times, ['catalog-0', 'catalog-1', 'catalog-2']],
    [jobs, { ...times, failed: 1 }, []],
    [jobs, { startTime: times.startTime }, []],
    [{ jobs: [{ command: 'compact' }] }, times, []],
    [{ jobs: [{ command: 'cleanup', args: { keyspace_name: 'shop' } }] }, times, []],
    [{ jobs: [{ command: 'cleanup', args: { rack: 'r1' } }] }, times, []],
    [{}, {}, []],
  ])('by a task %j with %j', (spec, status, cleaned) => {
    const found = cleanedAt({ ...data, customs: [task(spec, status)] }, undefined);
    expect([...found]).toEqual(cleaned.map((pod) => [pod, HOUR]));
  });
});

describe('how evenly a ring is spread', () => {
  const uneven = ringOf(['r1', 'r1', 'r2'], (index) => ({ owns: index === 2 ? 100 : 50 }));

  test('racks of different sizes are named', () => {
    expect(skewSentences(uneven)).toContain(
      'dc1: racks are of different sizes (r1 has 2 nodes, r2 has 1 node), and the nodes of a smaller one hold more each',
    );
    expect(skewSentences(ringOf(['r1', 'r2'])).join('; ')).not.toContain('different sizes');
  });

  test('racks are compared where there are several', () => {
    expect(shownShares(uneven).find(({ title }) => title === 'Owns, by rack')?.items).toEqual([
      { label: 'dc1, r1: 2 nodes', before: 100, after: 100 },
      { label: 'dc1, r2: 1 node', before: 100, after: 100 },
    ]);
    expect(shownShares(ringOf(['r1', 'r1'])).map(({ title }) => title)).toEqual(['Owns', 'Load']);
  });
});
