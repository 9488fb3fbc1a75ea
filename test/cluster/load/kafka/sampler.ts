import { describeQuorumV2, type metadataV12 } from '@platformatic/kafka';
import { performance } from 'node:perf_hooks';
import { everyInterval } from '../pace.ts';
import { openBrokers, type BrokerAddress, type Brokers } from './brokers.ts';
import { createIsrClock, type IsrSummary, type MetadataSample, type PartitionState } from './isrSeconds.ts';
import { readMetadata } from './routing.ts';

export interface SamplerOptions {
  readonly brokers: readonly BrokerAddress[];
  /** min.insync.replicas of the topics. */
  readonly minInSync: number;
  /** Only topics of these names; all when left out. */
  readonly topics?: readonly string[];
  readonly interval?: number;
  /** Sees every sample, for example to wait for a state. */
  readonly onSample?: (sample: MetadataSample) => void;
}

/** One broker's answer. */
interface View {
  readonly broker: number;
  readonly partitions: readonly PartitionState[];
}

/** Milliseconds. A broker that has not answered by then counts as one that does not. */
const patience = 1000;

/** Asks every broker again and again how partitions are, until the signal aborts. */
export async function sampleMetadata(options: SamplerOptions, signal: AbortSignal): Promise<IsrSummary> {
  const pool = openBrokers({ connectTimeout: patience, requestTimeout: patience });
  const clock = createIsrClock(options.minInSync);
  const addresses = new Map(options.brokers.map((one) => [one.host, one]));
  let newest: ReadonlyMap<string, PartitionState> = new Map();
  let sampling: Promise<void> | undefined;
  let round = 0;

  const takeSample = async (): Promise<void> => {
    const at = performance.now() / 1000;
    const views = await askAll(pool, addresses, options.topics);
    newest = mergeViews(newest, views);
    // The quorum is asked less often: its leader changes rarely, and nothing is added up from it.
    const controller = round++ % 4 === 0 ? await askController(pool, [...addresses.values()]) : undefined;
    const sample = {
      at,
      partitions: [...newest.values()],
      answered: views.map(({ broker }) => broker),
      ...(controller === undefined ? {} : { controller }),
    };
    clock.add(sample);
    options.onSample?.(sample);
  };

  await everyInterval(options.interval ?? 250, signal, () => {
    // A slow answer makes the next sample late, not wrong: states hold until then.
    sampling ??= takeSample().finally(() => (sampling = undefined));
  });
  await sampling;
  pool.close();
  return clock.summarize();
}

async function askAll(
  pool: Brokers,
  addresses: Map<string, BrokerAddress>,
  topics: readonly string[] | undefined,
): Promise<View[]> {
  const answers = await Promise.all(
    [...addresses.values()].map(async (address) => {
      const wanted = topics === undefined ? null : [...topics];
      const answer = await pool.ask(address, (connection) => readMetadata(connection, wanted)).catch(() => undefined);
      if (answer === undefined) return undefined;
      for (const { host, port } of answer.brokers) addresses.set(host, { host, port });
      const self = answer.brokers.find(({ host }) => host === address.host);
      return { broker: self?.nodeId ?? -1, partitions: partitionsIn(answer) };
    }),
  );
  return answers.filter((view) => view !== undefined);
}

const partitionsIn = ({ topics }: metadataV12.MetadataResponse): PartitionState[] =>
  topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, leaderId, leaderEpoch, replicaNodes, isrNodes }) => ({
      topic: name ?? '',
      partition: partitionIndex,
      leader: leaderId,
      leaderEpoch,
      replicas: replicaNodes,
      isr: isrNodes,
    })),
  );

/**
 * The newest knowledge of every partition. A broker that was away answers what it last knew, so the higher epoch counts;
 * within an epoch the leader's own answer, because it is the one that changes the ISR; then any newer answer.
 */
export function mergeViews(
  known: ReadonlyMap<string, PartitionState>,
  views: readonly View[],
): ReadonlyMap<string, PartitionState> {
  const merged = new Map<string, PartitionState>();
  const byLeader = new Set<string>();
  for (const { broker, partitions } of views) {
    for (const state of partitions) {
      const key = `${state.topic}-${state.partition}`;
      const other = merged.get(key);
      const isOlder = other !== undefined && state.leaderEpoch < other.leaderEpoch;
      const isSecondHand = other?.leaderEpoch === state.leaderEpoch && byLeader.has(key);
      if (isOlder || isSecondHand) continue;
      merged.set(key, state);
      if (state.leader === broker) byLeader.add(key);
      else byLeader.delete(key);
    }
  }
  for (const [key, state] of known) {
    const other = merged.get(key);
    // When nobody answers, the last state goes on; so does one that only outdated brokers contradict.
    const isForgotten = other === undefined && views.length === 0;
    if (isForgotten || (other !== undefined && other.leaderEpoch < state.leaderEpoch)) merged.set(key, state);
  }
  return merged;
}

/** The leader of the quorum as any broker has it: in KRaft the controller of Metadata is just some broker. */
async function askController(pool: Brokers, addresses: readonly BrokerAddress[]): Promise<number | undefined> {
  const wanted = [{ topicName: '__cluster_metadata', partitions: [{ partitionIndex: 0 }] }];
  const ask = async (address: BrokerAddress): Promise<number> => {
    const answer = await pool.ask(address, (connection) => describeQuorumV2.api.async(connection, wanted));
    const leader = answer.topics[0]?.partitions[0]?.leaderId;
    if (leader === undefined || leader < 0) throw new Error('No leader is known.');
    return leader;
  };
  return Promise.any(addresses.map(ask)).catch(() => undefined);
}
