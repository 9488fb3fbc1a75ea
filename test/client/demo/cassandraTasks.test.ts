import { describe, expect, test } from 'vitest';
import { listAt, objectAt, textAt } from '#core/json.ts';
import type { RunRecord } from '#core/operations/model.ts';
import type { RebalanceWish, TendingMode } from '#core/operations/wishes.ts';
import type { KubeObject } from '#client/cluster/demo/simulation/objects.ts';
import { kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import { makeRandom } from '#test/support/random.ts';
import { alive, failing, notesOf, OperatedGame, verdictOn, waits } from './operatedRing.ts';
import type { Fate } from './simulatedKafka.ts';

const SCHEDULES = 4;

const wishFor = (mode: TendingMode, more: Partial<RebalanceWish> = {}): RebalanceWish => ({
  operation: 'rebalance',
  mode,
  ...more,
});

const three = { racks: ['r1', 'r2', 'r3'], size: 3 };
const pod = (rack: string, ordinal = 0): string => `demo-dc1-${rack}-sts-${ordinal}`;

const podsOf = (task: KubeObject, wanted: string): readonly string[] =>
  Object.entries(objectAt(task, 'status', 'podStatuses'))
    .filter(([, status]) => textAt(status, 'status') === wanted)
    .map(([name]) => name);

const jobOf = (task: KubeObject): unknown => listAt(task, 'spec', 'jobs')[0];

/** How many nodes are at work now, by the tasks' own account. */
const atWork = (game: OperatedGame): number => game.tasks().flatMap((task) => podsOf(task, 'RUNNING')).length;

const reasonOf = (record: RunRecord | undefined): string =>
  record && 'reason' in record.state ? record.state.reason : '';

describe('cass-operator goes over the nodes of a simulated datacenter', () => {
  test.each(['cleanup', 'upgrade sstables', 'compact', 'flush'] as const)(
    '%s: nodes one after the other, rack after rack, and every one is told of',
    async (mode) => {
      const game = await OperatedGame.begin({ racks: ['r1', 'r2'], size: 4 });
      const plan = await game.plan(wishFor(mode));
      expect(failing(plan)).toEqual([]);
      expect(plan.title).toContain('by cass-operator');
      let most = 0;
      const record = await game.toTheEnd(game.attempt(plan, 'first'), () => (most = Math.max(most, atWork(game))));
      expect(record?.state).toEqual({ kind: 'done' });
      expect(most).toBeLessThanOrEqual(1);
      expect(game.tasks().flatMap((task) => podsOf(task, 'COMPLETED'))).toHaveLength(4);
      expect(notesOf(record).join()).toContain('cass-operator deletes it after a day');
      game.end();
    },
  );

  test('a command that heeds the pod is asked for one pod at a time, the others once for the datacenter', async () => {
    const game = await OperatedGame.begin(three);
    const flush = await game.plan(wishFor('flush', { members: [pod('r3'), pod('r1')] }));
    expect(flush.steps.map(({ id }) => id)).toEqual([pod('r1'), pod('r3')]);
    expect((await game.toTheEnd(game.attempt(flush, 'first')))?.state).toEqual({ kind: 'done' });
    expect(game.tasks().map(jobOf)).toMatchObject([
      { command: 'flush', args: { pod_name: pod('r1') } },
      { command: 'flush', args: { pod_name: pod('r3') } },
    ]);
    const cleanup = await game.plan(wishFor('cleanup'), 'second');
    expect(cleanup.steps.map(({ id }) => id)).toEqual(['datacenter-dc1']);
    await expect(game.plan(wishFor('cleanup', { members: [pod('r1')] }))).rejects.toThrow('whatever nodes it is told');
    const rebuild = await game.plan(wishFor('rebuild', { source: 'elsewhere' }), 'third');
    expect(failing(rebuild).join()).toContain('source: The ring has no datacenter elsewhere');
    game.end();
  });

  test('what deleting the task stops, and what it does not, is said before', async () => {
    const game = await OperatedGame.begin(three);
    const [cleanup] = (await game.plan(wishFor('cleanup'))).steps;
    expect(cleanup?.undo).toBe(
      'cancelled meanwhile, the task is deleted and no further node is begun; in the node that is at it, nodetool stop CLEANUP ends it',
    );
    const [flush] = (await game.plan(wishFor('flush'))).steps;
    expect(flush?.undo).toContain('the node that is at it goes on to its end');
    game.end();
  });

  test('Complete that is said of a task with failures is a failure, with the node and its words', async () => {
    const game = await OperatedGame.begin(three);
    const run = game.attempt(await game.plan(wishFor('cleanup')), 'first');
    await game.until(() => game.tasks().some((task) => podsOf(task, 'RUNNING').includes(pod('r2'))));
    game.kill(pod('r2'));
    const record = await game.toTheEnd(run);
    const [task] = game.tasks();
    expect(JSON.stringify(task?.['status'])).toContain('"type":"Complete","status":"True"');
    expect(record?.state.kind).toBe('stopped');
    expect(reasonOf(record)).toMatch(/failed on demo-dc1-r2-sts-0: job lost; 2 others are done\.$/);
    game.end();
  });

  test('nothing is asked while a node is away, and it goes on once it is back', async () => {
    const game = await OperatedGame.begin(three);
    const plan = await game.plan(wishFor('cleanup'));
    game.kill(pod('r3'));
    await game.clock.pass(1000);
    const run = game.attempt(plan, 'first');
    await game.clock.pass(8000);
    expect(game.tasks()).toEqual([]);
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    game.end();
  });

  test('an operator that is not there is waited for, before and in the middle, and the run pauses when it never comes', async () => {
    const game = await OperatedGame.begin(three);
    const plan = await game.plan(wishFor('cleanup'));
    await game.setOperator(false);
    expect(failing(await game.plan(wishFor('cleanup'))).join()).toContain('has 0 of 0 ready');
    const run = game.attempt(plan, 'first');
    await game.clock.pass(30_000);
    expect(game.tasks()).toEqual([]);
    expect(waits(run).join()).toContain('cass-operator to run again');
    await game.setOperator(true);
    await game.until(() => atWork(game) === 1);
    await game.setOperator(false);
    const paused = await game.toTheEnd(run);
    expect(paused?.state.kind).toBe('paused');
    expect(reasonOf(paused)).toContain('cass-operator to run again');
    await game.setOperator(true);
    expect((await game.toTheEnd(game.attempt(plan, 'second', alive(), paused)))?.state).toEqual({ kind: 'done' });
    expect(game.tasks()).toHaveLength(1);
    game.end();
  });

  test('a cleanup that cass-operator has begun by itself is waited for and not done twice', async () => {
    const game = await OperatedGame.begin(three);
    const plan = await game.plan(wishFor('cleanup'));
    const name = `cleanup-${Math.floor(game.clock.now() / 1000) + 1}`;
    game.addTask(name, 'cleanup');
    await game.clock.pass(4000);
    expect(verdictOn(await game.plan(wishFor('cleanup'), 'other'), 'tasks')).toBe('fails');
    const record = await game.toTheEnd(game.attempt(plan, 'first'));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(game.tasks().map(({ metadata }) => metadata.name)).toEqual([name]);
    expect(notesOf(record).join()).toContain('cass-operator had made by itself');
    const later = await game.plan(wishFor('cleanup'), 'later');
    expect(later.preconditions.find(({ id }) => id === 'operator-cleanup')).toMatchObject({
      state: 'warns',
      evidence: [expect.stringContaining(`${name} of cass-operator ended well`) as unknown],
    });
    game.end();
  });

  test('an older cleanup of the operator, or one that failed, does not count for the step', async () => {
    const game = await OperatedGame.begin({ ...three, annotations: { 'cassandra.datastax.com/no-cleanup': 'true' } });
    game.addTask(`cleanup-${Math.floor(game.clock.now() / 1000) - 600}`, 'cleanup');
    await game.until(() => JSON.stringify(game.tasks()).includes('"Complete"'));
    const plan = await game.plan(wishFor('cleanup'));
    expect((await game.toTheEnd(game.attempt(plan, 'first')))?.state).toEqual({ kind: 'done' });
    expect(game.tasks()).toHaveLength(2);
    game.end();
  });

  test('a task that somebody deletes pauses the run; resumed, it is asked for again', async () => {
    const game = await OperatedGame.begin(three);
    const plan = await game.plan(wishFor('cleanup'));
    const run = game.attempt(plan, 'first');
    await game.until(() => atWork(game) === 1);
    for (const task of game.tasks()) game.simulation.world.store.remove(kindNamed('CassandraTask'), task);
    const paused = await game.toTheEnd(run);
    expect(paused?.state.kind).toBe('paused');
    expect(reasonOf(paused)).toContain('was deleted by somebody before it was over');
    expect((await game.toTheEnd(game.attempt(plan, 'second', alive(), paused)))?.state).toEqual({ kind: 'done' });
    game.end();
  });

  test('a task that is gone after a day may have ended, so a person is asked', async () => {
    const game = await OperatedGame.begin(three);
    const plan = await game.plan(wishFor('compact'));
    const day = 86_400_000;
    const memory = { attempt: 0, preparedAt: game.clock.now() - day };
    const [first] = plan.steps;
    const steps = [{ id: first?.id ?? '', phase: 'done', startedAt: 0, memory, notes: [] } as const];
    const earlier = {
      plan,
      state: { kind: 'paused', reason: '', fix: '' },
      startedAt: 0,
      runner: 'gone',
      steps,
    } as const;
    const paused = await game.toTheEnd(game.attempt(plan, 'second', alive(), earlier));
    expect(reasonOf(paused)).toContain('it is not known whether it has ended');
    expect(game.tasks()).toEqual([]);
    expect((await game.toTheEnd(game.attempt(plan, 'third', alive(), paused)))?.state).toEqual({ kind: 'done' });
    game.end();
  });

  test('cancelled, the task is deleted, the work of the node is stopped, and no other node is begun', async () => {
    const game = await OperatedGame.begin(three);
    const run = game.attempt(await game.plan(wishFor('cleanup')), 'first');
    await game.until(() => game.tasks().some((task) => podsOf(task, 'RUNNING').includes(pod('r2'))));
    run.control.wish = 'cancel';
    const record = await game.toTheEnd(run);
    expect(record?.state).toEqual({ kind: 'cancelled' });
    expect(game.tasks()).toEqual([]);
    expect(notesOf(record)).toEqual([
      expect.stringContaining('is deleted after 1 nodes; no further one is begun') as unknown,
      'demo-dc1-r2-sts-0 is not at it any more; it is whole, and may be cleaned up again',
    ]);
    expect(game.node(pod('r2')).cleanupUntil).toBeLessThanOrEqual(game.clock.now());
    await game.clock.pass(60_000);
    expect(game.node(pod('r3')).cleanupUntil).toBe(0);
    game.end();
  });

  test('what may not be created, or is refused by a webhook, keeps the plan from starting in the words of the server', async () => {
    const game = await OperatedGame.begin(three);
    game.addTask('data-clusters-cleanup-plan-dc1', 'scrub');
    const plan = await game.plan(wishFor('cleanup'));
    expect(failing(plan).join()).toContain('CassandraTask data-clusters-cleanup-plan-dc1 (scrub)');
    game.end();
  });

  test('a repair is none of the tasks: it is done from here while no task is open', async () => {
    const game = await OperatedGame.begin(three);
    const plan = await game.plan(wishFor('repair'));
    expect(failing(plan)).toEqual([]);
    expect(plan.steps.map(({ id }) => id)).toEqual([pod('r1'), pod('r2'), pod('r3')]);
    game.addTask('weekly-scrub', 'upgradesstables');
    const run = game.attempt(plan, 'first');
    await game.until(() => atWork(game) === 1);
    await game.clock.pass(1000);
    expect(game.ring.nodes.every(({ jobs }) => jobs.size === 0)).toBe(true);
    expect(waits(run).join()).toContain('the end of CassandraTask weekly-scrub');
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    expect(game.ring.nodes.map(({ jobs }) => jobs.size)).toEqual([1, 1, 1]);
    game.end();
  });

  test(`${SCHEDULES} schedules: runners, nodes and the operator killed anywhere; never two at work, one task a step`, async () => {
    let killed = 0;
    for (let seed = 1; seed <= SCHEDULES; seed += 1) {
      const random = makeRandom(seed);
      const mode = (['cleanup', 'compact', 'upgrade sstables'] as const)[random.below(3)] ?? 'cleanup';
      const game = await OperatedGame.begin({ racks: ['r1', 'r2', 'r3'], size: 3 + random.below(2), seed });
      const plan = await game.plan(wishFor(mode));
      let most = 0;
      let isDown = false;
      const everySecond = (): void => {
        most = Math.max(most, atWork(game));
        if (random.below(80) > 0) return;
        isDown = !isDown;
        void game.setOperator(!isDown);
      };
      const fate: Fate = { ...alive(), diesAt: 1 + random.below(60), arrives: random.below(2) === 0 };
      let record = await game.toTheEnd(game.attempt(plan, 'first', fate), everySecond);
      for (let times = 1; record?.state.kind !== 'done' && times < 12; times += 1) {
        killed += record === undefined ? 1 : 0;
        await game.setOperator(true);
        isDown = false;
        await game.clock.pass(random.below(20_000));
        const next = { ...alive(), diesAt: times < 4 ? 1 + random.below(60) : -1, arrives: random.below(2) === 0 };
        const again = game.attempt(plan, `runner-${times}`, next, await game.earlier(plan));
        record = await game.toTheEnd(again, times < 4 ? everySecond : () => undefined);
      }
      expect([seed, record?.state]).toEqual([seed, { kind: 'done' }]);
      expect([seed, most <= 1]).toEqual([seed, true]);
      expect([seed, game.tasks().length]).toEqual([seed, plan.steps.length]);
      game.end();
    }
    expect(killed).toBeGreaterThan(SCHEDULES / 2);
  });
});
