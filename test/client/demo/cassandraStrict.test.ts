import { describe, expect, test } from 'vitest';
import type { Plan, Precondition, Progress } from '#core/operations/model.ts';
import { alive, type Attempt } from './cassandraGame.ts';
import { ScriptedCassOperator } from './scriptedCassOperator.ts';

const check = (plan: Plan, id: string): Precondition | undefined => plan.preconditions.find((one) => one.id === id);
const failing = (plan: Plan): readonly Precondition[] => plan.preconditions.filter(({ state }) => state === 'fails');

const waits = ({ heard }: Attempt): readonly string[] =>
  heard.flatMap((progress: Progress) => (progress.kind === 'waiting' ? [progress.waitingFor] : []));

describe('the strict restart of a ring of cass-operator', () => {
  test('goes pod by pod, with no task and no write to what the operator owns', async () => {
    const operator = await ScriptedCassOperator.begin({ size: 4, racks: 3 });
    const { game } = operator;
    const plan = await game.plan({ strict: true });
    expect(failing(plan)).toEqual([]);
    expect(check(plan, 'route')?.evidence[0]).toBe('That was asked for');
    const record = await game.toTheEnd(game.attempt(plan, 'first'));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(game.ring.evicted).toEqual([
      'catalog-dc1-r1-sts-1',
      'catalog-dc1-r1-sts-0',
      'catalog-dc1-r2-sts-0',
      'catalog-dc1-r3-sts-0',
    ]);
    expect(game.ring.drains.map(({ pod }) => pod)).toEqual(game.ring.evicted);
    expect(game.ring.mostAway).toBe(1);
    expect([operator.created.size, operator.annotated]).toEqual([0, []]);
    game.end();
  });

  test('is what becomes of fewer racks than replicas, of some nodes, of an order, and of a node that is drained', async () => {
    const operator = await ScriptedCassOperator.begin({ size: 4, racks: 2 });
    const { game } = operator;
    const reasons = async (wish: Parameters<typeof game.plan>[0] = {}): Promise<string> =>
      check(await game.plan(wish), 'route')?.evidence.join('; ') ?? '';
    expect(await reasons()).toContain('dc1 has 2 racks for up to 3 replicas of a range');
    expect(await reasons({ only: ['catalog-dc1-r1-sts-0'] })).toContain('Some nodes are to be restarted');
    expect(await reasons({ order: ['catalog-dc1-r1-sts-0'] })).toContain('An order of pods was chosen');
    await expect(game.plan({ pendingOnly: true })).rejects.toThrow(
      'cass-operator restarts pods whose template has changed',
    );
    game.ring.ring.drain(game.ring.node(2), game.clock.now());
    await game.clock.pass(10_000);
    const plan = await game.plan();
    expect(check(plan, 'route')?.evidence[0]).toBe('Not every node is up for all: catalog-dc1-r1-sts-1');
    expect(failing(plan)).toEqual([]);
    expect((await game.toTheEnd(game.attempt(plan, 'first')))?.state).toEqual({ kind: 'done' });
    expect(game.ring.evicted[0]).toBe('catalog-dc1-r1-sts-1');
    expect(game.ring.evicted).toHaveLength(4);
    game.end();
  });

  test('waits for an operator that is at work, and names one that is gone', async () => {
    const operator = await ScriptedCassOperator.begin({ size: 3, racks: 3 });
    const { game } = operator;
    const plan = await game.plan({ only: ['catalog-dc1-r2-sts-0'] });
    operator.setAlive(false);
    const run = game.attempt(plan, 'first');
    await game.until(() => waits(run).some((text) => text.startsWith('cass-operator to run again')));
    expect(game.ring.drains).toEqual([]);
    operator.setAlive(true);
    await game.until(() => game.ring.evicted.length > 0);
    operator.setAlive(false);
    await game.until(() =>
      waits(run).some((text) => /^catalog-dc1-r2-sts-0 .*\(waiting for cass-operator to run again/.test(text)),
    );
    operator.setAlive(true);
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    game.end();
  });

  test('a pod that was left drained and that the operator deletes after ten minutes is found back, and not taken again', async () => {
    const operator = await ScriptedCassOperator.begin({ size: 3, racks: 3, pace: { drainMs: 8000 } });
    const { game } = operator;
    const plan = await game.plan({ only: ['catalog-dc1-r2-sts-0'] });
    const fate = alive();
    const first = game.attempt(plan, 'first', fate);
    await game.until(() => game.ring.drains.length > 0);
    fate.isDead = true;
    await game.toTheEnd(first);
    await game.clock.pass(720_000);
    const second = game.attempt(plan, 'second', alive(), await game.earlier(plan));
    expect((await game.toTheEnd(second))?.state).toEqual({ kind: 'done' });
    expect([game.ring.drains.length, game.ring.evicted]).toEqual([1, []]);
    game.end();
  });

  test('a runner that is killed between drain and eviction is gone on with', async () => {
    const operator = await ScriptedCassOperator.begin({ size: 3, racks: 3, pace: { drainMs: 8000 } });
    const { game } = operator;
    const plan = await game.plan({ strict: true });
    const fate = alive();
    const first = game.attempt(plan, 'first', fate);
    await game.until(() => game.ring.drains.length === 2);
    fate.isDead = true;
    await game.toTheEnd(first);
    const second = game.attempt(plan, 'second', alive(), await game.earlier(plan));
    expect((await game.toTheEnd(second))?.state).toEqual({ kind: 'done' });
    expect(game.ring.evicted).toHaveLength(3);
    expect(game.ring.drains).toHaveLength(3);
    expect(game.ring.mostAway).toBe(1);
    game.end();
  });
});

describe('what is asked of cass-operator before', () => {
  const conditions = (...types: readonly string[]) =>
    types.map((type) => ({ type, status: 'True', reason: '', message: 'as it is', lastTransitionTime: '' }));

  test.each<[string, object, object, object]>([
    [
      'at work',
      { conditions: conditions('ScalingUp') },
      {},
      { state: 'fails', evidence: ['cass-operator adds nodes: as it is'] },
    ],
    ['stopped', {}, { stopped: true }, { state: 'fails', evidence: ['dc1 is told to be stopped'] }],
    [
      'behind',
      { observedGeneration: 0 },
      {},
      { state: 'fails', evidence: ['cass-operator has not taken up the last change of dc1'] },
    ],
    [
      'silent',
      { cassandraOperatorProgress: '' },
      {},
      { state: 'fails', evidence: ['cass-operator is not done with dc1 (it says nothing)'] },
    ],
  ])('a datacenter that is %s', async (_, status, spec, expected) => {
    const operator = await ScriptedCassOperator.begin({ size: 3, racks: 3 });
    const { game } = operator;
    operator.setDatacenter((one) => ({
      ...one,
      spec: { ...(one['spec'] as object), ...spec },
      status: { ...(one['status'] as object), ...status },
    }));
    expect(check(await game.plan(), 'operator-rest')).toMatchObject(expected);
    game.end();
  });

  test('a change that is held back is told of, and a partition keeps racks from being rolled', async () => {
    const operator = await ScriptedCassOperator.begin({ size: 3, racks: 3 });
    const { game } = operator;
    operator.setPartition(1);
    operator.setDatacenter((one) => ({
      ...one,
      status: { ...(one['status'] as object), conditions: conditions('RequiresUpdate') },
    }));
    const plan = await game.plan();
    expect(check(plan, 'held-change')).toMatchObject({ state: 'warns' });
    expect(check(plan, 'racks')).toMatchObject({ state: 'fails' });
    game.end();
  });
});

describe('a node of cass-operator that is drained for maintenance', () => {
  test('is bounded by ten minutes, which the plan says, and comes back by the operator', async () => {
    const operator = await ScriptedCassOperator.begin({ size: 3, racks: 3 });
    const { game } = operator;
    const wish = { operation: 'drain', how: 'maintenance', members: ['catalog-dc1-r1-sts-0'] } as const;
    const plan = await game.plan(wish);
    expect(failing(plan)).toEqual([]);
    expect(check(plan, 'operator-limit')).toMatchObject({ state: 'warns' });
    expect(plan.risks.join(' ')).toContain('deletes a pod that has not been ready for ten minutes');
    expect((await game.toTheEnd(game.attempt(plan, 'first')))?.state).toEqual({ kind: 'done' });
    expect(game.ring.away()).toEqual(['catalog-dc1-r1-sts-0']);
    await game.clock.pass(700_000);
    expect(game.ring.away()).toEqual([]);
    expect(game.ring.evicted).toEqual([]);
    game.end();
  });
});

describe('a Kubernetes node under a ring of cass-operator', () => {
  test('is left by its node of Cassandra in the strict way', async () => {
    const operator = await ScriptedCassOperator.begin({ size: 3, racks: 3 });
    const { game } = operator;
    const node = game.ring.kubernetesNodes()['catalog-dc1-r2-sts-0'] ?? '';
    const plan = await game.planNode(node);
    expect(failing(plan)).toEqual([]);
    const record = await game.toTheEnd(game.attempt(plan, 'first'));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(game.ring.evicted).toEqual(['catalog-dc1-r2-sts-0']);
    expect(game.ring.drains.map(({ pod }) => pod)).toEqual(['catalog-dc1-r2-sts-0']);
    expect(game.ring.kubernetesNodes()['catalog-dc1-r2-sts-0']).not.toBe(node);
    expect(operator.created.size).toBe(0);
    game.end();
  });
});
