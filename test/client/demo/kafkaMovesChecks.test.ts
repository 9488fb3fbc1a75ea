import { describe, expect, test } from 'vitest';
import { ClusterProblem } from '#core/live/ports.ts';
import type { OperationWish } from '#core/operations/wishes.ts';
import type { KafkaTopicPlan } from '#client/cluster/demo/simulation/kafka/model.ts';
import { MovesGame } from './playMoves.ts';

const MB = 1_000_000;

function topic(name: string, assignment: readonly (readonly number[])[], minIsr = 2): KafkaTopicPlan {
  return { name, assignment, config: { 'min.insync.replicas': String(minIsr) }, partitionBytes: 100 * MB };
}

const spread = Array.from({ length: 8 }, (_, at) => [at % 4, (at + 1) % 4, (at + 2) % 4]);
const orders = topic('orders', spread);
const evacuate: OperationWish = { operation: 'drain', how: 'evacuate', members: ['orders-3'] };
const demote: OperationWish = { operation: 'drain', how: 'demote', members: ['orders-3'] };

interface Row {
  readonly wish: OperationWish;
  readonly topics?: readonly KafkaTopicPlan[];
  readonly size?: number;
  /** What is wrong with the cluster. */
  readonly given?: (game: MovesGame) => void | Promise<void>;
  readonly finds: readonly (readonly [string, string, string])[];
}

const sweeps = ['cordon', 'warns', 'This version of Kafka cannot cordon disks'] as const;

const rows: Readonly<Record<string, Row>> = {
  'a broker is away': {
    wish: demote,
    given: async (game) => {
      game.takeAway(2);
      await game.until(() => game.kafka.kafka.aliveBrokers.length === 3);
    },
    finds: [
      ['registered', 'fails', 'Not among the live brokers: orders-2'],
      ['in-sync', 'warns', '6 under-replicated: orders-0, orders-1, orders-2 and 3 more'],
      ['visible', 'warns', 'Broker 2 does not tell'],
    ],
  },
  'a partition is under min ISR': {
    wish: evacuate,
    given: (game) => {
      const victim = game.partition('orders', 0);
      victim.isr = [victim.leader];
      for (const id of victim.replicas) if (id !== victim.leader) victim.behind.set(id, 1e12);
    },
    finds: [['in-sync', 'fails', '1 are under min ISR: orders-0'], sweeps],
  },
  'somebody else moves a partition': {
    wish: evacuate,
    given: (game) => {
      const theirs = game.partition('orders', 0);
      Object.assign(theirs, { replicas: [3, 1, 2, 0], adding: [3], removing: [0] });
      theirs.behind.set(3, 1e12);
    },
    finds: [['nothing-moves', 'fails', '1 partitions are being moved'], sweeps],
  },
  'there are too few brokers for the replicas': {
    wish: { operation: 'drain', how: 'evacuate', members: ['orders-2'] },
    size: 3,
    topics: [topic('orders', [[0, 1, 2]])],
    finds: [
      ['enough-brokers', 'fails', '2 brokers are left, and partitions have up to 3 replicas'],
      ['solved', 'fails', 'orders-0: every broker that may take it has a replica of it already'],
      sweeps,
    ],
  },
  'a single replica stays with its leader': {
    wish: demote,
    topics: [orders, topic('single', [[3]], 1)],
    finds: [['solved', 'consent', 'single-0: it has one replica, which nobody else can lead']],
  },
  'a single replica can be moved all the same': {
    wish: evacuate,
    topics: [topic('single', [[3], [3]], 1)],
    finds: [sweeps],
  },
  'we may not move anything': {
    wish: demote,
    given: (game) => {
      game.fault = (api) =>
        api === 'AlterPartitionReassignments' ? new ClusterProblem('forbidden', 'no Alter on the cluster') : undefined;
    },
    finds: [['may-alter', 'fails', 'no Alter on the cluster']],
  },
  'we may not set throttles': {
    wish: evacuate,
    given: (game) => {
      game.fault = (api) =>
        api === 'IncrementalAlterConfigs' ? new ClusterProblem('forbidden', 'no AlterConfigs') : undefined;
    },
    finds: [['may-alter', 'fails', 'no AlterConfigs'], sweeps],
  },
  'brokers do not tell their disks': {
    wish: evacuate,
    given: (game) => {
      game.fault = (api) => (api === 'DescribeLogDirs' ? new ClusterProblem('forbidden', 'no Describe') : undefined);
    },
    finds: [
      ['visible', 'consent', 'Broker 0 does not tell what it has: no Describe'],
      ['disk-space', 'consent', 'Broker 0 does not tell its disks: no Describe'],
      ['throttle', 'unknown', '0 bytes to copy'],
      sweeps,
    ],
  },
};

describe('before anything is moved', () => {
  test.each(Object.entries(rows))(
    'it is seen that %s',
    async (_, { wish, topics = [orders], size = 4, given, finds }) => {
      const game = await new MovesGame(size, topics).start();
      await given?.(game);
      const plan = await game.plan(wish);
      const found = plan.preconditions.filter(({ state }) => state !== 'holds');
      expect(new Set(found.map(({ id, state }) => `${id} ${state}`))).toEqual(
        new Set(finds.map(([id, state]) => `${id} ${state}`)),
      );
      for (const [id, , text] of finds) {
        expect(found.find((one) => one.id === id)?.evidence[0]).toContain(text);
      }
      expect(plan.needsTypedName).toBe(found.some(({ state }) => state === 'consent'));
      game.stop();
    },
  );

  test('a broker that is none, and one that leads nothing, are named', async () => {
    const game = await new MovesGame(4, [topic('orders', [[0, 1, 3]])]).start();
    await expect(game.plan({ operation: 'drain', how: 'demote', members: ['orders-7'] })).rejects.toThrow(
      'no broker orders-7',
    );
    await expect(game.plan(demote)).rejects.toThrow('orders-3 leads nothing.');
    game.stop();
  });
});

test('progress tells what is furthest from its end, how fast it goes and how much is left', async () => {
  const game = await new MovesGame(4, [{ ...orders, partitionBytes: 2000 * MB }]).start();
  const run = game.attempt(
    await game.plan({ operation: 'drain', how: 'evacuate', members: ['orders-3'], throttle: 40 * MB }),
  );
  expect((await game.toTheEnd(run))?.state).toEqual({ kind: 'done' });
  const told = run.heard.flatMap((one) => (one.kind === 'waiting' && one.step.id === 'move-1' ? [one.waitingFor] : []));
  expect(
    told.filter((text) =>
      /^orders-\d: [\d.]+ [MG]iB of [\d.]+ GiB on broker \d, \d.* MiB\/s, about \d+ (s|min) left; \d of 6 partitions moved, \d under way$/.test(
        text,
      ),
    ).length,
  ).toBeGreaterThan(told.length / 2);
  game.stop();
});
