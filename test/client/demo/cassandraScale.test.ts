import { describe, expect, test } from 'vitest';
import { kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import { makeRandom } from '#test/support/random.ts';
import { alive, CassandraGame } from './cassandraGame.ts';
import type { Fate } from './simulatedKafka.ts';

const SCHEDULES = 3;

const scaleTo = (to: number) => ({ operation: 'scale', to }) as const;

const pods = ({ ring }: CassandraGame): readonly string[] => ring.data().members.map(({ name }) => name);

/** Names of nodes that are in the ring for everybody. */
function inRing({ ring, clock }: CassandraGame): readonly string[] {
  const now = clock.now();
  const present = ring.ring.nodes.filter((node) => !ring.ring.hasLeft(node, now));
  return present
    .filter((node) => present.every((other) => ring.ring.view(other, node, now)?.isUp === true))
    .map(({ plan }) => plan.pod.slice('shop/'.length));
}

/** Replicas are never lowered before as many nodes have left. */
function expectLeftFirst({ ring }: CassandraGame, from: number, seed = 0): void {
  expect([seed, ring.sizes.filter(({ replicas, left }) => left < from - replicas)]).toEqual([seed, []]);
}

describe('a simulated ring is scaled', () => {
  test('up: each node has joined before the next, and a cleanup is offered', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 1 });
    const plan = await game.plan(scaleTo(5));
    expect(plan.preconditions.filter(({ state }) => state === 'fails')).toEqual([]);
    let joining = 0;
    const record = await game.toTheEnd(game.attempt(plan, 'first'), () => {
      const { ring } = game.ring;
      const now = ring.nodes.filter((node) => node.state === 'running' && ring.isJoining(node, game.clock.now()));
      joining = Math.max(joining, now.length);
    });
    expect(record?.state).toEqual({ kind: 'done' });
    expect(inRing(game)).toEqual(['catalog-0', 'catalog-1', 'catalog-2', 'catalog-3', 'catalog-4']);
    expect(game.ring.sizes.map(({ replicas }) => replicas)).toEqual([4, 5]);
    expect(joining).toBe(1);
    const notes = record?.steps.flatMap((step) => step.notes) ?? [];
    expect(notes.at(-1)).toContain('Next is a cleanup of catalog-0, catalog-1, catalog-2, catalog-3');
    game.end();
  });

  test('down: a node has left before its pod is taken away, and its claim is named', async () => {
    const game = await CassandraGame.begin({ size: 5, racks: 1 });
    const plan = await game.plan(scaleTo(3));
    expect(plan.preconditions.filter(({ state }) => state === 'fails')).toEqual([]);
    expect(plan.needsTypedName).toBe(true);
    const record = await game.toTheEnd(game.attempt(plan, 'first'));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(pods(game)).toEqual(['catalog-0', 'catalog-1', 'catalog-2']);
    expect(inRing(game)).toEqual(['catalog-0', 'catalog-1', 'catalog-2']);
    expect(game.ring.sizes).toEqual([
      { replicas: 4, left: 1 },
      { replicas: 3, left: 2 },
    ]);
    const notes = record?.steps.flatMap((step) => step.notes) ?? [];
    expect(notes).toContain('The volume of catalog-4 is kept: PersistentVolumeClaim data-catalog-4');
    expect(notes).toContain(
      'catalog-4 must not come back with its old data: a node that was decommissioned does not start with it. Delete the claim before scaling up again.',
    );
    const again = await game.plan(scaleTo(4));
    expect(again.preconditions.find(({ id }) => id === 'old-volumes')?.state).toBe('fails');
    game.end();
  });

  test('a keyspace that wants more replicas than nodes are left keeps the plan from starting', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 1 });
    const { preconditions } = await game.plan(scaleTo(2));
    expect(preconditions.find(({ id }) => id === 'replication')).toMatchObject({
      state: 'fails',
      evidence: expect.arrayContaining(['shop has 3 replicas in dc1, and 2 nodes would be left']) as unknown,
    });
    await expect(game.plan(scaleTo(3))).rejects.toThrow('has 3 replicas already');
    await expect(game.plan(scaleTo(0))).rejects.toThrow('a node at least');
    game.end();
  });

  test('what the node itself refuses ends the run, and nothing is taken away', async () => {
    const game = await CassandraGame.begin({ size: 4, racks: 1, keyspaces: [{ name: 'shop', replication: 3 }] });
    const plan = await game.plan(scaleTo(3));
    const node = game.ring.node(3);
    const run = game.attempt(plan, 'first');
    const refused = {
      exitCode: 1,
      stdout: 'nodetool: Not enough live nodes to maintain replication factor\n',
      stderr: '',
    };
    node.jobs.set('plan-leave-catalog-3-0', { command: 'decommission', endsAt: 0, finish: () => refused });
    const record = await game.toTheEnd(run);
    expect(record?.state).toMatchObject({
      kind: 'stopped',
      reason: 'catalog-3 was not decommissioned: Not enough live nodes to maintain replication factor.',
    });
    expect(game.ring.sizes).toEqual([]);
    game.end();
  });

  test('cancelled while a node leaves, it is gone on with until its pod is gone, and no other goes', async () => {
    const game = await CassandraGame.begin({ size: 5, racks: 1 });
    const run = game.attempt(await game.plan(scaleTo(3)), 'first');
    await game.until(() => game.ring.node(4).leavingAt !== undefined);
    run.control.wish = 'cancel';
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'cancelled' });
    expect(pods(game)).toEqual(['catalog-0', 'catalog-1', 'catalog-2', 'catalog-3']);
    expectLeftFirst(game, 5);
    game.end();
  });

  test('a node that is restarted while it leaves is a node as before, and is asked again', async () => {
    const game = await CassandraGame.begin({ size: 4, racks: 1 });
    const run = game.attempt(await game.plan(scaleTo(3)), 'first');
    await game.until(() => game.ring.node(3).leavingAt !== undefined);
    await game.clock.pass(5000);
    game.ring.kill(3);
    const record = await game.toTheEnd(run);
    expect(record?.state).toEqual({ kind: 'done' });
    expect(record?.steps.flatMap(({ notes }) => notes)).toContain(
      'catalog-3 was restarted before it had left, and is a node as before',
    );
    expectLeftFirst(game, 4);
    game.end();
  });

  test('somebody else lowers the size before the node has left: it is said how to get it back', async () => {
    const game = await CassandraGame.begin({ size: 4, racks: 1 });
    const run = game.attempt(await game.plan(scaleTo(3)), 'first');
    await game.until(() => game.ring.node(3).leavingAt !== undefined);
    const request = { kind: kindNamed('StatefulSet'), namespace: 'shop', manager: 'somebody', isDryRun: false };
    game.ring.simulation.world.writes.mergePatch(request, 'catalog', { spec: { replicas: 3 } });
    const record = await game.toTheEnd(run);
    expect(record?.state).toMatchObject({
      kind: 'stopped',
      fix: 'Set catalog back to 4 replicas, so that it comes back with its volume; then make a new plan.',
    });
    game.end();
  });

  test(`${SCHEDULES} schedules: killed anywhere and gone on with; replicas never go before the node`, async () => {
    let killed = 0;
    for (let seed = 1; seed <= SCHEDULES; seed += 1) {
      const random = makeRandom(seed);
      const isUp = random.below(2) === 0;
      const from = isUp ? 3 : 5;
      const to = isUp ? 5 : 3;
      const game = await CassandraGame.begin({ size: from, racks: 1, seed });
      const plan = await game.plan(scaleTo(to));
      const fate: Fate = { ...alive(), diesAt: 1 + random.below(400), arrives: random.below(2) === 0 };
      let record = await game.toTheEnd(game.attempt(plan, 'first', fate));
      for (let times = 1; record?.state.kind !== 'done' && times < 8; times += 1) {
        expect([seed, record?.state]).toEqual([seed, undefined]);
        killed += 1;
        await game.clock.pass(random.below(40_000));
        const next = { ...alive(), diesAt: times < 3 ? 1 + random.below(300) : -1, arrives: random.below(2) === 0 };
        record = await game.toTheEnd(game.attempt(plan, `runner-${times}`, next, await game.earlier(plan)));
      }
      expect([seed, record?.state]).toEqual([seed, { kind: 'done' }]);
      expect([seed, inRing(game).length, pods(game).length]).toEqual([seed, to, to]);
      expect([seed, game.ring.sizes.length]).toEqual([seed, 2]);
      if (!isUp) expectLeftFirst(game, from, seed);
      game.end();
    }
    expect(killed).toBeGreaterThan(SCHEDULES / 2);
  });
});
