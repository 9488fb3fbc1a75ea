import { describe, expect, test } from 'vitest';
import { alive, CassandraGame } from './cassandraGame.ts';

const replace = (member: string) => ({ operation: 'replace', member, how: 'replace' }) as const;

describe('a dead node of a simulated ring', () => {
  test('is replaced by its pod', async () => {
    const game = await CassandraGame.begin({ size: 3, racks: 3 });
    const before = game.ring.template();
    game.ring.lose(2);
    await game.clock.pass(120_000);
    const plan = await game.plan(replace('catalog-2'));
    const paused = await game.toTheEnd(game.attempt(plan, 'first'));
    console.log(JSON.stringify(paused?.state));
    const second = game.attempt(plan, 'second', alive(), paused, 'catalog-2');
    const record = await game.toTheEnd(second);
    console.log(JSON.stringify(record?.steps, undefined, 1), record?.state);
    expect(game.ring.template()).toEqual(before);
    console.log(game.ring.deleted, game.ring.evicted, game.ring.mostAway);
    game.end();
  });
});
