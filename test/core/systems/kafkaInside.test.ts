import { describe, expect, test } from 'vitest';
import type { DataCluster, InsideFacts } from '#core/live/model.ts';
import { ClusterProblem, type ExecResult } from '#core/live/ports.ts';
import type { KafkaApis, MetadataPartition } from '#core/systems/kafka/admin.ts';
import { kafkaLive } from '#core/systems/kafka/live.ts';
import { isKafkaInside, type KafkaInside } from '#core/systems/kafka/live/insideFacts.ts';
import { parsePartitions, parseQuorumStatus } from '#core/systems/kafka/live/tools.ts';
import { fakeAccess, rawPod, type FakeAccess, type FakeInside } from '../../support/kafkaAccess.ts';
import { cluster } from '../../support/kafkaCluster.ts';
import { NOW } from '../../support/liveObjects.ts';
import { configEntry, onDisk } from '#test/support/kafkaAnswers.ts';

type Answers = { readonly [Api in keyof KafkaApis]?: KafkaApis[Api]['answer'] | ClusterProblem };

const part = (index: number, isr: readonly number[], more: Partial<MetadataPartition> = {}): MetadataPartition => ({
  index,
  errorCode: 0,
  leader: isr[0] ?? -1,
  replicas: [0, 1, 2],
  isr,
  offline: [],
  ...more,
});
const topic = (
  name: string,
  partitions: readonly MetadataPartition[],
): KafkaApis['Metadata']['answer']['topics'][number] => ({
  name,
  errorCode: 0,
  isInternal: name.startsWith('__'),
  partitions,
});

const metadata = (...topics: readonly ReturnType<typeof topic>[]): KafkaApis['Metadata']['answer'] => ({
  clusterId: 'c1d2',
  controllerId: 2,
  brokers: [0, 1, 2].map((id) => ({ id, host: `kafka-${id}.kafka.prod.svc`, port: 9092, rack: `zone-${id}` })),
  topics,
});

const disk = (topics: readonly string[], errorCode = 0): KafkaApis['DescribeLogDirs']['answer'] => ({
  dirs: [
    {
      path: '/data',
      errorCode,
      totalBytes: 1000,
      usableBytes: 600,
      topics: topics.map((name) => onDisk(name, 10)),
    },
  ],
});

const whole: Answers = {
  Metadata: metadata(topic('orders', [part(0, [0, 1, 2]), part(1, [1, 2, 0])])),
  DescribeCluster: {
    clusterId: 'c1d2',
    controllerId: 0,
    brokers: [0, 1, 2, 3].map((id) => ({ id, host: `kafka-${id}.kafka`, port: 9092, rack: '', isFenced: id === 3 })),
  },
  ListPartitionReassignments: {
    partitions: [{ topic: 'orders', index: 1, replicas: [1, 2, 0], adding: [0], removing: [] }],
  },
  DescribeQuorum: {
    leaderId: 1,
    leaderEpoch: 4,
    highWatermark: 90,
    voters: [0, 1, 2].map((id) => ({ id, logEndOffset: id === 0 ? 80 : 100, lastCaughtUpAt: id === 0 ? 5000 : 9000 })),
    observers: [],
  },
  DescribeLogDirs: disk(['orders', '__cluster_metadata']),
};

const minIsr =
  (values: Readonly<Record<string, number>>) =>
  (body: unknown): KafkaApis['DescribeConfigs']['answer'] => {
    // The shape that core asks with.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const { resources } = body as KafkaApis['DescribeConfigs']['request'];
    return {
      resources: resources.map(({ type, name }) => ({
        type,
        name,
        errorCode: 0,
        configs: [configEntry('min.insync.replicas', String(values[name] ?? 2))],
      })),
    };
  };

const pod = { 'pods/kafka-0': rawPod([]), 'pods/kafka-2': rawPod([]) };

async function ask(
  answers: Answers,
  more: {
    configs?: (body: unknown) => unknown;
    of?: DataCluster;
    fake?: Partial<FakeInside>;
    silent?: readonly number[];
  } = {},
): Promise<{ inside: InsideFacts; facts: KafkaInside | undefined; fake: FakeAccess }> {
  const configs = more.configs ?? minIsr({});
  const fake = fakeAccess({
    objects: pod,
    kafka: (nodeId, api, body) => {
      if (more.silent?.includes(nodeId) === true)
        return new ClusterProblem('unreachable', `kafka-${nodeId}:9092 refused the connection`);
      return api === 'DescribeConfigs' ? configs(body) : new Map<string, unknown>(Object.entries(answers)).get(api);
    },
    ...more.fake,
  });
  const inside = await kafkaLive.inspect?.(more.of ?? cluster(), fake.access);
  if (!inside) throw new Error('not asked');
  return { inside, facts: isKafkaInside(inside.facts) ? inside.facts : undefined, fake };
}

describe('over the protocol', () => {
  test('a whole cluster', async () => {
    const { inside, facts, fake } = await ask(whole);
    expect(inside).toMatchObject({ askedAt: NOW, problems: [] });
    expect(facts).toMatchObject({ via: 'protocol', clusterId: 'c1d2', principal: 'ANONYMOUS', unseenTopics: [] });
    expect(facts?.partitions).toEqual({
      total: 2,
      offline: { count: 0, names: [] },
      underMinIsr: { count: 0, names: [] },
      atMinIsr: { count: 0, names: [] },
      underReplicated: { count: 0, names: [] },
      preferredShare: 0.5,
    });
    expect(
      facts?.brokers?.map(({ id, pod: name, isFenced, leaders, replicas }) => [id, name, isFenced, leaders, replicas]),
    ).toEqual([
      [0, 'kafka-0', false, 1, 2],
      [1, 'kafka-1', false, 1, 2],
      [2, 'kafka-2', false, 0, 2],
      [3, undefined, true, 0, 0],
    ]);
    expect(facts?.quorum?.voters).toEqual([
      { id: 0, lag: 20, behindMs: 4000 },
      { id: 1, lag: 0, behindMs: 0 },
      { id: 2, lag: 0, behindMs: 0 },
    ]);
    expect(facts?.reassignments).toEqual({ count: 1, names: ['orders-1'] });
    expect(facts?.topics).toEqual([
      {
        name: 'orders',
        isInternal: false,
        partitions: 2,
        replicationFactor: 3,
        minIsr: 2,
        underReplicated: 0,
        underMinIsr: 0,
        offline: 0,
      },
    ]);
    expect(fake.asked.filter((one) => one.startsWith('DescribeLogDirs'))).toEqual([
      'DescribeLogDirs 0',
      'DescribeLogDirs 1',
      'DescribeLogDirs 2',
    ]);
    expect(fake.openCount()).toBe(0);
    expect(kafkaLive.health(cluster(), inside, NOW).sentence).toBe(
      '3 of 3 brokers, 2 partitions in sync, broker 3 fenced, 1 of 3 controllers behind, and 1 more',
    );
  });

  test('each class of partitions, with min ISR no more than there are replicas', async () => {
    const broken = metadata(
      topic('a', [part(0, [0, 1]), part(1, [0]), part(2, [], { leader: -1, isr: [2], offline: [0, 1] })]),
      topic('single', [part(0, [0], { replicas: [0] })]),
      topic('strict', [part(0, [0, 1], { replicas: [0, 1] }), part(1, [1], { replicas: [0, 1] })]),
    );
    const { facts } = await ask({ ...whole, Metadata: broken }, { configs: minIsr({ strict: 3 }) });
    expect(facts?.partitions).toMatchObject({
      total: 6,
      offline: { count: 1, names: ['a-2'] },
      underMinIsr: { count: 3, names: ['a-1', 'a-2', 'strict-1'] },
      atMinIsr: { count: 1, names: ['a-0'] },
      underReplicated: { count: 4, names: ['a-0', 'a-1', 'a-2', 'strict-1'] },
    });
    expect(facts?.brokers?.[2]?.outOfSync).toEqual({ count: 2, names: ['a-0', 'a-1'] });
  });

  test('settings are remembered for a minute, who is in sync is not', async () => {
    let asked = 0;
    const configs = (body: unknown): unknown => {
      asked += 1;
      return minIsr({})(body);
    };
    const { fake } = await ask(whole, { configs });
    await kafkaLive.inspect?.(cluster(), fake.access);
    expect(asked).toBe(1);
    expect(fake.asked.filter((one) => one.startsWith('Metadata'))).toHaveLength(2);
    await kafkaLive.inspect?.(cluster(), { ...fake.access, clock: { ...fake.access.clock, now: () => NOW + 61_000 } });
    expect(asked).toBe(2);
  });

  test('topics on the disks that may not be described', async () => {
    const { facts, inside } = await ask({
      ...whole,
      DescribeLogDirs: disk(['orders', 'secret', '__cluster_metadata']),
    });
    expect(facts?.unseenTopics).toEqual(['secret']);
    expect(kafkaLive.health(cluster(), inside, NOW).evidence.map(({ text }) => text)).toContain(
      '1 topic not visible to ANONYMOUS (secret): nothing is known of its partitions',
    );
    const blind = await ask({
      ...whole,
      DescribeLogDirs: new ClusterProblem('forbidden', 'Kafka does not describe its disks'),
    });
    expect(blind.facts?.unseenTopics).toBeUndefined();
    expect(blind.inside.problems).toEqual(['Kafka does not describe its disks']);
  });

  test('an old Kafka with ZooKeeper knows less, and that is no problem', async () => {
    const { facts, inside } = await ask({ Metadata: whole.Metadata ?? metadata() });
    expect(inside.problems).toEqual([]);
    expect(facts).toMatchObject({ quorum: undefined, reassignments: undefined, unseenTopics: undefined });
    expect(facts?.brokers?.map(({ isFenced, logDirs }) => [isFenced, logDirs])).toEqual(
      [0, 1, 2].map(() => [undefined, undefined]),
    );
  });

  test('settings that may not be read leave min ISR open', async () => {
    const broken = metadata(topic('a', [part(0, [0])]));
    const { facts, inside } = await ask(
      { ...whole, Metadata: broken },
      { configs: () => new ClusterProblem('forbidden', 'Kafka refuses the settings') },
    );
    expect(facts?.partitions).toMatchObject({ underMinIsr: { count: 0 }, underReplicated: { count: 1 } });
    expect(facts?.topics[0]?.minIsr).toBeUndefined();
    expect(inside.problems).toEqual(['Kafka refuses the settings']);
  });

  test('a broker that does not answer is passed over and named', async () => {
    const { facts, inside } = await ask(whole, { silent: [0] });
    expect(facts?.partitions?.total).toBe(2);
    expect(inside.problems).toEqual(['kafka-0:9092 refused the connection']);
  });

  test('without a running broker nobody is asked', async () => {
    const idle = cluster();
    const members = idle.members.map((member) => ({ ...member, pod: undefined }));
    const { inside, fake } = await ask(whole, { of: { ...idle, members } });
    expect(inside).toEqual({ askedAt: NOW, facts: undefined, problems: ['No broker runs that could be asked'] });
    expect(fake.gotten).toEqual([]);
  });

  test('ten thousand partitions: whole counts, short lists', async () => {
    const many = Array.from({ length: 500 }, (_, number) =>
      topic(
        `t${number}`,
        Array.from({ length: 20 }, (_, index) => part(index, [0, 1])),
      ),
    );
    let batches = 0;
    const configs = (body: unknown): unknown => {
      batches += 1;
      return minIsr({})(body);
    };
    const { facts } = await ask({ ...whole, Metadata: metadata(...many) }, { configs });
    expect(facts?.partitions).toMatchObject({
      total: 10_000,
      underReplicated: { count: 10_000 },
      atMinIsr: { count: 10_000 },
    });
    expect(facts?.partitions?.underReplicated.names).toHaveLength(200);
    expect(facts?.brokers?.[2]?.outOfSync).toMatchObject({ count: 10_000 });
    expect([facts?.topics.length, batches]).toEqual([500, 1]);
    expect(facts?.assignment).toHaveLength(2000);
    expect(JSON.stringify(facts).length).toBeLessThan(240_000);
  });
});

describe('by the tools of a pod', () => {
  const described = [
    'Topic: orders\tPartition: 4\tLeader: 1\tReplicas: 1,2,0\tIsr: 1,2\tElr: 0\tLastKnownElr: ',
    '\tTopic: orders-eu\tPartition: 11\tLeader: none\tReplicas: 2\tIsr: 2\tOffline: 2',
  ].join('\n');
  const status = [
    'ClusterId:              MkU3OEVBNTcwNTJENDM2Qg',
    'LeaderId:               1',
    'LeaderEpoch:            12',
    'HighWatermark:          5000',
    'MaxFollowerLag:         3',
    'MaxFollowerLagTimeMs:   120',
    'CurrentVoters:          [{"id": 0, "directoryId": "AAA", "endpoints": ["CONTROLLER://kafka-0:9093"]}, {"id": 1, "directoryId": null, "endpoints": []}]',
    'CurrentObservers:       [100,101]',
  ].join('\n');
  const section = (name: string, text: string, code = 0): string =>
    `=== data-clusters ${name}\n${text}\n=== data-clusters exit ${code}\n`;
  const output = [
    section('underReplicated', described),
    section('underMinIsr', ''),
    section('atMinIsr', ''),
    section(
      'offline',
      'WARN something of a log library\n\tTopic: orders-eu\tPartition: 11\tLeader: none\tReplicas: 2\tIsr: 2',
    ),
    section('status', status),
  ].join('');
  const result = (stdout: string): ExecResult => ({ exitCode: 0, stdout, stderr: '', isCut: false });
  const closed = new ClusterProblem('forbidden', 'You may not create pods/portforward in prod');
  const byTools = (stdout: string, raw = rawPod([])): ReturnType<typeof ask> =>
    ask({}, { fake: { objects: { 'pods/kafka-0': raw }, kafka: () => closed, exec: () => result(stdout) } });

  test('where the way to the port is closed', async () => {
    const { facts, inside, fake } = await byTools(output);
    expect(facts).toMatchObject({ via: 'tools', clusterId: 'MkU3OEVBNTcwNTJENDM2Qg', brokers: undefined, topics: [] });
    expect(facts?.partitions).toMatchObject({
      total: undefined,
      underReplicated: { count: 2, names: ['orders-4', 'orders-eu-11'] },
      offline: { count: 1, names: ['orders-eu-11'] },
      underMinIsr: { count: 0 },
    });
    expect(facts?.quorum).toEqual({
      leaderId: 1,
      leaderEpoch: 12,
      voters: [
        { id: 0, lag: 3, behindMs: undefined },
        { id: 1, lag: 0, behindMs: undefined },
      ],
      observers: [100, 101].map((id) => ({ id, lag: 0, behindMs: undefined })),
    });
    expect(inside.problems.at(-1)).toBe(closed.message);
    expect(fake.execs[0]).toMatchObject({ namespace: 'prod', pod: 'kafka-0', container: 'kafka' });
    expect(fake.execs[0]?.command[2]).toContain('localhost:9092');
    expect(kafkaLive.health(cluster(), inside, NOW).sentence).toBe(
      '3 of 3 brokers, 1 partition offline (orders-eu-11), 2 partitions under-replicated (orders-4, orders-eu-11)',
    );
  });

  test('who asks again and again does not start Java machines again and again', async () => {
    const { fake } = await byTools(output);
    const of = cluster();
    const later = { ...fake.access, clock: { ...fake.access.clock, now: () => NOW + 30_000 } };
    expect((await kafkaLive.inspect?.(of, later))?.askedAt).toBe(NOW);
    expect(fake.execs).toHaveLength(1);
    const muchLater = { ...fake.access, clock: { ...fake.access.clock, now: () => NOW + 61_000 } };
    expect((await kafkaLive.inspect?.(of, muchLater))?.askedAt).toBe(NOW + 61_000);
    expect(fake.execs).toHaveLength(2);
  });

  test('a broker that is not ready has no memory to spare for tools', async () => {
    const idle = cluster();
    const members = idle.members.map((member) =>
      member.pod ? { ...member, pod: { ...member.pod, isReady: false } } : member,
    );
    const fake = { objects: { 'pods/kafka-0': rawPod([]) }, kafka: () => closed, exec: () => result(output) };
    const asked = await ask({}, { of: { ...idle, members }, fake });
    expect([asked.fake.execs, asked.inside.problems]).toEqual([[], [closed.message]]);
  });

  test('a tool that fails says why, and an image without tools says so', async () => {
    const failing = await byTools(
      section(
        'status',
        'Error while executing\norg.apache.kafka.common.errors.UnsupportedVersionException: no\n\tat org.apache.X',
        1,
      ),
    );
    expect(failing.facts).toBeUndefined();
    expect(failing.inside.problems.at(-1)).toBe('kafka-metadata-quorum describe --status: Error while executing');
    const none = await byTools('=== data-clusters none\n');
    expect(none.inside.problems.at(-1)).toBe("The image of kafka-0 has none of Kafka's tools");
  });

  test('a login is never given to a command line', async () => {
    const raw = rawPod([
      { name: 'KAFKA_LISTENERS', value: 'SASL_PLAINTEXT://:9092' },
      { name: 'KAFKA_SASL_JAAS_CONFIG', value: 'PlainLoginModule required username="u" password="s3cret";' },
    ]);
    const { fake, inside } = await byTools(output, raw);
    expect(fake.accesses[0]?.credentials?.password).toBe('s3cret');
    expect(fake.execs).toEqual([]);
    expect(JSON.stringify(inside)).not.toContain('s3cret');
  });

  test('a refused login is no closed door', async () => {
    const { fake, inside } = await ask(
      {},
      { fake: { kafka: () => new ClusterProblem('unauthenticated', 'no such user'), exec: () => result(output) } },
    );
    expect([fake.execs, inside.facts]).toEqual([[], undefined]);
  });
});

test('partitions of every version of kafka-topics', () => {
  expect(parsePartitions('').count).toBe(0);
  expect(parsePartitions('\tTopic: a.b_c\tPartition: 0\tLeader: -1\tReplicas: 1\tIsr: \r\n').names).toEqual([
    'a.b_c-0',
  ]);
});

test('a quorum of before 3.9, and one that nobody leads', () => {
  expect(parseQuorumStatus('LeaderId: -1\nCurrentVoters: [0,1,2]')).toMatchObject({
    leaderId: -1,
    voters: [{ id: 0 }, { id: 1 }, { id: 2 }],
  });
  expect(parseQuorumStatus('something else')).toBeUndefined();
});
