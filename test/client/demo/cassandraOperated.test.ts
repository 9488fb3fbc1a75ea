import { describe, expect, test } from 'vitest';
import type { Plan, Precondition, Progress } from '#core/operations/model.ts';
import { alive, type Attempt } from './cassandraGame.ts';
import { ScriptedCassOperator } from './scriptedCassOperator.ts';

const check = (plan: Plan, id: string): Precondition | undefined => plan.preconditions.find((one) => one.id === id);
const failing = (plan: Plan): readonly Precondition[] => plan.preconditions.filter(({ state }) => state === 'fails');

const waits = ({ heard }: Attempt): readonly string[] =>
  heard.flatMap((progress: Progress) => (progress.kind === 'waiting' ? [progress.waitingFor] : []));

const racks = ['catalog-dc1-r1-sts', 'catalog-dc1-r2-sts', 'catalog-dc1-r3-sts'];

describe('the restart of a ring of cass-operator', () => {
  test('one CassandraTask for each rack, the next only when the ring is whole', async () => {
    const operator = await ScriptedCassOperator.begin({ size: 6, racks: 3 });
    const { game } = operator;
    const before = game.ring.uids();
    const plan = await game.plan();
    expect(failing(plan)).toEqual([]);
    expect(plan.needsTypedName).toBe(false);
    expect(plan.steps.map(({ id }) => id)).toEqual(['rack-r1', 'rack-r2', 'rack-r3']);
    const record = await game.toTheEnd(game.attempt(plan, 'first'));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(operator.annotated).toEqual(racks);
    expect(operator.mostOpen).toBe(1);
    expect(game.ring.uids().every((uid, index) => uid !== before[index])).toBe(true);
    expect(game.ring.evicted).toEqual([]);
    expect(game.ring.drains).toEqual([]);
    expect(game.ring.ring.nodes.every(({ hints }) => hints.size === 0)).toBe(true);
    game.end();
  });

  test('whoever is killed anywhere is gone on with, and no rack is asked for twice', async () => {
    let killed = 0;
    for (const diesAt of [61, 150, 223, 300, 401]) {
      const operator = await ScriptedCassOperator.begin({ size: 3, racks: 3 });
      const { game } = operator;
      const plan = await game.plan();
      let record = await game.toTheEnd(game.attempt(plan, 'first', { ...alive(), diesAt, arrives: diesAt % 2 === 0 }));
      if (record === undefined) {
        killed += 1;
        await game.clock.pass(120_000);
        record = await game.toTheEnd(game.attempt(plan, 'second', alive(), await game.earlier(plan)));
      }
      expect([diesAt, record?.state]).toEqual([diesAt, { kind: 'done' }]);
      expect([diesAt, operator.annotated]).toEqual([diesAt, racks]);
      expect([diesAt, operator.created.size, operator.mostOpen]).toEqual([diesAt, 3, 1]);
      game.end();
    }
    expect(killed).toBeGreaterThan(3);
  });

  test('an operator that does nothing is waited for, and cancelling takes the task back', async () => {
    const operator = await ScriptedCassOperator.begin({ size: 3, racks: 3 });
    const { game } = operator;
    operator.isIdle = true;
    const plan = await game.plan();
    const run = game.attempt(plan, 'first');
    await game.until(() => operator.tasks().length > 0);
    await game.clock.pass(30_000);
    run.control.wish = 'cancel';
    const record = await game.toTheEnd(run);
    expect(record?.state).toEqual({ kind: 'cancelled' });
    expect(record?.steps[0]?.notes.join()).toMatch(/^CassandraTask data-clusters-restart-plan-r1 is deleted before/);
    expect(operator.tasks()).toEqual([]);
    const second = await game.toTheEnd(game.attempt(await game.plan({}, 'other'), 'first'));
    expect(second?.state).toMatchObject({
      kind: 'paused',
      reason: expect.stringMatching(
        /^Nothing has moved for 10 min while waiting for cass-operator to restart catalog-dc1-r1-sts-0/,
      ) as unknown,
    });
    game.end();
  });

  test('a cancelled run awaits the rack that has begun, and begins no other', async () => {
    const operator = await ScriptedCassOperator.begin({ size: 6, racks: 3 });
    const { game } = operator;
    const run = game.attempt(await game.plan(), 'first');
    await game.until(() => operator.annotated.length > 0);
    run.control.wish = 'cancel';
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'cancelled' });
    expect(operator.annotated).toEqual(racks.slice(0, 1));
    expect(game.ring.isWhole()).toBe(true);
    game.end();
  });

  test('an operator that dies half-way is named while it is waited for, and gone on with when it is back', async () => {
    const operator = await ScriptedCassOperator.begin({ size: 6, racks: 3 });
    const { game } = operator;
    operator.diesAfter = 2;
    const plan = await game.plan();
    const run = game.attempt(plan, 'first');
    await game.until(() => operator.annotated.length === 2);
    // The StatefulSet controller finishes the roll; nobody says that the task is over.
    await game.until(() => waits(run).includes('cass-operator to say that rack r2 is done'));
    operator.diesAfter = Number.POSITIVE_INFINITY;
    operator.setAlive(true);
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    expect(operator.annotated).toEqual(racks);
    operator.setAlive(false);
    const next = await game.plan({}, 'next');
    expect(check(next, 'operator')).toMatchObject({ state: 'fails' });
    game.end();
  });

  test('an operator that is gone at the gate is waited for', async () => {
    const operator = await ScriptedCassOperator.begin({ size: 3, racks: 3 });
    const { game } = operator;
    const plan = await game.plan();
    operator.setAlive(false);
    const run = game.attempt(plan, 'first');
    await game.until(() => waits(run).some((text) => text.startsWith('cass-operator to run again')));
    expect(operator.tasks()).toEqual([]);
    operator.setAlive(true);
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    game.end();
  });

  test('a task that is complete with failures ends the run, and so does one that is complete without a restart', async () => {
    for (const fault of ['isFailing', 'isLying'] as const) {
      const operator = await ScriptedCassOperator.begin({ size: 3, racks: 3 });
      const { game } = operator;
      operator[fault] = true;
      const record = await game.toTheEnd(game.attempt(await game.plan(), 'first'));
      expect(record?.state).toMatchObject({
        kind: 'stopped',
        reason:
          fault === 'isFailing'
            ? 'CassandraTask data-clusters-restart-plan-r1 has failed on 2 pods, although it may call itself complete: 2 pods failed during processing.'
            : 'cass-operator says that rack r1 is restarted, and catalog-dc1-r1-sts-0 is the same pod as before.',
      });
      expect(operator.created.size).toBe(1);
      game.end();
    }
  });

  test('two nodes that are out at once end the run, and no other rack is asked for', async () => {
    const operator = await ScriptedCassOperator.begin({ size: 6, racks: 3 });
    const { game } = operator;
    operator.takesTwo = true;
    const record = await game.toTheEnd(game.attempt(await game.plan(), 'first'));
    expect(record?.state).toMatchObject({
      kind: 'stopped',
      reason:
        'catalog-dc1-r1-sts-0 and catalog-dc1-r1-sts-1 are out at once while cass-operator restarts rack r1: it goes by readiness alone.',
      fix: expect.stringContaining('pod by pod') as unknown,
    });
    expect(record?.steps[0]?.notes.join()).toContain('CassandraTask data-clusters-restart-plan-r1 is deleted');
    expect(operator.tasks()).toEqual([]);
    expect(operator.annotated).toEqual(racks.slice(0, 1));
    game.end();
  });

  test('an operator that takes every rack is noticed, and its task deleted', async () => {
    const operator = await ScriptedCassOperator.begin({ size: 3, racks: 3 });
    const { game } = operator;
    operator.takesAll = true;
    const plan = await game.plan();
    const record = await game.toTheEnd(game.attempt(plan, 'first'));
    expect(record?.state).toMatchObject({
      kind: 'stopped',
      reason: expect.stringContaining(
        'is rolled as well, while data-clusters-restart-plan-r1 is for rack r1 alone',
      ) as unknown,
    });
    expect(operator.tasks()).toEqual([]);
    await game.clock.pass(120_000);
    expect(operator.annotated).toEqual(racks.slice(0, 2));
    game.end();
  });

  test('no task is made for a rack that the operator would not find', async () => {
    const operator = await ScriptedCassOperator.begin({ size: 3, racks: 3 });
    const { game } = operator;
    const plan = await game.plan();
    operator.relabel('elsewhere');
    const record = await game.toTheEnd(game.attempt(plan, 'first'));
    expect(record?.state).toMatchObject({
      kind: 'stopped',
      reason: expect.stringContaining('is not labelled as rack r1 any more') as unknown,
    });
    expect(operator.created.size).toBe(0);
    expect(check(await game.plan({}, 'next'), 'racks')).toMatchObject({ state: 'fails' });
    game.end();
  });

  test('a task that is lost is asked for again, three times at most', async () => {
    const operator = await ScriptedCassOperator.begin({ size: 3, racks: 3 });
    const { game } = operator;
    operator.loses = 2;
    expect((await game.toTheEnd(game.attempt(await game.plan(), 'first')))?.state).toEqual({ kind: 'done' });
    operator.loses = 100;
    const record = await game.toTheEnd(game.attempt(await game.plan({}, 'next'), 'first'));
    expect(record?.state).toMatchObject({
      kind: 'paused',
      reason: 'cass-operator has dropped the question for rack r1 4 times without a restart.',
    });
    game.end();
  });

  test('a task of somebody else is waited for, and never joined by one of ours', async () => {
    const operator = await ScriptedCassOperator.begin({ size: 3, racks: 3 });
    const { game } = operator;
    operator.isIdle = true;
    const plan = await game.plan();
    const foreign = {
      apiVersion: 'control.k8ssandra.io/v1alpha1',
      kind: 'CassandraTask',
      metadata: { namespace: 'shop', name: 'cleanup-1' },
      spec: { datacenter: { namespace: 'shop', name: 'dc1' }, jobs: [{ name: 'cleanup', command: 'cleanup' }] },
    };
    game.kept.put(foreign);
    expect(check(await game.plan(), 'tasks')).toMatchObject({
      state: 'fails',
      evidence: ['CassandraTask cleanup-1 (cleanup) waits for its turn'],
    });
    const run = game.attempt(plan, 'first');
    await game.until(() => waits(run).some((text) => text.startsWith('the end of CassandraTask cleanup-1')));
    expect(operator.tasks()).toHaveLength(1);
    game.kept.remove('CassandraTask', 'cleanup-1', 'shop');
    operator.isIdle = false;
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    game.end();
  });
});
