import { describe, expect, test } from 'vitest';
import { demoCql } from '#client/cluster/demo/demoCql.ts';
import { CassandraGame, type Attempt } from './cassandraGame.ts';

/** What the gates of a restart ask, and when: a command of nodetool costs the node a Java machine, a question to its CQL port nothing. */

const waits = ({ heard }: Attempt): readonly string[] =>
  heard.flatMap((progress) => (progress.kind === 'waiting' ? [progress.waitingFor] : []));

/** A small machine: everything takes three times as long. */
const slow = { jmxMs: 15_000, gossipMs: 33_000, normalMs: 40_000, cqlMs: 51_000 } as const;

describe('what a restart of a simulated ring asks its nodes', () => {
  test.each([
    ['a usual machine', {}, 38],
    ['a small machine', slow, 41],
  ] as const)('on %s: a bounded number of commands a node', async (_, pace, most) => {
    const game = await CassandraGame.begin({ size: 3, racks: 3, pace });
    const plan = await game.plan();
    game.ring.asked.length = 0;
    expect((await game.toTheEnd(game.attempt(plan, 'first')))?.state).toEqual({ kind: 'done' });
    expect(game.ring.asked.length / 3).toBeLessThanOrEqual(most);
    game.end();
  });

  test('a node that starts is asked nothing but its port, and every node for its view right before the next one goes', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3 });
    const run = game.attempt(await game.plan(), 'first');
    await game.until(() => waits(run).some((text) => text === 'catalog-0 to open CQL'));
    const [began, dials] = [game.clock.now(), game.ring.dials];
    await game.until(() => game.ring.ring.isCqlOpen(game.ring.node(0), game.clock.now()));
    const opened = game.clock.now();
    expect(opened - began).toBeGreaterThan(10_000);
    expect(game.ring.asked.filter(({ at }) => at > began && at <= opened)).toEqual([]);
    expect(game.ring.dials - dials).toBeGreaterThan(5);
    await game.until(() => game.ring.drains.length === 2);
    const before = game.ring.asked.filter(({ at }) => at > game.clock.now() - 2500);
    const viewed = before.filter(({ command }) => command === 'status').map(({ pod }) => pod);
    expect(new Set(viewed)).toEqual(new Set(['catalog-0', 'catalog-1', 'catalog-2']));
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    game.end();
  });

  test.each(['forbidden', 'leads nowhere'] as const)(
    'where a tunnel is %s, its own word that CQL is open counts, and the report says so',
    async (tunnel) => {
      const game = await CassandraGame.begin({ size: 3, racks: 3, tunnel });
      const run = game.attempt(await game.plan({ only: ['catalog-1'] }), 'first');
      const record = await game.toTheEnd(run);
      expect(record?.state).toEqual({ kind: 'done' });
      expect(waits(run)).toContain('catalog-1 to be NORMAL; it is STARTING');
      expect(record?.steps[0]?.notes).toEqual([
        expect.stringMatching(
          /^CQL of catalog-1 could not be asked from here, so that it is open is what nodetool of catalog-1 says: /,
        ),
      ]);
      expect(game.ring.mostAway).toBe(1);
      game.end();
    },
  );

  test('a port that stays closed although the node calls itself up and normal is waited for, and nodetool tells why', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3 });
    const run = game.attempt(await game.plan({ only: ['catalog-1'] }), 'first');
    await game.until(() => game.ring.evicted.length === 1);
    await game.until(() => game.ring.ring.isCqlOpen(game.ring.node(1), game.clock.now()));
    game.ring.node(1).isBinaryOff = true;
    await game.until(() => waits(run).includes('catalog-1 to open CQL; it is NORMAL'));
    expect(game.ring.evicted).toEqual(['catalog-1']);
    game.ring.node(1).isBinaryOff = false;
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    game.end();
  });

  test('another node on an empty volume is found although it does not serve clients for long', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3, pace: { cqlMs: 400_000 }, probe: 'status' });
    const run = game.attempt(await game.plan({ only: ['catalog-0'] }), 'first');
    await game.until(() => game.ring.evicted.length === 1);
    game.ring.replaceIdentity(0);
    const record = await game.toTheEnd(run);
    expect(record?.state).toMatchObject({
      kind: 'stopped',
      reason: expect.stringMatching(/^catalog-0 has come back as another node/) as unknown,
    });
    game.end();
  });

  test('a node that is killed between the two looks is looked at from the beginning', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3 });
    const run = game.attempt(await game.plan(), 'first');
    await game.until(() => waits(run).some((text) => text.startsWith('catalog-0 to stay as it is')));
    game.ring.kill(0);
    const looked = waits(run).length;
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    expect(
      waits(run)
        .slice(looked)
        .some((text) => text.startsWith('catalog-0 to open CQL')),
    ).toBe(true);
    expect(game.ring.mostAway).toBe(1);
    game.end();
  });
});

describe('CQL of a simulated node', () => {
  test('answers for its system tables, by what it knows itself, while it serves clients', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3 });
    const connect = demoCql(game.ring.simulation);
    const connection = await connect({ namespace: 'shop', pod: 'catalog-0', port: 9042 });
    expect(await connection.query('SELECT host_id, cluster_name FROM system.local')).toEqual([
      { host_id: game.ring.node(0).hostId, cluster_name: 'catalog' },
    ]);
    expect(await connection.query('SELECT host_id FROM system.peers_v2')).toHaveLength(2);
    await expect(connection.query('DROP KEYSPACE shop')).rejects.toMatchObject({ kind: 'invalid' });
    game.ring.ring.drain(game.ring.node(0), game.clock.now());
    await expect(connection.query('SELECT * FROM system.local')).rejects.toMatchObject({ kind: 'unreachable' });
    await expect(connect({ namespace: 'shop', pod: 'nobody', port: 9042 })).rejects.toMatchObject({ kind: 'unreachable' });
    connection.stop();
    await expect(connection.query('SELECT * FROM system.local')).rejects.toMatchObject({ kind: 'cancelled' });
    game.end();
  });
});
