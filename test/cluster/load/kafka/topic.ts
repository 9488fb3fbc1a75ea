import { createTopicsV7, deleteTopicsV6 } from '@platformatic/kafka';
import { until } from '../../bed/commands.ts';
import { openBrokers, type BrokerAddress } from './brokers.ts';
import { readMetadata } from './routing.ts';

export interface TopicShape {
  readonly name: string;
  readonly partitions: number;
  readonly minInSync: number;
}

const replicas = 3;

/** Makes a topic with three replicas; returns when every partition has a leader and all replicas in sync. */
export async function createTopic(
  seeds: readonly BrokerAddress[],
  { name, partitions, minInSync }: TopicShape,
): Promise<void> {
  const pool = openBrokers({ requestTimeout: 20_000 });
  const topic = {
    name,
    numPartitions: partitions,
    replicationFactor: replicas,
    assignments: [],
    configs: [{ name: 'min.insync.replicas', value: String(minInSync) }],
  };
  try {
    await askAny(seeds, (seed) =>
      pool.ask(seed, (connection) => createTopicsV7.api.async(connection, [topic], 15_000, false)),
    );
    await until(`topic ${name}`, 60, async () => {
      const answer = await askAny(seeds, (seed) => pool.ask(seed, (connection) => readMetadata(connection, [name])));
      const found = answer.topics[0]?.partitions ?? [];
      return found.length === partitions && found.every(({ isrNodes }) => isrNodes.length === replicas);
    });
  } finally {
    pool.close();
  }
}

export async function deleteTopic(seeds: readonly BrokerAddress[], name: string): Promise<void> {
  const pool = openBrokers({ requestTimeout: 20_000 });
  try {
    await askAny(seeds, (seed) =>
      pool.ask(seed, (connection) => deleteTopicsV6.api.async(connection, [{ name }], 15_000)),
    );
  } finally {
    pool.close();
  }
}

/** One after the other until one answers; throws what the last one said. */
async function askAny<T>(seeds: readonly BrokerAddress[], ask: (seed: BrokerAddress) => Promise<T>): Promise<T> {
  let failure: unknown = new Error('There is no broker to ask.');
  for (const seed of seeds) {
    try {
      return await ask(seed);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}
