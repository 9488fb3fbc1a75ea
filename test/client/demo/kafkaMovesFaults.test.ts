import { describe, expect, test } from 'vitest';
import { listOf, objectOf, objectsOf } from '#core/json.ts';
import { ClusterProblem, type JsonObject } from '#core/live/ports.ts';
import type { KafkaTopicPlan } from '#client/cluster/demo/simulation/kafka/model.ts';
import { MovesGame, type Fault } from './playMoves.ts';

const MB = 1_000_000;
const evacuate = { operation: 'drain', how: 'evacuate', members: ['orders-3'] } as const;

const orders: KafkaTopicPlan = {
  name: 'orders',
  assignment: Array.from({ length: 8 }, (_, at) => [at % 4, (at + 1) % 4, (at + 2) % 4]),
  config: { 'min.insync.replicas': '2' },
  partitionBytes: 100 * MB,
};

/** Every answer of a request to move something has this code for one partition. */
const refusing =
  (code: number, index: number, message = ''): Fault =>
  (api, body) => {
    if (api !== 'AlterPartitionReassignments') return undefined;
    const partitions = objectsOf(body['topics']).flatMap((topic) =>
      objectsOf(topic['partitions']).map((one) => ({
        topic: topic['name'],
        index: one['index'],
        errorCode: 0,
        message,
      })),
    );
    if (partitions.every((one) => one.index !== index)) return undefined;
    return {
      partitions: partitions.map((one) => ({ ...one, errorCode: one.index === index ? code : REQUEST_TIMED_OUT })),
    };
  };
const REQUEST_TIMED_OUT = 7;

/** The first requests of a kind fail in this way. */
function atFirst(times: number, wanted: string, answer: (body: JsonObject) => JsonObject | ClusterProblem): Fault {
  let left = times;
  return (api, body) => {
    // A trial that changes nothing is no request of the run.
    if (api !== wanted || left === 0 || listOf(body['topics'] ?? body['resources']).length === 0) return undefined;
    left -= 1;
    return answer(body);
  };
}

const partitionsWith = (code: number) => (body: JsonObject) => ({
  partitions: objectsOf(body['topics']).flatMap(({ name, partitions }) =>
    listOf(partitions).map((one) => ({
      topic: name,
      index: typeof one === 'number' ? one : objectOf(one)['index'],
      errorCode: code,
      message: '',
    })),
  ),
});

const problem = (kind: ClusterProblem['kind'], text: string) => () => new ClusterProblem(kind, text);
const always = Number.POSITIVE_INFINITY;

interface Row {
  readonly fault: Fault;
  readonly state: string;
  /** In the last state, or in what is noted. */
  readonly says: string;
  readonly left?: number;
}

const rows: Readonly<Record<string, Row>> = {
  'a move is refused (39)': {
    fault: refusing(39, 1, 'broker 2 is not registered.'),
    state: 'stopped',
    says: '1 partitions do not have the replicas of the plan: orders-1 (INVALID_REPLICA_ASSIGNMENT, broker 2 is not registered.)',
    left: 1,
  },
  'the controller has moved (41)': {
    fault: atFirst(2, 'AlterPartitionReassignments', partitionsWith(41)),
    state: 'done',
    says: '6 of 6',
  },
  'a whole request goes to the wrong broker': {
    fault: atFirst(1, 'AlterPartitionReassignments', problem('busy', 'NOT_CONTROLLER')),
    state: 'done',
    says: '6 of 6',
  },
  'a topic is told to be gone (3), and is not': {
    fault: atFirst(3, 'AlterPartitionReassignments', partitionsWith(3)),
    state: 'done',
    says: '6 of 6',
  },
  'the connection breaks at a move': {
    fault: atFirst(3, 'AlterPartitionReassignments', problem('unreachable', 'the connection broke')),
    state: 'done',
    says: '6 of 6',
  },
  'nobody may move anything any more': {
    fault: atFirst(always, 'AlterPartitionReassignments', problem('forbidden', 'CLUSTER_AUTHORIZATION_FAILED')),
    state: 'stopped',
    says: 'CLUSTER_AUTHORIZATION_FAILED',
    left: 6,
  },
  'throttles may not be set': {
    fault: atFirst(always, 'IncrementalAlterConfigs', problem('forbidden', 'no right to alter')),
    state: 'stopped',
    says: 'no right to alter',
    left: 6,
  },
  'a broker takes no settings for minutes': {
    fault: (api, _, nodeId) =>
      api === 'IncrementalAlterConfigs' && nodeId === 2
        ? new ClusterProblem('server', 'broker 2 is confused')
        : undefined,
    state: 'stopped',
    says: 'broker 2 is confused',
    left: 6,
  },
  'sizes may not be read': {
    fault: (api) => (api === 'DescribeLogDirs' ? new ClusterProblem('forbidden', 'no right to describe') : undefined),
    state: 'paused',
    says: 'broker 3 to tell what is on its disks: no right to describe',
    left: 0,
  },
  'no leader can be elected for a while (80)': {
    fault: atFirst(5, 'ElectLeaders', partitionsWith(80)),
    state: 'done',
    says: 'are led by their preferred leader',
  },
  'another Kafka cluster answers': {
    fault: (api) =>
      api === 'Metadata' ? { clusterId: 'stranger', controllerId: 0, brokers: [], topics: [] } : undefined,
    state: 'stopped',
    says: 'The brokers belong to the Kafka cluster stranger',
    left: 6,
  },
};

describe('an evacuation', () => {
  test.each(Object.entries(rows))('ends well, or says why: %s', async (_, { fault, state, says, left = 0 }) => {
    const game = await new MovesGame(4, [orders]).start();
    const plan = await game.plan(evacuate);
    game.fault = fault;
    const record = await game.run(plan);
    const told = JSON.stringify([record?.state, record?.steps.map(({ notes }) => notes)]);
    expect([record?.state.kind, told]).toEqual([state, expect.stringContaining(says)]);
    expect(game.partitions.filter(({ replicas }) => replicas.includes(3)).length).toBe(left);
    if (state !== 'paused') expect(game.throttles()).toEqual({});
    expect(game.kafka.kafka.measures).toMatchObject({ underMinIsrMs: 0, offlineMs: 0 });
    game.stop();
  });

  test('that was stopped for a right goes on once it is given', async () => {
    const game = await new MovesGame(4, [orders]).start();
    const plan = await game.plan(evacuate);
    game.fault = atFirst(always, 'AlterPartitionReassignments', problem('forbidden', 'no right'));
    expect((await game.run(plan))?.state.kind).toBe('stopped');
    expect(game.throttles()).toEqual({});
    game.fault = () => undefined;
    const second = game.attempt(plan, undefined, 'second', await game.journalled(plan));
    expect((await game.toTheEnd(second))?.state).toEqual({ kind: 'done' });
    expect(game.throttles()).toEqual({});
    game.stop();
  });

  test('cannot take back what would need an unclean election, and says so', async () => {
    const game = await new MovesGame(4, [orders]).start();
    const plan = await game.plan({ ...evacuate, throttle: 10 * MB });
    const run = game.attempt(plan);
    await game.until(() => game.partitions.some(({ adding }) => adding.length > 0));
    const isCancel = (body: JsonObject): boolean => JSON.stringify(body).includes('"replicas":null');
    game.fault = (api, body) =>
      api === 'AlterPartitionReassignments' && isCancel(body) ? partitionsWith(39)(body) : undefined;
    run.control.wish = 'cancel';
    const record = await game.toTheEnd(run);
    expect(record?.state).toEqual({ kind: 'cancelled' });
    expect(JSON.stringify(record?.steps)).toMatch(/orders-\d cannot go back and goes on to/);
    expect(game.throttles()).toEqual({});
    game.stop();
  });
});
