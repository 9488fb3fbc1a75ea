import { describe, expect, test } from 'vitest';
import { makeRandom, type Random } from '#test/support/random.ts';
import { alive, CassandraGame } from './cassandraGame.ts';
import type { Fate } from './simulatedKafka.ts';
import type { RingWanted } from './simulatedRing.ts';

/** How often everything is played with other rings, speeds and accidents. */
const SCHEDULES = 8;

const CRASH = /^catalog-\d is in a crash loop/;

/** Rings and speeds by chance; probes that ask the node itself among them. */
function wantedBy(random: Random): RingWanted {
  return {
    size: 3 + random.below(3),
    racks: 1 + random.below(3),
    seed: random.below(1000),
    probe: random.below(2) === 0 ? 'status' : 'tcp',
    preStop: random.below(3) === 0 ? 'nodetool drain' : '',
    pace: {
      jmxMs: 1000 + random.below(5000),
      gossipMs: 6500 + random.below(5000),
      normalMs: 12_000 + random.below(3000),
      cqlMs: 16_000 + random.below(6000),
      drainMs: 500 + random.below(8000),
      hintDelayMs: 5000 + random.below(8000),
    },
    ...(random.below(3) === 0 ? { tunnel: 'forbidden' } : {}),
  };
}

/** Nobody was taken while another was away, and no process was drained twice. */
function expectOneAtATime({ ring }: CassandraGame, seed: number): void {
  expect([seed, ring.drains.filter(({ othersAway }) => othersAway.length > 0)]).toEqual([seed, []]);
  const processes = ring.drains.map(({ process }) => process);
  expect([seed, processes.filter((one, index) => processes.indexOf(one) !== index)]).toEqual([seed, []]);
}

describe('the safe restart of a simulated ring', () => {
  test('every node is drained and evicted once, rack by rack, and comes back as itself', async () => {
    const game = await CassandraGame.begin({ size: 4, racks: 3 });
    const before = game.ring.uids();
    const hosts = game.ring.ring.nodes.map(({ hostId }) => hostId);
    const plan = await game.plan();
    expect(plan.preconditions.filter(({ state }) => state !== 'holds')).toEqual([]);
    const record = await game.toTheEnd(game.attempt(plan, 'first'));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(game.ring.evicted).toEqual(['catalog-3', 'catalog-0', 'catalog-1', 'catalog-2']);
    expect(game.ring.drains.map(({ pod }) => pod)).toEqual(game.ring.evicted);
    expect(game.ring.uids().every((uid, index) => uid !== before[index])).toBe(true);
    expect(game.ring.ring.nodes.map(({ hostId }) => hostId)).toEqual(hosts);
    expect(game.ring.mostAway).toBe(1);
    expect(game.ring.ring.nodes.every(({ hints }) => hints.size === 0)).toBe(true);
    game.end();
  });

  test('only what was named is restarted', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 1 });
    const record = await game.toTheEnd(game.attempt(await game.plan({ only: ['catalog-1'] }), 'first'));
    expect(record?.state).toEqual({ kind: 'done' });
    expect(game.ring.evicted).toEqual(['catalog-1']);
    await expect(game.plan({ only: ['catalog-9'] })).rejects.toThrow('There is no node catalog-9');
    await expect(game.plan({ pendingOnly: true })).rejects.toThrow('No node of catalog is to be restarted');
    game.end();
  });

  test('a cancelled run ends once the node that was drained is back', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3 });
    const run = game.attempt(await game.plan(), 'first');
    await game.until(() => game.ring.drains.length > 0);
    run.control.wish = 'cancel';
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'cancelled' });
    expect(game.ring.evicted).toEqual(['catalog-0']);
    expect(game.ring.isWhole()).toBe(true);
    game.end();
  });

  test('a node that was left drained calls itself up, is found, and is restarted before any other', async () => {
    for (const probe of ['status', 'tcp'] as const) {
      const game = await CassandraGame.begin({ size: 3, racks: 1, probe });
      game.ring.ring.drain(game.ring.node(0), game.clock.now());
      await game.clock.pass(10_000);
      const others = await game.plan({ only: ['catalog-2'] });
      expect(others.preconditions.find(({ id }) => id === 'ring')).toMatchObject({
        state: 'fails',
        evidence: expect.arrayContaining(['catalog-0 is in mode DRAINED']) as unknown,
      });
      const plan = await game.plan();
      expect(plan.steps.map(({ id }) => id)).toEqual(['catalog-0', 'catalog-2', 'catalog-1']);
      expect(plan.preconditions.filter(({ state }) => state === 'fails')).toEqual([]);
      const record = await game.toTheEnd(game.attempt(plan, 'first'));
      expect(record?.state).toEqual({ kind: 'done' });
      expect(game.ring.drains.map(({ pod }) => pod)).toEqual(['catalog-2', 'catalog-1']);
      expect(game.ring.evicted).toEqual(['catalog-0', 'catalog-2', 'catalog-1']);
      game.end();
    }
  });

  test(`${SCHEDULES} schedules: killed anywhere and gone on with, with accidents on the way`, async () => {
    let killed = 0;
    let accidents = 0;
    for (let seed = 1; seed <= SCHEDULES; seed += 1) {
      const random = makeRandom(seed);
      const game = await CassandraGame.begin(wantedBy(random));
      const plan = await game.plan(random.below(3) === 0 ? { level: 'min-ISR safe' } : {});
      // What is killed between the last look and the drain is seen by its port, and by nothing else.
      const isAccidental = random.below(2) === 0 && game.ring.tunnel === undefined;
      const everySecond = (): void => {
        if (!isAccidental || random.below(120) > 0) return;
        accidents += 1;
        game.ring.kill(random.below(game.ring.ring.nodes.length));
        game.ring.measure();
      };
      const fate: Fate = { ...alive(), diesAt: 1 + random.below(900), arrives: random.below(2) === 0 };
      let record = await game.toTheEnd(game.attempt(plan, 'first', fate), everySecond);
      for (let times = 1; record?.state.kind !== 'done' && times < 20; times += 1) {
        if (record === undefined) killed += 1;
        // A process that was killed twice is in a crash loop, which is named; then somebody comes and goes on.
        else
          expect([seed, record.state]).toEqual([
            seed,
            expect.objectContaining({ reason: expect.stringMatching(CRASH) as unknown }),
          ]);
        await game.clock.pass(record === undefined ? random.below(30_000) : 120_000);
        const next = { ...alive(), diesAt: times < 3 && random.below(2) === 0 ? 1 + random.below(500) : -1 };
        record = await game.toTheEnd(
          game.attempt(plan, `runner-${times}`, next, await game.earlier(plan)),
          everySecond,
        );
      }
      expect([seed, record?.state]).toEqual([seed, { kind: 'done' }]);
      const taken = new Set(game.ring.evicted);
      expect([seed, taken.size, game.ring.evicted.length]).toEqual([seed, plan.steps.length, plan.steps.length]);
      expectOneAtATime(game, seed);
      if (!isAccidental) expect([seed, game.ring.mostAway]).toEqual([seed, 1]);
      game.end();
    }
    expect(killed).toBeGreaterThan(SCHEDULES / 3);
    expect(accidents).toBeGreaterThan(3);
  });
});
