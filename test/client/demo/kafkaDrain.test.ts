import { afterEach, describe, expect, test } from 'vitest';
import type { KafkaPace, KafkaTopicPlan } from '#client/cluster/demo/simulation/kafka/model.ts';
import { operations } from '#core/systems/operations.ts';
import { MovesGame } from './playMoves.ts';

const MB = 1_000_000;

/** Partitions one after the other over four brokers, three copies each. */
function topic(name: string, partitions: number, more: Partial<KafkaTopicPlan> = {}): KafkaTopicPlan {
  return {
    name,
    assignment: Array.from({ length: partitions }, (_, at) => [at % 4, (at + 1) % 4, (at + 2) % 4]),
    config: { 'min.insync.replicas': '2' },
    partitionBytes: 100 * MB,
    ...more,
  };
}

const games: MovesGame[] = [];
afterEach(() => {
  for (const game of games.splice(0)) game.stop();
});

function play(topics: readonly KafkaTopicPlan[], pace: Partial<KafkaPace> = {}): Promise<MovesGame> {
  const game = new MovesGame(4, topics, pace);
  games.push(game);
  return game.start();
}

const evacuate = { operation: 'drain', how: 'evacuate', members: ['orders-3'] } as const;
const demote = { operation: 'drain', how: 'demote', members: ['orders-3'] } as const;

const holds = (game: MovesGame, broker: number): number =>
  game.partitions.filter(({ replicas }) => replicas.includes(broker)).length;
const leads = (game: MovesGame, broker: number): number =>
  game.partitions.filter(({ leader }) => leader === broker).length;

describe('a broker is evacuated', () => {
  test('it holds nothing afterwards, the throttle was there and is gone, nobody missed a copy', async () => {
    const game = await play([topic('orders', 8), topic('events', 8)]);
    const plan = await game.plan(evacuate);
    expect(plan.preconditions.filter(({ state }) => state !== 'holds')).toMatchObject([
      { id: 'cordon', state: 'warns' },
    ]);
    expect(plan.steps.map(({ id }) => id)).toEqual([
      'throttle',
      'move-1',
      'sweep-1',
      'sweep-2',
      'sweep-3',
      'order',
      'elect',
      'unthrottle',
      'verify',
    ]);
    const run = game.attempt(plan);
    await game.until(() => game.partitions.some(({ adding }) => adding.length > 0));
    const set = game.throttles();
    expect(set['3 leader.replication.throttled.rate']).toBe(String(50 * 1024 * 1024));
    expect(set['orders leader.replication.throttled.replicas']).toContain('1:3');
    const record = await game.toTheEnd(run);
    expect([record?.state, run.heard.slice(-2)]).toMatchObject([{ kind: 'done' }, {}]);
    expect(holds(game, 3)).toBe(0);
    expect(game.throttles()).toEqual({});
    expect(game.kafka.kafka.measures).toMatchObject({ underMinIsrMs: 0, offlineMs: 0, underReplicatedMs: 0 });
    expect(game.partitions.every(({ leader, replicas }) => leader === replicas[0])).toBe(true);
    expect(record?.steps.find(({ id }) => id === 'verify')?.notes).toContain(
      'Broker 3 holds no replica and has no partition on its disks',
    );
    await expect(game.plan(evacuate)).rejects.toThrow('orders-3 holds no replica.');
  });
});

describe('a broker is demoted', () => {
  test('it leads nothing, no data moves, and the rollback file takes it back', async () => {
    const game = await play([topic('orders', 8)]);
    const before = game.partitions.map(({ replicas }) => replicas);
    const plan = await game.plan(demote);
    expect(plan.steps.map(({ id }) => id)).toEqual(['order', 'elect', 'verify']);
    expect((await game.run(plan))?.state).toEqual({ kind: 'done' });
    expect([leads(game, 3), holds(game, 3)]).toEqual([0, 6]);
    const rollback = operations.files(plan).find(({ name }) => name === 'rollback.json')?.text;
    const undo = await game.plan({ operation: 'rebalance', mode: 'full', reassignment: rollback ?? '' });
    expect((await game.run(undo))?.state).toEqual({ kind: 'done' });
    expect(game.partitions.map(({ replicas }) => replicas)).toEqual(before);
    expect(leads(game, 3)).toBe(2);
  });
});
