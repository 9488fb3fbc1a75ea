import { beforeEach, describe, expect, test } from 'vitest';
import { askKafka, CONFIG_BROKER, CONFIG_TOPIC, KAFKA_ERRORS, type ConfigChange } from '#core/systems/kafka/admin.ts';
import { demoKafka } from '#client/cluster/demo/demoKafka.ts';
import { addKafkaClusters } from '#client/cluster/demo/simulation/scenario/kafkaClusters.ts';
import { set, startClickstream, TOPIC, unset, type Clickstream } from './clickstream.ts';
import { partOf } from './steppedTime.ts';

const LEADER_REPLICAS = 'leader.replication.throttled.replicas';
const FOLLOWER_RATE = 'follower.replication.throttled.rate';

let demo: Clickstream;

beforeEach(async () => {
  demo = await startClickstream();
});

describe('settings', () => {
  test('of a broker are told with where they are from', async () => {
    expect(await demo.entry(CONFIG_BROKER, '1', FOLLOWER_RATE)).toBeUndefined();
    expect(await demo.entry(CONFIG_BROKER, '1', 'num.io.threads')).toMatchObject({
      value: '8',
      source: 5,
      synonyms: [{ name: 'num.io.threads', value: '8', source: 5 }],
    });
    expect(await demo.change(CONFIG_BROKER, '', set('num.io.threads', '12'))).toEqual([0, '']);
    expect(await demo.change(CONFIG_BROKER, '1', set('num.io.threads', '16'))).toEqual([0, '']);
    expect(await demo.entry(CONFIG_BROKER, '1', 'num.io.threads')).toMatchObject({
      value: '16',
      source: 2,
      synonyms: [
        { value: '16', source: 2 },
        { value: '12', source: 3 },
        { value: '8', source: 5 },
      ],
    });
    expect(await demo.entry(CONFIG_BROKER, '2', 'num.io.threads')).toMatchObject({ value: '12', source: 3 });
    expect(await demo.entry(CONFIG_BROKER, '', 'num.io.threads')).toMatchObject({ value: '12', source: 3 });
    expect(await demo.change(CONFIG_BROKER, '1', unset('num.io.threads'))).toEqual([0, '']);
    expect(await demo.entry(CONFIG_BROKER, '1', 'num.io.threads')).toMatchObject({ value: '12', source: 3 });
    expect(await demo.entry(CONFIG_BROKER, '1', 'node.id')).toMatchObject({ value: '1', isReadOnly: true, source: 4 });
    expect(await demo.entry(CONFIG_BROKER, '1', 'ssl.keystore.password')).toMatchObject({
      value: '',
      isSensitive: true,
    });
  });

  test('of a topic have lists, come from the brokers unless they are its own, and count', async () => {
    expect(await demo.entry(CONFIG_TOPIC, 'experiments', 'min.insync.replicas')).toMatchObject({
      value: '2',
      source: 3,
      synonyms: [
        { name: 'min.insync.replicas', value: '2', source: 3 },
        { name: 'min.insync.replicas', value: '2', source: 4 },
        { name: 'min.insync.replicas', value: '1', source: 5 },
      ],
    });
    const list = async (...changes: readonly ConfigChange[]): Promise<string | undefined> => {
      await demo.change(CONFIG_TOPIC, TOPIC, ...changes);
      return (await demo.entry(CONFIG_TOPIC, TOPIC, LEADER_REPLICAS))?.value;
    };
    const one = (operation: 'append' | 'subtract', value: string): ConfigChange => ({
      name: LEADER_REPLICAS,
      operation,
      value,
    });
    expect(await list(one('append', '0:1'))).toBe('0:1');
    expect(await list(one('append', '0:1,1:2'))).toBe('0:1,1:2');
    expect(await list(one('subtract', '0:1'))).toBe('1:2');
    expect(await list(unset(LEADER_REPLICAS))).toBe('');
    expect(await demo.change(CONFIG_TOPIC, TOPIC, set('min.insync.replicas', '3'))).toEqual([0, '']);
    demo.kafka.resetMeasures();
    demo.deletePod('clickstream-brokers-2');
    demo.stepped.until(() => demo.kafka.measures.underMinIsrMs > 0);
  });

  test.each<[string, number, string, ConfigChange, number, string]>([
    ['a restart', CONFIG_BROKER, '1', set('log.dirs', '/x'), 42, 'Cannot update these configs dynamically: [log.dirs]'],
    [
      'a number',
      CONFIG_BROKER,
      '1',
      set('num.io.threads', 'many'),
      42,
      'Invalid value many for configuration num.io.threads: Not a number of type INT',
    ],
    [
      'smaller steps',
      CONFIG_BROKER,
      '1',
      set('num.io.threads', '17'),
      42,
      'Dynamic thread count update validation failed for num.io.threads=17, value should not be greater than double the current value 8',
    ],
    [
      'a list',
      CONFIG_BROKER,
      '1',
      { name: 'num.io.threads', operation: 'append', value: '3' },
      40,
      'Config value append is not allowed for config key: num.io.threads',
    ],
    [
      'one value for all brokers',
      CONFIG_BROKER,
      '1',
      set('min.insync.replicas', '1'),
      40,
      'Broker-level min.insync.replicas cannot be altered while ELR is enabled.',
    ],
    [
      'one broker',
      CONFIG_BROKER,
      '',
      set('cordoned.log.dirs', '*'),
      42,
      'Cannot update these configs at default cluster level, broker id must be specified: [cordoned.log.dirs]',
    ],
    [
      'a disk that is there',
      CONFIG_BROKER,
      '1',
      set('cordoned.log.dirs', '/nowhere'),
      42,
      'requirement failed: All entries in cordoned.log.dirs must be present in log.dirs or log.dir. Missing entries : /nowhere',
    ],
    [
      'something',
      CONFIG_TOPIC,
      TOPIC,
      set('min.insync.replicas', '0'),
      40,
      'Invalid value 0 for configuration min.insync.replicas: Value must be at least 1',
    ],
    ['a name', CONFIG_TOPIC, TOPIC, set('no.such', '1'), 40, 'Unknown topic config name: no.such'],
    [
      'a number at a topic',
      CONFIG_TOPIC,
      TOPIC,
      set('retention.ms', 'long'),
      40,
      'Invalid value long for configuration retention.ms: Not a number of type LONG',
    ],
    ['a topic', CONFIG_TOPIC, 'nothing', set('retention.ms', '1'), 3, "The topic 'nothing' does not exist."],
  ])('that need %s are refused, and so is everything beside them', async (_, type, name, wrong, code, message) => {
    const right = type === CONFIG_TOPIC ? set('segment.ms', '1') : set('max.connections', '7');
    expect(await demo.change(type, name, right, wrong)).toEqual([code, message]);
    if (code !== KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION) {
      expect((await demo.entry(type, name, right.name))?.value).not.toBe(right.value);
    }
  });

  test('for all brokers count for topics that have none of their own', async () => {
    expect(await demo.change(CONFIG_BROKER, '', set('min.insync.replicas', '3'))).toEqual([0, '']);
    expect(await demo.entry(CONFIG_TOPIC, 'experiments', 'min.insync.replicas')).toMatchObject({
      value: '3',
      source: 3,
    });
    expect(await demo.entry(CONFIG_TOPIC, TOPIC, 'min.insync.replicas')).toMatchObject({ value: '2', source: 1 });
  });

  test('a cordon is known since Kafka 4.3', async () => {
    expect(await demo.entry(CONFIG_BROKER, '3', 'cordoned.log.dirs')).toMatchObject({ value: '', source: 5 });
    expect(await demo.change(CONFIG_BROKER, '3', set('cordoned.log.dirs', '*'))).toEqual([0, '']);
    expect(await demo.entry(CONFIG_BROKER, '3', 'cordoned.log.dirs')).toMatchObject({ value: '*', source: 2 });
    const older = partOf(addKafkaClusters);
    const pod = { nodeId: 0, namespace: 'shop', pod: 'orders-0', port: 9092 };
    const connection = await demoKafka(older.simulation)({ brokers: [pod] });
    const orders = older.simulation.members.kafka.get('shop/orders');
    older.until(() => (orders?.aliveBrokers.length ?? 0) > 0);
    const resources = [{ type: CONFIG_BROKER, name: '0', keys: ['cordoned.log.dirs', 'node.id'] }];
    const answer = await askKafka(connection, 0, 'DescribeConfigs', { resources });
    expect(answer.resources[0]?.configs.map(({ name }) => name)).toEqual(['node.id']);
  });

  test('of a broker are taken and told by that broker only, and are only looked at when that is wanted', async () => {
    const resources = [{ type: CONFIG_BROKER, name: '1', configs: [set('max.connections', '7')] }];
    const other = await askKafka(demo.connection, 0, 'IncrementalAlterConfigs', { resources, validateOnly: false });
    expect(other.resources[0]).toMatchObject({
      errorCode: 42,
      message: 'Unexpected broker id, expected 0, but received 1',
    });
    const told = await askKafka(demo.connection, 0, 'DescribeConfigs', {
      resources: [{ type: CONFIG_BROKER, name: '1' }],
    });
    expect(told.resources[0]).toMatchObject({ errorCode: 42, configs: [] });
    const looked = await askKafka(demo.connection, 1, 'IncrementalAlterConfigs', { resources, validateOnly: true });
    expect(looked.resources[0]?.errorCode).toBe(0);
    expect((await demo.entry(CONFIG_BROKER, '1', 'max.connections'))?.value).not.toBe('7');
  });
});

describe('more brokers and fewer', () => {
  const known = async (): Promise<readonly (readonly [number, boolean | undefined])[]> =>
    (await askKafka(demo.connection, 0, 'DescribeCluster', {})).brokers.map(({ id, isFenced }) => [id, isFenced]);

  test('a new one registers with nothing on it, takes a partition, and is forgotten when it is gone', async () => {
    demo.scale(5);
    demo.stepped.until(() => demo.kafka.aliveBrokers.length === 5);
    expect((await askKafka(demo.connection, 4, 'DescribeLogDirs', {})).dirs[0]).toMatchObject({
      topics: [],
      totalBytes: 16 * 1024 ** 3,
      usableBytes: 16 * 1024 ** 3,
    });
    await expect(askKafka(demo.connection, 0, 'UnregisterBroker', { brokerId: 4 })).rejects.toThrow('INVALID_REQUEST');
    await demo.reassign({ 0: [4, 1, 2] });
    demo.stepped.until(() => demo.partition(0).replicas[0] === 4 && demo.partition(0).replicas.length === 3);
    await demo.reassign({ 0: [0, 1, 2] });
    demo.stepped.until(() => demo.partition(0).replicas.length === 3);
    demo.scale(4);
    demo.stepped.until(() => demo.kafka.aliveBrokers.length === 4 && demo.kafka.nodes.get(4)?.state === 'absent');
    expect(await known()).toContainEqual([4, true]);
    expect(await askKafka(demo.connection, 0, 'UnregisterBroker', { brokerId: 4 })).toEqual({});
    expect((await known()).map(([id]) => id)).toEqual([0, 1, 2, 3]);
    await expect(askKafka(demo.connection, 0, 'UnregisterBroker', { brokerId: 4 })).rejects.toThrow(
      'BROKER_ID_NOT_REGISTERED',
    );
    demo.scale(5);
    demo.stepped.until(() => demo.kafka.aliveBrokers.length === 5);
    expect(await known()).toContainEqual([4, false]);
  });
});

test('the first broker has the most and the last the least, so that a rebalance has something to do', async () => {
  const used = await Promise.all(
    [0, 1, 2, 3].map(async (broker) => {
      const [dir] = (await askKafka(demo.connection, broker, 'DescribeLogDirs', {})).dirs;
      return (dir?.totalBytes ?? 0) - (dir?.usableBytes ?? 0);
    }),
  );
  expect(Math.max(...used)).toBe(used[0]);
  expect(Math.min(...used)).toBe(used[3]);
  expect((used[0] ?? 0) / (used[3] ?? 0)).toBeGreaterThan(2);
  expect((used[0] ?? 0) / (16 * 1024 ** 3)).toBeLessThan(0.8);
  const led = (broker: number): number => demo.kafka.partitions.filter(({ leader }) => leader === broker).length;
  expect(led(0)).toBeGreaterThan(led(3));
});
