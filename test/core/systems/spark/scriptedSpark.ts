import { objectAt, textAt, textsAt, valueAt, type JsonObject } from '#core/json.ts';
import type { DataCluster } from '#core/live/model.ts';
import { decodeCustom } from '#core/live/decode/custom.ts';
import { decodePod } from '#core/live/decode/pod.ts';
import { decodeStatefulSet } from '#core/live/decode/workload.ts';
import type { ApiResource, Clock, Cluster, ObjectAddress, ResourceKind, WriteOptions } from '#core/live/ports.ts';
import type { Plan, Progress, RunRecord } from '#core/operations/model.ts';
import type { RunControl } from '#core/operations/run.ts';
import type { OperationWish } from '#core/operations/wishes.ts';
import { operations } from '#core/systems/operations.ts';
import { sparkLive } from '#core/systems/spark/live.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { keyOf } from '#test/support/fakeObjects.ts';
import { makeNamespace } from '#test/support/jobObjects.ts';

export const NAMESPACE = 'jobs';

const kind = (group: string, version: string, name: string, plural = `${name.toLowerCase()}s`): ApiResource => ({
  group,
  version,
  kind: name,
  plural,
  namespaced: true,
  verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'],
  versions: [version],
});

const kinds: readonly ApiResource[] = [
  kind('sparkoperator.k8s.io', 'v1beta2', 'SparkApplication'),
  kind('sparkoperator.k8s.io', 'v1beta2', 'ScheduledSparkApplication'),
  kind('sparkoperator.k8s.io', 'v1alpha1', 'SparkConnect'),
  kind('spark.apache.org', 'v1', 'SparkApplication'),
  kind('spark.apache.org', 'v1', 'SparkCluster'),
  kind('autoscaling', 'v2', 'HorizontalPodAutoscaler'),
];

const PODS: ResourceKind = { group: '', version: 'v1', plural: 'pods', namespaced: true };
const SETS: ResourceKind = { group: 'apps', version: 'v1', plural: 'statefulsets', namespaced: true };

/** What an operator or a controller does when it looks. */
export type Script = (cluster: ScriptedCluster, now: number) => void;

/** Objects in memory, with what an API server does about generations, finalizers and owners. */
export class ScriptedCluster extends FakeCluster {
  /** Called with the plural before something is deleted by request. */
  beforeDelete: (plural: string) => void = () => undefined;

  constructor() {
    super();
    this.serve(...kinds);
  }

  override async mergePatch(
    address: ObjectAddress,
    patch: JsonObject,
    options: WriteOptions = {},
  ): Promise<JsonObject> {
    const before = await this.get(address);
    const own = options.subresource === 'status' ? pick(patch, 'status', 'metadata') : without(patch, 'status');
    const after = await super.mergePatch(address, own, { ...options, dryRun: true });
    if (options.dryRun === true) return after;
    this.changeWith(address, before, after);
    return this.get(address);
  }

  override async delete(address: ObjectAddress, options: WriteOptions & { readonly uid?: string } = {}): Promise<void> {
    const object = await this.get(address);
    this.beforeDelete(address.plural);
    if (textsAt(object, 'metadata', 'finalizers').length === 0) {
      await super.delete(address, options);
      this.collect(textAt(object, 'metadata', 'uid'));
      return;
    }
    const metadata = { ...objectAt(object, 'metadata'), deletionTimestamp: '2026-01-01T12:00:00Z' };
    this.store(address, { ...object, metadata });
  }

  /** As a user edits it. */
  edit(address: ObjectAddress, spec: JsonObject): void {
    const before = this.find(address);
    this.changeWith(address, before, { ...before, spec: { ...objectAt(before, 'spec'), ...spec } });
  }

  setStatus(address: ObjectAddress, status: JsonObject): void {
    const before = this.find(address);
    if (JSON.stringify(before['status']) !== JSON.stringify(status)) this.store(address, { ...before, status });
  }

  /** The operator has let it go. */
  letGo(address: ObjectAddress): void {
    const object = this.find(address);
    this.drop(keyOf(address, address.namespace, address.name));
    this.collect(textAt(object, 'metadata', 'uid'));
  }

  read(address: ObjectAddress): JsonObject | undefined {
    return this.stored(address);
  }

  private changeWith(address: ObjectAddress, before: JsonObject, after: JsonObject): void {
    const generation = Number(valueAt(before, 'metadata', 'generation') ?? 1);
    const isNew = JSON.stringify(before['spec']) !== JSON.stringify(after['spec']);
    const metadata = { ...objectAt(after, 'metadata'), generation: isNew ? generation + 1 : generation };
    this.store(address, { ...after, metadata });
  }

  private collect(owner: string): void {
    for (const pod of this.objectsOf(PODS)) {
      const owners = valueAt(pod, 'metadata', 'ownerReferences');
      if (!Array.isArray(owners) || !owners.some((one) => textAt(one, 'uid') === owner)) continue;
      super.remove('Pod', textAt(pod, 'metadata', 'name'), NAMESPACE);
      this.collect(textAt(pod, 'metadata', 'uid'));
    }
  }
}

/** A cluster, a clock, and scripts that look every second. */
export class ScriptedGame {
  readonly clock = new FakeClock();
  readonly cluster = new ScriptedCluster();
  isOperatorUp = true;
  readonly #scripts: readonly Script[];

  constructor(...scripts: readonly Script[]) {
    this.#scripts = scripts;
    this.#look();
  }

  #look(): void {
    if (this.isOperatorUp) for (const script of this.#scripts) script(this.cluster, this.clock.now());
    this.clock.after(1000, () => this.#look());
  }

  setOperator(image: string, readyReplicas = 1, command: readonly string[] = []): void {
    this.isOperatorUp = readyReplicas > 0;
    const containers = [{ name: 'operator', image, args: command }];
    this.cluster.put({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'operator', namespace: 'operators', uid: 'uid-operator' },
      spec: { replicas: 1, selector: { matchLabels: { app: 'o' } }, template: { metadata: {}, spec: { containers } } },
      status: { readyReplicas, replicas: 1 },
    });
  }

  data(name: string, key?: string): DataCluster {
    const objects = makeNamespace({
      namespace: NAMESPACE,
      customs: kinds.flatMap((one) => this.cluster.objectsOf(one).flatMap((object) => decodeCustom(one)(object) ?? [])),
      pods: this.cluster.objectsOf(PODS).flatMap((pod) => decodePod(pod) ?? []),
      workloads: this.cluster.objectsOf(SETS).flatMap((set) => decodeStatefulSet(set) ?? []),
    });
    const found = sparkLive.gather(objects).find((one) => one.name === name && (key === undefined || one.key === key));
    if (!found) throw new Error(`There is no ${name}.`);
    return found;
  }

  plan(name: string, wish: OperationWish, id = 'plan-1'): Promise<Plan> {
    return operations.plan(wish, { data: this.data(name), cluster: this.cluster, clock: this.clock, id });
  }

  async run(plan: Plan, { earlier, confirmed, onProgress }: RunOptions = {}): Promise<RunRecord> {
    const control: { wish: RunControl['wish'] } = { wish: 'run' };
    const listener = (progress: Progress): void => onProgress?.(progress, control);
    const result = operations.run(
      {
        plan,
        clusters: this.#known(plan),
        ...(earlier ? { earlier } : {}),
        ...(confirmed === undefined ? {} : { confirmed }),
      },
      { cluster: this.cluster, clock: this.clock, runner: 'ann', control, listener },
    );
    const record = await this.#outcome(result, alive());
    if (record) return record;
    throw new Error('It has died.');
  }

  /** A runner that dies at its n-th call to the cluster, before it gets there or after. Resolves with its calls. */
  async runUntilDeath(plan: Plan, diesAt: number, arrives: boolean): Promise<number> {
    const fate: Fate = { ...alive(), diesAt, arrives };
    const clock: Clock = {
      now: () => this.clock.now(),
      after: (milliseconds, call) => this.clock.after(milliseconds, () => (fate.isDead ? undefined : call())),
    };
    const result = operations.run(
      { plan, clusters: this.#known(plan) },
      {
        cluster: mortal(this.cluster, fate),
        clock,
        runner: 'bob',
        control: { wish: 'run' },
        listener: () => undefined,
      },
    );
    await this.#outcome(result, fate);
    return fate.calls;
  }

  async #outcome(result: Promise<RunRecord>, fate: Fate): Promise<RunRecord | undefined> {
    const end: { record?: RunRecord } = {};
    void result.then((record) => (end.record = record));
    for (let seconds = 0; end.record === undefined && !fate.isDead; seconds += 1) {
      if (seconds > 1500) throw new Error('It never ends.');
      await this.clock.pass(1000);
    }
    return end.record;
  }

  #known({ target }: Plan): readonly DataCluster[] {
    try {
      return [this.data(target.name, target.key)];
    } catch {
      return [];
    }
  }
}

interface Fate {
  isDead: boolean;
  readonly diesAt: number;
  readonly arrives: boolean;
  calls: number;
}

const alive = (): Fate => ({ isDead: false, diesAt: -1, arrives: false, calls: 0 });

/** The same cluster as one runner sees it, who may die at any call. */
function mortal(cluster: Cluster, fate: Fate): Cluster {
  return new Proxy(cluster, {
    get(target, key): unknown {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      return async (...args: readonly unknown[]): Promise<unknown> => {
        if (fate.isDead) return never;
        fate.calls += 1;
        const isLast = fate.calls === fate.diesAt;
        if (isLast) fate.isDead = true;
        const answer: unknown = isLast && !fate.arrives ? undefined : await Reflect.apply(member, target, args);
        return isLast ? never : answer;
      };
    },
  });
}

const never = new Promise<never>(() => undefined);

export interface RunOptions {
  readonly earlier?: RunRecord;
  readonly confirmed?: string;
  readonly onProgress?: (progress: Progress, control: { wish: RunControl['wish'] }) => void;
}

export const addressIn = (group: string, version: string, plural: string, name: string): ObjectAddress => ({
  group,
  version,
  plural,
  namespaced: true,
  namespace: NAMESPACE,
  name,
});

export const endOf = ({ state }: RunRecord): string =>
  state.kind === 'paused' || state.kind === 'stopped' ? `${state.kind}: ${state.reason} ${state.fix}` : state.kind;

export const notesOf = ({ steps }: RunRecord): string => steps.flatMap(({ notes }) => notes).join('\n');

export const sparkPod = (
  name: string,
  labels: Readonly<Record<string, string>>,
  owner?: JsonObject,
  more: JsonObject = {},
): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: NAMESPACE,
    labels,
    creationTimestamp: '2026-01-01T11:00:00Z',
    ...(owner ? { ownerReferences: [owner] } : {}),
  },
  spec: {
    nodeName: 'n',
    terminationGracePeriodSeconds: 30,
    containers: [{ name: 'spark-kubernetes-driver', image: 'apache/spark:4.0.1' }],
  },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  ...more,
});

function pick(object: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => keys.includes(key)));
}

function without(object: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}
