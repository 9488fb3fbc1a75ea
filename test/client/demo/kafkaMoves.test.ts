import { beforeEach, describe, expect, test } from 'vitest';
import { askKafka, CONFIG_BROKER, CONFIG_TOPIC, KAFKA_ERRORS } from '#core/systems/kafka/admin.ts';
import { kafkaTool } from '#client/cluster/demo/simulation/kafka/tools.ts';
import { set, startClickstream, TOPIC, unset, type Clickstream, type Targets } from './clickstream.ts';

const LEADER_REPLICAS = 'leader.replication.throttled.replicas';
const FOLLOWER_REPLICAS = 'follower.replication.throttled.replicas';
const LEADER_RATE = 'leader.replication.throttled.rate';
const FOLLOWER_RATE = 'follower.replication.throttled.rate';

let demo: Clickstream;

beforeEach(async () => {
  demo = await startClickstream();
});

/** Partition 0 has its replicas on 0, 1 and 2. */
describe('moves', () => {
  test('take their time, can be watched, and end with the replicas that were wanted', async () => {
    demo.kafka.resetMeasures();
    expect(await demo.reassign({ 0: [3, 1, 2] })).toEqual([[0, 0, '']]);
    expect((await askKafka(demo.connection, 2, 'ListPartitionReassignments', {})).partitions).toEqual([
      { topic: TOPIC, index: 0, replicas: [3, 1, 2, 0], adding: [3], removing: [0] },
    ]);
    expect(await demo.sizeOn(3, 0)).toEqual({ index: 0, bytes: 0, lag: 0, isFuture: false });
    demo.stepped.advance(3000);
    const [growing, whole] = [await demo.sizeOn(3, 0), await demo.sizeOn(0, 0)];
    expect(growing?.bytes).toBeGreaterThan(100_000_000);
    expect(growing?.bytes).toBeLessThan(whole?.bytes ?? 0);
    const took = demo.stepped.until(() => demo.partition(0).replicas.length === 3) + 3000;
    expect(took).toBeGreaterThan((demo.partition(0).size / demo.kafka.pace.moveRate) * 1000 * 0.95);
    expect(took).toBeLessThan((demo.partition(0).size / demo.kafka.pace.moveRate) * 1000 * 1.2);
    expect(demo.partition(0)).toMatchObject({ replicas: [3, 1, 2], adding: [], removing: [] });
    expect(demo.partition(0).isr).toEqual([3, 1, 2]);
    expect([await demo.moving(), await demo.sizeOn(0, 0)]).toEqual([0, undefined]);
    expect((await demo.sizeOn(3, 0))?.bytes).toBe((await demo.sizeOn(1, 0))?.bytes);
    // The first broker led it and is gone from it.
    expect(demo.partition(0).leader).toBe(3);
    expect(demo.kafka.measures).toMatchObject({ underReplicatedMs: 0, mostBrokersOutOfSync: 0, offlineMs: 0 });
  });

  test('that copy nothing are over at once, and the leader stays until it is elected', async () => {
    expect(await demo.reassign({ 0: [2, 1, 0] })).toEqual([[0, 0, '']]);
    demo.stepped.advance(500);
    expect([await demo.moving(), demo.partition(0).replicas, demo.partition(0).leader]).toEqual([0, [2, 1, 0], 0]);
    const topics = [{ name: TOPIC, partitions: [0] }];
    expect((await askKafka(demo.connection, 1, 'ElectLeaders', { topics })).partitions[0]?.errorCode).toBe(0);
    expect(demo.partition(0).leader).toBe(2);
  });

  test('several share what a broker can take', async () => {
    await demo.reassign({ 0: [3, 1, 2] });
    const alone = demo.stepped.until(() => demo.partition(0).replicas.length === 3);
    await demo.reassign({ 1: [1, 3, 2], 2: [3, 2, 1], 4: [3, 1, 2] });
    const together = demo.stepped.until(() => [1, 2, 4].every((index) => demo.partition(index).replicas.length === 3));
    expect(together / alone).toBeGreaterThan(2);
    expect(together / alone).toBeLessThan(4.5);
  });

  test('to a broker that is away never end, and go back when they are cancelled', async () => {
    demo.deletePod('clickstream-brokers-3');
    demo.scale(3);
    demo.stepped.until(() => demo.kafka.aliveBrokers.length === 3 && demo.kafka.nodes.get(3)?.state === 'absent');
    expect(await demo.reassign({ 0: [3, 1, 2] })).toEqual([[0, 0, '']]);
    demo.stepped.advance(600_000);
    expect([await demo.moving(), demo.partition(0).replicas, demo.partition(0).isr.length]).toEqual([
      1,
      [3, 1, 2, 0],
      3,
    ]);
    expect(await demo.reassign({ 0: null })).toEqual([[0, 0, '']]);
    expect([await demo.moving(), demo.partition(0).replicas]).toEqual([0, [1, 2, 0]]);
    expect(demo.partition(0).behind.size).toBe(0);
    expect((await demo.reassign({ 0: null }))[0]?.[1]).toBe(KAFKA_ERRORS.NO_REASSIGNMENT_IN_PROGRESS);
  });

  test('asked for again are the same, and with another target go there', async () => {
    await demo.reassign({ 0: [3, 1, 2] });
    demo.stepped.advance(2000);
    const before = (await demo.sizeOn(3, 0))?.bytes;
    await demo.reassign({ 0: [3, 1, 2] });
    expect([demo.partition(0).adding, demo.partition(0).removing, (await demo.sizeOn(3, 0))?.bytes]).toEqual([
      [3],
      [0],
      before,
    ]);
    await demo.reassign({ 0: [0, 3, 1] });
    demo.stepped.until(() => demo.partition(0).replicas.length === 3);
    expect(demo.partition(0).replicas).toEqual([0, 3, 1]);
  });

  test.each<[string, Targets, number, number, string]>([
    ['another number of replicas', { 0: [0, 1] }, 0, 38, 'The replication factor is changed from 3 to 2'],
    ['none', { 0: [] }, 0, 39, 'The manual partition assignment includes an empty replica list.'],
    [
      'a broker twice',
      { 0: [1, 2, 1] },
      0,
      39,
      'The manual partition assignment includes the broker 1 more than once.',
    ],
    [
      'a broker that never was',
      { 0: [0, 1, 9] },
      0,
      39,
      'The manual partition assignment includes broker 9, but no such broker is registered.',
    ],
    [
      'a controller',
      { 0: [0, 1, 100] },
      0,
      39,
      'The manual partition assignment includes broker 100, but no such broker is registered.',
    ],
    ['no such partition', { 77: [0, 1, 2] }, 77, 3, `Unable to find partition ${TOPIC}:77.`],
  ])('are refused with %s', async (_, targets, index, code, message) => {
    expect(await demo.reassign(targets)).toEqual([[index, code, message]]);
    expect(await demo.moving()).toBe(0);
  });

  test('are refused for a topic that is not there, and nothing moves without a majority of the controllers', async () => {
    expect(await demo.reassign({ 0: [0, 1, 2] }, 'nothing')).toEqual([[0, 3, 'Unable to find a topic named nothing.']]);
    demo.deletePod('clickstream-controllers-0');
    demo.deletePod('clickstream-controllers-1');
    demo.stepped.until(() => demo.kafka.quorumLeader === -1);
    await expect(demo.reassign({ 0: [3, 1, 2] })).rejects.toMatchObject({ kind: 'busy' });
    await expect(demo.change(CONFIG_TOPIC, TOPIC, set('retention.ms', '1'))).rejects.toMatchObject({ kind: 'busy' });
  });

  test('are shown by the tools of the pod, and nobody calls them under-replicated', async () => {
    await demo.reassign({ 0: [3, 1, 2] });
    const said = (...args: string[]): string => kafkaTool(demo.kafka, 'kafka-topics.sh', args).finish(0).stdout;
    expect(said('--describe')).toContain('Adding Replicas: 3\tRemoving Replicas: 0');
    expect(said('--describe', '--under-replicated-partitions')).toBe('');
  });
});

describe('throttles', () => {
  test('of the follower and of the leader hold a move, and its end is as fast as they allow', async () => {
    const rate = 10_000_000;
    await demo.change(CONFIG_TOPIC, TOPIC, set(FOLLOWER_REPLICAS, '0:3,2:3'));
    await demo.change(CONFIG_BROKER, '3', set(FOLLOWER_RATE, String(rate)));
    await demo.reassign({ 0: [3, 1, 2] });
    const follower = demo.stepped.until(() => demo.partition(0).replicas.length === 3);
    expect(follower / 1000).toBeGreaterThan((demo.partition(0).size / rate) * 0.95);
    expect(follower / 1000).toBeLessThan((demo.partition(0).size / rate) * 1.1);
    await demo.change(CONFIG_BROKER, '3', unset(FOLLOWER_RATE));
    const from = demo.partition(2).leader;
    await demo.change(CONFIG_TOPIC, TOPIC, set(LEADER_REPLICAS, '*'));
    await demo.change(CONFIG_BROKER, String(from), set(LEADER_RATE, String(rate * 2)));
    await demo.reassign({ 2: [3, 1, 2] });
    const leader = demo.stepped.until(() => demo.partition(2).replicas.length === 3);
    expect(leader / 1000).toBeGreaterThan((demo.partition(2).size / (rate * 2)) * 0.95);
    expect(leader / 1000).toBeLessThan((demo.partition(2).size / (rate * 2)) * 1.1);
  });

  test('below what is written never let a move end', async () => {
    await demo.change(CONFIG_TOPIC, TOPIC, set(FOLLOWER_REPLICAS, '0:3'));
    await demo.change(CONFIG_BROKER, '3', set(FOLLOWER_RATE, String(demo.kafka.pace.writeRate / 2)));
    await demo.reassign({ 0: [3, 1, 2] });
    demo.stepped.advance(900_000);
    expect(await demo.moving()).toBe(1);
  });

  test('that were left behind slow the way back of a broker that was restarted', async () => {
    const back = (): number => {
      demo.deletePod('clickstream-brokers-2');
      demo.stepped.until(() => demo.partition(0).isr.length === 2);
      return demo.stepped.until(() => demo.partition(0).isr.length === 3, 1_800_000);
    };
    const usual = back();
    await demo.change(CONFIG_TOPIC, TOPIC, set(FOLLOWER_REPLICAS, '0:2'));
    await demo.change(CONFIG_BROKER, '2', set(FOLLOWER_RATE, '41000'));
    expect(back()).toBeGreaterThan(usual * 3);
  });
});
