import { describe, expect, test } from 'vitest';
import type { RebalanceWish, TendingMode } from '#core/operations/wishes.ts';
import { kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import { makeRandom } from '#test/support/random.ts';
import { alive, CassandraGame } from './cassandraGame.ts';
import type { Fate } from './simulatedKafka.ts';

const SCHEDULES = 5;

const wishFor = (mode: TendingMode, more: Partial<RebalanceWish> = {}): RebalanceWish => ({
  operation: 'rebalance',
  mode,
  ...more,
});

/** Commands that were begun, by pod, as long as the containers are those of the beginning. */
function begun({ ring }: CassandraGame): readonly string[] {
  return ring.ring.nodes.flatMap(({ plan, jobs }) => [...jobs.values()].map(({ command }) => `${plan.pod} ${command}`));
}

const atWork = ({ ring, clock }: CassandraGame): number =>
  ring.ring.nodes.filter(({ jobs }) => [...jobs.values()].some(({ endsAt }) => endsAt > clock.now())).length;

describe('nodes of a simulated ring are gone over', () => {
  test.each(['cleanup', 'repair', 'flush', 'compact', 'upgrade sstables'] as const)(
    'one after the other by %s',
    async (mode) => {
      const game = await CassandraGame.begin({ size: 4, racks: 2 });
      const plan = await game.plan(wishFor(mode));
      expect(plan.preconditions.filter(({ state }) => state === 'fails')).toEqual([]);
      expect(plan.steps.map(({ id }) => id)).toEqual(['catalog-2', 'catalog-0', 'catalog-3', 'catalog-1']);
      let most = 0;
      const record = await game.toTheEnd(game.attempt(plan, 'first'), () => (most = Math.max(most, atWork(game))));
      expect(record?.state).toEqual({ kind: 'done' });
      expect(begun(game)).toHaveLength(4);
      expect(most).toBeLessThanOrEqual(1);
      expect(game.ring.mostAway).toBe(0);
      game.end();
    },
  );

  test('the plan shows the share and the load of each node, which stay', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3 });
    const { preview = [] } = await game.plan(wishFor('cleanup'));
    expect(preview.map(({ title, unit }) => [title, unit])).toEqual([
      ['Owns', 'percent'],
      ['Load', 'bytes'],
      ['Owns, by rack', 'percent'],
      ['Free disk, and at the least meanwhile', 'bytes'],
    ]);
    for (const { items } of preview.slice(0, 2)) {
      expect(items.map(({ label }) => label)).toEqual(['catalog-0', 'catalog-1', 'catalog-2']);
      expect(items.every(({ before, after }) => before === after)).toBe(true);
    }
    game.end();
  });

  test('the plan says what is written anew, how long it takes, and that nobody needs it where everybody owns everything', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3 });
    const { preconditions, steps } = await game.plan(wishFor('cleanup', { exact: true }));
    const evidence = (id: string): readonly string[] => preconditions.find((one) => one.id === id)?.evidence ?? [];
    expect(evidence('not-owned')[0]).toBe(
      'catalog-0: not needed; 3 of 3 files were looked at, and it owns everything that lies in them',
    );
    expect(evidence('work-ahead')[0]).toMatch(
      /^catalog-0: .* at most are written anew \(3 files, shop .* at 64.0 MiB\/s$/,
    );
    expect(steps.map(({ expectedMs }) => expectedMs)).toEqual([10_000, 10_000, 10_000]);
    await expect(game.plan(wishFor('compact', { exact: true }))).rejects.toThrow('before a cleanup only');
    game.end();
  });

  test('a node that was never cleaned up is found by its load, and holds its share afterwards', async () => {
    const game = await CassandraGame.begin({ size: 4, racks: 1, loadBytes: 10 * 1024 ** 3, unowned: [0.9] });
    const verdict = async (): Promise<string | undefined> => {
      const { preconditions } = await game.plan(wishFor('cleanup'));
      return preconditions.find(({ id }) => id === 'not-owned')?.evidence.find((one) => one.startsWith('catalog-0'));
    };
    expect(await verdict()).toMatch(/^catalog-0: needed; .* and its share would be .*, unless its rows/);
    await game.toTheEnd(game.attempt(await game.plan(wishFor('cleanup')), 'first'));
    expect(await verdict()).toMatch(/^catalog-0: not needed; nobody has joined since its cleanup of /);
    game.end();
  });

  test('where files are looked at, one that begins with what is not owned proves it, and one from end to end nothing', async () => {
    const game = await CassandraGame.begin({ size: 5, racks: 1, unowned: [0, 0.1] });
    const { preconditions } = await game.plan(wishFor('cleanup', { exact: true, members: ['catalog-0', 'catalog-1'] }));
    const told = preconditions.find(({ id }) => id === 'not-owned')?.evidence ?? [];
    const of = (name: string): string | undefined => told.find((one) => one.startsWith(name));
    expect(of('catalog-1')).toBe(
      'catalog-1: needed; 3 of 3 files were looked at, and 1 begin or end with rows it does not own',
    );
    expect(of('catalog-0')).toContain('3 of 3 files were looked at: all begin and end with rows it owns, 1 reach over');
    expect(of('catalog-2')).not.toContain('looked at');
    game.end();
  });

  test('after a node was added, the older ones are said to need a cleanup until they have had one', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 1 });
    await game.toTheEnd(game.attempt(await game.plan({ operation: 'scale', to: 4 }, 'scale'), 'first'));
    const verdicts = async (): Promise<readonly string[]> => {
      const { preconditions } = await game.plan(wishFor('cleanup'));
      const found = preconditions.find(({ id }) => id === 'not-owned')?.evidence ?? [];
      return found.flatMap((one) => /^(catalog-\d: [a-z ]+);/.exec(one)?.[1] ?? []).toSorted();
    };
    const older = ['catalog-0', 'catalog-1', 'catalog-2'];
    expect(await verdicts()).toEqual([...older.map((name) => `${name}: needed`), 'catalog-3: not needed']);
    const plan = await game.plan(wishFor('cleanup', { members: ['catalog-0'] }), 'cleanup');
    await game.toTheEnd(game.attempt(plan, 'first'));
    expect((await verdicts())[0]).toBe('catalog-0: not needed');
    game.end();
  });

  test('what is not for Cassandra, or lacks something, is refused', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3 });
    await expect(game.plan({ operation: 'rebalance', mode: 'full' })).rejects.toThrow('choose one of cleanup, repair');
    await expect(game.plan(wishFor('rebuild'))).rejects.toThrow('must be told the datacenter');
    await expect(game.plan(wishFor('rebuild', { source: '--x; y' }))).rejects.toThrow('letters');
    await expect(game.plan(wishFor('rebuild', { source: 'dc1' }))).rejects.toThrow('No node');
    const plan = await game.plan(wishFor('rebuild', { source: 'elsewhere' }));
    expect(plan.preconditions.filter(({ state }) => state === 'fails').map(({ id }) => id)).toEqual(['source']);
    game.end();
  });

  test('a Reaper in the namespace keeps the repair from being planned', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3 });
    const { world } = game.ring.simulation;
    const container = { name: 'reaper', image: 'docker.io/thelastpickle/cassandra-reaper:3.6.1' };
    const like = world.pod('shop', 'catalog-0');
    if (!like) throw new Error('There is no pod.');
    world.store.add(kindNamed('Pod'), {
      ...like,
      metadata: { namespace: 'shop', name: 'reaper-0' },
      spec: { ...like.spec, containers: [container] },
    });
    const { preconditions } = await game.plan(wishFor('repair'));
    expect(preconditions.find(({ id }) => id === 'reaper')).toMatchObject({
      state: 'fails',
      evidence: ['pod reaper-0 is there'],
    });
    game.end();
  });

  test('cancelled, a cleanup is stopped in the node and the others are left alone', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3 });
    const run = game.attempt(await game.plan(wishFor('cleanup')), 'first');
    await game.until(() => atWork(game) > 0);
    run.control.wish = 'cancel';
    const record = await game.toTheEnd(run);
    expect(record?.state).toEqual({ kind: 'cancelled' });
    expect(record?.steps.flatMap(({ notes }) => notes)).toEqual([
      '1 compaction of catalog-0 was stopped by id, and no other',
      'catalog-0 has stopped; it is whole, and may be cleaned up again',
    ]);
    expect(begun(game)).toEqual(['shop/catalog-0 cleanup']);
    expect(atWork(game)).toBe(0);
    game.end();
  });

  test('a cleanup that somebody else stops ends the run, and says so', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3 });
    const run = game.attempt(await game.plan(wishFor('cleanup')), 'first');
    await game.until(() => atWork(game) > 0);
    const { ring } = game.ring;
    for (const node of ring.nodes) {
      node.cleanupUntil = 0;
      for (const job of node.jobs.values()) job.endsAt = game.clock.now();
    }
    const record = await game.toTheEnd(run);
    expect(record?.state).toMatchObject({
      kind: 'stopped',
      reason: expect.stringContaining('Aborted cleaning up') as unknown,
    });
    game.end();
  });

  test('nothing is begun while a node is away, and it goes on once it is back', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3 });
    const plan = await game.plan(wishFor('cleanup'));
    game.ring.kill(2);
    await game.clock.pass(1000);
    const run = game.attempt(plan, 'first');
    await game.clock.pass(5000);
    expect(begun(game)).toEqual([]);
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    game.end();
  });

  test(`${SCHEDULES} schedules: runners and nodes killed anywhere; never two at work, nothing begun twice in a container`, async () => {
    let killed = 0;
    for (let seed = 1; seed <= SCHEDULES; seed += 1) {
      const random = makeRandom(seed);
      const mode = (['cleanup', 'repair', 'compact'] as const)[random.below(3)] ?? 'cleanup';
      const game = await CassandraGame.begin({ size: 3, racks: 1 + random.below(3), seed });
      const plan = await game.plan(wishFor(mode));
      let most = 0;
      let accidents = random.below(2);
      const everySecond = (): void => {
        most = Math.max(most, atWork(game));
        if (accidents === 0 || random.below(60) > 0) return;
        accidents -= 1;
        game.ring.kill(random.below(3));
      };
      const fate: Fate = { ...alive(), diesAt: 1 + random.below(400), arrives: random.below(2) === 0 };
      let record = await game.toTheEnd(game.attempt(plan, 'first', fate), everySecond);
      for (let times = 1; record?.state.kind !== 'done' && times < 12; times += 1) {
        killed += record === undefined ? 1 : 0;
        await game.clock.pass(random.below(40_000));
        const next = { ...alive(), diesAt: times < 3 ? 1 + random.below(300) : -1 };
        record = await game.toTheEnd(
          game.attempt(plan, `runner-${times}`, next, await game.earlier(plan)),
          everySecond,
        );
      }
      expect([seed, record?.state]).toEqual([seed, { kind: 'done' }]);
      expect([seed, most <= 1]).toEqual([seed, true]);
      game.end();
    }
    expect(killed).toBeGreaterThan(SCHEDULES / 2);
  });
});
