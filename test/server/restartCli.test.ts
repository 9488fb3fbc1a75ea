import { describe, expect, test } from 'vitest';
import type { Progress, RunState } from '#core/operations/model.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { cli, planWith, precondition, recordOf } from './operateCli.ts';

const target = ['restart', 'kafka/orders'] as const;

const textContaining = (text: string): unknown => expect.stringContaining(text);
const textMatching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

describe('restart', () => {
  test('shows the plan, runs it and ends with 0', async () => {
    const { run, operations, cluster } = await cli();
    const [step] = operations.planned.steps;
    if (!step) throw new Error('no step');
    operations.during = async ({ listener, clock }) => {
      const at = clock.now();
      const heard: Progress[] = [
        { kind: 'step', step, phase: 'gate', at },
        { kind: 'waiting', step, phase: 'gate', waitingFor: 'orders-1 to catch up, 900 records behind', at },
        { kind: 'waiting', step, phase: 'gate', waitingFor: 'orders-1 to catch up, 800 records behind', at: at + 500 },
        { kind: 'waiting', step, phase: 'gate', waitingFor: 'orders-1 to catch up, 20 records behind', at: at + 2500 },
        { kind: 'step', step, phase: 'done', at: at + 3000 },
        { kind: 'note', step, text: 'an evil \u001B[31mnote', at: at + 3000 },
      ];
      heard.forEach(listener);
    };
    const { code, out, err } = await run(...target, '--yes');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('Safe restart of Kafka orders\n  context test, namespace prod, StatefulSet orders\n');
    expect(out).toContain('  ok         Every replica is in sync: 2 under-replicated: orders-1, orders-2\n');
    expect(out).toContain('  1. Restart orders-1\n  2. Restart orders-0\n');
    const lines = out.split('\n').filter((line) => /^\d\d:/.test(line));
    expect(lines.map((line) => line.slice(10))).toEqual([
      '1/2  orders-1  waits for its turn',
      '1/2  orders-1  waits for orders-1 to catch up, 900 records behind',
      '1/2  orders-1  waits for orders-1 to catch up, 20 records behind',
      '1/2  orders-1  done',
      '1/2  orders-1  an evil \uFFFD[31mnote',
    ]);
    expect(out.endsWith('Done.\n')).toBe(true);
    expect(operations.wishes).toEqual([{ operation: 'restart', level: 'fully replicated', pendingOnly: false }]);
    expect(cluster.isDisposed).toBe(true);
  });

  test('hands on what is wished', async () => {
    const { run, operations } = await cli();
    const args = ['--only', 'orders-1,orders-0', '--only', 'orders-2', '--pending-only', '--level', 'min-isr'];
    await run(...target, '--yes', ...args);
    expect(operations.wishes).toEqual([
      { operation: 'restart', level: 'min-ISR safe', only: ['orders-1', 'orders-0', 'orders-2'], pendingOnly: true },
    ]);
  });

  test.each([
    [
      { kind: 'stopped', reason: 'orders-1 is in a crash loop', fix: 'Repair orders-1.' },
      'stopped: orders-1 is in a crash loop\nRepair orders-1.\n',
    ],
    [{ kind: 'paused', reason: 'Nothing moved', fix: 'Resume it.' }, 'paused: Nothing moved\nResume it.\n'],
    [{ kind: 'cancelled' }, 'Cancelled between two steps'],
  ] as const)('ends with 1 when it is $0.kind', async (state, text) => {
    const { run, operations } = await cli();
    operations.state = state;
    const { code, out } = await run(...target, '--yes');
    expect(code).toBe(1);
    expect(out).toContain(text);
  });

  test('a precondition that fails keeps it from starting', async () => {
    const { run, operations } = await cli();
    operations.planned = planWith({ preconditions: [precondition('fails', 'Wait until it is over.')] });
    const { code, out, err } = await run(...target, '--yes');
    expect(code).toBe(2);
    expect(out).toContain('FAILS      Every replica is in sync\n');
    expect(out).toContain('What to do: Wait until it is over.');
    expect(err).toContain('does not hold: Every replica is in sync.');
    expect(operations.runs).toEqual([]);
    expect((await run(...target, '--dry-run')).code).toBe(2);
  });

  test('--dry-run does nothing', async () => {
    const { run, operations } = await cli();
    operations.current = recordOf(operations.planned, { kind: 'running' });
    expect((await run(...target, '--dry-run')).code).toBe(0);
    expect(operations.runs).toEqual([]);
  });

  test('what is not agreed to is not done', async () => {
    const { run, operations, harness } = await cli();
    expect(await run(...target)).toMatchObject({ code: 2, err: textContaining('Add --yes') });
    harness.typed = ['no'];
    expect(await run(...target)).toMatchObject({ code: 2, err: textContaining('Nothing was done.') });
    harness.typed = [''];
    expect((await run(...target)).code).toBe(2);
    expect(operations.runs).toEqual([]);
    harness.typed = ['y'];
    expect((await run(...target)).code).toBe(0);
    expect(operations.runs.length).toBe(1);
  });

  test('a plan that costs something wants the name', async () => {
    const { run, operations, harness } = await cli();
    operations.planned = planWith({ preconditions: [precondition('consent')], needsTypedName: true });
    const refused = await run(...target, '--yes');
    expect(refused).toMatchObject({ code: 2, err: textContaining('Add --confirm orders') });
    expect(await run(...target, '--confirm', 'order')).toMatchObject({ code: 2 });
    harness.typed = ['yes'];
    expect((await run(...target)).code).toBe(2);
    expect(operations.runs).toEqual([]);
    harness.typed = ['orders'];
    expect((await run(...target)).code).toBe(0);
    harness.typed = undefined;
    expect((await run(...target, '--confirm', 'orders')).code).toBe(0);
    expect(operations.runs.length).toBe(2);
  });

  test('the first interruption cancels, the second leaves', async () => {
    const { run, operations, harness } = await cli();
    const wishes: string[] = [];
    operations.during = async ({ control }) => {
      wishes.push(control.wish);
      harness.interrupt();
      wishes.push(control.wish);
      harness.interrupt();
      wishes.push(control.wish);
    };
    const { err } = await run(...target, '--yes');
    expect(wishes).toEqual(['run', 'cancel', 'detach']);
    expect(err).toContain('Stopping before the next member');
    expect(err).toContain('Leaving.');
  });

  test('as JSON every line is an object', async () => {
    const { run, operations } = await cli();
    const [step] = operations.planned.steps;
    if (!step) throw new Error('no step');
    operations.during = async ({ listener, clock }) => {
      listener({ kind: 'step', step, phase: 'awaiting', at: clock.now() });
      listener({ kind: 'state', state: { kind: 'done' }, at: clock.now() });
    };
    const { out } = await run(...target, '--yes', '-o', 'json');
    const lines: unknown[] = out
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(lines).toMatchObject([
      { type: 'plan', plan: { title: 'Safe restart of Kafka orders' } },
      { type: 'step', step: 'orders-1', phase: 'awaiting', time: textMatching(/^2026-.*Z$/) },
      { type: 'state', state: { kind: 'done' } },
    ]);
  });

  test('a run that has not ended is not begun anew', async () => {
    const { run, operations } = await cli();
    operations.current = recordOf(operations.planned, { kind: 'running' });
    const { code, err } = await run(...target, '--yes');
    expect(code).toBe(2);
    expect(err).toContain('A run that ann@desk (1) began at 2026-01-01T11:00:00.000Z has not ended.');
    expect(err).toContain('data-clusters resume kafka/orders -n prod');
    operations.current = recordOf(operations.planned, { kind: 'paused', reason: '', fix: '' });
    expect((await run(...target, '--yes')).code).toBe(0);
  });

  test('who may not read journals may still run it, once that is agreed to', async () => {
    const { run, operations } = await cli();
    operations.planned = planWith({ preconditions: [precondition('consent')], needsTypedName: true });
    operations.history = () => Promise.reject(new ClusterProblem('forbidden', 'configmaps is forbidden'));
    expect((await run(...target, '--yes')).code).toBe(2);
    expect((await run(...target, '--confirm', 'orders')).code).toBe(0);
    operations.history = () => Promise.reject(new ClusterProblem('unreachable', 'reset'));
    expect((await run(...target, '--confirm', 'orders')).code).toBe(2);
  });

  test.each([
    [['restart'], 'restart must be told which data cluster'],
    [['restart', 'orders'], '"orders" names no data cluster'],
    [['restart', 'oracle/orders'], '"oracle/orders" names no data cluster'],
    [['restart', 'kafka/orders', 'kafka/other'], 'takes one data cluster at a time'],
    [['restart', 'kafka/orders', '--level', 'none'], 'There is no level "none"'],
    [['restart', 'kafka/orders', '-o', 'xml'], 'cannot be told as "xml"'],
    [['restart', 'kafka/orders', '--timeout', '0'], '--timeout cannot be "0"'],
    [['restart', 'kafka/other'], 'There is no kafka/other in namespace prod of context test.\nThere is kafka/orders.'],
    [['restart', 'kafka/orders', '-n', 'test'], 'There is no kafka/orders in namespace test'],
    [['restart', 'kafka/orders', '--context', 'none'], 'There is no context "none"'],
    [['resume', 'kafka/orders', '--only', 'x'], "Unknown option '--only'"],
  ] as const)('%j cannot run', async (args, text) => {
    const { run } = await cli();
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toContain(text);
  });

  test('what the cluster refuses is told without a stack', async () => {
    const { run, operations } = await cli();
    operations.plan = () => Promise.reject(new ClusterProblem('invalid', 'orders is run by an operator'));
    expect(await run(...target, '--yes')).toMatchObject({
      code: 2,
      err: 'data-clusters: orders is run by an operator\n',
    });
  });
});

describe('resume', () => {
  test('goes on with what is written down', async () => {
    const { run, operations } = await cli();
    const state: RunState = { kind: 'paused', reason: 'Nothing moved', fix: '' };
    operations.current = recordOf(operations.planned, state, { endedAt: 5, steps: [] });
    expect((await run('resume', 'kafka/orders', '--yes')).code).toBe(0);
    expect(operations.runs[0]?.earlier).toMatchObject({ runner: 'ann@desk (1)', startedAt: Date.UTC(2026, 0, 1, 11) });
    expect(operations.runs[0]?.earlier).not.toHaveProperty('endedAt');
    expect(operations.wishes).toEqual([]);
  });

  test.each([
    [undefined, 'No run of kafka/orders is written down.'],
    [{ kind: 'done' }, 'is done; there is nothing to go on with'],
    [{ kind: 'cancelled' }, 'is cancelled; there is nothing to go on with'],
  ] as const)('of %j is refused', async (state, text) => {
    const { run, operations } = await cli();
    operations.current = state && recordOf(operations.planned, state);
    expect(await run('resume', 'kafka/orders', '--yes')).toMatchObject({ code: 2, err: textContaining(text) });
    expect(operations.runs).toEqual([]);
  });
});

describe('report', () => {
  test('is Markdown, with a line for each earlier run', async () => {
    const { run, operations } = await cli();
    operations.current = recordOf(operations.planned, { kind: 'done' });
    operations.earlier = [recordOf(operations.planned, { kind: 'stopped', reason: 'It broke.', fix: 'Repair it.' })];
    const { code, out } = await run('report', 'kafka/orders');
    expect(code).toBe(0);
    expect(out).toMatch(/^# Safe restart of Kafka orders: done, 0 of 2 steps\n/);
    expect(out).toContain(
      '## Earlier runs\n\n- 2026-01-01T11:00:00.000Z: stopped after 0 of 2 steps: It broke. Repair it.\n',
    );
  });

  test('says when there is none', async () => {
    const { run } = await cli();
    expect(await run('report', 'kafka/orders')).toMatchObject({
      code: 2,
      err: 'data-clusters: No run of kafka/orders in namespace prod is written down.\n',
    });
  });
});
