import { decodePod } from '#core/live/decode/pod.ts';
import { decodeStatefulSet } from '#core/live/decode/workload.ts';
import { isObject } from '#core/json.ts';
import type { DataCluster } from '#core/live/model.ts';
import {
  ClusterProblem,
  type Clock,
  type JsonObject,
  type KafkaAccess,
  type KafkaConnection,
  type ObjectAddress,
  type WatchQuery,
  type WriteOptions,
} from '#core/live/ports.ts';
import { readJournalOf } from '#core/operations/configMapJournal.ts';
import type { Plan, Progress, RunRecord } from '#core/operations/model.ts';
import type { RunControl } from '#core/operations/run.ts';
import type { OperationWish } from '#core/operations/wishes.ts';
import { kafkaLive } from '#core/systems/kafka/live.ts';
import { operations } from '#core/systems/operations.ts';
import { demoKafka } from '#client/cluster/demo/demoKafka.ts';
import { ApiError } from '#client/cluster/demo/simulation/apiError.ts';
import { evict } from '#client/cluster/demo/simulation/budgets.ts';
import { kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import type { KafkaSimulation } from '#client/cluster/demo/simulation/kafka/simulation.ts';
import { addBase } from '#client/cluster/demo/simulation/scenario/base.ts';
import { addClickstream } from '#client/cluster/demo/simulation/scenario/clickstream.ts';
import { Simulation } from '#client/cluster/demo/simulation/simulation.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { namespace as namespaceOf } from '#test/support/liveObjects.ts';

const NAMESPACE = 'analytics';
const SET = 'clickstream-brokers';

/** What a runner that dies does: nothing more, and no answer reaches it. */
export interface Fate {
  isDead: boolean;
  /** Dies at its n-th call; before it reaches the cluster or after. */
  diesAt: number;
  arrives: boolean;
  calls: number;
}

export const alive = (): Fate => ({ isDead: false, diesAt: -1, arrives: false, calls: 0 });

export interface Attempt {
  readonly fate: Fate;
  readonly heard: Progress[];
  readonly control: { wish: RunControl['wish'] };
  record: RunRecord | undefined;
}

/** The demo's cluster with brokers and controllers in StatefulSets of their own, under time that a test steps. */
export class ScaledKafka {
  readonly clock = new FakeClock();
  readonly simulation: Simulation;
  readonly kafka: KafkaSimulation;
  /** Journal, lock and events. */
  readonly kept = new FakeCluster();
  /** Pods in the order of their evictions. */
  readonly evicted: string[] = [];

  constructor(seed = 7) {
    this.simulation = new Simulation({ clock: this.clock, seed });
    addBase(this.simulation.world);
    addClickstream(this.simulation);
    const kafka = this.simulation.members.kafka.get(`${NAMESPACE}/clickstream`);
    if (!kafka) throw new Error('There is no clickstream.');
    this.kafka = kafka;
  }

  static async started(seed?: number): Promise<ScaledKafka> {
    const made = new ScaledKafka(seed);
    made.simulation.start();
    await made.until(
      () => made.kafka.aliveBrokers.length === 4 && made.data().members.every(({ pod }) => pod?.isReady),
    );
    await made.until(() =>
      made.kafka.partitions.every(({ leader, isr, replicas }) => leader >= 0 && isr.length === replicas.length),
    );
    made.kafka.resetMeasures();
    return made;
  }

  async until(holds: () => boolean, seconds = 3600): Promise<void> {
    for (let passed = 0; !holds(); passed += 1) {
      if (passed > seconds) throw new Error('It does not come to hold.');
      await this.clock.pass(1000);
    }
  }

  list(kind: string): readonly JsonObject[] {
    return this.simulation.world.store.list(kindNamed(kind), NAMESPACE);
  }

  get replicas(): number {
    const set = this.list('StatefulSet')
      .flatMap((one) => decodeStatefulSet(one) ?? [])
      .find(({ meta }) => meta.name === SET);
    return set?.replicas ?? -1;
  }

  get strategy(): string {
    const set = this.list('StatefulSet').flatMap((one) => decodeStatefulSet(one) ?? []);
    return set.find(({ meta }) => meta.name === SET)?.updateStrategy ?? '';
  }

  pods(): readonly string[] {
    const pods = this.list('Pod').flatMap((one) => decodePod(one) ?? []);
    return pods
      .map(({ meta }) => meta.name)
      .filter((name) => name.startsWith(SET))
      .toSorted();
  }

  /** Partitions that a broker holds. */
  heldBy(broker: number): number {
    return this.kafka.partitions.filter(({ replicas, adding }) => replicas.includes(broker) || adding.includes(broker))
      .length;
  }

  patchSet(patch: unknown): void {
    this.simulation.world.writes.mergePatch(
      { kind: kindNamed('StatefulSet'), namespace: NAMESPACE, manager: 'somebody', isDryRun: false },
      SET,
      patch,
    );
  }

  data(): DataCluster {
    const [found] = kafkaLive.gather(
      namespaceOf({
        namespace: NAMESPACE,
        pods: this.list('Pod').flatMap((one) => decodePod(one) ?? []),
        workloads: this.list('StatefulSet').flatMap((one) => decodeStatefulSet(one) ?? []),
      }),
    );
    if (!found) throw new Error('The simulated cluster is not recognised.');
    return found;
  }

  async plan(wish: OperationWish): Promise<Plan> {
    const cluster = new ScaledCluster(this, alive());
    const made: { plan?: Plan; problem?: unknown } = {};
    void operations.plan(wish, { data: this.data(), cluster, clock: this.clock, id: 'plan' }).then(
      (plan) => (made.plan = plan),
      (problem: unknown) => (made.problem = problem),
    );
    for (let seconds = 0; made.plan === undefined && made.problem === undefined && seconds < 60; seconds += 1)
      await this.clock.pass(500);
    if (made.plan) return made.plan;
    throw made.problem;
  }

  begin(plan: Plan, runner = 'first', fate = alive(), earlier?: RunRecord): Attempt {
    const { clock } = this;
    const attempt: Attempt = { fate, heard: [], control: { wish: 'run' }, record: undefined };
    const mortal: Clock = {
      now: () => clock.now(),
      after: (milliseconds, call) => clock.after(milliseconds, () => (fate.isDead ? undefined : call())),
    };
    void operations
      .run(
        { plan, clusters: [this.data()], ...(earlier ? { earlier } : {}) },
        {
          cluster: new ScaledCluster(this, fate),
          clock: mortal,
          runner,
          control: attempt.control,
          listener: (progress) => void attempt.heard.push(progress),
        },
      )
      .then((record) => (attempt.record = record));
    return attempt;
  }

  /** Lets time pass until it is over or dead. */
  async end(attempt: Attempt): Promise<RunRecord | undefined> {
    for (let seconds = 0; attempt.record === undefined && !attempt.fate.isDead; seconds += 1) {
      if (seconds > 7200) throw new Error(`It never ends: ${JSON.stringify(attempt.heard.slice(-3))}`);
      await this.clock.pass(1000);
    }
    return attempt.record;
  }

  async run(plan: Plan): Promise<RunRecord> {
    const record = await this.end(this.begin(plan));
    if (!record) throw new Error('It died.');
    return record;
  }

  async journal(plan: Plan): Promise<RunRecord | undefined> {
    return (await readJournalOf(this.kept, plan.target))?.current;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  pods: 'Pod',
  statefulsets: 'StatefulSet',
  nodes: 'Node',
  persistentvolumeclaims: 'PersistentVolumeClaim',
  storageclasses: 'StorageClass',
};

/** Pods, StatefulSets and brokers are those of the simulation. */
class ScaledCluster extends FakeCluster {
  readonly #of: ScaledKafka;
  readonly #fate: Fate;

  constructor(of: ScaledKafka, fate: Fate) {
    super();
    this.#of = of;
    this.#fate = fate;
  }

  override get(address: ObjectAddress): Promise<JsonObject> {
    return this.#call(async () => {
      const kind = KINDS[address.plural];
      if (kind === undefined) return this.#of.kept.get(address);
      const found = this.#of.simulation.world.get(kind, address.namespace, address.name);
      if (!found) throw new ClusterProblem('absent', `There is no ${kind} ${address.name}.`);
      return { ...found };
    });
  }

  override list(query: WatchQuery): Promise<readonly JsonObject[]> {
    return this.#call(async () => {
      const kind = KINDS[query.plural];
      if (kind === undefined) return this.#of.kept.list(query);
      return this.#of.simulation.world.store.list(kindNamed(kind), query.namespace);
    });
  }

  override mergePatch(address: ObjectAddress, patch: JsonObject, options: WriteOptions = {}): Promise<JsonObject> {
    return this.#call(async () => {
      const kind = KINDS[address.plural];
      if (kind === undefined) return this.#of.kept.mergePatch(address, patch, options);
      const request = {
        kind: kindNamed(kind),
        namespace: address.namespace,
        manager: 'data-clusters',
        isDryRun: options.dryRun === true,
      };
      try {
        const changed: unknown = this.#of.simulation.world.writes.mergePatch(request, address.name, patch);
        return isObject(changed) ? changed : {};
      } catch (error) {
        if (error instanceof ApiError)
          throw new ClusterProblem(error.code === 409 ? 'conflict' : 'invalid', error.message);
        throw error;
      }
    });
  }

  override create(...args: Parameters<FakeCluster['create']>): Promise<JsonObject> {
    return this.#call(() => this.#of.kept.create(...args));
  }

  override replace(...args: Parameters<FakeCluster['replace']>): Promise<JsonObject> {
    return this.#call(() => this.#of.kept.replace(...args));
  }

  override identity(): Promise<string | undefined> {
    return this.#call(() => Promise.resolve('simulated'));
  }

  override evict(
    { namespace, name, uid }: { readonly namespace: string; readonly name: string; readonly uid: string },
    { dryRun = false }: WriteOptions = {},
  ): Promise<void> {
    return this.#call(async () => {
      const { world } = this.#of.simulation;
      const pod = world.pod(namespace, name);
      if (pod?.metadata.uid !== uid) throw new ClusterProblem(pod ? 'conflict' : 'absent', 'another pod');
      if (!dryRun && pod.metadata.deletionTimestamp === undefined) this.#of.evicted.push(name);
      evict(world, pod, { isDryRun: dryRun });
    });
  }

  override async kafka(access: KafkaAccess): Promise<KafkaConnection> {
    const connection = await demoKafka(this.#of.simulation)(access);
    return {
      request: (...args) => this.#call(() => connection.request(...args)),
      stop: () => connection.stop(),
    };
  }

  async #call<T>(work: () => Promise<T>): Promise<T> {
    const fate = this.#fate;
    if (fate.isDead) return never();
    fate.calls += 1;
    if (fate.calls !== fate.diesAt) return work();
    fate.isDead = true;
    if (fate.arrives) await work().catch(() => undefined);
    return never();
  }
}

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);
