import { sizeText } from '#core/live/sizes.ts';
import { ClusterProblem, type Clock, type KafkaConnection } from '#core/live/ports.ts';
import { askKafka, type KafkaApi, type KafkaApis } from '#core/systems/kafka/admin.ts';
import {
  KafkaStateReader,
  partitionName,
  type KafkaState,
  type PartitionState,
} from '#core/systems/kafka/operations/clusterState.ts';

/** Error codes of an election that mean that all is well: no election was needed. */
const ELECTION_NOT_NEEDED = 84;
const largestElection = 1000;

const LAG_KEPT_MS = 2000;

export interface Lag {
  /** What the broker has not copied yet; 0 when that is not told. */
  readonly bytes: number;
  readonly text: string;
}

export interface DiskFindings {
  /** Topics that lie on a disk, whether or not we may describe them. */
  readonly topics: ReadonlySet<string>;
  /** Log directories with an error. */
  readonly broken: readonly string[];
  /** Brokers that did not tell. */
  readonly silent: readonly { readonly nodeId: number; readonly reason: string; readonly isForbidden: boolean }[];
}

/**
 * The way into a Kafka cluster during an operation: brokers come and go, so every question is put to one that is up, and a connection
 * that broke is opened anew.
 */
export class KafkaDoor {
  readonly #open: () => Promise<KafkaConnection>;
  readonly #nodeIds: readonly number[];
  readonly #clock: Clock;
  #connection: Promise<KafkaConnection> | undefined;
  #reader: KafkaStateReader | undefined;
  /** Nodes that were asked over the present connection. */
  readonly #asked = new Set<number>();
  #lag: { readonly nodeId: number; readonly at: number; readonly lag: Lag } | undefined;
  /** The node that answered last. */
  #last = -1;

  /** `nodeIds` are the brokers that can be asked. */
  constructor(open: () => Promise<KafkaConnection>, nodeIds: readonly number[], clock: Clock) {
    this.#open = open;
    this.#nodeIds = nodeIds;
    this.#clock = clock;
  }

  /** What the cluster says, asked of any broker but the given one. @throws ClusterProblem when none of them answers */
  state(except: number | undefined): Promise<KafkaState> {
    return this.#ask(except, async (connection, nodeId) => {
      this.#reader ??= new KafkaStateReader(connection);
      return this.#reader.read(nodeId, this.#clock.now());
    });
  }

  /** Asks any broker that is up. @throws ClusterProblem when none of them answers */
  ask<Api extends KafkaApi>(api: Api, request: KafkaApis[Api]['request']): Promise<KafkaApis[Api]['answer']> {
    return this.#ask(undefined, (connection, nodeId) => askKafka(connection, nodeId, api, request));
  }

  /** Asks this broker and no other: what is only taken or told by itself. @throws ClusterProblem */
  async askBroker<Api extends KafkaApi>(
    nodeId: number,
    api: Api,
    request: KafkaApis[Api]['request'],
  ): Promise<KafkaApis[Api]['answer']> {
    return askKafka(await this.#connected(nodeId), nodeId, api, request);
  }

  /** How many partitions are led by their preferred leader afterwards. */
  async electPreferred(partitions: readonly PartitionState[]): Promise<number> {
    let elected = 0;
    for (let start = 0; start < partitions.length; start += largestElection) {
      const topics = byTopic(partitions.slice(start, start + largestElection));
      const answer = await this.#ask(undefined, (connection, nodeId) =>
        askKafka(connection, nodeId, 'ElectLeaders', { topics }),
      );
      elected += answer.partitions.filter(
        ({ errorCode }) => errorCode === 0 || errorCode === ELECTION_NOT_NEEDED,
      ).length;
    }
    return elected;
  }

  /** Whether the broker itself takes requests from clients. */
  async answers(nodeId: number): Promise<boolean> {
    try {
      await askKafka(await this.#connected(nodeId), nodeId, 'Metadata', { topics: [] });
      return true;
    } catch (error) {
      if (error instanceof ClusterProblem) return false;
      throw error;
    }
  }

  /** What every broker has on its disks, each asked for itself; a broker that does not tell is named and is no problem here. */
  async disks(): Promise<DiskFindings> {
    const found = await Promise.all(this.#nodeIds.map((nodeId) => this.#disksOf(nodeId)));
    return {
      topics: new Set(found.flatMap(({ topics }) => [...topics])),
      broken: found.flatMap(({ broken }) => broken),
      silent: found.flatMap(({ silent }) => silent),
    };
  }

  async #disksOf(nodeId: number): Promise<DiskFindings> {
    try {
      const { dirs } = await askKafka(await this.#connected(nodeId), nodeId, 'DescribeLogDirs', {});
      const broken = dirs.filter(({ errorCode }) => errorCode !== 0).map(({ path }) => `broker ${nodeId}: ${path}`);
      const topics = new Set(dirs.flatMap((dir) => dir.topics.map(({ name }) => name)));
      return { topics, broken, silent: [] };
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      const isForbidden = error.kind === 'forbidden';
      return { topics: new Set(), broken: [], silent: [{ nodeId, reason: error.message, isForbidden }] };
    }
  }

  /**
   * How much of some partitions a broker lacks: what their leaders have beyond it. Asked at most every two seconds, because brokers read
   * all of their sizes to tell some. Who does not tell is no problem here, and neither is a log that retention made shorter.
   */
  async lagOf(nodeId: number, partitions: readonly PartitionState[]): Promise<Lag> {
    const now = this.#clock.now();
    if (this.#lag?.nodeId === nodeId && now - this.#lag.at < LAG_KEPT_MS) return this.#lag.lag;
    const leaders = [...new Set(partitions.map(({ leader }) => leader))].filter((id) => id >= 0 && id !== nodeId);
    const [own, ...theirs] = await Promise.all([nodeId, ...leaders].map((id) => this.#sizesOf(id)));
    const sizes = new Map(leaders.map((id, place) => [id, theirs[place]]));
    let bytes = 0;
    for (const partition of partitions) {
      const name = partitionName(partition);
      bytes += Math.max(0, (sizes.get(partition.leader)?.get(name) ?? 0) - (own?.get(name) ?? 0));
    }
    const isTold = own !== undefined && bytes > 0;
    const lag: Lag = isTold ? { bytes, text: `, ${sizeText(bytes)} behind` } : { bytes: 0, text: '' };
    this.#lag = { nodeId, at: now, lag };
    return lag;
  }

  /** Bytes of each partition by its name; undefined when the broker does not tell. */
  async #sizesOf(nodeId: number): Promise<ReadonlyMap<string, number> | undefined> {
    try {
      const { dirs } = await askKafka(await this.#connected(nodeId), nodeId, 'DescribeLogDirs', {});
      const topics = dirs.flatMap((dir) => dir.topics);
      return new Map(
        topics.flatMap(({ name, sizes }) =>
          sizes.map(({ index, bytes }) => [partitionName({ topic: name, index }), bytes] as const),
        ),
      );
    } catch (error) {
      if (error instanceof ClusterProblem) return undefined;
      throw error;
    }
  }

  /**
   * Whatever the node is asked next goes over a new connection. A tunnel to a pod that has ended may stay open, and what is asked through
   * it gets no answer for long (10 s where it was measured, with a forward through the API server to containerd).
   */
  async forget(nodeId: number): Promise<void> {
    if (this.#asked.has(nodeId)) await this.close();
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#asked.clear();
    this.#connection = undefined;
    this.#reader = undefined;
    if (connection) (await connection.catch(() => undefined))?.stop();
  }

  async #ask<T>(
    except: number | undefined,
    question: (connection: KafkaConnection, nodeId: number) => Promise<T>,
  ): Promise<T> {
    const candidates = [this.#last, ...this.#nodeIds].filter(
      (id, index, all) => id >= 0 && id !== except && all.indexOf(id) === index,
    );
    let problem: unknown = new ClusterProblem('unreachable', 'There is no other broker to ask.');
    for (const nodeId of candidates) {
      try {
        const answer = await question(await this.#connected(nodeId), nodeId);
        this.#last = nodeId;
        return answer;
      } catch (error) {
        problem = error;
        await this.close();
      }
    }
    throw problem;
  }

  #connected(nodeId: number): Promise<KafkaConnection> {
    this.#asked.add(nodeId);
    this.#connection ??= this.#open();
    return this.#connection;
  }
}

function byTopic(partitions: readonly PartitionState[]): { name: string; partitions: number[] }[] {
  const topics = new Map<string, number[]>();
  for (const { topic, index } of partitions) topics.set(topic, [...(topics.get(topic) ?? []), index]);
  return [...topics].map(([name, indexes]) => ({ name, partitions: indexes }));
}
