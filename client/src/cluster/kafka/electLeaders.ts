import { createAPI, Writer, type Reader } from '@platformatic/kafka';
import type { ElectLeadersAnswer, ElectLeadersRequest } from '#core/systems/kafka/admin.ts';
import { rejectOnError } from '#client/cluster/kafka/problems.ts';

const API_KEY = 43;
const PREFERRED = 0;
/** How long the broker itself may wait for the elections. */
const TIMEOUT_MS = 15_000;

type Arguments = [topics: ElectLeadersRequest['topics']];

/** KIP-460: version 1 (Kafka 2.4) can say which kind of election; the library has none of them. */
export const electLeadersV1 = createAPI<Arguments, ElectLeadersAnswer>(
  API_KEY,
  1,
  (topics: ElectLeadersRequest['topics']) => requestOf(topics, false),
  (_correlation, _key, _version, reader) => readAnswer(reader, false),
  false,
  false,
);

/** The same in the compact form. */
export const electLeadersV2 = createAPI<Arguments, ElectLeadersAnswer>(
  API_KEY,
  2,
  (topics: ElectLeadersRequest['topics']) => requestOf(topics, true).appendTaggedFields(),
  (_correlation, _key, _version, reader) => readAnswer(reader, true),
);

function requestOf(topics: ElectLeadersRequest['topics'], isCompact: boolean): Writer {
  return Writer.create()
    .appendInt8(PREFERRED)
    .appendArray(
      [...topics],
      (writer, { name, partitions }) => {
        writer
          .appendString(name, isCompact)
          .appendArray([...partitions], (one, partition) => one.appendInt32(partition), isCompact, false);
      },
      isCompact,
      isCompact,
    )
    .appendInt32(TIMEOUT_MS);
}

function readAnswer(reader: Reader, isCompact: boolean): ElectLeadersAnswer {
  reader.readInt32(); // throttle time
  const errorCode = reader.readInt16();
  const topics = reader.readArray(
    (one) => ({
      name: one.readString(isCompact),
      partitions: one.readArray(
        (each) => {
          const index = each.readInt32();
          const partitionCode = each.readInt16();
          each.readNullableString(isCompact); // message
          return { index, errorCode: partitionCode };
        },
        isCompact,
        isCompact,
      ),
    }),
    isCompact,
    isCompact,
  );
  if (isCompact) reader.readTaggedFields();
  rejectOnError(errorCode, 'Kafka does not elect leaders');
  return {
    partitions: topics.flatMap(({ name, partitions }) => partitions.map((one) => ({ topic: name, ...one }))),
  };
}
