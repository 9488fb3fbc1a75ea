import { objectOf } from '#core/json.ts';
import type { DataCluster } from '#core/live/model.ts';
import { decodeCustom } from '#core/live/decode/custom.ts';
import { decodePod } from '#core/live/decode/pod.ts';
import { decodeStatefulSet } from '#core/live/decode/workload.ts';
import type { Clock, JsonObject } from '#core/live/ports.ts';
import { readJournalOf } from '#core/operations/configMapJournal.ts';
import type { Plan, Progress, RunRecord } from '#core/operations/model.ts';
import { usualSettings, type RunControl } from '#core/operations/run.ts';
import type { OperationWish } from '#core/operations/wishes.ts';
import { cassandraLive } from '#core/systems/cassandra/live.ts';
import { operations } from '#core/systems/operations.ts';
import {
  RingSimulation,
  type CassandraKeyspace,
  type CassandraPace,
  type RingNode,
} from '#client/cluster/demo/simulation/cassandra/ring.ts';
import { kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import type { KubeObject } from '#client/cluster/demo/simulation/objects.ts';
import { addBase } from '#client/cluster/demo/simulation/scenario/base.ts';
import { Simulation } from '#client/cluster/demo/simulation/simulation.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { namespace as namespaceOf } from '#test/support/liveObjects.ts';
import { namespace, OperatedCluster, type OperatedPlace } from './operatedCluster.ts';
import type { Fate } from './simulatedKafka.ts';

export { namespace } from './operatedCluster.ts';

export interface OperatedWanted {
  readonly racks: readonly string[];
  readonly size: number;
  readonly keyspaces?: readonly CassandraKeyspace[];
  readonly pace?: Partial<CassandraPace>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly seed?: number;
}

export interface Attempt {
  readonly result: Promise<RunRecord>;
  readonly fate: Fate;
  readonly heard: readonly Progress[];
  readonly control: { wish: RunControl['wish'] };
}

export const alive = (): Fate => ({ isDead: false, diesAt: -1, arrives: false, calls: 0 });

/** A CassandraDatacenter `dc1` of simulated nodes, its cass-operator, time that a test steps, and a place where runs are written down. */
export class OperatedGame implements OperatedPlace {
  readonly clock = new FakeClock();
  readonly kept = new FakeCluster();
  readonly simulation: Simulation;
  readonly ring: RingSimulation;
  /** Sizes that were written, and which nodes had left the ring by then. */
  readonly sizes: number[] = [];
  beforeSize: () => void = () => undefined;
  /** What the webhook of the operator says to a write; it is taken when undefined. */
  webhook: (kind: string, before: JsonObject, after: JsonObject) => string | undefined = () => undefined;

  constructor({ racks, size, keyspaces, pace = {}, annotations = {}, labels = {}, seed = 1 }: OperatedWanted) {
    this.simulation = new Simulation({ clock: this.clock, seed });
    const { world, members } = this.simulation;
    const nodes = racks.flatMap((rack, place) =>
      Array.from({ length: Math.floor(size / racks.length) + (place < size % racks.length ? 1 : 0) }, (_, ordinal) => ({
        pod: `${namespace}/demo-dc1-${rack}-sts-${ordinal}`,
        rack,
      })),
    );
    this.ring = new RingSimulation(
      {
        clusterName: 'demo',
        datacenter: 'dc1',
        version: '5.0.5',
        nodes,
        keyspaces: keyspaces ?? [
          { name: 'system_auth', replication: 3 },
          { name: 'shop', replication: 3 },
        ],
        loadBytes: 1024 ** 3,
        pace,
      },
      world.random,
    );
    members.rings.set(`${namespace}/demo`, this.ring);
    addBase(world);
    const options = { kind: kindNamed('CassandraDatacenter'), namespace, manager: 'test', isDryRun: false };
    world.writes.create(options, datacenter(racks, size, annotations, labels));
  }

  static async begin(wanted: OperatedWanted): Promise<OperatedGame> {
    const game = new OperatedGame(wanted);
    game.simulation.start();
    await game.until(() => game.isAtRest());
    await game.clock.pass(5000);
    return game;
  }

  isAtRest(): boolean {
    const status = JSON.stringify(this.datacenter()['status'] ?? {});
    return status.includes('"cassandraOperatorProgress":"Ready"');
  }

  datacenter(): KubeObject {
    const found = this.simulation.world.get('CassandraDatacenter', namespace, 'dc1');
    if (!found) throw new Error('There is no datacenter.');
    return found;
  }

  /** Brings the operator down, or back. */
  async setOperator(isThere: boolean): Promise<void> {
    const { writes, store } = this.simulation.world;
    const [deployment] = store.list(kindNamed('Deployment'), 'cass-operator');
    const request = { kind: kindNamed('Deployment'), namespace: 'cass-operator', manager: 'test', isDryRun: false };
    writes.mergePatch(request, deployment?.metadata.name ?? '', { spec: { replicas: isThere ? 1 : 0 } });
    await this.clock.pass(20_000);
  }

  /** As somebody else would. */
  patchDatacenter(patch: JsonObject): void {
    const request = { kind: kindNamed('CassandraDatacenter'), namespace, manager: 'somebody', isDryRun: false };
    this.simulation.world.writes.mergePatch(request, 'dc1', patch);
  }

  patchStatus(status: JsonObject): void {
    const { world } = this.simulation;
    world.setStatus(this.datacenter(), { ...objectOf(this.datacenter()['status']), ...status });
  }

  patchSet(name: string, patch: JsonObject): void {
    const request = { kind: kindNamed('StatefulSet'), namespace, manager: 'somebody', isDryRun: false };
    this.simulation.world.writes.mergePatch(request, name, patch);
  }

  node(pod: string): RingNode {
    const found = this.ring.nodeOf(`${namespace}/${pod}`);
    if (!found) throw new Error(`There is no node ${pod}.`);
    return found;
  }

  /** kill -9; the container is started anew in its pod. */
  kill(name: string): void {
    const { world, kubelet } = this.simulation;
    const pod = world.pod(namespace, name);
    if (pod) kubelet.kill(pod, 'cassandra', { exitCode: 137, reason: 'Error' });
  }

  pods(): readonly string[] {
    return this.data()
      .members.map(({ name }) => name)
      .toSorted();
  }

  /** Names of nodes that every other sees up. */
  inRing(): readonly string[] {
    const now = this.clock.now();
    const present = this.ring.nodes.filter((node) => !this.ring.hasLeft(node, now));
    return present
      .filter((node) => present.every((other) => this.ring.view(other, node, now)?.isUp === true))
      .map(({ plan }) => plan.pod.slice(namespace.length + 1))
      .toSorted();
  }

  tasks(): readonly KubeObject[] {
    return this.simulation.world.store.list(kindNamed('CassandraTask'), namespace);
  }

  /** Of somebody else. */
  addTask(name: string, command: string): void {
    this.simulation.world.add({
      apiVersion: 'control.k8ssandra.io/v1alpha1',
      kind: 'CassandraTask',
      metadata: { namespace, name, labels: {} },
      spec: { datacenter: { namespace, name: 'dc1' }, concurrencyPolicy: 'Forbid', jobs: [{ name: 'one', command }] },
    });
  }

  data(): DataCluster {
    const { store } = this.simulation.world;
    const list = (kind: string): readonly JsonObject[] => store.list(kindNamed(kind), namespace);
    const customs = ['CassandraDatacenter', 'CassandraTask'].flatMap((name) => {
      const kind = kindNamed(name);
      return list(name).flatMap((one) => decodeCustom({ ...kind, verbs: [], versions: [kind.version] })(one) ?? []);
    });
    const [found] = cassandraLive.gather(
      namespaceOf({
        namespace,
        pods: list('Pod').flatMap((one) => decodePod(one) ?? []),
        workloads: list('StatefulSet').flatMap((one) => decodeStatefulSet(one) ?? []),
        customs,
      }),
    );
    if (!found) throw new Error('The simulated ring is not recognised.');
    return found;
  }

  plan(wish: OperationWish, id = 'plan'): Promise<Plan> {
    const cluster = new OperatedCluster(this, alive());
    return this.settled(operations.plan(wish, { data: this.data(), cluster, clock: this.clock, id }));
  }

  attempt(plan: Plan, runner: string, fate = alive(), earlier?: RunRecord): Attempt {
    const { clock } = this;
    const heard: Progress[] = [];
    const control: Attempt['control'] = { wish: 'run' };
    const mortal: Clock = {
      now: () => clock.now(),
      after: (milliseconds, call) => clock.after(milliseconds, () => (fate.isDead ? undefined : call())),
    };
    const result = operations.run(
      { plan, clusters: [this.data()], ...(earlier ? { earlier } : {}) },
      {
        cluster: new OperatedCluster(this, fate),
        clock: mortal,
        runner,
        control,
        listener: (progress) => void heard.push(progress),
        settings: { ...usualSettings, stallMs: 150_000 },
      },
    );
    return { result, fate, heard, control };
  }

  /** Lets time pass until it is over or dead. */
  async toTheEnd(
    { result, fate, heard }: Attempt,
    everySecond: () => void = () => undefined,
  ): Promise<RunRecord | undefined> {
    const end: { record?: RunRecord } = {};
    void result.then((record) => (end.record = record));
    for (let seconds = 0; end.record === undefined && !fate.isDead; seconds += 1) {
      if (seconds > 7200) throw new Error(`It never ends: ${JSON.stringify(heard.slice(-3))}`);
      await this.clock.pass(1000);
      everySecond();
    }
    return end.record;
  }

  async until(holds: () => boolean): Promise<void> {
    for (let times = 0; !holds(); times += 1) {
      if (times > 4000) throw new Error('It does not come to hold.');
      await this.clock.pass(250);
    }
  }

  async earlier(plan: Plan): Promise<RunRecord | undefined> {
    return (await readJournalOf(this.kept, plan.target))?.current;
  }

  async settled<T>(work: Promise<T>): Promise<T> {
    const end = { isOver: false };
    const over = (): void => void (end.isOver = true);
    work.then(over, over);
    for (let times = 0; !end.isOver && times < 1000; times += 1) await this.clock.pass(250);
    return work;
  }

  end(): void {
    this.simulation.stop();
  }
}

export const notesOf = (record: RunRecord | undefined): readonly string[] =>
  record?.steps.flatMap(({ notes }) => notes) ?? [];

export const verdictOn = ({ preconditions }: Plan, id: string): string | undefined =>
  preconditions.find((one) => one.id === id)?.state;

export const failing = ({ preconditions }: Plan): readonly string[] =>
  preconditions.filter(({ state }) => state === 'fails').map(({ id, evidence }) => `${id}: ${evidence.join()}`);

/** What was waited for, each once. */
export const waits = ({ heard }: Attempt): readonly string[] => [
  ...new Set(heard.flatMap((one) => (one.kind === 'waiting' ? [one.waitingFor] : []))),
];

function datacenter(
  racks: readonly string[],
  size: number,
  annotations: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): unknown {
  return {
    apiVersion: 'cassandra.datastax.com/v1beta1',
    kind: 'CassandraDatacenter',
    metadata: { namespace, name: 'dc1', annotations, labels },
    spec: {
      clusterName: 'demo',
      serverType: 'cassandra',
      serverVersion: '5.0.5',
      size,
      racks: racks.map((name) => ({ name })),
      storageConfig: {
        cassandraDataVolumeClaimSpec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '200Gi' } } },
      },
    },
  };
}
