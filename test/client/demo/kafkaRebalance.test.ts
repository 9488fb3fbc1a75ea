import { afterEach, describe, expect, test } from 'vitest';
import type { Plan } from '#core/operations/model.ts';
import { describePlan, describeRun } from '#core/operations/report.ts';
import type { RebalanceWish } from '#core/operations/wishes.ts';
import { operations } from '#core/systems/operations.ts';
import type { KafkaTopicPlan } from '#client/cluster/demo/simulation/kafka/model.ts';
import { MovesGame } from './playMoves.ts';

const MB = 1_000_000;

/** The last broker has nothing, and the first leads everything. */
const skewed = (name: string): KafkaTopicPlan => ({
  name,
  assignment: Array.from({ length: 12 }, (_, at) => (at % 2 === 0 ? [0, 1, 2] : [0, 2, 1])),
  config: { 'min.insync.replicas': '2' },
  partitionBytes: 600 * MB,
});

const games: MovesGame[] = [];
afterEach(() => {
  for (const game of games.splice(0)) game.stop();
});

function play(topics: readonly KafkaTopicPlan[], size = 4): Promise<MovesGame> {
  const game = new MovesGame(size, topics, { moveRate: 200 * MB });
  games.push(game);
  return game.start();
}

const wish = (mode: RebalanceWish['mode'], more: Partial<RebalanceWish> = {}): RebalanceWish => ({
  operation: 'rebalance',
  mode,
  ...more,
});

const count = (game: MovesGame, broker: number): number =>
  game.partitions.filter(({ replicas }) => replicas.includes(broker)).length;
const leads = (game: MovesGame, broker: number): number =>
  game.partitions.filter(({ leader }) => leader === broker).length;

/** What the preview promised of a figure, by broker. */
const promised = ({ preview }: Plan, title: string): readonly number[] =>
  preview?.find((one) => one.title === title)?.items.map(({ after }) => after) ?? [];

const checked = ({ preconditions }: Plan): unknown =>
  preconditions.filter(({ state }) => state !== 'holds').map(({ id, state }) => [id, state]);

describe('a rebalance', () => {
  test('of everything ends as the preview said', async () => {
    const game = await play([skewed('orders'), skewed('events')]);
    const plan = await game.plan(wish('full'));
    expect(checked(plan)).toEqual([]);
    expect(promised(plan, 'Replicas')).not.toEqual([24, 24, 24, 0]);
    const record = await game.run(plan);
    expect(record?.state).toEqual({ kind: 'done' });
    const ids = [0, 1, 2, 3];
    expect(ids.map((id) => count(game, id))).toEqual(promised(plan, 'Replicas'));
    expect(ids.map((id) => leads(game, id))).toEqual(promised(plan, 'Leaders'));
    expect(Math.max(...ids.map((id) => leads(game, id)))).toBeLessThanOrEqual(7);
    expect(game.kafka.kafka.measures).toMatchObject({ underMinIsrMs: 0, offlineMs: 0 });
    expect(game.throttles()).toEqual({});
    expect(record && describeRun(record)).toContain('of 24 partitions are led by their preferred leader');
    await expect(game.plan(wish('full'))).rejects.toThrow('orders is in balance');
  });

  test('of leaders moves no data and sets no throttle', async () => {
    const game = await play([skewed('orders')]);
    const before = game.partitions.map(({ replicas }) => replicas.toSorted((a, b) => a - b));
    const plan = await game.plan(wish('leaders only'));
    expect(plan.steps.map(({ id }) => id)).toEqual(['order', 'elect', 'verify']);
    expect((await game.run(plan))?.state).toEqual({ kind: 'done' });
    expect([0, 1, 2].map((id) => leads(game, id))).toEqual([4, 4, 4]);
    expect(game.partitions.map(({ replicas }) => replicas.toSorted((a, b) => a - b))).toEqual(before);
  });

  test('to new brokers moves to them only', async () => {
    const game = await play([skewed('orders')]);
    const before = game.partitions.map(({ replicas }) => replicas);
    const plan = await game.plan(wish('new brokers only', { members: ['orders-3'] }));
    expect((await game.run(plan))?.state).toEqual({ kind: 'done' });
    expect(count(game, 3)).toBeGreaterThan(5);
    const came = game.partitions.flatMap(({ replicas }, at) => replicas.filter((id) => !before[at]?.includes(id)));
    expect(new Set(came)).toEqual(new Set([3]));
  });

  test('off a broker leaves excluded topics there, and is not called empty', async () => {
    const game = await play([skewed('orders'), skewed('events')]);
    const plan = await game.plan(wish('off brokers', { members: ['orders-2'], exclude: ['ev*'] }));
    const fails = plan.preconditions.filter(({ state }) => state === 'fails');
    expect(fails.map(({ id }) => id)).toEqual(['solved']);
    expect(fails[0]?.evidence[0]).toBe('events-0: its topic is excluded');
  });

  test('of a file is carried out, and its rollback takes it back', async () => {
    const game = await play([skewed('orders')]);
    const before = game.partitions.map(({ replicas }) => replicas);
    const file = { version: 1, partitions: [{ topic: 'orders', partition: 3, replicas: [3, 1, 2] }] };
    const plan = await game.plan(wish('full', { reassignment: JSON.stringify(file) }));
    expect((await game.run(plan))?.state).toEqual({ kind: 'done' });
    expect([game.partition('orders', 3).replicas, game.partition('orders', 3).leader]).toEqual([[3, 1, 2], 3]);
    const [, rollback] = operations.files(plan);
    const back = await game.plan(wish('full', { reassignment: rollback?.text ?? '' }));
    expect((await game.run(back))?.state).toEqual({ kind: 'done' });
    expect(game.partitions.map(({ replicas }) => replicas)).toEqual(before);
    await expect(game.plan(wish('full', { reassignment: rollback?.text ?? '' }))).rejects.toThrow(
      'as the file wants it',
    );
  });

  test('of a file that fills a disk, or names what is not there, is not started unasked', async () => {
    const game = await play([skewed('orders')]);
    const volume = game.kafka.kafka.plan.volumeBytes ?? 100 * 2 ** 30;
    for (const partition of game.partitions) partition.size = volume / 14;
    const partitions = Array.from({ length: 12 }, (_, partition) => ({
      topic: 'orders',
      partition,
      replicas: [3, 1, 2],
    }));
    const file = { version: 1, partitions: [...partitions, { topic: 'gone', partition: 0, replicas: [1] }] };
    const plan = await game.plan(wish('full', { reassignment: JSON.stringify(file) }));
    expect(checked(plan)).toEqual([
      ['solved', 'consent'],
      ['disk-space', 'fails'],
    ]);
    expect(plan.needsTypedName).toBe(true);
    expect(describePlan(plan)).toContain('at the peak');
  });
});

describe('wishes that are unclear', () => {
  test.each<[Partial<RebalanceWish>, string]>([
    [{ mode: 'off brokers' }, 'Name the brokers for "off brokers".'],
    [{ mode: 'new brokers only', members: ['orders-9'] }, 'orders has no broker orders-9.'],
    [{ reassignment: '{}' }, '`partitions` is no list'],
  ])('are refused: %j', async (more, message) => {
    const game = await play([skewed('orders')]);
    await expect(game.plan(wish('full', more))).rejects.toThrow(message);
  });
});

describe('cordons', () => {
  const cordoned = (game: MovesGame, id: number): string | undefined =>
    game.kafka.kafka.nodes.get(id)?.config.get('cordoned.log.dirs');

  /** As brokers of 4.3 do, they tell the setting. */
  async function playCordonable(): Promise<MovesGame> {
    const game = await play([skewed('orders')]);
    for (const { config } of game.kafka.kafka.nodes.values()) config.set('cordoned.log.dirs', '');
    return game;
  }

  const evacuate = { operation: 'drain', how: 'evacuate', members: ['orders-2'] } as const;

  test('keep new partitions away while a broker is evacuated, and afterwards', async () => {
    const game = await playCordonable();
    const plan = await game.plan(evacuate);
    expect(plan.steps.map(({ id }) => id).slice(0, 3)).toEqual(['throttle', 'cordon', 'move-1']);
    expect(plan.steps.some(({ id }) => id.startsWith('sweep'))).toBe(false);
    expect((await game.run(plan))?.state).toEqual({ kind: 'done' });
    expect([count(game, 2), cordoned(game, 2), cordoned(game, 1)]).toEqual([0, '*', '']);
    const [, rollback] = operations.files(plan);
    const back = await game.plan(wish('full', { reassignment: rollback?.text ?? '' }));
    expect(back.steps.map(({ id }) => id).slice(0, 3)).toEqual(['throttle', 'uncordon', 'move-1']);
    expect((await game.run(back))?.state).toEqual({ kind: 'done' });
    expect([count(game, 2), cordoned(game, 2)]).toEqual([12, undefined]);
  });

  test('are as before when the run is cancelled', async () => {
    const game = await playCordonable();
    game.kafka.kafka.nodes.get(2)?.config.set('cordoned.log.dirs', '/var/lib/kafka/data');
    const run = game.attempt(await game.plan({ ...evacuate, throttle: 20 * MB }));
    await game.until(() => game.partitions.some(({ adding }) => adding.length > 0));
    expect(cordoned(game, 2)).toBe('*');
    run.control.wish = 'cancel';
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'cancelled' });
    expect([cordoned(game, 2), count(game, 2)]).toEqual(['/var/lib/kafka/data', 12]);
  });
});
