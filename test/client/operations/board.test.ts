import { beforeEach, describe, expect, it } from 'vitest';
import { OperationBoard } from '#client/operations/board.ts';
import { JournalWatches, type WatchedContext } from '#client/operations/journalWatches.ts';
import { readReference, referenceOf } from '#client/operations/reference.ts';
import { OperationRuns } from '#client/operations/runs.ts';
import type { ContextView } from '#core/live/view.ts';
import { NO_OPERATIONS } from '#core/operations/shownRun.ts';
import { FakeClock, settle } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { clusterOf, judged, viewOf } from '#test/support/liveViews.ts';
import { planOf, recordOf, targetOf } from '#test/support/operationRuns.ts';
import { FakeOperations } from './fakeOperations.ts';

const plan = planOf();
const [step] = plan.steps;
if (!step) throw new Error('The plan has a step.');
const reference = referenceOf('shop', plan);

class Stage {
  readonly clock = new FakeClock();
  readonly fake = new FakeOperations();
  readonly cluster = new FakeCluster({ name: 'shop' });
  readonly changes: string[] = [];
  readonly log = { error: ignore, warn: ignore, info: ignore, debug: ignore };
  readonly runs = new OperationRuns({
    operations: () => this.fake,
    clock: this.clock,
    runner: () => 'me',
    log: this.log,
  });
  readonly journals: JournalWatches = new JournalWatches({
    operations: () => this.fake,
    log: this.log,
    changed: (context) => this.board.refresh(context),
  });
  readonly board: OperationBoard = new OperationBoard({
    runs: this.runs,
    journals: this.journals,
    clock: this.clock,
    changed: (context) => void this.changes.push(context),
  });

  async follow(view: ContextView = viewOf([])): Promise<void> {
    this.journals.follow([this.watched(view)]);
    await settle();
  }

  watched(view: ContextView): WatchedContext {
    return { name: 'shop', cluster: this.cluster, view };
  }

  async start() {
    this.runs.start({ context: 'shop', plan, clusters: [], cluster: this.cluster });
    await settle();
    const run = this.fake.runs.at(-1);
    if (!run) throw new Error('It runs.');
    return run;
  }

  get shown() {
    return this.board.of('shop').runs.map(({ place, record }) => [place, record.state.kind, record.runner]);
  }

  get namespaces() {
    return [...this.fake.watches].map(({ namespaces }) => namespaces);
  }
}

function ignore(): void {
  // Nobody listens.
}

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});

describe('the operations of a context', () => {
  it('are the same object while nothing changes, and none before anything is known', () => {
    expect(stage.board.of('shop')).toBe(NO_OPERATIONS);
    expect(stage.board.of('shop')).toBe(stage.board.of('shop'));
  });

  it('are those of the journals: by whom, or waiting for somebody', async () => {
    await stage.follow();
    const other = planOf({ id: 'b', target: targetOf({ name: 'payments' }) });
    stage.fake.tellJournals(recordOf(), recordOf({ plan: other, state: { kind: 'paused', reason: '', fix: '' } }));
    expect(stage.shown).toEqual([
      ['elsewhere', 'running', 'ann@laptop (1)'],
      ['nobody', 'paused', 'ann@laptop (1)'],
    ]);
    expect(stage.changes.at(-1)).toBe('shop');
    expect(stage.board.of('shop').isOurs).toBe(false);
  });

  it('what this window runs goes before what it has read', async () => {
    await stage.follow();
    stage.fake.tellJournals(recordOf({ runner: 'me' }));
    const run = await stage.start();
    run.ports.listener({ kind: 'waiting', step, phase: 'gate', waitingFor: '3 partitions', at: 1 });
    expect(stage.shown).toEqual([['here', 'running', 'me']]);
    expect(stage.board.find(reference)?.current?.waitingFor).toBe('3 partitions');
    run.end({ state: { kind: 'done' } });
    await settle();
    // The journal has not been told yet.
    expect(stage.shown).toEqual([['nobody', 'done', 'me']]);
    expect(stage.board.of('shop').isOurs).toBe(true);
  });

  it('what another machine has gone on with since goes before what this window has left', async () => {
    await stage.follow();
    const run = await stage.start();
    run.ports.listener({ kind: 'step', step, phase: 'gate', at: 1 });
    run.end({ state: { kind: 'paused', reason: 'Left.', fix: '' } });
    await settle();
    stage.fake.tellJournals(recordOf({ runner: 'bob' }));
    expect(stage.shown).toEqual([['elsewhere', 'running', 'bob']]);
    expect(stage.board.find(reference)?.obstacle).toBeUndefined();
  });

  it('a run that could not be taken over stays that of the other, with the reason', async () => {
    await stage.follow();
    stage.fake.tellJournals(recordOf({ runner: 'bob' }));
    const run = await stage.start();
    run.end({ state: { kind: 'stopped', reason: 'bob runs an operation here.', fix: 'Watch it there.' } });
    await settle();
    expect(stage.shown).toEqual([['elsewhere', 'running', 'bob']]);
    expect(stage.board.find(reference)?.obstacle).toBe('bob runs an operation here. Watch it there.');
  });

  it('a run without a journal is known to this window', async () => {
    const run = await stage.start();
    run.end({ state: { kind: 'done' } });
    await settle();
    expect(stage.shown).toEqual([['nobody', 'done', 'me']]);
  });

  it('a run that others have come after is found by its reference', async () => {
    await stage.follow();
    const { contents, ...place } = {
      namespace: 'prod',
      name: 'x',
      contents: recordOf({ plan: planOf({ id: 'new' }) }),
    };
    for (const { listener } of stage.fake.watches) {
      listener([
        {
          ...place,
          contents: { current: contents, history: [recordOf({ state: { kind: 'done' } })], resourceVersion: '' },
        },
      ]);
    }
    expect(stage.board.find(reference)?.record.state.kind).toBe('done');
    expect(stage.board.of('shop').runs.map(({ record }) => record.plan.id)).toEqual(['new']);
  });

  it('numbers that move are told once a second, everything else at once', async () => {
    const run = await stage.start();
    const before = stage.changes.length;
    const wait = (at: number): void =>
      run.ports.listener({ kind: 'waiting', step, phase: 'gate', waitingFor: `${at}`, at });
    for (let at = 0; at < 4; at += 1) {
      wait(at);
      await stage.clock.pass(250);
    }
    expect(stage.changes.length - before).toBe(1);
    wait(5);
    run.ports.listener({ kind: 'step', step, phase: 'acting', at: 6 });
    await stage.clock.pass(5000);
    expect(stage.changes.length - before).toBe(2);
  });
});

describe('journals', () => {
  it('are watched in the namespaces that are watched, of contexts that are, and no longer', async () => {
    await stage.follow(viewOf([], { phase: 'connecting' }));
    expect(stage.namespaces).toEqual([]);
    await stage.follow();
    expect(stage.namespaces).toEqual([undefined]);
    await stage.follow(viewOf([judged(clusterOf('orders'))]));
    expect(stage.namespaces).toEqual([undefined]);
    await stage.follow(viewOf([], { namespaces: ['prod', 'test'] }));
    expect(stage.namespaces).toEqual([['prod', 'test']]);
    stage.journals.follow([]);
    expect([stage.namespaces, stage.board.of('shop')]).toEqual([[], NO_OPERATIONS]);
  });

  it('that may not be read in a namespace are a limit, and nothing is watched there', async () => {
    stage.cluster.isForbidden = ({ resource, namespace }) => resource === 'configmaps' && namespace === 'prod';
    await stage.follow(viewOf([], { namespaces: ['prod', 'test'] }));
    expect(stage.namespaces).toEqual([['test']]);
    expect(stage.board.of('shop').limits).toMatchObject([{ verb: 'list', resource: 'configmaps', namespace: 'prod' }]);
  });

  it('that may not be read everywhere are read where there are data clusters', async () => {
    stage.cluster.isForbidden = ({ resource, namespace }) => resource === 'configmaps' && namespace === undefined;
    await stage.follow(viewOf([judged(clusterOf('orders'))]));
    expect([stage.namespaces, stage.board.of('shop').limits]).toEqual([[['prod']], []]);
    await stage.follow(viewOf([judged(clusterOf('orders')), judged(clusterOf('b', { namespace: 'test' }))]));
    expect(stage.namespaces).toEqual([['prod', 'test']]);
  });

  it('that may not be read at all are one limit', async () => {
    stage.cluster.isForbidden = ({ resource }) => resource === 'configmaps';
    await stage.follow(viewOf([judged(clusterOf('orders'))]));
    expect([stage.namespaces, stage.board.of('shop').limits.length]).toEqual([[], 1]);
  });
});

describe('a reference', () => {
  it('is read from what a page keeps and from the target of a row, and from nothing else', () => {
    expect(readReference(JSON.parse(JSON.stringify({ ...reference, isDemo: true })))).toEqual(reference);
    expect(readReference({ target: { kind: 'operation', ...reference } })).toEqual(reference);
    const wrong = [undefined, null, 'x', {}, { ...reference, system: 'mysql' }, { ...reference, plan: '' }];
    for (const value of [...wrong, { target: { kind: 'pod', ...reference } }, { ...reference, name: 1 }]) {
      expect(readReference(value)).toBeUndefined();
    }
  });
});
