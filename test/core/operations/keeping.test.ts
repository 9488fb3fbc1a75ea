import { describe, expect, it } from 'vitest';
import { listOf, valueAt } from '#core/json.ts';
import { ConfigMapJournal, configMaps, journalName } from '#core/operations/configMapJournal.ts';
import { LeaseLock } from '#core/operations/leaseLock.ts';
import type { RunRecord } from '#core/operations/model.ts';
import { describePlan, describeRun } from '#core/operations/report.ts';
import { JournalTaken } from '#core/operations/run.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { planOf } from './plans.ts';

const plan = planOf([{ id: 'a', parameters: { index: 1, names: ['x', 'y'], ids: [1, 2] } }]);

function record(changes: Partial<RunRecord> = {}): RunRecord {
  return { plan, state: { kind: 'running' }, startedAt: 5, runner: 'one', steps: [], ...changes };
}

describe('ConfigMapJournal', () => {
  it('keeps a run as it was, beside the workload and owned by it', async () => {
    const cluster = new FakeCluster();
    const journal = new ConfigMapJournal(cluster, plan.target);
    const kept = record({ steps: [{ id: 'a', phase: 'acting', startedAt: 6, memory: { uid: 'u' }, notes: ['n'] }] });
    await journal.write(kept);
    expect((await new ConfigMapJournal(cluster, plan.target).read())?.current).toEqual(kept);
    const address = { ...configMaps, namespace: 'prod', name: journalName(plan.target) };
    const [owner] = listOf(valueAt(await cluster.get(address), 'metadata', 'ownerReferences'));
    expect(owner).toMatchObject({ kind: 'StatefulSet', uid: 'u' });
  });

  it('keeps the runs before, newest first, and no more than ten', async () => {
    const cluster = new FakeCluster();
    const journal = new ConfigMapJournal(cluster, plan.target);
    for (let run = 0; run < 15; run += 1) await journal.write(record({ plan: { ...plan, id: `run-${run}` } }));
    const contents = await journal.read();
    expect(contents?.current?.plan.id).toBe('run-14');
    expect(contents?.history.map((one) => one.plan.id)).toEqual(
      Array.from({ length: 10 }, (_, index) => `run-${13 - index}`),
    );
  });

  it('notices that somebody else runs it', async () => {
    const cluster = new FakeCluster();
    const journal = new ConfigMapJournal(cluster, plan.target);
    await journal.write(record());
    await new ConfigMapJournal(cluster, plan.target).write(record({ runner: 'two' }));
    await expect(journal.write(record())).rejects.toBeInstanceOf(JournalTaken);
  });

  it('takes an edited journal as if it were not there', async () => {
    const cluster = new FakeCluster();
    const journal = new ConfigMapJournal(cluster, plan.target);
    await journal.write(record());
    const address = { ...configMaps, namespace: 'prod', name: journalName(plan.target) };
    await cluster.mergePatch(address, { data: { current: '{"plan": {"format": 1}}', history: 'no JSON' } });
    expect(await new ConfigMapJournal(cluster, plan.target).read()).toMatchObject({ current: undefined, history: [] });
  });
});

describe('LeaseLock', () => {
  it('is held by one, renewed, and given back', async () => {
    const cluster = new FakeCluster();
    const clock = new FakeClock();
    const one = new LeaseLock(cluster, clock, plan.target, 'one');
    const two = new LeaseLock(cluster, clock, plan.target, 'two');
    expect(await one.ensure(30_000)).toBeUndefined();
    expect(await two.ensure(30_000)).toBe('one');
    clock.advance(40_000);
    expect(await one.ensure(30_000)).toBeUndefined();
    clock.advance(40_000);
    expect(await two.ensure(30_000)).toBe('one');
    await one.release();
    expect(await two.ensure(30_000)).toBeUndefined();
    expect(await one.ensure(30_000)).toBe('two');
  });

  it('goes to another once it was seen unrenewed for its whole time, whatever the clocks say', async () => {
    const cluster = new FakeCluster();
    const one = new LeaseLock(cluster, new FakeClock(0), plan.target, 'one');
    const clock = new FakeClock();
    const two = new LeaseLock(cluster, clock, plan.target, 'two');
    await one.ensure(30_000);
    expect(await two.ensure(30_000)).toBe('one');
    clock.advance(59_000);
    expect(await two.ensure(30_000)).toBe('one');
    clock.advance(2000);
    expect(await two.ensure(30_000)).toBeUndefined();
  });
});

describe('plan and report', () => {
  const hostile = planOf([{ id: 'a', title: '[x](http://evil) <img src=1>', parameters: {} }]);

  it('escape what a cluster says', () => {
    expect(describePlan(hostile)).not.toContain('](http');
    expect(describePlan(hostile)).not.toMatch(/(?<!\\)<img/);
  });

  it('say what was done when and how it ended', () => {
    const steps = [
      {
        id: 'a',
        phase: 'done' as const,
        startedAt: 1000,
        actedAt: 2000,
        doneAt: 32_000,
        memory: {},
        notes: ['3 leaders elected'],
      },
    ];
    const text = describeRun(record({ plan, state: { kind: 'stopped', reason: 'It broke.', fix: 'Mend it.' }, steps }));
    expect(text).toContain('stopped after 1 of 1 steps: It broke. Mend it.');
    expect(text).toContain('| 1970-01-01 00:00:02 UTC | 1970-01-01 00:00:32 UTC | 30 s |');
    expect(text).toContain('3 leaders elected');
  });
});
