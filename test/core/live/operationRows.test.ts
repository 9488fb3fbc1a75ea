import { describe, expect, it } from 'vitest';
import { TreeModel } from '#core/live/tree/model.ts';
import { contextValueOf, type TreeRow } from '#core/live/tree/row.ts';
import type { TreeContext, TreeInput } from '#core/live/tree/input.ts';
import type { LiveMember } from '#core/live/model.ts';
import type { LivePod } from '#core/live/objects.ts';
import type { OperationName } from '#core/operations/model.ts';
import type { AccessLimit } from '#core/live/view.ts';
import { journalledRun, type ShownRun } from '#core/operations/shownRun.ts';
import { clusterOf, contextOf, inputOf, judged, memberOf, NOW, podOf, viewOf } from '#test/support/liveViews.ts';
import { planOf, recordOf, targetOf } from '#test/support/operationRuns.ts';

const orders = judged(clusterOf('orders', { members: [memberOf('orders-0')] }));

function contextWith(runs: readonly ShownRun[], more: Partial<TreeContext> = {}): TreeContext {
  return contextOf('shop', viewOf([orders]), { operations: { runs, limits: [] }, ...more });
}

function rowsOf(input: TreeInput): readonly TreeRow[] {
  const model = new TreeModel(() => input);
  const below = (id: string | undefined): readonly TreeRow[] =>
    model.childrenOf(id).flatMap((row) => [row, ...below(row.id)]);
  return below(undefined);
}

const ofKind = (rows: readonly TreeRow[], kind: TreeRow['kind']): readonly TreeRow[] =>
  rows.filter((row) => row.kind === kind);

function runOf(name: string, more: Parameters<typeof recordOf>[0] = {}): ShownRun {
  const plan = planOf({ id: `plan-${name}`, title: `Restart ${name}`, target: targetOf({ name }) });
  return journalledRun(recordOf({ plan, ...more }));
}

describe('rows of operations', () => {
  it('are not there when there are none', () => {
    expect(ofKind(rowsOf(inputOf([contextWith([])])), 'operationGroup')).toEqual([]);
  });

  it('stand first in their context, with what goes on before what waits and what has ended lately', () => {
    const rows = rowsOf(
      inputOf([
        contextWith([
          runOf('done', { state: { kind: 'done' }, endedAt: NOW - 1000 }),
          runOf('old', { state: { kind: 'done' }, startedAt: 0, endedAt: NOW - 25 * 3_600_000 }),
          runOf('paused', { state: { kind: 'paused', reason: 'Nothing moves.', fix: 'Look.' } }),
          runOf('running'),
        ]),
      ]),
    );
    expect(rows.slice(1, 5).map(({ label, description }) => [label, description])).toEqual([
      ['Operations', '2 not ended'],
      ['Restart running', 'running elsewhere, step 2 of 3 · prod'],
      ['Restart paused', 'paused, 1 of 3 steps · prod — Nothing moves.'],
      ['Restart done', 'done, 1 of 3 steps · prod'],
    ]);
  });

  it('are closed while all are over, and stand open below a row of their own once one was begun here', () => {
    const over = runOf('done', { state: { kind: 'done' }, endedAt: NOW - 1000 });
    const groupOf = (runs: readonly ShownRun[], isOurs?: boolean): TreeRow | undefined => {
      const operations = { runs, limits: [], ...(isOurs === undefined ? {} : { isOurs }) };
      return ofKind(rowsOf(inputOf([contextWith([], { operations })])), 'operationGroup')[0];
    };
    const [others, ours] = [groupOf([over]), groupOf([over], true)];
    expect([others?.expansion, groupOf([over], false)?.expansion, ours?.expansion]).toEqual([
      'collapsed',
      'collapsed',
      'expanded',
    ]);
    expect(groupOf([over, runOf('running')])?.expansion).toBe('expanded');
    expect(groupOf([over, runOf('running')])?.id).toBe(others?.id);
    expect(groupOf([over, runOf('running')], true)?.id).toBe(ours?.id);
    expect(ours?.id).not.toBe(others?.id);
  });

  it('say what a run of this window waits for', () => {
    const current = { id: 'orders-1', phase: 'awaiting', since: NOW, waitingFor: '3 partitions' } as const;
    const [row] = ofKind(rowsOf(inputOf([contextWith([{ ...runOf('orders'), place: 'here', current }])])), 'operation');
    expect(row?.description).toBe('running here, step 2 of 3 · prod — waits for: 3 partitions');
    expect(row?.tooltip).toContain('Run by ann@laptop (1)');
  });

  it.each([
    ['here', { place: 'here' }, 'unfinished;running;'],
    ['elsewhere', {}, 'unfinished;running;resumable;'],
    ['paused', journalledRun(recordOf({ state: { kind: 'paused', reason: '', fix: '' } })), 'unfinished;resumable;'],
    ['done', journalledRun(recordOf({ state: { kind: 'done' } })), 'ended;'],
  ] as const)('tell menus what can be done: %s', (_, more, flags) => {
    const run: ShownRun = { ...runOf('orders'), ...more };
    const [row] = ofKind(rowsOf(inputOf([contextWith([run])])), 'operation');
    expect(row && contextValueOf(row)).toBe(`operation;writable;${flags}`);
    expect(row?.target).toMatchObject({ kind: 'operation', context: 'shop', system: 'kafka', namespace: 'prod' });
  });

  it('have names without tricks', () => {
    const plan = planOf({ title: 'a\u202eb\n$(check)' });
    const [row] = ofKind(rowsOf(inputOf([contextWith([journalledRun(recordOf({ plan }))])])), 'operation');
    expect(row?.label).toBe('a b $(check)');
  });

  it('a missing right is one quiet row among the others', () => {
    const limit: AccessLimit = { verb: 'list', group: '', resource: 'configmaps', namespace: 'prod', reason: 'no' };
    const rows = rowsOf(inputOf([contextWith([], { operations: { runs: [], limits: [limit] } })]));
    expect(ofKind(rows, 'limit').map(({ label }) => label)).toEqual([
      'Operations of others are not shown: no right to list configmaps in prod',
    ]);
  });
});

describe('rows of data clusters', () => {
  it('tell which operations they and their members have', () => {
    const input = inputOf([contextWith([])], { offers: () => ['restart', 'rebalance', 'configure'] });
    const rows = rowsOf(input);
    const [cluster, member] = [ofKind(rows, 'dataCluster.kafka')[0], ofKind(rows, 'member.kafka')[0]];
    expect(cluster?.flags.filter((flag) => flag.startsWith('can'))).toEqual([
      'canRestart',
      'canRebalance',
      'canConfigure',
    ]);
    expect(member?.flags.filter((flag) => flag.startsWith('can'))).toEqual(['canRestart', 'canConfigure', 'canMove']);
  });

  it('offer a move where a pod is on a node: to members that are restarted, and to jobs', () => {
    const place = (pod: Partial<LivePod>): LiveMember => ({
      ...memberOf('etl-exec-1'),
      role: 'executor',
      pod: podOf('etl-exec-1', pod),
    });
    const movable = (
      system: 'spark' | 'kafka',
      member: LiveMember,
      offers: readonly OperationName[],
    ): readonly boolean[] => {
      const one = judged(clusterOf('etl', { system, members: [member] }));
      const rows = rowsOf(inputOf([contextOf('shop', viewOf([one]))], { offers: () => offers }));
      const kinds = [`dataCluster.${system}`, `member.${system}`] as const;
      return kinds.map((kind) => ofKind(rows, kind)[0]?.flags.includes('canMove') === true);
    };
    expect(movable('spark', place({ node: 'node-1' }), [])).toEqual([true, true]);
    expect(movable('spark', place({ node: '' }), [])).toEqual([false, false]);
    expect(movable('spark', place({ node: 'node-1', phase: 'Succeeded' }), [])).toEqual([false, false]);
    expect(movable('kafka', place({ node: 'node-1' }), ['restart'])).toEqual([false, true]);
    expect(movable('kafka', place({ node: 'node-1' }), [])).toEqual([false, false]);
  });

  it('tell the verbs that a job has now, and its members none of them', () => {
    const rows = rowsOf(inputOf([contextWith([])], { offers: () => ['rerun', 'unsuspend', 'workers', 'schedule'] }));
    const can = (kind: 'dataCluster.kafka' | 'member.kafka'): readonly string[] =>
      ofKind(rows, kind)[0]?.flags.filter((flag) => flag.startsWith('can')) ?? ['no row'];
    expect(can('dataCluster.kafka')).toEqual(['canRerun', 'canUnsuspend', 'canChangeWorkers', 'canSchedule']);
    expect(can('member.kafka')).toEqual([]);
  });

  it('offer the replacement of a member that is in trouble only', () => {
    const rows = rowsOf(inputOf([contextWith([])], { offers: () => ['replace'] }));
    const offered = ofKind(rows, 'member.kafka').map(({ flags, tooltip }) => [
      JSON.stringify(tooltip).includes('Healthy: '),
      flags.includes('canReplace'),
    ]);
    expect(ofKind(rows, 'dataCluster.kafka')[0]?.flags).toContain('canReplace');
    expect(offered.filter(([isHealthy, isOffered]) => isHealthy === isOffered)).toEqual([]);
    expect(offered.length).toBeGreaterThan(0);
  });
});
