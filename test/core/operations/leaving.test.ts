import { describe, expect, it } from 'vitest';
import { carryOut } from '#core/operations/carryOut.ts';
import { watchJournals, type FoundJournal } from '#core/operations/journals.ts';
import { askHolder, LeaseLock } from '#core/operations/leaseLock.ts';
import type { Answer, Awaited, Plan, RunRecord, RunState } from '#core/operations/model.ts';
import { readRunRecord } from '#core/operations/readRecord.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import type { RunControl } from '#core/operations/run.ts';
import { KIND, ProcedureOfKinds, type StepKind } from '#core/operations/stepKinds.ts';
import { FakeClock, settle } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { planOf } from './plans.ts';

const plan = planOf([
  { id: 'throttle', parameters: { [KIND]: 'throttle' } },
  { id: 'move', parameters: { [KIND]: 'move' } },
  { id: 'move-more', parameters: { [KIND]: 'move' } },
]);

/** A throttle that is set and taken away, and moves that take as long as a test wants. */
class Moves {
  readonly log: string[] = [];
  readonly done = new Set<string>();
  isThrottled = false;

  get procedure(): Procedure {
    const yes: Answer = { kind: 'yes', evidence: '' };
    const throttle: StepKind = {
      isDone: async () => this.isThrottled,
      hasActed: async () => this.isThrottled,
      prepare: async () => ({ before: 'none' }),
      gate: async () => yes,
      act: async () => {
        this.isThrottled = true;
        return { kind: 'acted' };
      },
      awaited: async () => yes,
      finish: async () => [],
      leave: async (_state, record) => {
        this.isThrottled = false;
        return [`throttle of before: ${String(record.steps.find(({ id }) => id === 'throttle')?.memory['before'])}`];
      },
    };
    const move: StepKind = {
      isDone: async ({ step }) => this.done.has(step.id),
      hasActed: async ({ step }) => this.log.includes(step.id),
      prepare: async () => ({}),
      gate: async () => yes,
      act: async ({ step }) => {
        this.log.push(step.id);
        return { kind: 'acted' };
      },
      awaited: async ({ step }) =>
        this.done.has(step.id) ? yes : { kind: 'wait', waitingFor: 'bytes', measure: [this.log.length], isNear: false },
      finish: async () => [],
      canAbort: () => true,
      abort: async ({ step }) => {
        this.log.push(`back ${step.id}`);
        return ['taken back'];
      },
    };
    return new ProcedureOfKinds({ throttle, move }, async () => undefined);
  }
}

interface Running {
  readonly clock: FakeClock;
  readonly cluster: FakeCluster;
  readonly moves: Moves;
  readonly control: { wish: RunControl['wish'] };
  end(): Promise<RunRecord>;
}

function running(work: Plan = plan): Running {
  const [clock, cluster, moves] = [new FakeClock(), new FakeCluster(), new Moves()];
  const control: Running['control'] = { wish: 'run' };
  const ports = { cluster, clock, runner: 'one', control, listener: () => undefined };
  const result = carryOut({ plan: work, procedure: moves.procedure }, ports);
  const end = async (): Promise<RunRecord> => {
    for (let round = 0; round < 100; round += 1) await clock.pass(500);
    return result;
  };
  return { clock, cluster, moves, control, end };
}

async function until(holds: () => boolean, { clock }: Running): Promise<void> {
  for (let round = 0; round < 200 && !holds(); round += 1) await clock.pass(500);
  expect(holds()).toBe(true);
}

describe('a run that ends early', () => {
  it('takes back what can be taken back, and puts back what it changed for its own sake', async () => {
    const run = running();
    await until(() => run.moves.log.includes('move'), run);
    run.control.wish = 'cancel';
    const { state, steps } = await run.end();
    expect(state).toEqual({ kind: 'cancelled' });
    expect(run.moves.log).toEqual(['move', 'back move']);
    expect(run.moves.isThrottled).toBe(false);
    const notes = steps.flatMap((step) => step.notes);
    expect(notes).toContain('taken back');
    expect(notes).toContain('throttle of before: none');
  });

  it('pauses between two steps and changes nothing', async () => {
    const run = running();
    await until(() => run.moves.log.includes('move'), run);
    run.control.wish = 'pause';
    run.moves.done.add('move');
    expect((await run.end()).state.kind).toBe('paused');
    expect(run.moves.log).toEqual(['move']);
    expect(run.moves.isThrottled).toBe(true);
  });

  it('hears what is wanted of it from another machine', async () => {
    const run = running();
    await until(() => run.moves.log.includes('move'), run);
    expect(await askHolder('cancel', plan.target, run.cluster)).toEqual({ kind: 'told', holder: 'one' });
    expect((await run.end()).state).toEqual({ kind: 'cancelled' });
    expect(await askHolder('cancel', plan.target, run.cluster)).toEqual({ kind: 'nobody' });
  });

  it('leaves no wish behind for whoever runs next', async () => {
    const run = running();
    await until(() => run.moves.log.includes('move'), run);
    await askHolder('pause', plan.target, run.cluster);
    // Heard when the lock is renewed.
    for (let round = 0; round < 12; round += 1) await run.clock.pass(500);
    run.moves.done.add('move');
    await run.end();
    const next = new LeaseLock(run.cluster, run.clock, plan.target, 'two');
    expect(await next.ensure(30_000)).toBeUndefined();
    run.clock.advance(20_000);
    expect(await next.ensure(30_000)).toBeUndefined();
    expect(next.asked).toBeUndefined();
  });
});

/** Answers in turn; the last one stays. */
function inTurn<T>(first: T, ...later: T[]): () => Promise<T> {
  let answer = first;
  return async () => {
    const current = answer;
    answer = later.shift() ?? answer;
    return current;
  };
}

function acting(more: Partial<Procedure>, log: string[]): Procedure {
  const yes: Answer = { kind: 'yes', evidence: '' };
  return {
    verifyIdentity: async () => undefined,
    isDone: async () => false,
    hasActed: async () => true,
    prepare: async ({ memory }) => memory,
    gate: async () => yes,
    act: async () => {
      log.push('act');
      return { kind: 'acted' };
    },
    awaited: async () => yes,
    finish: async () => [],
    ...more,
  };
}

async function carriedOut(
  procedure: Procedure,
  cluster = new FakeCluster(),
  earlier?: RunRecord,
  confirmed?: string,
): Promise<RunRecord> {
  const clock = new FakeClock();
  const work = planOf([{ id: 'one', parameters: {} }]);
  const ports = { cluster, clock, runner: 'one', control: { wish: 'run' as const }, listener: () => undefined };
  const asked = confirmed === undefined ? {} : { confirmed };
  const result = carryOut({ plan: work, procedure, ...(earlier ? { earlier } : {}), ...asked }, ports);
  for (let round = 0; round < 60; round += 1) await clock.pass(500);
  return result;
}

describe('an act that nobody heeded', () => {
  it('goes through the gate again, and is noted', async () => {
    const log: string[] = [];
    const awaited = inTurn<Awaited>(
      { kind: 'again', reason: 'nobody heard it', remember: { times: 1 } },
      { kind: 'yes', evidence: '' },
    );
    const gate = async (): Promise<Answer> => {
      log.push('gate');
      return { kind: 'yes', evidence: '' };
    };
    const { state, steps } = await carriedOut(acting({ awaited, gate }, log));
    expect(state).toEqual({ kind: 'done' });
    expect(log.filter((one) => one === 'act')).toHaveLength(2);
    expect(log.slice(log.indexOf('act') + 1).filter((one) => one === 'gate')).toHaveLength(3);
    expect(steps[0]).toMatchObject({ notes: ['nobody heard it'], memory: { times: 1 } });
  });
});

describe('what a person must look at first', () => {
  const asking = (log: string[], shown: () => string): Procedure =>
    acting(
      {
        hasActed: async () => log.includes('act'),
        gate: async ({ memory }): Promise<Answer> =>
          memory['shown'] === shown()
            ? { kind: 'yes', evidence: '' }
            : { kind: 'pause', reason: `see ${shown()}`, fix: 'go on', remember: { shown: shown() } },
      },
      log,
    );

  it('pauses the run, and whoever goes on has seen it', async () => {
    const log: string[] = [];
    const cluster = new FakeCluster();
    const first = await carriedOut(
      asking(log, () => 'a'),
      cluster,
    );
    expect(first.state).toEqual({ kind: 'paused', reason: 'see a', fix: 'go on' });
    expect(log).toEqual([]);
    const second = await carriedOut(
      asking(log, () => 'a'),
      cluster,
      first,
    );
    expect(second.state).toEqual({ kind: 'done' });
    expect(log).toEqual(['act']);
  });

  it('pauses it again when it is no longer what was shown', async () => {
    const log: string[] = [];
    const cluster = new FakeCluster();
    const first = await carriedOut(
      asking(log, () => 'a'),
      cluster,
    );
    const second = await carriedOut(
      asking(log, () => 'b'),
      cluster,
      first,
    );
    expect(second.state).toMatchObject({ kind: 'paused', reason: 'see b' });
    expect(log).toEqual([]);
  });
});

describe('what has to be typed before it is done', () => {
  const asking = (log: string[]): Procedure =>
    acting(
      {
        hasActed: async () => log.includes('act'),
        gate: async ({ memory }): Promise<Answer> =>
          memory['agreed'] === true
            ? { kind: 'yes', evidence: '' }
            : { kind: 'pause', reason: 'it goes', fix: 'type it', remember: { agreed: true }, typed: 'orders-2' },
      },
      log,
    );

  it.each([undefined, 'orders', 'orders-1'])('is not done for whoever types %s', async (confirmed) => {
    const log: string[] = [];
    const cluster = new FakeCluster();
    const first = await carriedOut(asking(log), cluster);
    expect(first.state).toMatchObject({ kind: 'paused', asks: { typed: 'orders-2', remember: { agreed: true } } });
    const second = await carriedOut(asking(log), cluster, first, confirmed);
    expect(second.state).toEqual(first.state);
    expect(log).toEqual([]);
  });

  it('is done once it was typed, also by whoever reads the question from the journal', async () => {
    const log: string[] = [];
    const cluster = new FakeCluster();
    const first = await carriedOut(asking(log), cluster);
    const read = readRunRecord(JSON.parse(JSON.stringify(first)));
    expect(read?.state).toEqual(first.state);
    const second = await carriedOut(asking(log), cluster, read, 'orders-2');
    expect(second.state).toEqual({ kind: 'done' });
    expect(log).toEqual(['act']);
  });
});

describe('a plan with parts', () => {
  it('locks every data cluster it takes members of', async () => {
    const other = { ...plan, target: { ...plan.target, key: 'kafka/prod/audit', name: 'audit' } };
    const run = running({ ...plan, parts: [other] });
    await until(() => run.moves.log.includes('move'), run);
    const rival = new LeaseLock(run.cluster, run.clock, other.target, 'rival');
    expect(await rival.ensure(30_000)).toBe('one');
    run.control.wish = 'cancel';
    await run.end();
    expect(await rival.ensure(30_000)).toBeUndefined();
  });
});

describe('watchJournals', () => {
  it('tells of every journal, and again when it changes', async () => {
    const run = running();
    const told: (readonly FoundJournal[])[] = [];
    const watch = watchJournals(run.cluster, undefined, (journals) => void told.push(journals));
    await until(() => run.moves.log.includes('move'), run);
    run.control.wish = 'cancel';
    await run.end();
    await settle();
    watch.stop();
    const states = told.flatMap((journals) => journals.map(({ contents }) => contents.current?.state.kind));
    expect(states).toContain('running');
    expect(states.at(-1)).toBe<RunState['kind']>('cancelled');
    expect(told.at(-1)?.[0]).toMatchObject({ namespace: 'prod', name: 'data-clusters-kafka-orders' });
  });
});
