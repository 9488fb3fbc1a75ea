import { describe, expect, test } from 'vitest';
import { askKafka, CONFIG_BROKER, CONFIG_TOPIC, KAFKA_ERRORS, nameOfKafkaError } from '#core/systems/kafka/admin.ts';
import type { Answer } from '../../support/fakeBroker.ts';
import { connect, newest } from '../../support/kafkaConnection.ts';

describe('reassignments', () => {
  const topics = [
    {
      name: 'orders',
      partitions: [
        { index: 0, replicas: [2, 0, 1] },
        { index: 3, replicas: null },
      ],
    },
    { name: 'events', partitions: [{ index: 1, replicas: [0, 2] }] },
  ];
  /** Reads the whole request back and answers that the second partition of a topic was not being moved. */
  const reassignments =
    (seen: unknown[], whole = 0): Answer =>
    ({ version, body }, writer) => {
      const timeout = body.readInt32();
      const mayChangeFactor = version >= 1 ? body.readBoolean() : undefined;
      const asked = body.readArray((topic) => ({
        name: topic.readString(),
        partitions: topic.readArray((one) => ({
          index: one.readInt32(),
          replicas: one.readNullableArray((id) => id.readInt32(), true, false),
        })),
      }));
      seen.push({ timeout, mayChangeFactor, asked });
      writer.appendInt32(0);
      if (version >= 1) writer.appendBoolean(false);
      return writer
        .appendInt16(whole)
        .appendString(null)
        .appendArray(asked, (one, { name, partitions }) =>
          one.appendString(name).appendArray(partitions, (each, { index }, place) =>
            each
              .appendInt32(index)
              .appendInt16(place === 1 ? KAFKA_ERRORS.NO_REASSIGNMENT_IN_PROGRESS : 0)
              .appendString(place === 1 ? 'nothing to cancel' : null),
          ),
        )
        .appendTaggedFields();
    };

  test.each([
    [1, [0, 1], false],
    [0, [0, 0], undefined],
  ] as const)('are asked for in version %i, and what fails is told by partition', async (version, range, factor) => {
    const seen: unknown[] = [];
    const { connection, broker } = await connect({ 45: reassignments(seen) }, { ...newest, 45: range });
    expect(await askKafka(connection, 0, 'AlterPartitionReassignments', { topics })).toEqual({
      partitions: [
        { topic: 'orders', index: 0, errorCode: 0, message: '' },
        { topic: 'orders', index: 3, errorCode: 85, message: 'nothing to cancel' },
        { topic: 'events', index: 1, errorCode: 0, message: '' },
      ],
    });
    expect(seen).toEqual([{ timeout: 15_000, mayChangeFactor: factor, asked: topics }]);
    expect(broker.requests.at(-1)?.version).toBe(version);
  });

  test('who may not move anything is told so', async () => {
    const { connection } = await connect({ 45: reassignments([], 31) });
    await expect(askKafka(connection, 0, 'AlterPartitionReassignments', { topics })).rejects.toMatchObject({
      kind: 'forbidden',
      message: 'Kafka does not move partitions: CLUSTER_AUTHORIZATION_FAILED',
    });
  });
});

describe('settings', () => {
  const alterations =
    (seen: unknown[]): Answer =>
    ({ version, body }, writer) => {
      const isNew = version >= 1;
      const resources = body.readArray(
        (one) => ({
          type: one.readInt8(),
          name: one.readString(isNew),
          configs: one.readArray(
            (config) => [config.readString(isNew), config.readInt8(), config.readNullableString(isNew)],
            isNew,
            isNew,
          ),
        }),
        isNew,
        isNew,
      );
      seen.push({ resources, validateOnly: body.readBoolean() });
      writer.appendInt32(0).appendArray(
        resources,
        (one, { type, name }) =>
          one
            .appendInt16(name === '' ? KAFKA_ERRORS.INVALID_REQUEST : 0)
            .appendString(name === '' ? 'not at this level' : null, isNew)
            .appendInt8(type)
            .appendString(name, isNew),
        isNew,
        isNew,
      );
      return isNew ? writer.appendTaggedFields() : writer;
    };
  const resources = [
    {
      type: CONFIG_TOPIC,
      name: 'orders',
      configs: [
        { name: 'retention.ms', operation: 'set', value: '1000' },
        { name: 'leader.replication.throttled.replicas', operation: 'append', value: '0:1' },
        { name: 'follower.replication.throttled.replicas', operation: 'subtract', value: '0:2' },
      ],
    },
    { type: CONFIG_BROKER, name: '', configs: [{ name: 'num.io.threads', operation: 'delete', value: null }] },
  ] as const;

  test.each([
    [1, [0, 1], true],
    [0, [0, 0], false],
  ] as const)('are changed in version %i, each with its operation', async (version, range, validateOnly) => {
    const seen: unknown[] = [];
    const { connection, broker } = await connect({ 44: alterations(seen) }, { ...newest, 44: range });
    expect(await askKafka(connection, 0, 'IncrementalAlterConfigs', { resources, validateOnly })).toEqual({
      resources: [
        { type: CONFIG_TOPIC, name: 'orders', errorCode: 0, message: '' },
        { type: CONFIG_BROKER, name: '', errorCode: 42, message: 'not at this level' },
      ],
    });
    expect(seen).toEqual([
      {
        validateOnly,
        resources: [
          {
            type: 2,
            name: 'orders',
            configs: [
              ['retention.ms', 0, '1000'],
              ['leader.replication.throttled.replicas', 2, '0:1'],
              ['follower.replication.throttled.replicas', 3, '0:2'],
            ],
          },
          { type: 4, name: '', configs: [['num.io.threads', 1, null]] },
        ],
      },
    ]);
    expect(broker.requests.at(-1)?.version).toBe(version);
  });

  test('one without a value is not sent', async () => {
    const { connection, broker } = await connect({ 44: alterations([]) });
    const configs = [{ name: 'retention.ms', operation: 'set', value: null }] as const;
    const asked = askKafka(connection, 0, 'IncrementalAlterConfigs', {
      resources: [{ type: CONFIG_TOPIC, name: 'orders', configs }],
      validateOnly: false,
    });
    await expect(asked).rejects.toMatchObject({ kind: 'configuration' });
    expect(broker.requests.map(({ key }) => key)).toEqual([18]);
  });

  test.each([
    [4, [1, 4]],
    [2, [0, 3]],
    [1, [0, 1]],
  ] as const)('are told with their synonyms in version %i when that is wanted', async (version, range) => {
    const asked: unknown[] = [];
    const answer: Answer = ({ version: spoken, body }, writer) => {
      const isNew = spoken >= 4;
      body.readArray(
        (one) => [
          one.readInt8(),
          one.readString(isNew),
          one.readNullableArray((key) => key.readString(isNew), isNew, false),
        ],
        isNew,
        isNew,
      );
      asked.push(body.readBoolean());
      writer.appendInt32(0).appendArray(
        ['0'],
        (one, name) =>
          one
            .appendInt16(0)
            .appendString(null, isNew)
            .appendInt8(CONFIG_BROKER)
            .appendString(name, isNew)
            .appendArray(
              [true, false],
              (config, isSecret) => {
                config
                  .appendString(isSecret ? 'ssl.key.password' : 'num.io.threads', isNew)
                  .appendString(isSecret ? null : '16', isNew)
                  .appendBoolean(isSecret)
                  .appendInt8(isSecret ? 4 : 2)
                  .appendBoolean(isSecret)
                  .appendArray(
                    isSecret ? [] : [16, 8],
                    (synonym, value) =>
                      synonym
                        .appendString('num.io.threads', isNew)
                        .appendString(String(value), isNew)
                        .appendInt8(value === 16 ? 2 : 5),
                    isNew,
                    isNew,
                  );
                if (spoken >= 3) config.appendInt8(3).appendString(null, isNew);
              },
              isNew,
              isNew,
            ),
        isNew,
        isNew,
      );
      return isNew ? writer.appendTaggedFields() : writer;
    };
    const { connection, broker } = await connect({ 32: answer }, { ...newest, 32: range });
    const request = { resources: [{ type: CONFIG_BROKER, name: '0' }], withSynonyms: true };
    expect((await askKafka(connection, 0, 'DescribeConfigs', request)).resources[0]?.configs).toEqual([
      { name: 'ssl.key.password', value: '', isReadOnly: true, isSensitive: true, source: 4, synonyms: [] },
      {
        name: 'num.io.threads',
        value: '16',
        isReadOnly: false,
        isSensitive: false,
        source: 2,
        synonyms: [
          { name: 'num.io.threads', value: '16', source: 2 },
          { name: 'num.io.threads', value: '8', source: 5 },
        ],
      },
    ]);
    await askKafka(connection, 0, 'DescribeConfigs', { resources: request.resources });
    expect(asked).toEqual([true, false]);
    expect(broker.requests.at(-1)?.version).toBe(version);
  });
});

describe('brokers that are gone', () => {
  const answer =
    (seen: number[], code: number): Answer =>
    ({ body }, writer) => {
      seen.push(body.readInt32());
      return writer.appendInt32(0).appendInt16(code).appendString(null).appendTaggedFields();
    };

  test('are unregistered, and one that nobody knows is a problem', async () => {
    const seen: number[] = [];
    const { connection } = await connect({ 64: answer(seen, 0) });
    expect(await askKafka(connection, 0, 'UnregisterBroker', { brokerId: 7 })).toEqual({});
    expect(seen).toEqual([7]);
    const other = await connect({ 64: answer([], KAFKA_ERRORS.BROKER_ID_NOT_REGISTERED) });
    await expect(askKafka(other.connection, 0, 'UnregisterBroker', { brokerId: 8 })).rejects.toMatchObject({
      kind: 'server',
      message: 'Kafka does not unregister the broker 8: BROKER_ID_NOT_REGISTERED',
    });
    const old = await connect({}, { 18: [0, 4] });
    await expect(askKafka(old.connection, 0, 'UnregisterBroker', { brokerId: 8 })).rejects.toMatchObject({
      kind: 'absent',
    });
  });
});

test('error codes have the names of the protocol', () => {
  expect([85, 39, 12_345].map(nameOfKafkaError)).toEqual([
    'NO_REASSIGNMENT_IN_PROGRESS',
    'INVALID_REPLICA_ASSIGNMENT',
    'error 12345',
  ]);
});
