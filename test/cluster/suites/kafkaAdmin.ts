import assert from 'node:assert/strict';
import { apiVersionsV3, Connection } from '@platformatic/kafka';
import { apis } from '#client/cluster/kafka/apis.ts';
import { problemOf } from '#client/cluster/kafka/problems.ts';
import { ClusterProblem, type Cluster, type KafkaConnection } from '#core/live/ports.ts';
import {
  askKafka,
  CONFIG_BROKER,
  CONFIG_SOURCES,
  CONFIG_TOPIC,
  KAFKA_ERRORS,
  type ConfigChange,
  type KafkaApi,
  type KafkaApis,
} from '#core/systems/kafka/admin.ts';
import { until } from '../bed/commands.ts';
import { withCluster } from '../support/directory.ts';
import { bootstrap, kafkaTool, produce, waitForFullIsr } from '../support/kafka.ts';
import type { Suite, TestCluster } from '../support/suite.ts';

const BROKERS = [0, 1, 2].map((nodeId) => ({ nodeId, namespace: 'kafka', pod: `kafka-${nodeId}`, port: 9092 }));
const LEADER_RATE = 'leader.replication.throttled.rate';
const FOLLOWER_RATE = 'follower.replication.throttled.rate';
const LEADER_REPLICAS = 'leader.replication.throttled.replicas';
const FOLLOWER_REPLICAS = 'follower.replication.throttled.replicas';
/** Somebody who never was. */
const NOBODY = 99_999;

export const kafkaAdmin: Suite = {
  name: 'kafka-admin',
  needs: ['kafka'],
  tests: [
    {
      title: 'partitions get another order and other replicas, at the speed of a throttle, and go back when cancelled',
      run: (test) =>
        withTopic(test, async (connection, topic) => {
          await reorders(connection, topic);
          await movesSlowly(connection, topic, test.note);
        }),
    },
    {
      title: 'settings are set, told with their synonyms, refused where a restart is needed, and put back',
      run: (test) =>
        withTopic(test, async (connection, topic) => {
          await changesBroker(connection, test.note);
          await changesTopic(connection, topic, test.note);
        }),
    },
    {
      title: 'every request is answered in each version that a broker and we know',
      run: (test) =>
        withTopic(test, (connection, topic, cluster) => asksEveryVersion(connection, topic, cluster, test.note)),
    },
  ],
};

/** Two partitions with two replicas each, on 0 and 1, and about two megabytes. */
async function withTopic(
  test: TestCluster,
  run: (connection: KafkaConnection, topic: string, cluster: Cluster) => Promise<void>,
): Promise<void> {
  const topic = `admin-${Date.now()}`;
  const where = ['--bootstrap-server', bootstrap, '--topic', topic];
  await waitForFullIsr(test);
  await kafkaTool(test, 'kafka-0', 'kafka-topics', ...where, '--create', '--replica-assignment', '0:1,1:0');
  try {
    await produce(
      test,
      topic,
      Array.from({ length: 400 }, (_, index) => String(index).padEnd(10_000, 'x')),
    );
    await withCluster(test, async (cluster) => {
      const connection = await cluster.kafka({ brokers: BROKERS });
      try {
        await run(connection, topic, cluster);
      } finally {
        await clearThrottle(connection);
        connection.stop();
      }
    });
  } finally {
    await kafkaTool(test, 'kafka-0', 'kafka-topics', ...where, '--delete');
  }
}

/** The same brokers in another order need no copying, so it is over with the answer. */
async function reorders(connection: KafkaConnection, topic: string): Promise<void> {
  assert.deepEqual(await reassign(connection, topic, { 0: [1, 0] }), [[0, KAFKA_ERRORS.NONE]]);
  await until('the other order', 10, async () => String(await replicasOf(connection, topic, 0)) === '1,0');
  const { partitions } = await askKafka(connection, 0, 'ListPartitionReassignments', {});
  assert.deepEqual(
    partitions.filter((one) => one.topic === topic),
    [],
  );
  const elected = await askKafka(connection, 2, 'ElectLeaders', { topics: [{ name: topic, partitions: [0, 1] }] });
  assert.deepEqual(
    elected.partitions.map(({ errorCode }) => errorCode),
    [KAFKA_ERRORS.NONE, KAFKA_ERRORS.ELECTION_NOT_NEEDED],
  );
  assert.deepEqual(await reassign(connection, topic, { 0: [2, 1, 0] }), [[0, KAFKA_ERRORS.INVALID_REPLICATION_FACTOR]]);
  assert.deepEqual(await reassign(connection, topic, { 0: [NOBODY, 0], 7: [0, 1] }), [
    [0, KAFKA_ERRORS.INVALID_REPLICA_ASSIGNMENT],
    [7, KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION],
  ]);
  assert.deepEqual(await reassign(connection, topic, { 0: null }), [[0, KAFKA_ERRORS.NO_REASSIGNMENT_IN_PROGRESS]]);
}

async function movesSlowly(connection: KafkaConnection, topic: string, note: (text: string) => void): Promise<void> {
  const slow = (name: string): ConfigChange => ({ name, operation: 'set', value: '1000' });
  for (const broker of [0, 1, 2]) await change(connection, broker, CONFIG_BROKER, String(broker), slow(FOLLOWER_RATE));
  await change(connection, 0, CONFIG_TOPIC, topic, { name: FOLLOWER_REPLICAS, operation: 'set', value: '0:2,1:2' });
  assert.deepEqual(await reassign(connection, topic, { 0: [1, 2], 1: [2, 0] }), [
    [0, KAFKA_ERRORS.NONE],
    [1, KAFKA_ERRORS.NONE],
  ]);
  const { partitions } = await askKafka(connection, 1, 'ListPartitionReassignments', {});
  assert.deepEqual(
    partitions.filter((one) => one.topic === topic).toSorted((a, b) => a.index - b.index),
    [
      { topic, index: 0, replicas: [1, 2, 0], adding: [2], removing: [0] },
      { topic, index: 1, replicas: [2, 0, 1], adding: [2], removing: [1] },
    ],
  );
  assert.deepEqual(await reassign(connection, topic, { 1: null }), [[1, KAFKA_ERRORS.NONE]]);
  // Kafka forgets the order of before: the replicas that stay come first, and who was to go is last.
  await until('the old replicas', 10, async () => String(await replicasOf(connection, topic, 1)) === '0,1');
  const before = await sizeOn(connection, 0, topic, 0);
  const growing = await until('the new replica', 10, async () => sizeOn(connection, 2, topic, 0));
  note(`on its way: ${JSON.stringify(growing)} of ${before?.bytes ?? 0} bytes`);
  assert.ok(before !== undefined && growing.bytes < before.bytes, 'it was not throttled');
  await clearThrottle(connection);
  await until('the move to end', 60, async () => String(await replicasOf(connection, topic, 0)) === '1,2');
  assert.equal((await sizeOn(connection, 2, topic, 0))?.bytes, before.bytes);
  await until('the old replica to go', 90, async () => (await sizeOn(connection, 0, topic, 0)) === undefined);
}

async function changesBroker(connection: KafkaConnection, note: (text: string) => void): Promise<void> {
  const rate: ConfigChange = { name: FOLLOWER_RATE, operation: 'set', value: '5000000' };
  const settings = async (name: string) => {
    const resources = [{ type: CONFIG_BROKER, name: '1', keys: [name] }];
    const answer = await askKafka(connection, 1, 'DescribeConfigs', { resources, withSynonyms: true });
    return answer.resources[0]?.configs[0];
  };
  assert.equal((await changed(connection, 0, CONFIG_BROKER, '1', rate)).errorCode, KAFKA_ERRORS.INVALID_REQUEST);
  note(`by another broker: ${(await changed(connection, 0, CONFIG_BROKER, '1', rate)).message}`);
  assert.equal(await settings(FOLLOWER_RATE), undefined, 'a rate that nobody has set is told');
  await change(connection, 1, CONFIG_BROKER, '1', rate);
  const dynamic = await until('the setting to be told', 10, async () => {
    const entry = await settings(FOLLOWER_RATE);
    return entry?.value === '5000000' && entry;
  });
  assert.equal(dynamic.source, CONFIG_SOURCES.broker);
  assert.equal(dynamic.synonyms[0]?.source, CONFIG_SOURCES.broker);
  await change(connection, 1, CONFIG_BROKER, '1', { name: FOLLOWER_RATE, operation: 'delete', value: null });
  await until('the setting to be back', 10, async () => (await settings(FOLLOWER_RATE))?.value !== '5000000');
  const directories = await settings('log.dirs');
  assert.equal(directories?.isReadOnly, true);
  for (const refusal of REFUSED) {
    const { errorCode, message } = await changed(connection, 1, CONFIG_BROKER, '1', refusal);
    note(`${refusal.operation} ${refusal.name}: ${errorCode} ${message}`);
    assert.notEqual(errorCode, KAFKA_ERRORS.NONE);
  }
  assert.equal((await settings('ssl.keystore.password'))?.isSensitive, true);
}

const REFUSED: readonly ConfigChange[] = [
  { name: 'log.dirs', operation: 'set', value: '/tmp' },
  { name: 'num.io.threads', operation: 'set', value: 'many' },
  { name: 'num.io.threads', operation: 'append', value: '3' },
];

async function changesTopic(connection: KafkaConnection, topic: string, note: (text: string) => void): Promise<void> {
  const entryOf = async (name: string) => {
    const resources = [{ type: CONFIG_TOPIC, name: topic, keys: [name] }];
    const answer = await askKafka(connection, 2, 'DescribeConfigs', { resources, withSynonyms: true });
    return answer.resources[0]?.configs[0];
  };
  const is = (name: string, value: string): Promise<unknown> =>
    until(`${name} to be ${value}`, 10, async () => (await entryOf(name))?.value === value);
  await change(connection, 0, CONFIG_TOPIC, topic, { name: LEADER_REPLICAS, operation: 'set', value: '0:1' });
  await is(LEADER_REPLICAS, '0:1');
  await change(connection, 0, CONFIG_TOPIC, topic, { name: LEADER_REPLICAS, operation: 'append', value: '1:1' });
  await is(LEADER_REPLICAS, '0:1,1:1');
  await change(connection, 0, CONFIG_TOPIC, topic, { name: LEADER_REPLICAS, operation: 'subtract', value: '0:1' });
  await is(LEADER_REPLICAS, '1:1');
  await change(connection, 0, CONFIG_TOPIC, topic, { name: LEADER_REPLICAS, operation: 'delete', value: null });
  await is(LEADER_REPLICAS, '');
  for (const wrong of [
    { name: 'no.such.setting', operation: 'set', value: '1' },
    { name: 'retention.ms', operation: 'set', value: 'long' },
    { name: FOLLOWER_REPLICAS, operation: 'set', value: 'x' },
  ] as const) {
    const { errorCode, message } = await changed(connection, 0, CONFIG_TOPIC, topic, wrong);
    note(`${wrong.name}: ${errorCode} ${message}`);
    assert.equal(errorCode, KAFKA_ERRORS.INVALID_CONFIG);
  }
  const unknown = await changed(connection, 0, CONFIG_TOPIC, `${topic}-not`, {
    name: 'retention.ms',
    operation: 'set',
    value: '1000',
  });
  note(`no such topic: ${unknown.errorCode} ${unknown.message}`);
  assert.equal(unknown.errorCode, KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION);
}

/** By the library's own connection, because the product takes the newest version only. */
async function asksEveryVersion(
  _connection: KafkaConnection,
  topic: string,
  cluster: Cluster,
  note: (text: string) => void,
): Promise<void> {
  const forward = await cluster.forward({ namespace: 'kafka', pod: 'kafka-0', port: 9092 });
  const connection = new Connection('data-clusters-test', { connectTimeout: 10_000, requestTimeout: 20_000 });
  connection.on('error', () => undefined);
  try {
    await connection.connect('127.0.0.1', forward.localPort);
    const { apiKeys } = await apiVersionsV3.api.async(connection, 'data-clusters-test', '1');
    const ask = async <Api extends KafkaApi>(api: Api, request: KafkaApis[Api]['request']): Promise<void> => {
      const { key, versions } = apis[api];
      const offered = apiKeys.find(({ apiKey }) => apiKey === key);
      assert.ok(offered, `${api} is not offered`);
      const told: string[] = [];
      for (const { version, ask: send } of versions) {
        if (version < offered.minVersion || version > offered.maxVersion) continue;
        const answer = await send(connection, request).catch((error: unknown) => problemOf(error, 'kafka-0'));
        const text = answer instanceof ClusterProblem ? answer.message : JSON.stringify(answer);
        told.push(`v${version}: ${text.slice(0, 160)}`);
      }
      note(`${api} (${offered.minVersion} to ${offered.maxVersion}) ${told.join(' | ')}`);
      assert.ok(told.length > 0, `${api} is known in no version that the broker offers`);
    };
    await ask('Metadata', { topics: [topic] });
    await ask('DescribeCluster', {});
    await ask('DescribeConfigs', {
      resources: [{ type: CONFIG_BROKER, name: '0', keys: ['log.dirs'] }],
      withSynonyms: true,
    });
    await ask('ListPartitionReassignments', {});
    await ask('DescribeQuorum', {});
    await ask('DescribeLogDirs', {});
    await ask('ElectLeaders', { topics: [{ name: topic, partitions: [0] }] });
    await ask('AlterPartitionReassignments', {
      topics: [
        {
          name: topic,
          partitions: [
            { index: 0, replicas: [0, 1] },
            { index: 1, replicas: null },
          ],
        },
      ],
    });
    const configs: readonly ConfigChange[] = [
      { name: 'retention.ms', operation: 'set', value: '60000' },
      { name: 'segment.ms', operation: 'delete', value: null },
    ];
    await ask('IncrementalAlterConfigs', {
      resources: [{ type: CONFIG_TOPIC, name: topic, configs }],
      validateOnly: true,
    });
    await ask('UnregisterBroker', { brokerId: NOBODY });
  } finally {
    await connection.close().catch(() => undefined);
    forward.stop();
  }
}

type Targets = Readonly<Record<number, readonly number[] | null>>;

async function reassign(
  connection: KafkaConnection,
  topic: string,
  targets: Targets,
): Promise<readonly (readonly [number, number])[]> {
  const partitions = Object.entries(targets).map(([index, replicas]) => ({ index: Number(index), replicas }));
  const answer = await askKafka(connection, 0, 'AlterPartitionReassignments', {
    topics: [{ name: topic, partitions }],
  });
  return answer.partitions.map(({ index, errorCode }) => [index, errorCode] as const).toSorted(([a], [b]) => a - b);
}

async function changed(connection: KafkaConnection, at: number, type: number, name: string, config: ConfigChange) {
  const request = { resources: [{ type, name, configs: [config] }], validateOnly: false };
  const [answer] = (await askKafka(connection, at, 'IncrementalAlterConfigs', request)).resources;
  assert.ok(answer);
  return answer;
}

async function change(...args: Parameters<typeof changed>): Promise<void> {
  const { errorCode, message } = await changed(...args);
  assert.equal(errorCode, KAFKA_ERRORS.NONE, message);
}

/** Nobody else throttles the brokers of a test bed. */
async function clearThrottle(connection: KafkaConnection): Promise<void> {
  const configs = [LEADER_RATE, FOLLOWER_RATE].map((name) => ({ name, operation: 'delete', value: null }) as const);
  for (const { nodeId } of BROKERS) {
    const resources = [{ type: CONFIG_BROKER, name: String(nodeId), configs }];
    await askKafka(connection, nodeId, 'IncrementalAlterConfigs', { resources, validateOnly: false });
  }
}

async function replicasOf(connection: KafkaConnection, topic: string, index: number): Promise<readonly number[]> {
  const { topics } = await askKafka(connection, 0, 'Metadata', { topics: [topic] });
  return topics[0]?.partitions.find((one) => one.index === index)?.replicas ?? [];
}

async function sizeOn(connection: KafkaConnection, broker: number, topic: string, index: number) {
  const { dirs } = await askKafka(connection, broker, 'DescribeLogDirs', {});
  const topics = dirs.flatMap((dir) => dir.topics.filter(({ name }) => name === topic));
  return topics.flatMap(({ sizes }) => sizes).find((one) => one.index === index);
}
