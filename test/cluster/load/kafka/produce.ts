import { NumericMap, ProduceAcks, produceV11 } from '@platformatic/kafka';
import type { Connection } from '@platformatic/kafka';
import { protocolErrorName } from './errorClass.ts';
import { responseIn } from './routing.ts';

export interface OutgoingRecord {
  readonly partition: number;
  readonly value: Buffer;
}

/** What makes a repeated record known to the broker: who sends it and which number it has in its partition. */
export interface Idempotence {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly firstSequence: number;
}

/** Sends records with acks=all; returns the error class of every partition, undefined where all replicas in sync have it. */
export async function produce(
  connection: Connection,
  topic: string,
  records: readonly OutgoingRecord[],
  idempotence?: Idempotence,
): Promise<ReadonlyMap<number, string | undefined>> {
  const messages = records.map((record) => ({ ...record, topic }));
  const options = idempotence === undefined ? {} : batchOptions(topic, records, idempotence);
  const answer = await produceV11.api
    .async(connection, ProduceAcks.ALL, brokerTimeout, messages, options)
    .catch((error: unknown) => {
      const response = responseIn<produceV11.ProduceResponse>(error, 'responses');
      if (response === undefined) throw error;
      return response;
    });
  // The library's type has a second form, for acks=0.
  if (typeof answer === 'boolean') throw new Error('A broker that was asked for acknowledgements sent none.');
  const partitions = answer.responses.flatMap(({ partitionResponses }) => partitionResponses);
  return new Map(partitions.map(({ index, errorCode }) => [index, errorClassOf(errorCode)]));
}

/** Milliseconds that the broker waits for its followers; below the client's own patience, so that the broker answers. */
const brokerTimeout = 4500;

/** A record that the broker has already, which is what its sender wanted. */
const duplicate = 46;

const errorClassOf = (code: number): string | undefined =>
  code === 0 || code === duplicate ? undefined : protocolErrorName(code);

function batchOptions(
  topic: string,
  records: readonly OutgoingRecord[],
  { producerId, producerEpoch, firstSequence }: Idempotence,
): { producerId: bigint; producerEpoch: number; sequences: NumericMap } {
  const sequences = new NumericMap(records.map(({ partition }) => [`${topic}:${partition}`, firstSequence]));
  return { producerId, producerEpoch, sequences };
}
