import { stringify } from 'yaml';
import { objectAt, objectOf, textAt, type JsonObject } from '#core/json.ts';
import { decodeStored } from '#core/live/helm/decode.ts';
import { encodeRelease, storedLabels, storedName } from '#core/live/helm/encode.ts';
import type { HelmPort, HelmResult, HelmRun } from '#core/live/helm/program.ts';
import {
  ClusterProblem,
  type Clock,
  type ObjectAddress,
  type WatchQuery,
  type WriteOptions,
} from '#core/live/ports.ts';
import { readJournalOf } from '#core/operations/configMapJournal.ts';
import type { Plan, Progress, RunRecord } from '#core/operations/model.ts';
import type { RunControl } from '#core/operations/run.ts';
import type { RollbackWish } from '#core/operations/wishes.ts';
import { operations } from '#core/systems/operations.ts';
import { ApiError } from '#client/cluster/demo/simulation/apiError.ts';
import { kindByPlural, kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import { helmWithoutProgram } from '#client/cluster/helm/helmPort.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { isSelected } from '#test/support/fakeSelectors.ts';
import { SimulatedCluster, SimulatedKafka, statefulSet, type Fate } from './simulatedKafka.ts';

export const RELEASE = 'orders';
export const NAMESPACE = 'shop';
const NO_PROGRAM = 'The program helm is not on the PATH of this program.';

const packing = helmWithoutProgram(NO_PROGRAM);
const simulatedKinds = new Set(['pods', 'statefulsets', 'poddisruptionbudgets']);

export const alive = (): Fate => ({ isDead: false, diesAt: -1, arrives: false, calls: 0 });

/** Pods and StatefulSets are those of the simulation; Secrets, ConfigMaps, journal and lock are kept in memory. */
class ReleaseCluster extends SimulatedCluster {
  readonly #game: ReleaseGame;

  constructor(game: ReleaseGame, fate: Fate) {
    super(game.kafka, game.kept, fate);
    this.#game = game;
    this.helm = game.helm;
  }

  override list(query: WatchQuery): Promise<readonly JsonObject[]> {
    return this.call(async () => {
      if (!simulatedKinds.has(query.plural)) return this.#game.kept.list(query);
      const kind = kindByPlural(query.group, query.version, query.plural);
      if (!kind) return [];
      const all: readonly JsonObject[] = this.simulated.simulation.world.store.list(kind, query.namespace);
      return all.filter((one) => isSelected(one, query));
    });
  }

  override get(address: ObjectAddress): Promise<JsonObject> {
    if (address.plural !== 'statefulsets') return super.get(address);
    return this.call(async () => this.#game.statefulSet());
  }

  override delete(...args: Parameters<FakeCluster['delete']>): Promise<void> {
    return this.call(() => this.#game.kept.delete(...args));
  }

  override mergePatch(address: ObjectAddress, patch: JsonObject, options: WriteOptions = {}): Promise<JsonObject> {
    return this.call(async () => {
      if (address.plural !== 'statefulsets') return this.#game.kept.mergePatch(address, patch, options);
      return this.#game.write((request) => request.patch(patch), options.dryRun === true);
    });
  }

  override replace(...args: Parameters<FakeCluster['replace']>): Promise<JsonObject> {
    const [address, object, options = {}] = args;
    if (address.plural !== 'statefulsets') return super.replace(...args);
    return this.call(async () => this.#game.write((request) => request.replace(object), options.dryRun === true));
  }
}

interface SetWrites {
  readonly patch: (patch: JsonObject) => JsonObject;
  readonly replace: (object: JsonObject) => JsonObject;
}

export interface Attempt {
  readonly fate: Fate;
  readonly heard: Progress[];
  readonly control: { wish: RunControl['wish'] };
  record: RunRecord | undefined;
}

export interface GameOptions {
  /** Of the StatefulSet in both manifests; absent: they say nothing of it. */
  readonly updateStrategy?: JsonObject;
  /** The template of revision 1 is that of revision 2. */
  readonly isSameTemplate?: boolean;
  readonly hooks?: readonly JsonObject[];
  readonly replicasThen?: number;
}

/** A release whose StatefulSet runs simulated brokers. Revision 1 has another variable, another ConfigMap and no object `extra`. */
export class ReleaseGame {
  readonly clock = new FakeClock();
  readonly kept = new FakeCluster();
  readonly kafka: SimulatedKafka;
  readonly options: GameOptions;
  helm: HelmPort = packing;

  constructor(options: GameOptions = {}) {
    this.options = options;
    const topics = [
      {
        name: 'orders',
        assignment: [
          [0, 1, 2],
          [1, 2, 0],
        ],
        config: { 'min.insync.replicas': '2' },
      },
    ];
    this.kafka = new SimulatedKafka(this.clock, 3, topics, {}, 3);
  }

  async begin(): Promise<this> {
    this.write(({ patch }) => patch({ spec: objectOf(this.manifestOf(2)[0]?.['spec']) }), false);
    await this.kafka.settle();
    const [, config, extra] = this.manifestOf(2);
    if (config && extra) this.kept.put(config, extra);
    this.addRevision(1, 'superseded');
    this.addRevision(2, 'deployed');
    return this;
  }

  /** The objects of a revision. */
  manifestOf(revision: number): readonly JsonObject[] {
    const { updateStrategy, isSameTemplate, replicasThen = 3 } = this.options;
    const set = objectOf(statefulSet(revision === 1 ? replicasThen : 3, { app: RELEASE }));
    const isOld = revision === 1 && isSameTemplate !== true;
    const template = objectAt(set, 'spec', 'template');
    const annotations = { 'checksum/config': isOld ? 'one' : 'two' };
    const spec = {
      ...objectAt(set, 'spec'),
      template: { ...template, metadata: { ...objectAt(template, 'metadata'), annotations } },
      ...(updateStrategy ? { updateStrategy } : {}),
    };
    const config = (name: string, data: JsonObject): JsonObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: NAMESPACE, name },
      data,
    });
    return [
      { ...set, spec },
      config('orders-config', { 'log.retention.hours': revision === 1 ? '72' : '168' }),
      ...(revision === 1 ? [] : [config('orders-extra', { more: 'text' })]),
    ];
  }

  releaseOf(revision: number, status: string, description = 'Upgrade complete'): JsonObject {
    const manifest = this.manifestOf(revision)
      .map((object) => `---\n# Source: kafka/templates/one.yaml\n${stringify(object)}`)
      .join('');
    return {
      name: RELEASE,
      namespace: NAMESPACE,
      version: revision,
      info: {
        first_deployed: '2026-08-20T09:30:00Z',
        last_deployed: '2026-08-24T14:00:00Z',
        deleted: '',
        description,
        status,
      },
      chart: {
        metadata: { name: 'kafka', version: `1.0.${revision}`, appVersion: '4.1.0' },
        templates: [],
        values: {},
        unknownHere: 7,
      },
      config: { password: 'hunter2' },
      manifest,
      ...(this.options.hooks ? { hooks: this.options.hooks } : {}),
    };
  }

  addRevision(revision: number, status: string, content = this.releaseOf(revision, status)): void {
    const labels = {
      release: RELEASE,
      revision,
      status,
      before: { team: 'data' },
      at: this.clock.now(),
      how: 'createdAt',
    } as const;
    this.kept.put({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace: NAMESPACE, name: storedName(RELEASE, revision), labels: storedLabels(labels) },
      type: 'helm.sh/release.v1',
      data: { release: encodeRelease(content, packing.deflate, 'secret') },
    });
  }

  /** Status and description of every revision, oldest first. */
  history(): readonly string[] {
    return this.secrets().map((secret) => {
      const decoded = decodeStored(textAt(secret, 'data', 'release'), packing.inflate);
      const info = decoded.kind === 'stored' ? objectAt(decoded.json, 'info') : {};
      const label = textAt(secret, 'metadata', 'labels', 'status');
      const status = textAt(info, 'status');
      return `${textAt(secret, 'metadata', 'labels', 'version')} ${label === status ? label : `${label}/${status}`} ${textAt(info, 'description')}`;
    });
  }

  secrets(): readonly JsonObject[] {
    return this.kept.objectsOf({ group: '', plural: 'secrets' });
  }

  statefulSet(): JsonObject {
    const found = this.kafka.simulation.world.store.get(kindNamed('StatefulSet'), NAMESPACE, RELEASE);
    if (!found) throw new ClusterProblem('absent', 'There is no StatefulSet.');
    return { ...found };
  }

  /** What is written to the StatefulSet, whoever does it. */
  write(work: (writes: SetWrites) => JsonObject, isDryRun: boolean): JsonObject {
    const { writes } = this.kafka.simulation.world;
    const request = { kind: kindNamed('StatefulSet'), namespace: NAMESPACE, manager: 'test', isDryRun };
    try {
      return {
        ...work({
          patch: (patch) => ({ ...writes.mergePatch(request, RELEASE, patch) }),
          replace: (object) => ({ ...writes.replace(request, RELEASE, object) }),
        }),
      };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const kind = error.code === 409 ? 'conflict' : error.code === 422 ? 'invalid' : 'server';
      throw new ClusterProblem(kind, error.message);
    }
  }

  get strategy(): JsonObject {
    return objectAt(this.statefulSet(), 'spec', 'updateStrategy');
  }

  /** The checksum that each pod's template had. */
  checksums(): readonly string[] {
    const pods = this.kafka.data().members.map(({ pod }) => pod?.meta.annotations['checksum/config'] ?? '');
    return pods;
  }

  plan(wish: Partial<RollbackWish> = {}): Promise<Plan> {
    const ports = {
      clusters: [this.kafka.data()],
      cluster: new ReleaseCluster(this, alive()),
      clock: this.clock,
      id: 'plan',
    };
    return operations.planRollback({ operation: 'rollback', release: RELEASE, namespace: NAMESPACE, ...wish }, ports);
  }

  attempt(plan: Plan, runner: string, fate = alive(), earlier?: RunRecord): Attempt {
    const clock: Clock = {
      now: () => this.clock.now(),
      after: (milliseconds, call) => this.clock.after(milliseconds, () => (fate.isDead ? undefined : call())),
    };
    const attempt: Attempt = { fate, heard: [], control: { wish: 'run' }, record: undefined };
    void operations
      .run(
        { plan, clusters: [this.kafka.data()], ...(earlier ? { earlier } : {}) },
        {
          cluster: new ReleaseCluster(this, fate),
          clock,
          runner,
          control: attempt.control,
          listener: (progress) => void attempt.heard.push(progress),
        },
      )
      .then((record) => (attempt.record = record));
    return attempt;
  }

  /** Lets time pass until it is over or dead. */
  async toTheEnd(attempt: Attempt): Promise<RunRecord | undefined> {
    for (let seconds = 0; attempt.record === undefined && !attempt.fate.isDead; seconds += 1) {
      if (seconds > 3600) throw new Error(`It never ends: ${JSON.stringify(attempt.heard.slice(-3))}`);
      await this.clock.pass(1000);
    }
    return attempt.record;
  }

  async journalled(plan: Plan): Promise<RunRecord | undefined> {
    return (await readJournalOf(this.kept, plan.target))?.current;
  }

  stop(): void {
    this.kafka.simulation.stop();
  }
}

/** The program as far as it matters: a revision first, then everything the manifest sets, the update strategy too, then the end. */
export class ScriptedHelm {
  readonly calls: (readonly string[])[] = [];
  /** How it ends: as a rule well, or with the revision left as it is. */
  end: 'deployed' | 'failed' | 'left pending' | 'before anything' = 'deployed';
  readonly #game: ReleaseGame;

  constructor(game: ReleaseGame) {
    this.#game = game;
  }

  static installed(game: ReleaseGame, version = 'v3.22.0'): ScriptedHelm {
    const made = new ScriptedHelm(game);
    const major = Number(version.slice(1, 2));
    const start = (args: readonly string[]): HelmRun => made.#start(args);
    game.helm = { ...packing, program: () => Promise.resolve({ version: { major, text: version }, start }) };
    return made;
  }

  #start(args: readonly string[]): HelmRun {
    this.calls.push(args);
    const run: { result: HelmResult | undefined; ended: Promise<HelmResult> } = {
      result: undefined,
      ended: new Promise(() => undefined),
    };
    const finish = (exitCode: number, stderr: string): void => void (run.result = { exitCode, stdout: '', stderr });
    if (this.end === 'before anything') {
      finish(1, 'Error: Kubernetes cluster unreachable');
      return run;
    }
    const to = Number(args[2]);
    const next = this.#game.secrets().length + 1;
    const content = (status: string, description: string): JsonObject => ({
      ...this.#game.releaseOf(to, status, description),
      version: next,
    });
    const say = (status: string, description = `Rollback to ${to}`): void =>
      this.#game.addRevision(next, status, content(status, description));
    say('pending-rollback');
    this.#game.clock.after(1500, () => {
      if (this.end === 'left pending') return finish(1, 'Error: pre-rollback hooks failed: job migrate failed');
      const [set, ...others] = this.#game.manifestOf(to);
      this.#game.write(({ patch }) => patch({ spec: objectOf(set?.['spec']) }), false);
      this.#game.kept.put(...others);
      this.#game.kept.remove('ConfigMap', 'orders-extra', NAMESPACE);
      if (this.end === 'failed') {
        say('failed', 'Rollback "orders" failed: cannot patch "orders"');
        return finish(1, 'Error: cannot patch');
      }
      this.#game.addRevision(next - 1, 'superseded');
      say('deployed');
      finish(0, '');
    });
    return run;
  }
}
