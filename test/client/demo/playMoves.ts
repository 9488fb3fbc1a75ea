import {
  ClusterProblem,
  type Clock,
  type JsonObject,
  type KafkaAccess,
  type KafkaConnection,
} from '#core/live/ports.ts';
import { readJournalOf } from '#core/operations/configMapJournal.ts';
import type { Plan, Progress, RunRecord } from '#core/operations/model.ts';
import type { RunControl } from '#core/operations/run.ts';
import type { OperationWish } from '#core/operations/wishes.ts';
import { operations } from '#core/systems/operations.ts';
import { kafkaAnswers } from '#client/cluster/demo/simulation/kafka/answers.ts';
import type { KafkaPace, KafkaPartition, KafkaTopicPlan } from '#client/cluster/demo/simulation/kafka/model.ts';
import { electPreferred } from '#client/cluster/demo/simulation/kafka/replication.ts';
import { kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { SimulatedCluster, SimulatedKafka, type Fate } from './simulatedKafka.ts';

export interface Attempt {
  readonly result: Promise<RunRecord>;
  readonly fate: Fate;
  readonly heard: Progress[];
  readonly control: { wish: RunControl['wish'] };
}

export const alive = (): Fate => ({ isDead: false, diesAt: -1, arrives: false, calls: 0 });

/** What becomes of a request; undefined for nothing special. */
export type Fault = (api: string, body: JsonObject, nodeId: number) => JsonObject | ClusterProblem | undefined;

/** Brokers hear of changes a while after the controller made them, and may answer otherwise than usual. */
class OddCluster extends SimulatedCluster {
  readonly #metadata: () => JsonObject | undefined;
  readonly #fault: Fault;

  constructor(
    metadata: () => JsonObject | undefined,
    fault: Fault,
    ...rest: ConstructorParameters<typeof SimulatedCluster>
  ) {
    super(...rest);
    this.#metadata = metadata;
    this.#fault = fault;
  }

  override async kafka(access: KafkaAccess): Promise<KafkaConnection> {
    const connection = await super.kafka(access);
    return {
      ...connection,
      request: async (nodeId, api, body) => {
        const odd = this.#fault(api, body, nodeId);
        if (odd instanceof ClusterProblem) throw odd;
        if (odd) return odd;
        const answer = await connection.request(nodeId, api, body);
        return api === 'Metadata' && body['topics'] === undefined ? (this.#metadata() ?? answer) : answer;
      },
    };
  }
}

const HEARD_EVERY_MS = 300;

/** Simulated brokers whose replicas are moved by whoever is told to, and who may die of it. */
export class MovesGame {
  readonly clock = new FakeClock();
  readonly kept = new FakeCluster();
  readonly kafka: SimulatedKafka;
  /** How much later than the controllers brokers know; 0 for at once. */
  lagMs = 0;
  fault: Fault = () => undefined;
  #heard: { readonly at: number; readonly answer: JsonObject }[] = [];
  #isStopped = false;

  constructor(size: number, topics: readonly KafkaTopicPlan[], pace: Partial<KafkaPace> = {}, seed = 1) {
    this.kafka = new SimulatedKafka(this.clock, size, topics, pace, seed);
  }

  async start(): Promise<this> {
    await this.kafka.settle();
    for (const partition of this.partitions) electPreferred(partition, this.kafka.kafka.state());
    this.kafka.kafka.resetMeasures();
    return this;
  }

  get partitions(): readonly KafkaPartition[] {
    return this.kafka.kafka.partitions;
  }

  partition(topic: string, index: number): KafkaPartition {
    const found = this.partitions.find((one) => one.topic === topic && one.index === index);
    if (!found) throw new Error(`There is no ${topic}-${index}`);
    return found;
  }

  /** What is set of throttles, by place; without what is not set. */
  throttles(): Readonly<Record<string, string>> {
    const { nodes, topics } = this.kafka.kafka;
    const places = [...[...nodes].map(([id, { config }]) => ({ name: String(id), config })), ...topics.values()];
    return Object.fromEntries(
      places.flatMap(({ name, config }) =>
        [...config].filter(([key]) => key.includes('throttled')).map(([key, value]) => [`${name} ${key}`, value]),
      ),
    );
  }

  async plan(wish: OperationWish): Promise<Plan> {
    const { clock } = this;
    const cluster = new OddCluster(
      () => undefined,
      (...request) => this.fault(...request),
      this.kafka,
      this.kept,
      alive(),
    );
    return this.passing(operations.plan(wish, { data: this.kafka.data(), cluster, clock, id: 'plan' }));
  }

  /** Lets time pass until a promise is settled. */
  async passing<T>(work: Promise<T>): Promise<T> {
    const end = { isOver: false };
    const watched = work.finally(() => (end.isOver = true));
    void watched.catch(() => undefined);
    for (let times = 0; !end.isOver && times < 1000; times += 1) await this.clock.pass(250);
    return watched;
  }

  attempt(plan: Plan, fate = alive(), runner = 'first', earlier?: RunRecord): Attempt {
    const { clock } = this;
    const heard: Progress[] = [];
    const control: Attempt['control'] = { wish: 'run' };
    const mortal: Clock = {
      now: () => clock.now(),
      after: (milliseconds, call) => clock.after(milliseconds, () => (fate.isDead ? undefined : call())),
    };
    const result = operations.run(
      { plan, clusters: [this.kafka.data()], ...(earlier ? { earlier } : {}) },
      {
        cluster: new OddCluster(
          () => this.#heardOf(),
          (...request) => this.fault(...request),
          this.kafka,
          this.kept,
          fate,
        ),
        clock: mortal,
        runner,
        control,
        listener: (progress) => void heard.push(progress),
      },
    );
    return { result, fate, heard, control };
  }

  /** Lets time pass until it is over or dead. */
  async toTheEnd({ result, fate, heard }: Attempt): Promise<RunRecord | undefined> {
    const end: { record?: RunRecord } = {};
    void result.then((record) => (end.record = record));
    for (let seconds = 0; end.record === undefined && !fate.isDead; seconds += 1) {
      if (seconds > 7200) throw new Error(`It never ends: ${JSON.stringify(heard.slice(-3))}`);
      await this.clock.pass(1000);
    }
    return end.record;
  }

  async journalled(plan: Plan): Promise<RunRecord | undefined> {
    return (await readJournalOf(this.kept, plan.target))?.current;
  }

  async run(plan: Plan): Promise<RunRecord | undefined> {
    return this.toTheEnd(this.attempt(plan));
  }

  /** Lets time pass until it holds. */
  async until(holds: () => boolean): Promise<void> {
    for (let times = 0; !holds(); times += 1) {
      if (times > 20_000) throw new Error('It did not come to hold');
      await this.clock.pass(100);
    }
  }

  /** Takes a broker away, and keeps it away until `letBack`. */
  takeAway(id: number): void {
    this.kafka.cordonAll();
    const { world } = this.kafka.simulation;
    const pod = world.pod('shop', `orders-${id}`);
    if (pod) world.deletePod(pod);
  }

  letBack(): void {
    const { world } = this.kafka.simulation;
    for (const node of world.nodes()) {
      world.store.put(kindNamed('Node'), { ...node, spec: { ...node.spec, unschedulable: false } });
    }
  }

  /** From now on brokers are late. */
  delay(lagMs: number): void {
    this.lagMs = lagMs;
    const listen = (): void => {
      if (this.#isStopped) return;
      this.clock.after(HEARD_EVERY_MS, listen);
      const now = this.clock.now();
      this.#heard = this.#heard.filter(({ at }) => now - at <= 2 * this.lagMs);
      const row = kafkaAnswers['Metadata'];
      const node = [...this.kafka.kafka.nodes.values()][0];
      if (row && node)
        this.#heard.push({ at: now, answer: { ...structuredClone(row({ kafka: this.kafka.kafka, node, now }, {})) } });
    };
    listen();
  }

  #heardOf(): JsonObject | undefined {
    const before = this.clock.now() - this.lagMs;
    return this.lagMs === 0 ? undefined : this.#heard.findLast(({ at }) => at <= before)?.answer;
  }

  stop(): void {
    this.#isStopped = true;
    this.kafka.simulation.stop();
  }
}
