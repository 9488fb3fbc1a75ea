import { fetchV12, listOffsetsV8 } from '@platformatic/kafka';
import type { BrokerAddress, Brokers } from './brokers.ts';
import { protocolErrorName } from './errorClass.ts';
import { responseIn } from './routing.ts';

/** What was read of one partition. */
export interface Position {
  readonly partition: number;
  /** The offset that comes next. */
  next: bigint;
}

const maxBytes = 1_048_576;
const maxWait = 250;

/**
 * Asks a broker for the next records of partitions that it leads and moves their positions on; returns the error classes
 * of partitions that it could not serve. One request for all of them, because a broker handles those of one connection one
 * after the other, and each may wait for records.
 */
export async function fetchNext(
  pool: Brokers,
  leader: BrokerAddress,
  topic: string,
  positions: readonly Position[],
  onRecord: (partition: number, value: Uint8Array | null) => void,
): Promise<string[]> {
  const answer = await askForRecords(pool, leader, topic, positions);
  const found = new Map(
    answer.responses.flatMap(({ partitions }) => partitions).map((one) => [one.partitionIndex, one]),
  );
  return positions.flatMap((position) => {
    const one = found.get(position.partition);
    if (one === undefined) return [];
    if (one.errorCode !== 0) return [protocolErrorName(one.errorCode)];
    takeRecords(position, one.records ?? [], onRecord);
    return [];
  });
}

type Batches = NonNullable<fetchV12.FetchResponse['responses'][number]['partitions'][number]['records']>;

function takeRecords(
  position: Position,
  batches: Batches,
  onRecord: (partition: number, value: Uint8Array | null) => void,
): void {
  for (const { firstOffset, lastOffsetDelta, records } of batches) {
    for (const { offsetDelta, value } of records) {
      // A batch is handed out whole, also when only its end was asked for.
      if (firstOffset + BigInt(offsetDelta) >= position.next) onRecord(position.partition, value);
    }
    const after = firstOffset + BigInt(lastOffsetDelta) + 1n;
    if (after > position.next) position.next = after;
  }
}

function askForRecords(
  pool: Brokers,
  leader: BrokerAddress,
  topic: string,
  positions: readonly Position[],
): Promise<fetchV12.FetchResponse> {
  const partitions = positions.map(({ partition, next }) => ({
    partition,
    currentLeaderEpoch: -1,
    fetchOffset: next,
    lastFetchedEpoch: -1,
    partitionMaxBytes: maxBytes,
  }));
  return pool.ask(leader, async (connection) => {
    try {
      const topics = [{ topicId: topic, partitions }];
      return await fetchV12.api.async(connection, maxWait, 1, 8 * maxBytes, 0, 0, -1, topics, [], '');
    } catch (error) {
      const response = responseIn<fetchV12.FetchResponse>(error, 'responses');
      if (response === undefined) throw error;
      return response;
    }
  });
}

/** The offset behind the last record of a partition that a consumer may see. */
export async function endOffset(
  pool: Brokers,
  leader: BrokerAddress,
  topic: string,
  partitionIndex: number,
): Promise<bigint | undefined> {
  const latest = -1n;
  const wanted = { partitionIndex, currentLeaderEpoch: -1, timestamp: latest };
  const answer: listOffsetsV8.ListOffsetsResponse = await pool.ask(leader, (connection) =>
    listOffsetsV8.api.async(connection, -1, 0, [{ name: topic, partitions: [wanted] }]),
  );
  return answer.topics[0]?.partitions[0]?.offset;
}
