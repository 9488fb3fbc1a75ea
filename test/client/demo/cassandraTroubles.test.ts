import { describe, expect, test } from 'vitest';
import type { Plan, Precondition, Progress } from '#core/operations/model.ts';
import { alive, CassandraGame, type Attempt } from './cassandraGame.ts';

/** What must end a restart by its name, or be lived through. */

const check = (plan: Plan, id: string): Precondition | undefined => plan.preconditions.find((one) => one.id === id);

const waits = ({ heard }: Attempt): readonly string[] =>
  heard.flatMap((progress: Progress) => (progress.kind === 'waiting' ? [progress.waitingFor] : []));

describe('troubles of a simulated ring', () => {
  test('a full disruption budget is waited for, and nothing is drained before it allows it', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3 });
    game.ring.setBudget(0);
    const plan = await game.plan({ only: ['catalog-1'] });
    expect(check(plan, 'eviction')).toMatchObject({ state: 'warns' });
    const run = game.attempt(plan, 'first');
    await game.until(() => waits(run).some((text) => text.startsWith('a disruption budget to allow it')));
    await game.clock.pass(60_000);
    expect(game.ring.drains).toEqual([]);
    game.ring.setBudget(1);
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    expect(game.ring.evicted).toEqual(['catalog-1']);
    game.ring.setBudget(0);
    const never = await game.toTheEnd(game.attempt(await game.plan({ only: ['catalog-2'] }), 'first'));
    expect(never?.state).toMatchObject({
      kind: 'paused',
      reason: expect.stringMatching(/^Nothing has moved for 10 min while waiting for a disruption budget/) as unknown,
    });
    expect(game.ring.drains).toHaveLength(1);
    game.end();
  });

  test('a budget that closes after the drain is waited for, and the node is finished', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3, probe: 'status' });
    game.ring.setBudget(1);
    const run = game.attempt(await game.plan({ only: ['catalog-1'] }), 'first');
    await game.until(() => game.ring.drains.length > 0);
    game.ring.setBudget(0);
    await game.until(() => waits(run).some((text) => text.startsWith('a disruption budget to allow it')));
    expect(game.ring.evicted).toEqual([]);
    game.ring.setBudget(1);
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    expect(game.ring.drains).toHaveLength(1);
    game.end();
  });

  test('a pod whose volume keeps it on nodes that take no pods is not begun with', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3 });
    game.ring.cordonAll();
    const plan = await game.plan({ only: ['catalog-1'] });
    expect(check(plan, 'placement')).toMatchObject({ state: 'fails' });
    expect(check(plan, 'placement')?.evidence[0]).toMatch(/^catalog-1: \S+ is cordoned; others: /);
    game.end();
  });

  test('a pod that finds no node ends the run there, and nobody else is touched', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3 });
    const run = game.attempt(await game.plan(), 'first');
    await game.until(() => game.ring.evicted.length === 1);
    game.ring.cordonAll();
    const record = await game.toTheEnd(run);
    expect(record?.state).toMatchObject({
      kind: 'stopped',
      reason: expect.stringContaining('catalog-0 cannot be scheduled') as unknown,
      fix: 'Repair catalog-0; nothing else is touched until then.',
    });
    expect(game.ring.drains.map(({ pod }) => pod)).toEqual(['catalog-0']);
    game.end();
  });

  test('a process that is killed while it starts is awaited all the same', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3 });
    const run = game.attempt(await game.plan(), 'first');
    await game.until(() => waits(run).some((text) => /catalog-0 to open CQL/.test(text)));
    game.ring.kill(0);
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    expect(game.ring.evicted).toEqual(['catalog-0', 'catalog-1', 'catalog-2']);
    expect(game.ring.mostAway).toBe(1);
    game.end();
  });

  test('a process that is killed while it is drained is drained anew, once it is up again', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3, pace: { drainMs: 20_000 } });
    const run = game.attempt(await game.plan({ only: ['catalog-0'] }), 'first');
    await game.until(() => game.ring.drains.length > 0);
    game.ring.kill(0);
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    expect(game.ring.drains.map(({ pod }) => pod)).toEqual(['catalog-0', 'catalog-0']);
    expect(new Set(game.ring.drains.map(({ process }) => process)).size).toBe(2);
    expect(game.ring.evicted).toEqual(['catalog-0']);
    expect(game.ring.mostAway).toBe(1);
    game.end();
  });

  test('who was killed between drain and eviction finds the node drained, and finishes it first', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3, probe: 'status', pace: { drainMs: 6000 } });
    const plan = await game.plan();
    const fate = alive();
    const first = game.attempt(plan, 'first', fate);
    await game.until(() => game.ring.drains.length === 2);
    fate.isDead = true;
    await game.toTheEnd(first);
    expect(game.ring.evicted).toEqual(['catalog-0']);
    const second = game.attempt(plan, 'second', alive(), await game.earlier(plan));
    await game.until(() => JSON.stringify(game.kept.writes.at(-1)).includes('second'));
    // The one that was done is killed, so that the run begins with a node that waits for the one that is drained.
    game.ring.kill(0);
    await game.until(() => game.ring.evicted.length === 2);
    expect([game.ring.drains.length, game.ring.away()]).toEqual([2, ['catalog-0', 'catalog-1']]);
    expect((await game.toTheEnd(second))?.state).toEqual({ kind: 'done' });
    expect(game.ring.evicted).toEqual(['catalog-0', 'catalog-1', 'catalog-2']);
    expect(game.ring.drains.map(({ pod }) => pod)).toEqual(game.ring.evicted);
    game.end();
  });

  test('a node that somebody else drains meanwhile is named, and nobody goes until it is back', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3, probe: 'status' });
    const plan = await game.plan();
    const run = game.attempt(plan, 'first');
    await game.until(() => game.ring.evicted.length === 1);
    await game.until(() => game.ring.isWhole());
    game.ring.ring.drain(game.ring.node(2), game.clock.now());
    const record = await game.toTheEnd(run);
    expect(record?.state).toMatchObject({
      kind: 'paused',
      reason: expect.stringMatching(
        /^Nothing has moved for 10 min while waiting for catalog-0 to see catalog-2 up/,
      ) as unknown,
    });
    expect(game.ring.drains.map(({ pod }) => pod)).toEqual(['catalog-0']);
    game.ring.kill(2);
    await game.until(() => game.ring.isWhole());
    const second = game.attempt(plan, 'second', alive(), await game.earlier(plan));
    expect((await game.toTheEnd(second))?.state).toEqual({ kind: 'done' });
    expect(game.ring.evicted).toEqual(['catalog-0', 'catalog-1', 'catalog-2']);
    game.end();
  });

  test('a node that comes back with another Host ID ends the run', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3 });
    const run = game.attempt(await game.plan(), 'first');
    await game.until(() => game.ring.evicted.length === 1);
    game.ring.replaceIdentity(0);
    const record = await game.toTheEnd(run);
    expect(record?.state).toMatchObject({
      kind: 'stopped',
      reason: expect.stringMatching(/^catalog-0 has come back as another node: its Host ID is /) as unknown,
    });
    expect(game.ring.evicted).toEqual(['catalog-0']);
    game.end();
  });

  test('hints that never go are waited for ten minutes, told of, and not more', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3, pace: { hintDelayMs: 3_600_000 } });
    const record = await game.toTheEnd(game.attempt(await game.plan({ only: ['catalog-2'] }), 'first'));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(record?.steps[0]?.notes).toEqual([
      expect.stringMatching(/^After 10 min other nodes still keep \d+ files of writes for catalog-2/),
    ]);
    const quick = await CassandraGame.begin({ size: 3, racks: 3, pace: { hintDelayMs: 3_600_000 } });
    const wish = { level: 'min-ISR safe', only: ['catalog-2'] } as const;
    const began = quick.clock.now();
    expect((await quick.toTheEnd(quick.attempt(await quick.plan(wish), 'first')))?.state).toEqual({ kind: 'done' });
    expect(quick.clock.now() - began).toBeLessThan(120_000);
    game.end();
    quick.end();
  });

  test('with a node that is down for good, only its rack may go, and only where QUORUM is all that is asked for', async () => {
    const game = await CassandraGame.begin({ size: 6, racks: 3 });
    game.ring.setBudget(2);
    game.ring.hang(3);
    await game.clock.pass(30_000);
    const sameRack = ['catalog-0'];
    expect(check(await game.plan({ only: sameRack }), 'ring')).toMatchObject({ state: 'fails' });
    const other = await game.plan({ only: ['catalog-1'], level: 'min-ISR safe' });
    expect(check(other, 'quorum')).toMatchObject({ state: 'fails', fix: 'Bring back the nodes that are down first.' });
    const plan = await game.plan({ only: sameRack, level: 'min-ISR safe' });
    expect(plan.preconditions.filter(({ state }) => state === 'fails')).toEqual([]);
    expect(check(plan, 'ring')).toMatchObject({ state: 'warns' });
    expect((await game.toTheEnd(game.attempt(plan, 'first')))?.state).toEqual({ kind: 'done' });
    expect(game.ring.evicted).toEqual(sameRack);
    game.end();
  });

  test('one replica is agreed to, and system_auth is told of', async () => {
    const keyspaces = [
      { name: 'shop', replication: 3 },
      { name: 'cache', replication: 1 },
    ];
    const game = await CassandraGame.begin({ size: 3, racks: 3, keyspaces });
    const plan = await game.plan();
    expect(check(plan, 'quorum')).toMatchObject({ state: 'consent' });
    expect(plan.parameters['consented']).toEqual(['cache']);
    expect(plan.needsTypedName).toBe(true);
    expect((await game.toTheEnd(game.attempt(plan, 'first')))?.state).toEqual({ kind: 'done' });
    game.end();
  });
});

describe('a node that is drained for maintenance', () => {
  const wish = { operation: 'drain', how: 'maintenance', members: ['catalog-1'] } as const;

  test('stays drained, is away for its peers, and comes back by a restart', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 1, probe: 'status' });
    const plan = await game.plan(wish);
    expect(plan.steps[0]?.undo).toBe('restart catalog-1: nothing else brings it back');
    const record = await game.toTheEnd(game.attempt(plan, 'first'));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(game.ring.evicted).toEqual([]);
    expect(game.ring.away()).toEqual(['catalog-1']);
    expect(game.ring.ring.seesItselfUp(game.ring.node(1), game.clock.now())).toBe(true);
    expect(record?.steps[0]?.notes.join(' ')).toContain('Restart catalog-1 to bring it back');
    await expect(game.plan(wish)).rejects.toThrow('catalog-1 is drained already');
    const second = await game.plan({ ...wish, members: ['catalog-2'] });
    expect(check(second, 'ring')).toMatchObject({ state: 'fails' });
    const back = await game.plan({ only: ['catalog-1'] });
    expect((await game.toTheEnd(game.attempt(back, 'first')))?.state).toEqual({ kind: 'done' });
    expect(game.ring.away()).toEqual([]);
    expect(game.ring.drains).toHaveLength(1);
    game.end();
  });

  test('is one, and is not told to lead nothing', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 1 });
    await expect(game.plan({ ...wish, members: ['catalog-0', 'catalog-1'] })).rejects.toThrow('One node at a time');
    await expect(game.plan({ ...wish, how: 'demote' })).rejects.toThrow('drain it for maintenance');
    await expect(game.plan({ ...wish, members: ['catalog-7'] })).rejects.toThrow('There is no node catalog-7');
    game.end();
  });

  test('is found as it is by whoever goes on with a run that was killed', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 1, pace: { drainMs: 8000 } });
    const plan = await game.plan(wish);
    const fate = alive();
    const first = game.attempt(plan, 'first', fate);
    await game.until(() => game.ring.drains.length === 1);
    fate.isDead = true;
    await game.toTheEnd(first);
    const second = game.attempt(plan, 'second', alive(), await game.earlier(plan));
    expect((await game.toTheEnd(second))?.state).toEqual({ kind: 'done' });
    expect(game.ring.drains).toHaveLength(1);
    game.end();
  });
});

describe('a Kubernetes node under a ring', () => {
  test('is left by its node of Cassandra, drained first, and whoever goes on finishes what was drained', async () => {
    for (const isKilled of [false, true]) {
      const game = await CassandraGame.begin({ size: 3, racks: 3, probe: 'status', pace: { drainMs: 6000 } });
      const node = game.ring.kubernetesNodes()['catalog-1'] ?? '';
      const plan = await game.planNode(node);
      expect(plan.preconditions.filter(({ state }) => state === 'fails')).toEqual([]);
      const fate = alive();
      let record = isKilled ? undefined : await game.toTheEnd(game.attempt(plan, 'first'));
      if (isKilled) {
        const first = game.attempt(plan, 'first', fate);
        await game.until(() => game.ring.drains.length === 1);
        fate.isDead = true;
        await game.toTheEnd(first);
        record = await game.toTheEnd(game.attempt(plan, 'second', alive(), await game.earlier(plan)));
      }
      expect(record?.state).toEqual({ kind: 'done' });
      expect(game.ring.drains.map(({ pod }) => pod)).toEqual(['catalog-1']);
      expect(game.ring.evicted).toEqual(['catalog-1']);
      expect(game.ring.kubernetesNodes()['catalog-1']).not.toBe(node);
      expect(game.ring.mostAway).toBe(1);
      game.end();
    }
  });
});
