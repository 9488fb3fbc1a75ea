import { metadataV12 } from '@platformatic/kafka';
import { performance } from 'node:perf_hooks';
import { pause } from '../pace.ts';
import { isAnswer, openBrokers, type BrokerAddress } from './brokers.ts';

/** Who leads the partitions of one topic, as the newest answer of any broker has it. */
export interface Routing {
  /** Undefined while nobody leads. */
  leaderOf(this: void, partition: number): BrokerAddress | undefined;
  readonly partitions: number;
  /** Asks again, unless that was done a moment ago; never throws, because old knowledge is better than none. */
  refresh(this: void): Promise<void>;
  close(this: void): void;
}

interface KnownLeader {
  readonly epoch: number;
  readonly leader: number;
}

/** Kafka's own clients wait that long before they ask again. */
const backoff = 100;

export async function followTopic(topic: string, seeds: readonly BrokerAddress[]): Promise<Routing> {
  const pool = openBrokers({ connectTimeout: 1000, requestTimeout: 1500 });
  const addresses = new Map<number, BrokerAddress>();
  const leaders = new Map<number, KnownLeader>();
  let running: Promise<void> | undefined;

  const learn = (answer: metadataV12.MetadataResponse): void => {
    for (const { nodeId, host, port } of answer.brokers) addresses.set(nodeId, { host, port });
    for (const { partitionIndex, leaderEpoch, leaderId } of answer.topics[0]?.partitions ?? []) {
      const known = leaders.get(partitionIndex);
      // A broker that was cut off answers what it last knew.
      if (known === undefined || leaderEpoch >= known.epoch) {
        leaders.set(partitionIndex, { epoch: leaderEpoch, leader: leaderId });
      }
    }
  };
  const askOne = async (broker: BrokerAddress): Promise<void> => {
    learn(await pool.ask(broker, (connection) => readMetadata(connection, [topic])));
  };
  const askAll = async (): Promise<void> => {
    const started = performance.now();
    const everybody = [...new Map([...seeds, ...addresses.values()].map((one) => [one.host, one])).values()];
    await Promise.any(everybody.map(askOne)).catch(() => undefined);
    await pause(backoff - (performance.now() - started));
  };
  const refresh = (): Promise<void> => {
    running ??= askAll().finally(() => (running = undefined));
    return running;
  };

  await refresh();
  return {
    leaderOf: (partition) => addresses.get(leaders.get(partition)?.leader ?? -1),
    get partitions() {
      return leaders.size;
    },
    refresh,
    close: pool.close,
  };
}

/** Asks for some topics, or for all. An error of one topic or partition is part of the answer, not a failure. */
export async function readMetadata(
  connection: Parameters<typeof metadataV12.api.async>[0],
  topics: string[] | null,
): Promise<metadataV12.MetadataResponse> {
  try {
    return await metadataV12.api.async(connection, topics, false, false);
  } catch (error) {
    const answer = responseIn<metadataV12.MetadataResponse>(error, 'brokers');
    if (answer === undefined) throw error;
    return answer;
  }
}

/** The decoded answer that the library attaches to the error it throws when any part of an answer has an error code. */
export function responseIn<T extends object>(error: unknown, key: keyof T & string): T | undefined {
  if (!isAnswer(error) || !(error instanceof Error) || !('response' in error)) return undefined;
  const { response } = error;
  return isResponse<T>(response, key) ? response : undefined;
}

/** The library's parser made it, so that it has one of its keys tells that it has the others. */
const isResponse = <T extends object>(value: unknown, key: keyof T & string): value is T =>
  typeof value === 'object' && value !== null && key in value;
