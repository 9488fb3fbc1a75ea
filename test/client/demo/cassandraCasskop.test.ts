import { describe, expect, test } from 'vitest';
import type { Plan, Precondition, Progress } from '#core/operations/model.ts';
import { alive, type Attempt } from './cassandraGame.ts';
import { ScriptedCasskop } from './scriptedCasskop.ts';

const check = (plan: Plan, id: string): Precondition | undefined => plan.preconditions.find((one) => one.id === id);
const failing = (plan: Plan): readonly Precondition[] => plan.preconditions.filter(({ state }) => state === 'fails');

const waits = ({ heard }: Attempt): readonly string[] =>
  heard.flatMap((progress: Progress) => (progress.kind === 'waiting' ? [progress.waitingFor] : []));

const sets = ['catalog-dc1-r1', 'catalog-dc1-r2', 'catalog-dc1-r3'];

describe('the restart of a ring of CassKop', () => {
  test('asks for one rack after the other, and every other field of the topology stays', async () => {
    for (const isSlow of [false, true]) {
      const operator = await ScriptedCasskop.begin({ size: 3, racks: 3 });
      const { game } = operator;
      operator.isSlow = isSlow;
      const plan = await game.plan();
      expect(failing(plan)).toEqual([]);
      expect(plan.steps.map(({ id }) => id)).toEqual(['rack-dc1-r1', 'rack-dc1-r2', 'rack-dc1-r3']);
      expect((await game.toTheEnd(game.attempt(plan, 'first')))?.state).toEqual({ kind: 'done' });
      expect([operator.rolled, operator.mostAsked]).toEqual([sets, 1]);
      expect(game.ring.data().resource?.spec).toEqual({
        nodesPerRacks: 1,
        maxPodUnavailable: 1,
        topology: {
          dc: [{ name: 'dc1', rack: ['r1', 'r2', 'r3'].map((name) => ({ name, labels: {}, rollingRestart: false })) }],
        },
      });
      expect(game.ring.evicted).toEqual([]);
      game.end();
    }
  });

  test('readiness is not enough: the ring has to be whole and has to have got the writes kept for it', async () => {
    // Ready as soon as it calls itself up, half a minute before it serves clients.
    const pace = { cqlMs: 45_000, hintDelayMs: 25_000 };
    const operator = await ScriptedCasskop.begin({ size: 3, racks: 3, probe: 'status', pace });
    const { game } = operator;
    const record = await game.toTheEnd(game.attempt(await game.plan(), 'first'));
    expect(record?.state).toEqual({ kind: 'done' });
    expect([game.ring.away(), operator.keptFor(), operator.missedAtBegin]).toEqual([[], [], []]);
    expect(operator.rolled).toEqual(sets);
    game.end();
  });

  test('a runner that is killed anywhere is gone on with', async () => {
    for (const diesAt of [70, 141, 200, 255]) {
      const operator = await ScriptedCasskop.begin({ size: 3, racks: 3 });
      const { game } = operator;
      const plan = await game.plan();
      const fate = { ...alive(), diesAt, arrives: diesAt % 2 === 0 };
      let record = await game.toTheEnd(game.attempt(plan, 'first', fate));
      if (record === undefined) {
        await game.clock.pass(120_000);
        record = await game.toTheEnd(game.attempt(plan, 'second', alive(), await game.earlier(plan)));
      }
      expect([diesAt, record?.state]).toEqual([diesAt, { kind: 'done' }]);
      expect([diesAt, operator.rolled, operator.mostAsked]).toEqual([diesAt, sets, 1]);
      game.end();
    }
  });

  test('a question that is dropped is asked again, and one that is not begun is taken back', async () => {
    const operator = await ScriptedCasskop.begin({ size: 3, racks: 3 });
    const { game } = operator;
    operator.loses = 2;
    expect((await game.toTheEnd(game.attempt(await game.plan(), 'first')))?.state).toEqual({ kind: 'done' });
    expect(operator.rolled).toEqual(sets);
    operator.isIdle = true;
    const run = game.attempt(await game.plan({}, 'next'), 'first');
    await game.until(() => operator.mostAsked > 0 && waits(run).some((text) => text.startsWith('CassKop to restart')));
    run.control.wish = 'cancel';
    const record = await game.toTheEnd(run);
    expect(record?.state).toEqual({ kind: 'cancelled' });
    expect(record?.steps[0]?.notes).toEqual(['rollingRestart of rack r1 is taken back before CassKop began with it']);
    operator.isIdle = false;
    await game.clock.pass(60_000);
    expect(operator.rolled).toEqual(sets);
    game.end();
  });

  test('other racks that are rolled as well end the run', async () => {
    const operator = await ScriptedCasskop.begin({ size: 3, racks: 3 });
    const { game } = operator;
    operator.takesAll = true;
    const record = await game.toTheEnd(game.attempt(await game.plan(), 'first'));
    expect(record?.state.kind).toBe('stopped');
    expect(record?.state).toMatchObject({ reason: expect.stringMatching(/rolled as well|out at once/) as unknown });
    expect(operator.mostAsked).toBe(1);
    game.end();
  });

  test('a partition is refused, and so is an operator that has failed or is at work', async () => {
    const operator = await ScriptedCasskop.begin({ size: 3, racks: 3 });
    const { game } = operator;
    const plan = await game.plan();
    await operator.change('r2', { rollingPartition: 1 });
    expect(check(await game.plan(), 'racks')).toMatchObject({
      state: 'fails',
      evidence: ['rack r2 of dc1 has rollingPartition 1: its restart would never come to an end'],
    });
    const record = await game.toTheEnd(game.attempt(plan, 'first'));
    expect(record?.state).toMatchObject({
      kind: 'stopped',
      reason: expect.stringContaining('rollingPartition 1') as unknown,
    });
    expect(operator.rolled).toEqual(sets.slice(0, 1));
    await operator.setStatus({ lastClusterAction: 'ScaleUp', lastClusterActionStatus: 'Error' });
    expect(check(await game.plan(), 'operator-rest')).toMatchObject({
      state: 'fails',
      evidence: ['CassKop has failed at ScaleUp of catalog'],
    });
    operator.setAlive(false);
    expect(check(await game.plan(), 'operator')).toMatchObject({ state: 'fails' });
    game.end();
  });

  test('fewer racks than replicas go pod by pod', async () => {
    const operator = await ScriptedCasskop.begin({ size: 3, racks: 1 });
    const { game } = operator;
    const plan = await game.plan();
    expect(failing(plan)).toEqual([]);
    expect((await game.toTheEnd(game.attempt(plan, 'first')))?.state).toEqual({ kind: 'done' });
    expect(game.ring.evicted).toEqual(['catalog-dc1-r1-2', 'catalog-dc1-r1-1', 'catalog-dc1-r1-0']);
    expect([operator.rolled, operator.mostAsked, game.ring.mostAway]).toEqual([[], 0, 1]);
    game.end();
  });
});
