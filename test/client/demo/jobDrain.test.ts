import { describe, expect, test } from 'vitest';
import type { Plan, Precondition } from '#core/operations/model.ts';
import type { NodeDrainWish } from '#core/operations/wishes.ts';
import { makeRandom } from '#test/support/random.ts';
import { JobGame } from './simulatedJobs.ts';
import type { Fate } from './simulatedKafka.ts';
import { alive } from './simulatedNodes.ts';

const node = 'demo-node-1';

const verdicts = ({ preconditions }: Plan): readonly string[] =>
  preconditions.filter(({ state }) => state !== 'holds').map(({ id, state }) => `${id} ${state}`);

const checkOf = ({ preconditions }: Plan, id: string): Precondition | undefined =>
  preconditions.find((one) => one.id === id);

const isExecutor = (name: string): boolean => name.includes('-exec-');
const isDecisive = (name: string): boolean => name.endsWith('-driver') || name.startsWith('mnist-');

const SPARK = 'spark/analytics/daily-report';

describe('the drain of a node with simulated jobs', () => {
  test('is refused while a driver, a chief or a PS is there, and says what would be lost of each', async () => {
    const game = await new JobGame(1).begin([1]);
    const plan = await game.plan({ node });
    expect(verdicts(plan)).toEqual(['decisive fails', `${SPARK}/decommission warns`]);
    const evidence = checkOf(plan, 'decisive')?.evidence ?? [];
    expect(evidence.length).toBe(7);
    expect(evidence[0]).toBe(
      'analytics/daily-report-driver of Spark analytics/daily-report: the driver: the whole run is lost and all executors end with it. What it has computed is gone unless it was written out or kept in a checkpoint, which is not known. It is run again from its beginning: 5 of 5 retries left',
    );
    expect(evidence[1]).toContain('mnist-chief-0 of TFJob analytics/mnist: the chief: its end is the end of the run.');
    expect(evidence[2]).toContain('mnist-ps-0 of TFJob analytics/mnist: a parameter server');
    expect(evidence[4]).toContain('counts as failed, which fails the job whatever its restart policy');
    expect(plan.steps.filter(({ member }) => member !== undefined).map(({ member }) => member)).toEqual(
      game.executors().toSorted(),
    );
    game.stop();
  });

  test('moves executors one at a time and leaves what decides a run, when that is wanted', async () => {
    const game = await new JobGame(2).begin([1]);
    const before = game.executors();
    const plan = await game.plan({ node, unmovable: 'leave' });
    expect(verdicts(plan)).toEqual(['decisive warns', `${SPARK}/decommission warns`]);
    expect(plan.needsTypedName).toBe(false);
    const record = await game.toTheEnd(game.attempt(plan, 'first'));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(game.evicted.toSorted()).toEqual(before.toSorted());
    // Nobody goes before the application is whole.
    expect(game.fewest).toBe(3);
    expect(game.executors().length).toBe(3);
    expect(game.podsOn(node).filter(isExecutor)).toEqual([]);
    expect(game.podsOn(node).filter(isDecisive).length).toBe(7);
    expect(game.isCordoned(node)).toBe(true);
    game.stop();
  });

  test('one executor is moved off its node, which takes pods again', async () => {
    const game = await new JobGame(3).begin([1]);
    const [name = ''] = game.executors();
    const plan = await game.plan({ node, only: [`analytics/${name}`] });
    expect(plan.title).toBe(`Move analytics/${name} off the node ${node}`);
    expect(plan.steps.map(({ id }) => id)).toEqual(['cordon', `${SPARK}/${name}`, 'open']);
    const record = await game.toTheEnd(game.attempt(plan, 'first'));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(record?.steps.at(-1)?.notes).toEqual([`${node} takes pods again, as before`]);
    expect([game.evicted, game.executors().length, game.isCordoned(node)]).toEqual([[name], 3, false]);
    expect(game.told()).toContain(
      `${name} has left: the application has as many executors as before, or says that no other comes`,
    );
    expect(game.podsOn(node).filter(isExecutor).length).toBe(2);
    await expect(game.plan({ node, only: ['analytics/gone'] })).rejects.toThrow(
      `There is no pod analytics/gone on ${node}.`,
    );
    game.stop();
  });

  test('a node that was cordoned before stays so after a move', async () => {
    const game = await new JobGame(4).begin([1]);
    game.setCordoned(node, true);
    const plan = await game.plan({ node, only: [`analytics/${game.executors()[0] ?? ''}`] });
    expect((await game.toTheEnd(game.attempt(plan, 'first')))?.state).toEqual({ kind: 'done' });
    expect(game.isCordoned(node)).toBe(true);
    game.stop();
  });

  test('waits for the end of a driver when that is wanted, after everything else, and evicts nothing of it', async () => {
    const game = new JobGame(5);
    game.simulation.sparkCourses.set('analytics/daily-report', {
      endsAfterMs: 900_000,
      end: { exitCode: 0, reason: 'Completed' },
      lines: [],
    });
    await game.begin([1]);
    const only = ['daily-report-driver', ...game.executors()].map((name) => `analytics/${name}`);
    const plan = await game.plan({ node, unmovable: 'wait', only });
    expect(verdicts(plan)).toEqual(['decisive warns', `${SPARK}/decommission warns`]);
    expect(plan.steps.at(-2)?.id).toBe(`${SPARK}/daily-report-driver`);
    const run = game.attempt(plan, 'first');
    const record = await game.toTheEnd(run);
    expect(record?.state).toEqual({ kind: 'done' });
    expect(game.evicted.filter(isDecisive)).toEqual([]);
    expect(game.clock.now() - (record?.startedAt ?? 0)).toBeGreaterThan(700_000);
    expect(record?.steps.at(-2)?.notes[0]).toMatch(/^Its operator says of daily-report: (?:SUCCEEDING|COMPLETED)$/);
    game.stop();
  });

  test('a wait can be paused', async () => {
    const game = await new JobGame(6).begin([1]);
    const run = game.attempt(await game.plan({ node, unmovable: 'wait', only: ['analytics/mnist-chief-0'] }), 'first');
    await game.until(() =>
      run.heard.some((one) => one.kind === 'waiting' && one.waitingFor.includes('to end by itself')),
    );
    run.control.wish = 'cancel';
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'cancelled' });
    expect([game.evicted, game.isCordoned(node)]).toEqual([[], false]);
    game.stop();
  });

  test('evicts a driver once it is agreed to with a typed name; its executors end with it, and it runs elsewhere', async () => {
    const game = await new JobGame(7).begin([1]);
    const plan = await game.plan({
      node,
      unmovable: 'evict',
      only: ['daily-report-driver', ...game.executors()].map((name) => `analytics/${name}`),
    });
    expect(verdicts(plan)).toEqual(['decisive consent']);
    expect(plan.needsTypedName).toBe(true);
    const record = await game.toTheEnd(game.attempt(plan, 'first'));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(game.evicted).toEqual(['daily-report-driver']);
    expect(game.told()).toContain(
      'analytics/daily-report: Evict the driver daily-report-driver, which may end the run',
    );
    await game.until(() => game.executors().length === 3);
    game.stop();
  });

  test('an executor that no node takes stops the run, and comes back because the node takes pods again', async () => {
    const game = await new JobGame(8).begin([1]);
    const run = game.attempt(await game.plan({ node, unmovable: 'leave' }), 'first');
    await game.until(() => game.evicted.length === 1);
    for (const number of [2, 3, 4, 5, 6]) game.setCordoned(`demo-node-${number}`, true);
    const record = await game.toTheEnd(run);
    expect(record?.state).toMatchObject({ kind: 'stopped' });
    expect(record?.state).toHaveProperty('reason', expect.stringContaining('The executor that comes instead'));
    expect([game.evicted.length, game.isCordoned(node)]).toEqual([1, false]);
    await game.until(() => game.executors().length === 3);
    game.stop();
  });

  test('an application that ends meanwhile is not waited for, also when it is gone', async () => {
    const game = await new JobGame(9).begin([1]);
    const run = game.attempt(await game.plan({ node, unmovable: 'leave' }), 'first');
    await game.until(() => game.evicted.length === 1);
    const app = game.world.get('SparkApplication', 'analytics', 'daily-report');
    const driver = game.world.pod('analytics', 'daily-report-driver');
    if (app) game.world.remove(app);
    for (const pod of game.world.pods('analytics'))
      if (pod.metadata.labels?.['spark-role'] !== undefined) game.world.deletePod(pod, 0);
    expect([app, driver]).not.toContain(undefined);
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    expect(game.evicted.length).toBe(1);
    game.stop();
  });

  const SCHEDULES = 24;
  const wishes: readonly NodeDrainWish['unmovable'][] = ['refuse', 'leave', 'evict', 'wait'];

  test(`${SCHEDULES} schedules: whatever is wished and whenever it is killed, nothing decisive goes without consent and nothing twice`, async () => {
    let killed = 0;
    let decided = 0;
    for (let seed = 1; seed <= SCHEDULES; seed += 1) {
      const random = makeRandom(seed);
      const game = await new JobGame(seed).begin(random.below(2) === 0 ? [1] : [1, 2]);
      const unmovable = wishes[seed % wishes.length] ?? 'refuse';
      const plan = await game.plan({ node, unmovable });
      const fate: Fate = { isDead: false, diesAt: 1 + random.below(200), arrives: random.below(2) === 0, calls: 0 };
      // A plan is run here whatever its preconditions say, as a program with a fault might.
      let run = game.attempt(plan, 'first', fate);
      for (let times = 1; times < 6; times += 1) {
        const end = await game.toTheEnd(run, 700).catch(() => 'waits' as const);
        if (end !== undefined) break;
        killed += 1;
        await game.clock.pass(random.below(30_000));
        const next = { ...alive(), diesAt: times < 3 && random.below(2) === 0 ? 1 + random.below(200) : -1 };
        run = game.attempt(plan, `runner-${times}`, next, await game.journalled(plan));
      }
      run.fate.isDead = true;
      const decisive = game.evicted.filter(isDecisive);
      decided += decisive.length;
      expect([seed, unmovable === 'evict' ? [] : decisive]).toEqual([seed, []]);
      expect([seed, new Set(game.evicted).size]).toEqual([seed, game.evicted.length]);
      if (unmovable !== 'evict') expect([seed, game.fewest >= 3]).toEqual([seed, true]);
      game.stop();
    }
    expect(killed).toBeGreaterThan(SCHEDULES / 3);
    expect(decided).toBeGreaterThan(0);
  });
});
