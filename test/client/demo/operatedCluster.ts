import { numberAt } from '#core/json.ts';
import {
  ClusterProblem,
  type ExecRequest,
  type ExecResult,
  type JsonObject,
  type ObjectAddress,
  type ResourceKind,
  type WatchQuery,
  type WriteOptions,
} from '#core/live/ports.ts';
import { ApiError } from '#client/cluster/demo/simulation/apiError.ts';
import { kindByPlural, type Kind } from '#client/cluster/demo/simulation/kinds.ts';
import { runCommand } from '#client/cluster/demo/simulation/shell.ts';
import type { Simulation } from '#client/cluster/demo/simulation/simulation.ts';
import type { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { isSelected } from '#test/support/fakeSelectors.ts';
import type { Fate } from './simulatedKafka.ts';

export const namespace = 'profiles';

/** Where the objects are, and what is heard of their changes. */
export interface OperatedPlace {
  readonly simulation: Simulation;
  readonly clock: FakeClock;
  readonly kept: FakeCluster;
  /** Sizes that were written. */
  readonly sizes: number[];
  /** Called before a size is written. */
  readonly beforeSize: () => void;
  /** What the webhook of the operator says to a write; it is taken when undefined. */
  readonly webhook: (kind: string, before: JsonObject, after: JsonObject) => string | undefined;
}

const KEPT = new Set(['leases', 'configmaps', 'events']);

/** Objects are those of the simulation; journal, lock, events and kinds that it does not know are kept in memory by `kept`. */
export class OperatedCluster extends FakeCluster {
  readonly #game: OperatedPlace;
  readonly #fate: Fate;

  constructor(game: OperatedPlace, fate: Fate) {
    super();
    this.#game = game;
    this.#fate = fate;
  }

  override get(address: ObjectAddress): Promise<JsonObject> {
    return this.#call(async () => {
      const kind = simulated(address);
      if (!kind) return this.#game.kept.get(address);
      const found = this.#game.simulation.world.store.get(kind, address.namespace, address.name);
      if (found) return { ...found };
      throw new ClusterProblem('absent', `There is no ${address.plural} ${address.name}.`);
    });
  }

  override list(query: WatchQuery): Promise<readonly JsonObject[]> {
    return this.#call(async () => {
      const kind = simulated(query);
      if (!kind) return [];
      const all: readonly JsonObject[] = this.#game.simulation.world.store.list(kind, query.namespace);
      return all.filter((one) => isSelected(one, query));
    });
  }

  override mergePatch(address: ObjectAddress, patch: JsonObject, options: WriteOptions = {}): Promise<JsonObject> {
    return this.#call(async () => {
      const kind = simulated(address);
      if (!kind) return this.#game.kept.mergePatch(address, patch, options);
      return this.#write(() => this.#patched(kind, address, patch, options));
    });
  }

  override create(resource: ResourceKind, object: JsonObject, options: WriteOptions = {}): Promise<JsonObject> {
    return this.#call(async () => {
      const kind = simulated(resource);
      if (!kind) return this.#game.kept.create(resource, object, options);
      const request = { kind, namespace, manager: 'test', isDryRun: options.dryRun === true };
      return this.#write(() => ({ ...this.#game.simulation.world.writes.create(request, object) }));
    });
  }

  override replace(...args: Parameters<FakeCluster['replace']>): Promise<JsonObject> {
    return this.#call(() => this.#game.kept.replace(...args));
  }

  override delete(address: ObjectAddress, options: WriteOptions & { readonly uid?: string } = {}): Promise<void> {
    return this.#call(async () => {
      const kind = simulated(address);
      const { store } = this.#game.simulation.world;
      const found = kind && store.get(kind, address.namespace, address.name);
      if (!kind || !found) throw new ClusterProblem('absent', `There is no ${address.name}.`);
      if (options.uid !== undefined && options.uid !== found.metadata.uid)
        throw new ClusterProblem('conflict', 'another uid');
      store.remove(kind, found);
    });
  }

  override identity(): Promise<string | undefined> {
    return this.#call(() => Promise.resolve('simulated'));
  }

  override exec(request: ExecRequest): Promise<ExecResult> {
    return this.#call(async () => {
      const { simulation, clock } = this.#game;
      const pod = simulation.world.pod(request.namespace, request.pod);
      const container = pod?.spec.containers.find(({ name }) => name === request.container);
      const isRunning = pod?.status.containerStatuses.some(
        ({ name, state }) => name === request.container && state.running !== undefined,
      );
      if (!pod || !container || isRunning !== true) throw new ClusterProblem('server', 'container not found');
      const running = runCommand({ simulation, pod, container }, request.command);
      await new Promise<void>((resolve) => {
        clock.after(running.takesMs, resolve);
      });
      return { ...running.finish(clock.now()), isCut: false };
    });
  }

  #patched(kind: Kind, address: ObjectAddress, patch: JsonObject, options: WriteOptions): JsonObject {
    const { simulation, webhook, sizes, beforeSize } = this.#game;
    const { store, writes } = simulation.world;
    const before = store.get(kind, address.namespace, address.name);
    const request = { kind, namespace: address.namespace, manager: 'test', isDryRun: options.dryRun === true };
    const after = writes.mergePatch({ ...request, isDryRun: true }, address.name, patch);
    const refusal = before && webhook(kind.kind, before, after);
    if (refusal !== undefined) throw new ClusterProblem('forbidden', refusal);
    const size = numberAt(patch, 'spec', 'size');
    if (options.dryRun !== true && size !== undefined) {
      beforeSize();
      sizes.push(size);
    }
    return { ...writes.mergePatch(request, address.name, patch) };
  }

  async #write(work: () => JsonObject): Promise<JsonObject> {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      throw new ClusterProblem(error.code === 409 ? 'conflict' : 'invalid', error.message);
    }
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

const simulated = ({ group, version, plural }: ResourceKind): Kind | undefined =>
  KEPT.has(plural) ? undefined : kindByPlural(group, version, plural);

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);
