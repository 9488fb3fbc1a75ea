import type { DataCluster } from '#core/live/model.ts';
import { decodeCustom } from '#core/live/decode/custom.ts';
import { decodePod } from '#core/live/decode/pod.ts';
import {
  ClusterProblem,
  type AccessAnswer,
  type AccessQuestion,
  type Clock,
  type JsonObject,
  type ObjectAddress,
  type ResourceKind,
  type WatchQuery,
  type WriteOptions,
} from '#core/live/ports.ts';
import { readJournalOf } from '#core/operations/configMapJournal.ts';
import type { Plan, Progress, RunRecord } from '#core/operations/model.ts';
import type { RunControl } from '#core/operations/run.ts';
import type { OperationWish } from '#core/operations/wishes.ts';
import { operations } from '#core/systems/operations.ts';
import { sparkLive } from '#core/systems/spark/live.ts';
import { ApiError } from '#client/cluster/demo/simulation/apiError.ts';
import { kindByPlural, kindNamed, type Kind } from '#client/cluster/demo/simulation/kinds.ts';
import { recordOf, shapedAs, type KubeObject, type Pod } from '#client/cluster/demo/simulation/objects.ts';
import { addBase } from '#client/cluster/demo/simulation/scenario/base.ts';
import { addRunningJobs } from '#client/cluster/demo/simulation/scenario/jobs.ts';
import { Simulation } from '#client/cluster/demo/simulation/simulation.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { isSelected } from '#test/support/fakeSelectors.ts';
import { makeNamespace } from '#test/support/jobObjects.ts';
import type { Fate } from './simulatedKafka.ts';

const NAMESPACE = 'analytics';
export const APP = 'daily-report';

export const alive = (): Fate => ({ isDead: false, diesAt: -1, arrives: false, calls: 0 });

/** Journal, lock, events and manifests that are kept; everything else is the simulation's. */
const KEPT = new Set(['leases', 'configmaps', 'events', 'secrets']);

export interface SparkAttempt {
  readonly result: Promise<RunRecord>;
  readonly fate: Fate;
  readonly heard: readonly Progress[];
  readonly control: { wish: RunControl['wish'] };
}

export interface AttemptOptions {
  readonly fate?: Fate;
  readonly earlier?: RunRecord;
  readonly confirmed?: string;
  /** What the runner knows; what is there when absent. */
  readonly clusters?: readonly DataCluster[];
  readonly onProgress?: (progress: Progress) => void;
}

/** A cluster with the simulated Kubeflow operator and an application that runs. */
export class SparkGame {
  readonly clock = new FakeClock();
  readonly kept = new FakeCluster();
  readonly simulation = new Simulation({ clock: this.clock, seed: 7 });
  /** What the server drops from a patch, as one whose definition is older does. */
  dropped: (patch: JsonObject) => JsonObject = (patch) => patch;
  /** Called before anything of the application is written by the runner. */
  beforeWrite: () => void = () => undefined;
  isForbidden: (question: AccessQuestion) => boolean = () => false;

  async begin(): Promise<this> {
    addBase(this.simulation.world);
    addRunningJobs(this.simulation);
    this.simulation.start();
    await this.until(() => this.state() === 'RUNNING' && this.executors().length === 3);
    return this;
  }

  stop(): void {
    this.simulation.stop();
  }

  app(): KubeObject | undefined {
    return this.simulation.world.get('SparkApplication', NAMESPACE, APP);
  }

  status(): Readonly<Record<string, unknown>> {
    return recordOf(this.app()?.['status']);
  }

  state(): unknown {
    return recordOf(this.status()['applicationState'])['state'];
  }

  submission(): unknown {
    return this.status()['submissionID'];
  }

  driver(): Pod | undefined {
    return this.simulation.world.pod(NAMESPACE, `${APP}-driver`);
  }

  executors(): readonly Pod[] {
    return this.simulation.world
      .pods(NAMESPACE)
      .filter(({ metadata }) => metadata.name.startsWith(`${APP}-`) && metadata.name.includes('-exec-'));
  }

  /** Somebody else edits the application. */
  edit(spec: JsonObject, manager = 'somebody'): void {
    const request = { kind: kindNamed('SparkApplication'), namespace: NAMESPACE, manager, isDryRun: false };
    this.simulation.world.writes.mergePatch(request, APP, { spec });
  }

  label(labels: Readonly<Record<string, string>>, annotations: Readonly<Record<string, string>>): void {
    const request = { kind: kindNamed('SparkApplication'), namespace: NAMESPACE, manager: 'somebody', isDryRun: false };
    this.simulation.world.writes.mergePatch(request, APP, { metadata: { labels, annotations } });
  }

  /** Somebody makes one of the same name. */
  addAgain(): void {
    const request = { kind: kindNamed('SparkApplication'), namespace: NAMESPACE, manager: 'somebody', isDryRun: false };
    this.simulation.world.writes.create(request, {
      apiVersion: 'sparkoperator.k8s.io/v1beta2',
      kind: 'SparkApplication',
      metadata: { namespace: NAMESPACE, name: APP },
      spec: { type: 'Scala', mode: 'cluster', driver: {}, executor: { instances: 1 } },
    });
  }

  remove(): void {
    const app = this.app();
    if (app) this.simulation.world.remove(app);
  }

  /** The pods of the operator go, and none comes back as long as it is so. */
  setOperator(replicas: number): void {
    const request = {
      kind: kindNamed('Deployment'),
      namespace: 'spark-operator',
      manager: 'somebody',
      isDryRun: false,
    };
    this.simulation.world.writes.mergePatch(request, 'spark-operator-controller', { spec: { replicas } });
  }

  /** At once, before it can look at anything more. */
  killOperator(): void {
    const { world } = this.simulation;
    this.setOperator(0);
    for (const pod of world.pods('spark-operator')) world.remove(pod);
    const deployment = world.get('Deployment', 'spark-operator', 'spark-operator-controller');
    if (deployment) world.setStatus(deployment, { ...recordOf(deployment['status']), readyReplicas: 0 });
  }

  setOperatorVersion(version: string): void {
    const { world } = this.simulation;
    const deployment = world.get('Deployment', 'spark-operator', 'spark-operator-controller');
    if (!deployment) throw new Error('There is no operator.');
    const spec: unknown = JSON.parse(
      JSON.stringify(deployment['spec']).replace(/controller:[\d.]+/, `controller:${version}`),
    );
    world.store.put(kindNamed('Deployment'), { ...deployment, spec });
  }

  setDriverCourse(endsAfterMs: number, exitCode: number): void {
    const end = { exitCode, reason: exitCode === 0 ? ('Completed' as const) : ('Error' as const) };
    this.simulation.sparkCourses.set(`${NAMESPACE}/${APP}`, { endsAfterMs, end, lines: [] });
  }

  data(): DataCluster {
    const { world } = this.simulation;
    const found = world.store.list(kindNamed('SparkApplication'), NAMESPACE);
    const decode = decodeCustom({
      group: 'sparkoperator.k8s.io',
      version: 'v1beta2',
      kind: 'SparkApplication',
      plural: 'sparkapplications',
      namespaced: true,
      verbs: [],
      versions: [],
    });
    const objects = makeNamespace({
      namespace: NAMESPACE,
      customs: found.flatMap((object) => decode({ ...object }) ?? []),
      pods: world.pods(NAMESPACE).flatMap((pod) => decodePod({ ...pod }) ?? []),
    });
    const data = sparkLive.gather(objects).find(({ name }) => name === APP);
    if (!data) throw new Error('The application is not there.');
    return data;
  }

  plan(wish: OperationWish): Promise<Plan> {
    const cluster = new SparkGameCluster(this, alive());
    return operations.plan(wish, { data: this.data(), cluster, clock: this.clock, id: 'plan-1' });
  }

  attempt(plan: Plan, { fate = alive(), earlier, confirmed, clusters, onProgress }: AttemptOptions = {}): SparkAttempt {
    const heard: Progress[] = [];
    const control: SparkAttempt['control'] = { wish: 'run' };
    const clock: Clock = {
      now: () => this.clock.now(),
      after: (milliseconds, call) => this.clock.after(milliseconds, () => (fate.isDead ? undefined : call())),
    };
    const cluster = new SparkGameCluster(this, fate);
    const known = clusters ?? (this.app() ? [this.data()] : []);
    const hear = (progress: Progress): void => {
      heard.push(progress);
      onProgress?.(progress);
    };
    const result = operations.run(
      { plan, clusters: known, ...(earlier ? { earlier } : {}), ...(confirmed === undefined ? {} : { confirmed }) },
      { cluster, clock, runner: 'ann', control, listener: hear },
    );
    return { result, fate, heard, control };
  }

  /** Lets time pass until it is over or dead. */
  async toTheEnd({ result, fate, heard }: SparkAttempt): Promise<RunRecord | undefined> {
    const end: { record?: RunRecord } = {};
    void result.then((record) => (end.record = record));
    for (let seconds = 0; end.record === undefined && !fate.isDead; seconds += 1) {
      if (seconds > 1800) throw new Error(`It never ends: ${JSON.stringify(heard.slice(-3))}`);
      await this.clock.pass(1000);
    }
    return end.record;
  }

  async ended(attempt: SparkAttempt): Promise<RunRecord> {
    const record = await this.toTheEnd(attempt);
    if (record) return record;
    throw new Error('The runner has died.');
  }

  async until(holds: () => boolean): Promise<void> {
    for (let round = 0; !holds(); round += 1) {
      if (round > 2000) throw new Error('It does not come to hold.');
      await this.clock.pass(500);
    }
  }

  async journalled(plan: Plan): Promise<RunRecord | undefined> {
    return (await readJournalOf(this.kept, plan.target))?.current;
  }
}

class SparkGameCluster extends FakeCluster {
  readonly #game: SparkGame;
  readonly #fate: Fate;

  constructor(game: SparkGame, fate: Fate) {
    super();
    this.#game = game;
    this.#fate = fate;
  }

  override identity(): Promise<string | undefined> {
    return this.#call(() => Promise.resolve('simulated'));
  }

  override can(question: AccessQuestion): Promise<AccessAnswer> {
    return this.#call(async () => ({ isAllowed: !this.#game.isForbidden(question), reason: '' }));
  }

  override get(address: ObjectAddress): Promise<JsonObject> {
    return this.#call(async () => {
      const kind = simulated(address);
      if (!kind) return this.#game.kept.get(address);
      const found = this.#world.store.get(kind, address.namespace, address.name);
      if (found) return { ...found };
      throw new ClusterProblem('absent', `There is no ${address.plural} ${address.name}.`);
    });
  }

  override list(query: WatchQuery): Promise<readonly JsonObject[]> {
    return this.#call(async () => {
      const kind = query.plural === 'events' ? kindNamed('Event') : simulated(query);
      if (!kind) return [];
      const all: readonly JsonObject[] = this.#world.store.list(kind, query.namespace);
      return all.filter((one) => isSelected(one, query));
    });
  }

  override mergePatch(address: ObjectAddress, patch: JsonObject, options: WriteOptions = {}): Promise<JsonObject> {
    return this.#call(async () => {
      const kind = simulated(address);
      if (!kind) return this.#game.kept.mergePatch(address, patch, options);
      const { namespace, name } = address;
      const request = { kind, namespace, manager: 'data-clusters', isDryRun: options.dryRun === true };
      if (!request.isDryRun) this.#game.beforeWrite();
      return write(() => ({
        ...this.#world.writes.mergePatch(request, name, this.#game.dropped(patch), options.subresource),
      }));
    });
  }

  override create(resource: ResourceKind, object: JsonObject, options: WriteOptions = {}): Promise<JsonObject> {
    return this.#call(async () => {
      const kind = simulated(resource);
      if (!kind) return this.#game.kept.create(resource, object, options);
      const request = { kind, namespace: NAMESPACE, manager: 'data-clusters', isDryRun: options.dryRun === true };
      return write(() => ({ ...this.#world.writes.create(request, object) }));
    });
  }

  override replace(...args: Parameters<FakeCluster['replace']>): Promise<JsonObject> {
    return this.#call(() => this.#game.kept.replace(...args));
  }

  override delete(address: ObjectAddress, options: WriteOptions & { readonly uid?: string } = {}): Promise<void> {
    return this.#call(async () => {
      const kind = simulated(address);
      if (!kind) return this.#game.kept.delete(address, options);
      const found = this.#world.store.get(kind, address.namespace, address.name);
      if (!found) throw new ClusterProblem('absent', `There is no ${address.name}.`);
      if (options.uid !== undefined && options.uid !== found.metadata.uid)
        throw new ClusterProblem('conflict', 'another uid');
      if (kind.kind === 'Pod') this.#world.deletePod(shapedAs<Pod>(found));
      else this.#world.remove(found);
    });
  }

  get #world(): Simulation['world'] {
    return this.#game.simulation.world;
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

function write(work: () => JsonObject): JsonObject {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new ClusterProblem(error.code === 409 ? 'conflict' : 'invalid', error.message);
  }
}

const simulated = ({ group, version, plural }: ResourceKind): Kind | undefined =>
  KEPT.has(plural) ? undefined : kindByPlural(group, version, plural);

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);
