import { textAt } from '#core/json.ts';
import { decodeCustom } from '#core/live/decode/custom.ts';
import { decodePod } from '#core/live/decode/pod.ts';
import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem, type Clock, type JsonObject, type ObjectAddress } from '#core/live/ports.ts';
import type { WatchQuery, WriteOptions } from '#core/live/ports.ts';
import { readJournalOf } from '#core/operations/configMapJournal.ts';
import type { Plan, RunRecord } from '#core/operations/model.ts';
import type { NodeDrainWish } from '#core/operations/wishes.ts';
import { operations } from '#core/systems/operations.ts';
import { sparkLive } from '#core/systems/spark/live.ts';
import { tfjobLive } from '#core/systems/tfjob/live.ts';
import { ApiError } from '#client/cluster/demo/simulation/apiError.ts';
import { evict } from '#client/cluster/demo/simulation/budgets.ts';
import { kindByPlural, kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import { addBase } from '#client/cluster/demo/simulation/scenario/base.ts';
import { addRunningJobs } from '#client/cluster/demo/simulation/scenario/jobs.ts';
import { Simulation } from '#client/cluster/demo/simulation/simulation.ts';
import type { World } from '#client/cluster/demo/simulation/world.ts';
import { apiResource } from '#test/support/fakeApiResources.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { isSelected } from '#test/support/fakeSelectors.ts';
import { namespace as namespaceOf } from '#test/support/liveObjects.ts';
import type { Fate } from './simulatedKafka.ts';
import { alive, type Attempt } from './simulatedNodes.ts';

const NAMESPACE = 'analytics';

const simulatedPlurals = new Set(['nodes', 'pods', 'persistentvolumes', 'persistentvolumeclaims']);

/** Nodes, pods and jobs are those of the simulation; journal, lock, events and settings are kept beside it. */
class SimulatedJobs extends FakeCluster {
  readonly #game: JobGame;
  readonly #fate: Fate;

  constructor(game: JobGame, fate: Fate) {
    super();
    this.#game = game;
    this.#fate = fate;
  }

  override list(query: WatchQuery): Promise<readonly JsonObject[]> {
    return this.#call(async () => {
      const kind = kindByPlural(query.group, query.version, query.plural);
      if (!kind || query.plural === 'configmaps') return [];
      const all: readonly JsonObject[] = this.#game.world.store.list(kind, query.namespace);
      return all.filter((one) => isSelected(one, query));
    });
  }

  override get(address: ObjectAddress): Promise<JsonObject> {
    return this.#call(async () => {
      const kind = kindByPlural(address.group, address.version, address.plural);
      const isSimulated =
        simulatedPlurals.has(address.plural) || address.group.includes('kubeflow') || address.group.includes('spark');
      if (!kind || !isSimulated) return this.#game.kept.get(address);
      const found = this.#game.world.store.get(kind, address.namespace, address.name);
      if (found) return { ...found };
      throw new ClusterProblem('absent', `There is no ${address.plural} ${address.name}.`);
    });
  }

  override mergePatch(address: ObjectAddress, patch: JsonObject): Promise<JsonObject> {
    return this.#call(async () => {
      const kind = kindByPlural(address.group, address.version, address.plural);
      if (!kind) throw new ClusterProblem('absent', 'no such kind');
      const request = { kind, namespace: address.namespace, manager: 'test', isDryRun: false };
      try {
        return { ...this.#game.world.writes.mergePatch(request, address.name, patch) };
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        throw new ClusterProblem(error.code === 409 ? 'conflict' : 'server', error.message);
      }
    });
  }

  override create(...args: Parameters<FakeCluster['create']>): Promise<JsonObject> {
    return this.#call(() => this.#game.kept.create(...args));
  }

  override replace(...args: Parameters<FakeCluster['replace']>): Promise<JsonObject> {
    return this.#call(() => this.#game.kept.replace(...args));
  }

  override identity(): Promise<string | undefined> {
    return this.#call(() => Promise.resolve('simulated'));
  }

  override evict(
    { namespace, name, uid }: { namespace: string; name: string; uid: string },
    { dryRun = false }: WriteOptions = {},
  ): Promise<void> {
    return this.#call(async () => {
      const pod = this.#game.world.pod(namespace, name);
      if (!pod) throw new ClusterProblem('absent', 'no such pod');
      if (pod.metadata.uid !== uid) throw new ClusterProblem('conflict', 'another uid');
      if (!dryRun) this.#game.note(name, pod.metadata.deletionTimestamp !== undefined);
      evict(this.#game.world, pod, { isDryRun: dryRun });
    });
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

/** A Spark application with three executors and a TFJob, both of the demo, on as many nodes as a test wants. */
export class JobGame {
  readonly clock = new FakeClock();
  readonly kept = new FakeCluster();
  readonly simulation: Simulation;
  /** Pods in the order of their evictions. */
  readonly evicted: string[] = [];
  /** The fewest executors that ran when one was evicted. */
  fewest = Number.POSITIVE_INFINITY;

  constructor(seed: number) {
    this.simulation = new Simulation({ clock: this.clock, seed });
    addBase(this.world);
  }

  get world(): World {
    return this.simulation.world;
  }

  /** The jobs start on these nodes only, on which nothing else is; the others take pods afterwards. */
  async begin(nodes: readonly number[]): Promise<this> {
    const others = [1, 2, 3, 4, 5, 6].filter((number) => !nodes.includes(number));
    const cordon = (some: readonly number[], isCordoned: boolean): void => {
      for (const number of some) this.setCordoned(`demo-node-${number}`, isCordoned);
    };
    cordon(nodes, true);
    this.simulation.start();
    await this.clock.pass(20_000);
    cordon(nodes, false);
    cordon(others, true);
    addRunningJobs(this.simulation);
    // Its second worker dies of memory by itself, which is no matter here.
    this.simulation.trainingCourses.delete(`${NAMESPACE}/mnist-worker-1`);
    for (let seconds = 0; this.executors().length < 3 || !this.isTraining(); seconds += 1) {
      if (seconds > 300) throw new Error('The jobs do not start.');
      await this.clock.pass(1000);
    }
    cordon(others, false);
    return this;
  }

  setCordoned(name: string, isCordoned: boolean): void {
    const request = { kind: kindNamed('Node'), namespace: '', manager: 'somebody', isDryRun: false };
    this.world.writes.mergePatch(request, name, { spec: { unschedulable: isCordoned ? true : null } });
  }

  isCordoned(node: string): boolean {
    return this.world.nodes().find(({ metadata }) => metadata.name === node)?.spec.unschedulable === true;
  }

  note(name: string, isEnding: boolean): void {
    if (isEnding) return;
    this.evicted.push(name);
    if (name.includes('-exec-')) this.fewest = Math.min(this.fewest, this.executors().length);
  }

  executors(): readonly string[] {
    return this.world
      .pods(NAMESPACE)
      .filter(
        ({ metadata, status }) =>
          metadata.labels?.['spark-role'] === 'executor' &&
          status.phase === 'Running' &&
          metadata.deletionTimestamp === undefined,
      )
      .map(({ metadata }) => metadata.name);
  }

  isTraining(): boolean {
    const pods = this.world.pods(NAMESPACE).filter(({ metadata }) => metadata.name.startsWith('mnist-'));
    return pods.length === 6 && pods.every(({ status }) => status.phase === 'Running');
  }

  podsOn(node: string): readonly string[] {
    const there = this.world.pods().filter(({ spec, status }) => spec.nodeName === node && status.phase === 'Running');
    return there.map(({ metadata }) => metadata.name).toSorted();
  }

  data(): readonly DataCluster[] {
    const list = (kind: string): readonly JsonObject[] => this.world.store.list(kindNamed(kind), NAMESPACE);
    const kinds = [
      apiResource('sparkoperator.k8s.io', 'v1beta2', 'SparkApplication'),
      apiResource('kubeflow.org', 'v1', 'TFJob'),
    ];
    const objects = namespaceOf({
      namespace: NAMESPACE,
      pods: list('Pod').flatMap((one) => decodePod(one) ?? []),
      customs: kinds.flatMap((kind) => list(kind.kind).flatMap((one) => decodeCustom(kind)(one) ?? [])),
    });
    return [...sparkLive.gather(objects), ...tfjobLive.gather(objects)];
  }

  plan(wish: Partial<NodeDrainWish> & { readonly node: string }): Promise<Plan> {
    const cluster = new SimulatedJobs(this, alive());
    const ports = { clusters: this.data(), cluster, clock: this.clock, id: 'plan' };
    return operations.planNodeDrain({ emptyDir: 'keep', ...wish }, ports);
  }

  attempt(plan: Plan, runner: string, fate = alive(), earlier?: RunRecord): Attempt {
    const heard: Attempt['heard'][number][] = [];
    const control: Attempt['control'] = { wish: 'run' };
    const clock: Clock = {
      now: () => this.clock.now(),
      after: (milliseconds, call) => this.clock.after(milliseconds, () => (fate.isDead ? undefined : call())),
    };
    const cluster = new SimulatedJobs(this, fate);
    // What is watched may have changed since, or be gone.
    const result = operations.run(
      { plan, clusters: [], ...(earlier ? { earlier } : {}) },
      { cluster, clock, runner, control, listener: (progress) => void heard.push(progress) },
    );
    return { result, fate, heard, control };
  }

  async toTheEnd({ result, fate, heard }: Attempt, seconds = 3600): Promise<RunRecord | undefined> {
    const end: { record?: RunRecord } = {};
    void result.then((record) => (end.record = record));
    for (let passed = 0; end.record === undefined && !fate.isDead; passed += 1) {
      if (passed > seconds) throw new Error(`It never ends: ${JSON.stringify(heard.slice(-3))}`);
      await this.clock.pass(1000);
    }
    return end.record;
  }

  async until(holds: () => boolean): Promise<void> {
    for (let round = 0; !holds(); round += 1) {
      if (round > 4000) throw new Error('It does not come to hold.');
      await this.clock.pass(250);
    }
  }

  /** What Events tell. */
  told(): readonly string[] {
    const events = this.kept.writes.filter(({ address }) => address.plural === 'events');
    return events.map(({ body }) => textAt(body, 'message'));
  }

  async journalled(plan: Plan): Promise<RunRecord | undefined> {
    return (await readJournalOf(this.kept, plan.target))?.current;
  }

  stop(): void {
    this.simulation.stop();
  }
}
