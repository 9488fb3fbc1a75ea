import { describe, expect, test } from 'vitest';
import { connectKafka } from '#client/cluster/kafka/connect.ts';
import { askKafka, CONFIG_TOPIC } from '#core/systems/kafka/admin.ts';
import { forwardsTo, type Answer } from '../../support/fakeBroker.ts';
import { connect, metadata, newest } from '../../support/kafkaConnection.ts';

const expected = {
  clusterId: 'c1d2',
  controllerId: 1,
  brokers: [
    { id: 0, host: 'kafka-0.kafka', port: 9092, rack: 'zone-a' },
    { id: 1, host: 'kafka-1.kafka', port: 9092, rack: '' },
  ],
  topics: [
    {
      name: 'orders',
      errorCode: 0,
      isInternal: false,
      partitions: [
        { index: 0, errorCode: 0, leader: 1, replicas: [1, 0, 2], isr: [1, 0], offline: [] },
        { index: 1, errorCode: 5, leader: -1, replicas: [1, 0, 2], isr: [2], offline: [1, 0] },
      ],
    },
  ],
};

describe('requests', () => {
  test.each([
    [12, [0, 13]],
    [9, [0, 9]],
    [7, [0, 8]],
    [5, [5, 6]],
  ] as const)(
    'Metadata is asked in version %i where a broker offers %j, and a partition without leader is an answer',
    async (version, range) => {
      const { connection, broker, forwards } = await connect({ 3: metadata }, { ...newest, 3: range });
      expect(await askKafka(connection, 0, 'Metadata', {})).toEqual(expected);
      expect(broker.requests.map((one) => [one.key, one.version])).toEqual([
        [18, 3],
        [3, version],
      ]);
      expect(forwards.asked).toEqual([{ namespace: 'prod', pod: 'kafka-0', port: 9092 }]);
    },
  );

  test('brokers that are fenced are told apart since version 2, and older ones do not say', async () => {
    const answer: Answer = ({ version, body }, writer) => {
      expect([
        body.readBoolean(),
        version >= 1 ? body.readInt8() : 1,
        version >= 2 ? body.readBoolean() : true,
      ]).toEqual([false, 1, true]);
      writer.appendInt32(0).appendInt16(0).appendString(null);
      if (version >= 1) writer.appendInt8(1);
      return writer
        .appendString('c1d2')
        .appendInt32(0)
        .appendArray([0, 1], (one, id) => {
          one.appendInt32(id).appendString(`kafka-${id}`).appendInt32(9092).appendString(null);
          if (version >= 2) one.appendBoolean(id === 1);
        })
        .appendInt32(-2_147_483_648)
        .appendTaggedFields();
    };
    const fenced = async (highest: number) => {
      const { connection } = await connect({ 60: answer }, { ...newest, 60: [0, highest] });
      return (await askKafka(connection, 0, 'DescribeCluster', {})).brokers.map(({ id, isFenced }) => [id, isFenced]);
    };
    expect(await fenced(2)).toEqual([
      [0, false],
      [1, true],
    ]);
    expect(await fenced(1)).toEqual([
      [0, undefined],
      [1, undefined],
    ]);
    expect(await fenced(0)).toEqual([
      [0, undefined],
      [1, undefined],
    ]);
  });

  test('the quorum is described with numbers, and an error of its partition is an error', async () => {
    const answer =
      (code: number): Answer =>
      ({ version }, writer) => {
        writer.appendInt16(0);
        if (version >= 2) writer.appendString(null);
        const replicas = (one: typeof writer) =>
          one.appendArray([0, 1], (replica, id) => {
            replica.appendInt32(id);
            if (version >= 2) replica.appendUUID(null);
            replica.appendInt64(100n - BigInt(id) * 5n);
            if (version >= 1) replica.appendInt64(1000n).appendInt64(2000n - BigInt(id) * 500n);
          });
        writer.appendArray(['__cluster_metadata'], (topic, name) => {
          topic.appendString(name).appendArray([0], (partition, index) => {
            partition.appendInt32(index).appendInt16(code);
            if (version >= 2) partition.appendString(null);
            replicas(replicas(partition.appendInt32(0).appendInt32(7).appendInt64(99n)));
          });
        });
        if (version >= 2) writer.appendArray([], () => undefined);
        return writer.appendTaggedFields();
      };
    const { connection } = await connect({ 55: answer(0) });
    const quorum = await askKafka(connection, 0, 'DescribeQuorum', {});
    expect(quorum).toMatchObject({ leaderId: 0, leaderEpoch: 7, highWatermark: 99 });
    expect(quorum.voters).toEqual([
      { id: 0, logEndOffset: 100, lastCaughtUpAt: 2000 },
      { id: 1, logEndOffset: 95, lastCaughtUpAt: 1500 },
    ]);
    const old = await connect({ 55: answer(0) }, { ...newest, 55: [0, 0] });
    expect((await askKafka(old.connection, 0, 'DescribeQuorum', {})).voters[0]?.lastCaughtUpAt).toBe(-1);
    const refused = await connect({ 55: answer(31) });
    await expect(askKafka(refused.connection, 0, 'DescribeQuorum', {})).rejects.toMatchObject({ kind: 'forbidden' });
  });

  test('settings of topics, moves and disks', async () => {
    const configs: Answer = (_, writer) =>
      writer
        .appendInt32(0)
        .appendArray([0, 3], (one, error) =>
          one
            .appendInt16(error)
            .appendString(null)
            .appendInt8(2)
            .appendString(`topic-${error}`)
            .appendArray(error === 0 ? ['2'] : [], (config, value) =>
              config
                .appendString('min.insync.replicas')
                .appendString(value)
                .appendBoolean(false)
                .appendInt8(5)
                .appendBoolean(false)
                .appendArray([], () => undefined)
                .appendInt8(3)
                .appendString(null),
            ),
        )
        .appendTaggedFields();
    const moves: Answer = (_, writer) =>
      writer
        .appendInt32(0)
        .appendInt16(0)
        .appendString(null)
        .appendArray(['orders'], (topic, name) =>
          topic.appendString(name).appendArray([4], (partition, index) => {
            partition.appendInt32(index);
            for (const ids of [[0, 1, 2], [2], [0]])
              partition.appendArray(ids, (one, id) => one.appendInt32(id), true, false);
          }),
        )
        .appendTaggedFields();
    const disks: Answer = ({ version }, writer) => {
      const isNew = version >= 2;
      writer.appendInt32(0);
      if (version >= 3) writer.appendInt16(0);
      writer.appendArray(
        [0, 56],
        (dir, error) => {
          dir.appendInt16(error).appendString(`/data/${error}`, isNew);
          dir.appendArray(
            error === 0 ? ['orders'] : [],
            (topic, name) =>
              topic.appendString(name, isNew).appendArray(
                [0, 1],
                (partition, index) =>
                  partition
                    .appendInt32(index)
                    .appendInt64(50n)
                    .appendInt64(BigInt(index * 7))
                    .appendBoolean(index === 1),
                isNew,
                isNew,
              ),
            isNew,
            isNew,
          );
          if (version >= 4) dir.appendInt64(1000n).appendInt64(250n);
        },
        isNew,
        isNew,
      );
      return isNew ? writer.appendTaggedFields() : writer;
    };
    const { connection } = await connect({ 32: configs, 46: moves, 35: disks });
    const { resources } = await askKafka(connection, 0, 'DescribeConfigs', {
      resources: ['topic-0', 'topic-3'].map((name) => ({ type: CONFIG_TOPIC, name, keys: ['min.insync.replicas'] })),
    });
    expect(
      resources.map(({ name, errorCode, configs: own }) => [name, errorCode, own.map(({ value }) => value)]),
    ).toEqual([
      ['topic-0', 0, ['2']],
      ['topic-3', 3, []],
    ]);
    expect((await askKafka(connection, 0, 'ListPartitionReassignments', {})).partitions).toEqual([
      { topic: 'orders', index: 4, replicas: [0, 1, 2], adding: [2], removing: [0] },
    ]);
    const sizes = [0, 1].map((index) => ({ index, bytes: 50, lag: index * 7, isFuture: index === 1 }));
    const dirs = [
      {
        path: '/data/0',
        errorCode: 0,
        totalBytes: 1000,
        usableBytes: 250,
        topics: [{ name: 'orders', bytes: 100, partitions: 2, lag: 7, sizes }],
      },
      { path: '/data/56', errorCode: 56, totalBytes: 1000, usableBytes: 250, topics: [] },
    ];
    expect((await askKafka(connection, 0, 'DescribeLogDirs', {})).dirs).toEqual(dirs);
    const old = await connect({ 35: disks }, { ...newest, 35: [0, 1] });
    expect((await askKafka(old.connection, 0, 'DescribeLogDirs', {})).dirs[0]).toEqual({
      ...dirs[0],
      totalBytes: undefined,
      usableBytes: undefined,
    });
  });
});

describe('elections', () => {
  const codes = [0, 84, 80] as const;
  /** Reads the whole request back, in the form of its version, and answers with one code for each partition. */
  const elections =
    (seen: unknown[], whole = 0): Answer =>
    ({ version, body }, writer) => {
      const isNew = version >= 2;
      const kind = body.readInt8();
      const topics = body.readArray(
        (topic) => ({
          name: topic.readString(isNew),
          partitions: topic.readArray((partition) => partition.readInt32(), isNew, false),
        }),
        isNew,
        isNew,
      );
      seen.push({ kind, topics, timeout: body.readInt32() });
      writer.appendInt32(0).appendInt16(whole);
      writer.appendArray(
        topics,
        (topic, { name, partitions }) =>
          topic.appendString(name, isNew).appendArray(
            partitions,
            (one, index) =>
              one
                .appendInt32(index)
                .appendInt16(codes[index] ?? -1)
                .appendString(null, isNew),
            isNew,
            isNew,
          ),
        isNew,
        isNew,
      );
      return isNew ? writer.appendTaggedFields() : writer;
    };
  const topics = [
    { name: 'orders', partitions: [0, 2] },
    { name: 'events', partitions: [1] },
  ];

  test.each([
    [2, [0, 2]],
    [1, [0, 1]],
  ] as const)('preferred leaders are elected in version %i', async (version, range) => {
    const seen: unknown[] = [];
    const { connection, broker } = await connect({ 43: elections(seen) }, { ...newest, 43: range });
    expect(await askKafka(connection, 0, 'ElectLeaders', { topics })).toEqual({
      partitions: [
        { topic: 'orders', index: 0, errorCode: 0 },
        { topic: 'orders', index: 2, errorCode: 80 },
        { topic: 'events', index: 1, errorCode: 84 },
      ],
    });
    expect(seen).toEqual([{ kind: 0, topics, timeout: 15_000 }]);
    expect(broker.requests.at(-1)?.version).toBe(version);
  });

  test('an election that is refused is a problem', async () => {
    const { connection } = await connect({ 43: elections([], 31) }, { ...newest, 43: [0, 2] });
    await expect(askKafka(connection, 0, 'ElectLeaders', { topics })).rejects.toMatchObject({ kind: 'forbidden' });
  });
});

describe('connections', () => {
  test('a broker that does not offer a request says so', async () => {
    const { connection } = await connect({ 3: metadata }, { 3: [0, 12], 18: [0, 3], 35: [7, 9] });
    await expect(askKafka(connection, 0, 'DescribeQuorum', {})).rejects.toMatchObject({
      kind: 'absent',
      message: 'kafka-0:9092 cannot be asked for DescribeQuorum: it does not offer it',
    });
    await expect(askKafka(connection, 0, 'DescribeLogDirs', {})).rejects.toThrow(
      'it offers versions 7 to 9, and we know 4, 3, 2, 1',
    );
    await expect(connection.request(0, 'Produce', {})).rejects.toMatchObject({ kind: 'absent' });
    await expect(connection.request(7, 'Metadata', {})).rejects.toMatchObject({ kind: 'configuration' });
  });

  test('a broker too old for our way of asking for its versions is asked in the oldest', async () => {
    const answer: Answer = ({ version }, writer) =>
      version > 2
        ? writer.appendInt16(35).appendArray([], () => undefined, false, false)
        : writer
            .appendInt16(0)
            .appendArray([3], (one, key) => one.appendInt16(key).appendInt16(0).appendInt16(7), false, false);
    const { connection, broker } = await connect({ 18: answer, 3: metadata });
    expect((await askKafka(connection, 0, 'Metadata', {})).clusterId).toBe('c1d2');
    expect(broker.requests.map(({ key, version }) => `${key}v${version}`)).toEqual(['18v3', '18v0', '3v7']);
  });

  test('requests share one connection, and a lost one is dialled again', async () => {
    const { connection, broker, forwards } = await connect({ 3: metadata });
    await Promise.all([1, 2, 3].map(() => askKafka(connection, 0, 'Metadata', {})));
    expect([broker.connections(), forwards.asked.length]).toEqual([1, 1]);
    broker.drop();
    await expect.poll(() => broker.connections()).toBe(0);
    // The first to notice may fail; the one after it must not.
    await askKafka(connection, 0, 'Metadata', {}).catch(() => undefined);
    expect((await askKafka(connection, 0, 'Metadata', {})).controllerId).toBe(1);
    expect(forwards.openCount()).toBe(1);
  });

  test('stopping ends connections and forwards, and nothing can be asked any more', async () => {
    const { connection, broker, forwards } = await connect({ 3: metadata });
    await askKafka(connection, 0, 'Metadata', {});
    connection.stop();
    connection.stop();
    await expect.poll(() => [broker.connections(), forwards.openCount()]).toEqual([0, 0]);
    await expect(askKafka(connection, 0, 'Metadata', {})).rejects.toMatchObject({ kind: 'cancelled' });
  });

  test('stopping while it dials leaves nothing open', async () => {
    const { connection, broker, forwards } = await connect({ 3: metadata });
    const asked = askKafka(connection, 0, 'Metadata', {});
    connection.stop();
    await expect(asked).rejects.toMatchObject({ name: 'ClusterProblem' });
    await expect.poll(() => [broker.connections(), forwards.openCount()]).toEqual([0, 0]);
  });

  test('a port that nobody listens on, and a broker that hangs up', async () => {
    const forwards = forwardsTo({});
    const connection = await connectKafka(
      { brokers: [{ nodeId: 0, namespace: 'prod', pod: 'kafka-0', port: 9092 }] },
      forwards.open,
    );
    await expect(askKafka(connection, 0, 'Metadata', {})).rejects.toMatchObject({
      kind: 'unreachable',
      message: 'kafka-0:9092 refused the connection',
    });
    expect(forwards.openCount()).toBe(0);
    const silent = await connect({ 18: () => undefined });
    await expect(askKafka(silent.connection, 0, 'Metadata', {})).rejects.toMatchObject({
      kind: 'unreachable',
      message: 'kafka-0:9092 closed the connection',
    });
    expect(silent.forwards.openCount()).toBe(0);
  });
});
