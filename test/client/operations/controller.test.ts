import { beforeEach, describe, expect, it } from 'vitest';
import { OperationBoard, type RunReference } from '#client/operations/board.ts';
import { OperationController } from '#client/operations/controller.ts';
import { JournalWatches } from '#client/operations/journalWatches.ts';
import type { Proposal } from '#client/operations/proposal.ts';
import type { Question } from '#client/operations/question.ts';
import { referenceOf } from '#client/operations/reference.ts';
import { OperationRuns } from '#client/operations/runs.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Plan } from '#core/operations/model.ts';
import { FakeClock, settle } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { clusterOf } from '#test/support/liveViews.ts';
import { planOf, recordOf, targetOf } from '#test/support/operationRuns.ts';
import { contentsOf, FakeOperations } from './fakeOperations.ts';

const orders = clusterOf('orders');
const others = clusterOf('others');
const paused = { kind: 'paused', reason: 'Nothing moves.', fix: 'Look.' } as const;

/** A window with one connected context. */
class Stage {
  readonly clock = new FakeClock();
  readonly fake = new FakeOperations();
  readonly cluster = new FakeCluster({ name: 'shop' });
  readonly questions: Question[] = [];
  readonly notes: string[] = [];
  readonly texts: (readonly [name: string, text: string])[] = [];
  answer = true;
  policy = { isProtected: false, isReadOnly: false };
  #names = 0;
  readonly log = { error: ignore, warn: ignore, info: ignore, debug: ignore };
  readonly runs = new OperationRuns({
    operations: () => this.fake,
    clock: this.clock,
    runner: () => `me@here (${(this.#names += 1)})`,
    log: this.log,
  });
  readonly journals = new JournalWatches({ operations: () => this.fake, log: this.log, changed: ignore });
  readonly board = new OperationBoard({ runs: this.runs, journals: this.journals, clock: this.clock, changed: ignore });
  readonly controller = new OperationController({
    contexts: {
      clusterOf: async () => this.cluster,
      dataOf: async () => [orders, others],
      policyOf: () => this.policy,
      isDemo: () => false,
    },
    operations: () => this.fake,
    runs: this.runs,
    board: this.board,
    ui: {
      confirm: async (question) => {
        this.questions.push(question);
        return this.answer;
      },
      note: (sentence) => void this.notes.push(sentence),
      showText: async (name, text) => void this.texts.push([name, text]),
    },
  });

  proposal(plan: Partial<Plan> = {}): Proposal {
    return { context: 'shop', plan: planOf(plan), clusters: [orders] };
  }
}

function ignore(): void {
  // Nobody listens.
}

const reference: RunReference = referenceOf('shop', planOf());

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});

describe('running a plan', () => {
  it('asks with context, namespace, data cluster and what is done, and then runs it with its data clusters', async () => {
    await stage.controller.run(stage.proposal());
    await settle();
    expect(stage.questions).toEqual([
      {
        how: 'run',
        question: 'Run "Safe restart of Kafka orders"?',
        lines: ['Kafka orders in namespace prod of context shop.', '3 steps, one after the other, about 90 s in all.'],
        typedName: undefined,
      },
    ]);
    const [run] = stage.fake.runs;
    expect(run?.order).toEqual({ plan: planOf(), clusters: [orders] });
    expect([run?.ports.runner, run?.ports.control.wish]).toEqual(['me@here (1)', 'run']);
  });

  it('does nothing when nobody agrees', async () => {
    stage.answer = false;
    expect(await stage.controller.run(stage.proposal())).toBeUndefined();
    await settle();
    expect(stage.fake.runs).toEqual([]);
  });

  it.each([
    ['a protected context', { isProtected: true, isReadOnly: false }, {}],
    ['a plan that costs something', { isProtected: false, isReadOnly: false }, { needsTypedName: true }],
  ] as const)('wants the name for %s', async (_, policy, plan) => {
    stage.policy = policy;
    await stage.controller.run(stage.proposal(plan));
    expect(stage.questions.map(({ typedName }) => typedName)).toEqual(['orders']);
  });

  it('names what is agreed to', async () => {
    const preconditions = [
      {
        id: 'copies',
        title: 'Every partition has a copy to spare',
        state: 'consent',
        evidence: ['Writes to audit stop.'],
      },
    ] as const;
    await stage.controller.run(stage.proposal({ preconditions }));
    expect(stage.questions[0]?.lines.at(-1)).toBe(
      'You agree that this does not hold: Every partition has a copy to spare. Writes to audit stop.',
    );
  });

  it.each([
    ['a read-only context', { isProtected: false, isReadOnly: true }, {}, /read-only by a setting/],
    [
      'a plan with something that does not hold',
      { isProtected: false, isReadOnly: false },
      { preconditions: [{ id: 'a', title: 'Two brokers are down', state: 'fails', evidence: [] }] },
      /this does not hold: Two brokers are down/,
    ],
  ] as const)('refuses %s before anything is asked', async (_, policy, plan, reason) => {
    stage.policy = policy;
    await expect(stage.controller.run(stage.proposal(plan))).rejects.toThrow(reason);
    expect([stage.questions, stage.fake.runs, stage.cluster.writes]).toEqual([[], [], []]);
  });

  it('does not begin beside a run that has not ended', async () => {
    stage.fake.journal = contentsOf(recordOf({ plan: planOf({ id: 'other', title: 'Drain' }), runner: 'bob@desk' }));
    await expect(stage.controller.run(stage.proposal())).rejects.toThrow('"Drain", begun by bob@desk, has not ended.');
    expect(stage.questions).toEqual([]);
  });

  it('runs where journals may not be read, which the plan has asked consent for', async () => {
    stage.fake.historyFailure = new ClusterProblem('forbidden', 'no');
    await stage.controller.run(stage.proposal());
    await settle();
    expect(stage.fake.runs).toHaveLength(1);
  });
});

describe('a run of this window', () => {
  async function begun() {
    await stage.controller.run(stage.proposal());
    await settle();
    const [run] = stage.fake.runs;
    if (!run) throw new Error('It runs.');
    return run;
  }

  it('is paused, cancelled and left by its wish, and asks no other machine', async () => {
    const { ports } = await begun();
    await stage.controller.pause(reference);
    expect([ports.control.wish, stage.board.find(reference)?.wish]).toEqual(['pause', 'pause']);
    await stage.controller.cancel(reference);
    expect(ports.control.wish).toBe('cancel');
    stage.controller.leave(reference);
    expect([ports.control.wish, stage.fake.asked]).toEqual(['detach', []]);
  });

  it('is begun once, however often it is asked for', async () => {
    await begun();
    await stage.controller.run(stage.proposal());
    await settle();
    expect(stage.fake.runs).toHaveLength(1);
  });

  it('is reported on as it is now', async () => {
    const { ports } = await begun();
    const [step] = planOf().steps;
    if (step) ports.listener({ kind: 'step', step, phase: 'gate', at: 5 });
    await stage.controller.report(reference);
    expect(stage.texts[0]?.[0]).toBe('Safe restart of Kafka orders.md');
    expect(stage.texts[0]?.[1]).toContain('running, 0 of 3 steps');
  });

  it('that cannot even begin says why, and can be gone on with', async () => {
    const run = await begun();
    run.fail(new ClusterProblem('absent', 'There is no data cluster orders any more.'));
    await settle();
    const shown = stage.board.find(reference);
    expect([shown?.place, shown?.record.state]).toMatchObject([
      'nobody',
      { kind: 'paused', reason: 'There is no data cluster orders any more.' },
    ]);
  });

  it('is left when the window closes, which waits for its last word and no longer than it may', async () => {
    const run = await begun();
    let isLeft = false;
    void stage.runs.detach(4000).then(() => (isLeft = true));
    await stage.clock.pass(1000);
    expect([run.ports.control.wish, isLeft]).toEqual(['detach', false]);
    run.end({ state: paused });
    await stage.clock.pass(0);
    expect([isLeft, stage.clock.waiting]).toEqual([true, 0]);
    await stage.controller.run(stage.proposal({ id: 'second' }));
    let isLate = false;
    void stage.runs.detach(4000).then(() => (isLate = true));
    await stage.clock.pass(4000);
    expect(isLate).toBe(true);
  });
});

describe('what an earlier window or another machine left', () => {
  it('is gone on with from its journal as it is now, once somebody agrees', async () => {
    const { endedAt: _, ...earlier } = recordOf({ state: paused, endedAt: 9 });
    stage.fake.journal = contentsOf({ ...earlier, endedAt: 9 });
    await stage.controller.resume(reference);
    await settle();
    expect(stage.questions[0]).toMatchObject({ how: 'resume', question: 'Go on with "Safe restart of Kafka orders"?' });
    expect(stage.fake.runs[0]?.order).toEqual({ plan: planOf(), clusters: [orders], earlier });
  });

  it('has the name typed that it was paused for, and is told so', async () => {
    const asks = { typed: 'orders-2', step: 'one', remember: { agreed: true } };
    stage.fake.journal = contentsOf(recordOf({ state: { kind: 'paused', reason: 'It goes.', fix: '', asks } }));
    await stage.controller.resume(reference);
    await settle();
    expect(stage.questions[0]).toMatchObject({ how: 'resume', typedName: 'orders-2' });
    expect(stage.questions[0]?.lines).toContain('It goes.');
    expect(stage.fake.runs[0]?.order.confirmed).toBe('orders-2');
  });

  it('is ended here when nobody runs it: nothing new is begun', async () => {
    stage.fake.journal = contentsOf(recordOf({ state: paused }));
    await stage.controller.cancel(reference);
    await settle();
    expect([stage.questions[0]?.how, stage.fake.runs[0]?.ports.control.wish]).toEqual(['cancel', 'cancel']);
  });

  it('is asked to pause or to end where it runs elsewhere', async () => {
    stage.fake.journal = contentsOf(recordOf());
    await stage.controller.cancel(reference);
    await stage.controller.pause(reference);
    expect([stage.fake.asked, stage.fake.runs]).toEqual([['cancel', 'pause'], []]);
    expect(stage.notes[0]).toContain('bob@desk was asked to cancel it');
    stage.fake.outcome = { kind: 'nobody' };
    await stage.controller.pause(reference);
    expect(stage.notes.at(-1)).toContain('Nobody runs it any more. Resume it');
  });

  it.each([
    ['done', contentsOf(recordOf({ state: { kind: 'done' } })), 'is done: there is nothing to go on with'],
    ['gone', undefined, 'Nothing of this operation is written down'],
    ['another', contentsOf(recordOf({ plan: planOf({ id: 'other' }) })), 'Nothing of this operation is written down'],
  ] as const)('is not gone on with when it is %s', async (_, journal, reason) => {
    stage.fake.journal = journal;
    await expect(stage.controller.resume(reference)).rejects.toThrow(reason);
    expect(stage.fake.runs).toEqual([]);
  });

  it('is left alone in a read-only context', async () => {
    stage.policy = { isProtected: false, isReadOnly: true };
    stage.fake.journal = contentsOf(recordOf());
    await expect(stage.controller.resume(reference)).rejects.toThrow('read-only');
    await expect(stage.controller.cancel(reference)).rejects.toThrow('read-only');
    await expect(stage.controller.pause(reference)).rejects.toThrow('read-only');
    expect([stage.fake.asked, stage.fake.runs]).toEqual([[], []]);
  });

  it('brings the data clusters of all its parts', async () => {
    const part = planOf({ id: 'part', target: targetOf({ key: others.key, name: 'others' }) });
    stage.fake.journal = contentsOf(recordOf({ plan: planOf({ parts: [part] }), state: paused }));
    await stage.controller.resume(reference);
    await settle();
    expect(stage.fake.runs[0]?.order.clusters).toEqual([orders, others]);
  });
});
