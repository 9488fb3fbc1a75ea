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

describe('throttles', () => {
  test('of others are added to while data moves, and are as before at the end', async () => {
    const game = await play([topic('orders', 4), topic('events', 4), topic('logs', 2)]);
    const { nodes, topics } = game.kafka.kafka;
    nodes.get(3)?.config.set('leader.replication.throttled.rate', '7000000');
    topics.get('orders')?.config.set('leader.replication.throttled.replicas', '0:2,3:3');
    topics.get('events')?.config.set('follower.replication.throttled.replicas', '*');
    const before = game.throttles();
    const plan = await game.plan(evacuate);
    expect(plan.preconditions.find(({ id }) => id === 'other-throttles')?.evidence).toEqual([
      'broker 3: leader.replication.throttled.rate=7000000',
      'topic orders: leader.replication.throttled.replicas=0:2,3:3',
      'topic events: follower.replication.throttled.replicas=*',
    ]);
    const run = game.attempt(plan);
    await game.until(() => game.partitions.some(({ adding }) => adding.length > 0));
    const during = game.throttles();
    expect(during['orders leader.replication.throttled.replicas']).toMatch(/^0:2,3:3,/);
    expect(during['events follower.replication.throttled.replicas']).toBe('*');
    expect(during['3 leader.replication.throttled.rate']).toBe(String(50 * 1024 * 1024));
    // Somebody adds to a list meanwhile, and takes over a rate.
    topics
      .get('events')
      ?.config.set(
        'leader.replication.throttled.replicas',
        `${during['events leader.replication.throttled.replicas'] ?? ''},77:1`,
      );
    nodes.get(1)?.config.set('follower.replication.throttled.rate', '5000000');
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    expect(game.throttles()).toEqual({
      ...before,
      'events leader.replication.throttled.replicas': '77:1',
      '1 follower.replication.throttled.rate': '5000000',
    });
  });

  test('that are lower than what is written keep a plan from being started', async () => {
    const game = await play([topic('orders', 8)], { writeRate: 2 * MB });
    const plan = await game.plan({ ...evacuate, throttle: 2 * MB });
    expect(plan.preconditions.find(({ id }) => id === 'throttle')).toMatchObject({ state: 'fails' });
    const usual = await game.plan(evacuate);
    expect(usual.preconditions.find(({ id }) => id === 'throttle')).toMatchObject({ state: 'holds' });
  });
});

describe('a run that is cancelled', () => {
  test('while data moves gives back what is under way, order and throttles too', async () => {
    const game = await play([topic('orders', 8, { partitionBytes: 400 * MB })]);
    const before = game.partitions.map(({ replicas }) => replicas);
    game.kafka.kafka.nodes.get(3)?.config.set('follower.replication.throttled.rate', '9000000');
    const throttles = game.throttles();
    const run = game.attempt(await game.plan({ ...evacuate, throttle: 20 * MB }));
    await game.until(() => game.partitions.some(({ adding }) => adding.length > 0));
    await game.clock.pass(3000);
    run.control.wish = 'cancel';
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'cancelled' });
    expect(game.partitions.map(({ replicas }) => replicas)).toEqual(before);
    expect(game.partitions.every(({ leader, replicas }) => leader === replicas[0])).toBe(true);
    expect(game.throttles()).toEqual(throttles);
  });

  test('when some have moved leaves those, and says how they come back', async () => {
    const game = await play([
      topic('small', 4, { partitionBytes: 20 * MB }),
      topic('large', 4, { partitionBytes: 3000 * MB }),
    ]);
    const plan = await game.plan(evacuate);
    const run = game.attempt(plan);
    await game.until(() =>
      game.partitions.filter(({ topic: name }) => name === 'small').every(({ replicas }) => !replicas.includes(3)),
    );
    run.control.wish = 'cancel';
    const record = await game.toTheEnd(run);
    expect(record?.state).toEqual({ kind: 'cancelled' });
    expect(record?.steps.flatMap(({ notes }) => notes)).toContain(
      '3 partitions were moved and stay where they are; the rollback file of the plan puts them back',
    );
    expect(
      game.partitions.filter(({ topic: name }) => name === 'large').every(({ adding }) => adding.length === 0),
    ).toBe(true);
    expect(game.throttles()).toEqual({});
  });
});

describe('a receiving broker that goes away', () => {
  test('is named, the run pauses, and goes on once it is back', async () => {
    const game = await play([topic('orders', 8, { partitionBytes: 1000 * MB })]);
    const plan = await game.plan(evacuate);
    const run = game.attempt(plan);
    await game.until(() => game.partitions.some(({ adding }) => adding.includes(0)));
    game.takeAway(0);
    const record = await game.toTheEnd(run);
    expect(record?.state.kind).toBe('paused');
    expect(JSON.stringify(record?.state)).toMatch(/broker 0 is not live, without which orders-\d.* cannot end/);
    game.letBack();
    await game.until(() => game.kafka.kafka.aliveBrokers.length === 4);
    const earlier = await game.journalled(plan);
    expect((await game.toTheEnd(game.attempt(plan, undefined, 'second', earlier)))?.state).toEqual({ kind: 'done' });
    expect([holds(game, 3), game.throttles()]).toEqual([0, {}]);
  });

  test('can be given up: what was on its way there goes back', async () => {
    const game = await play([topic('orders', 8, { partitionBytes: 1000 * MB })]);
    const plan = await game.plan(evacuate);
    const run = game.attempt(plan);
    await game.until(() => game.partitions.some(({ adding }) => adding.includes(0)));
    game.takeAway(0);
    expect((await game.toTheEnd(run))?.state.kind).toBe('paused');
    const earlier = await game.journalled(plan);
    const second = game.attempt(plan, undefined, 'second', earlier);
    second.control.wish = 'cancel';
    const record = await game.toTheEnd(second);
    expect(record?.state).toEqual({ kind: 'cancelled' });
    expect(game.partitions.every(({ adding }) => adding.length === 0)).toBe(true);
    const left = Object.keys(game.throttles());
    expect(left.every((place) => place.startsWith('0 '))).toBe(true);
    expect(record?.steps.flatMap(({ notes }) => notes).join(' ')).toContain(
      'The throttle of broker 0 could not be put back',
    );
  });
});

describe('what happens meanwhile', () => {
  test('a topic that is deleted is dropped with a note', async () => {
    const game = await play([topic('orders', 8, { partitionBytes: 500 * MB }), topic('events', 4)]);
    const plan = await game.plan(evacuate);
    const run = game.attempt(plan);
    await game.until(() => game.partitions.some(({ adding }) => adding.length > 0));
    game.kafka.kafka.topics.delete('orders');
    const record = await game.toTheEnd(run);
    expect(record?.state).toEqual({ kind: 'done' });
    expect(record?.steps.find(({ id }) => id === 'move-1')?.notes.join()).toContain('is gone: its topic was deleted');
    expect([holds(game, 3), game.throttles()]).toEqual([0, {}]);
  });

  test('a topic that is created on the broker that leaves is moved too', async () => {
    const game = await play([topic('orders', 8)]);
    const run = game.attempt(await game.plan(evacuate));
    await game.until(() => game.partitions.some(({ adding }) => adding.length > 0));
    game.kafka.kafka.addTopic(topic('late', 4));
    const record = await game.toTheEnd(run);
    expect(record?.state).toEqual({ kind: 'done' });
    expect(record?.steps.find(({ id }) => id === 'sweep-1')?.notes).toContain(
      '3 of 3 partitions are where they should be',
    );
    expect([holds(game, 3), game.throttles()]).toEqual([0, {}]);
  });

  test('moves of somebody else are waited for, and left alone', async () => {
    const game = await play([
      topic('orders', 8, { partitionBytes: 300 * MB }),
      topic('others', 1, { partitionBytes: 2000 * MB }),
    ]);
    const plan = await game.plan(evacuate);
    const theirs = game.partition('others', 0);
    theirs.replicas = [3, 1, 2, 0];
    theirs.adding = [3];
    theirs.removing = [0];
    theirs.behind.set(3, theirs.size);
    const run = game.attempt(plan);
    await game.clock.pass(10_000);
    expect(JSON.stringify(run.heard.at(-1))).toContain('others-0, which somebody else moves');
    expect(game.throttles()).toEqual({});
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    expect([holds(game, 3), theirs.replicas.includes(3)]).toEqual([0, false]);
  });

  test('a partition under min ISR keeps anything new from being begun', async () => {
    const game = await play([topic('orders', 16, { partitionBytes: 300 * MB })]);
    const run = game.attempt(await game.plan(evacuate));
    await game.until(() => game.partitions.some(({ adding }) => adding.length > 0));
    const victim = game.partitions.find(({ replicas }) => !replicas.includes(3));
    if (!victim) throw new Error('no victim');
    const [first = 0, second = 0] = victim.replicas.filter((id) => id !== victim.leader);
    const hold = (): void => {
      victim.isr = [victim.leader];
      for (const id of [first, second]) victim.behind.set(id, 1e12);
    };
    hold();
    await game.until(() => run.heard.some((one) => JSON.stringify(one).includes('nothing new is begun')));
    const under = game.partitions.filter(({ adding }) => adding.length > 0).length;
    await game.clock.pass(60_000);
    expect(game.partitions.filter(({ adding }) => adding.length > 0).length).toBeLessThanOrEqual(under);
    expect(holds(game, 3)).toBeGreaterThan(0);
    for (const id of [first, second]) victim.behind.set(id, 1);
    expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
    expect(holds(game, 3)).toBe(0);
  });
});

describe('a runner that dies', () => {
  test('while it sets throttles remembers those of before, whoever goes on, and whoever cancels', async () => {
    let inBetween = 0;
    for (let diesAt = 44; diesAt < 56; diesAt += 1) {
      const game = await play([topic('orders', 4)]);
      game.kafka.kafka.nodes.get(0)?.config.set('leader.replication.throttled.rate', '7000000');
      const before = game.throttles();
      const plan = await game.plan(evacuate);
      const fate = { isDead: false, diesAt, arrives: diesAt % 2 === 0, calls: 0 };
      if ((await game.toTheEnd(game.attempt(plan, fate))) !== undefined) throw new Error('It did not die');
      const now = game.throttles();
      const isHalf = Object.keys(now).length > 1 && Object.keys(now).length < 10;
      if (isHalf && game.partitions.every(({ adding }) => adding.length === 0)) inBetween += 1;
      await game.clock.pass(70_000);
      const second = game.attempt(plan, undefined, 'second', await game.journalled(plan));
      if (diesAt % 4 > 1)
        await game.until(() => second.heard.length > 0 && !JSON.stringify(second.heard.at(-1)).includes('lock'));
      if (diesAt % 4 > 1) second.control.wish = 'cancel';
      const record = await game.toTheEnd(second);
      expect([diesAt, ['done', 'cancelled'].includes(record?.state.kind ?? '')]).toEqual([diesAt, true]);
      expect([diesAt, game.throttles()]).toEqual([diesAt, before]);
      game.stop();
    }
    expect(inBetween).toBeGreaterThan(2);
  });
});
