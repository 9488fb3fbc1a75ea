import { afterEach } from 'vitest';
import { connectKafka } from '#client/cluster/kafka/connect.ts';
import type { KafkaAccess, KafkaConnection } from '#core/live/ports.ts';
import {
  forwardsTo,
  startFakeBroker,
  type Answer,
  type FakeBroker,
  type FakeForwards,
  type Versions,
} from './fakeBroker.ts';

/** What Kafka 4.3 offers. */
export const newest: Versions = {
  3: [0, 13],
  18: [0, 4],
  32: [1, 4],
  35: [1, 5],
  43: [0, 2],
  44: [0, 1],
  45: [0, 1],
  46: [0, 0],
  55: [0, 2],
  60: [0, 2],
  64: [0, 0],
};

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

export interface Setup {
  readonly broker: FakeBroker;
  readonly forwards: FakeForwards;
  readonly connection: KafkaConnection;
}

export async function connect(
  answers: Readonly<Record<number, Answer>>,
  versions = newest,
  more: Partial<KafkaAccess> = {},
): Promise<Setup> {
  const broker = await startFakeBroker(versions, answers);
  const forwards = forwardsTo({ 'kafka-0': broker.port });
  const access = { brokers: [{ nodeId: 0, namespace: 'prod', pod: 'kafka-0', port: 9092 }], ...more };
  const connection = await connectKafka(access, forwards.open);
  open.push(
    () => broker.close(),
    () => connection.stop(),
  );
  return { broker, forwards, connection };
}

/** One topic of two partitions; the second has no leader and so an error code. */
export const metadata: Answer = ({ version, body }, writer) => {
  const isNew = version >= 9;
  const all = isNew ? body.readUnsignedVarInt() === 0 : body.readInt32() === -1;
  const partitions = [
    { error: 0, index: 0, leader: 1, isr: [1, 0] },
    { error: 5, index: 1, leader: -1, isr: [2] },
  ];
  writer
    .appendInt32(0)
    .appendArray(
      [0, 1],
      (one, id) =>
        one
          .appendInt32(id)
          .appendString(`kafka-${id}.kafka`, isNew)
          .appendInt32(9092)
          .appendString(id === 0 ? 'zone-a' : null, isNew),
      isNew,
      isNew,
    )
    .appendString('c1d2', isNew)
    .appendInt32(1);
  const ids = (values: readonly number[]) =>
    writer.appendArray([...values], (one, id) => one.appendInt32(id), isNew, false);
  writer.appendArray(
    all ? ['orders'] : [],
    (one, name) => {
      one.appendInt16(0).appendString(name, isNew);
      if (version >= 10) one.appendUUID(null);
      one.appendBoolean(false).appendArray(
        partitions,
        (part, { error, index, leader, isr }) => {
          part.appendInt16(error).appendInt32(index).appendInt32(leader);
          if (version >= 7) part.appendInt32(3);
          ids([1, 0, 2]);
          ids(isr);
          ids(index === 1 ? [1, 0] : []);
        },
        isNew,
        isNew,
      );
      if (version >= 8) one.appendInt32(-2_147_483_648);
    },
    isNew,
    isNew,
  );
  if (version >= 8 && version <= 10) writer.appendInt32(-2_147_483_648);
  return isNew ? writer.appendTaggedFields() : writer;
};
