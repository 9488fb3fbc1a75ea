import { decodeCustom } from '#core/live/decode/custom.ts';
import { listAt, numberAt, textAt, type JsonObject } from '#core/json.ts';
import type { ApiResource } from '#core/live/ports.ts';
import { nodetool } from '#client/cluster/demo/simulation/cassandra/nodetool.ts';
import { kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import { isPodReady, type KubeObject, type Pod } from '#client/cluster/demo/simulation/objects.ts';
import { apiResource } from '#test/support/fakeApiResources.ts';
import { workloadManifest } from '#test/support/liveManifests.ts';
import { CassandraGame } from './cassandraGame.ts';
import { rackSets, type RingSets } from './ringSets.ts';
import { casskopSets } from './scriptedCasskop.ts';
import type { RingWanted } from './simulatedRing.ts';

const namespace = 'shop';
const instance = { 'app.kubernetes.io/instance': 'catalog' };
const instaclustr = 'cassandra-operator.instaclustr.com';

export type SizedFlavour = 'casskop' | 'instaclustr' | 'vgkowski';

interface Layout {
  readonly kind: ApiResource;
  readonly image: string;
  readonly sets: RingSets;
  readonly spec: (size: number, racks: readonly string[]) => JsonObject;
  readonly status: JsonObject;
  /** Nodes of each rack, in the order of the racks. */
  readonly wanted: (spec: JsonObject, racks: number) => readonly number[];
}

const spread = (size: number, racks: number): readonly number[] =>
  Array.from({ length: racks }, (_, place) => Math.floor(size / racks) + (place < size % racks ? 1 : 0));

const layouts: Readonly<Record<SizedFlavour, Layout>> = {
  casskop: {
    kind: apiResource('db.orange.com', 'v2', 'CassandraCluster'),
    image: 'ghcr.io/cscetbon/casskop:v2.3.0',
    sets: casskopSets,
    spec: (size, racks) => ({
      nodesPerRacks: size / racks.length,
      topology: { dc: [{ name: 'dc1', nodesPerRacks: size / racks.length, rack: racks.map((name) => ({ name })) }] },
    }),
    status: { phase: 'Running', lastClusterAction: 'Initializing', lastClusterActionStatus: 'Done' },
    wanted: (spec, racks) => {
      const [datacenter] = listAt(spec, 'topology', 'dc');
      return Array.from({ length: racks }, () => numberAt(datacenter, 'nodesPerRacks') ?? 0);
    },
  },
  instaclustr: {
    kind: apiResource('cassandraoperator.instaclustr.com', 'v1alpha1', 'CassandraDataCenter'),
    image: 'gcr.io/cassandra-operator/cassandra-operator:v6.7.0',
    sets: rackSets(
      { [`${instaclustr}/cluster`]: 'catalog', [`${instaclustr}/datacenter`]: 'catalog', ...instance },
      (rack) => `cassandra-catalog-${rack}`,
      (rack) => ({ [`${instaclustr}/rack`]: rack }),
    ),
    spec: (size, racks) => ({
      nodes: size,
      cluster: 'catalog',
      datacenter: 'catalog',
      racks: racks.map((name) => ({ name })),
    }),
    status: {},
    wanted: (spec, racks) => spread(numberAt(spec, 'nodes') ?? 0, racks),
  },
  vgkowski: {
    kind: apiResource('cassandra', 'v1', 'CassandraCluster'),
    image: 'vgkowski/cassandra-operator:0.1',
    sets: rackSets(
      { cassandraCluster: 'catalog', role: 'cassandraCluster', ...instance },
      () => 'catalog',
      () => ({}),
    ),
    spec: (size) => ({ nbNodes: size }),
    status: {},
    wanted: (spec) => [numberAt(spec, 'nbNodes') ?? 0],
  },
};

/** Operators that keep the size of a ring in a resource; a test tells one what it does wrong. */
export class ScriptedSizes {
  readonly game: CassandraGame;
  /** Sizes as they were written, by nobody but us. */
  readonly asked: unknown[] = [];
  /** Pods in the order in which an operation of CassKop was begun on them. */
  readonly begun: string[] = [];
  /** It puts a size back that it does not like. */
  refusesSize = false;
  /** Operations of pods end as an error. */
  failsOperations = false;
  readonly #layout: Layout;
  readonly #racks: readonly string[];
  #isDead = false;
  #before: JsonObject;

  private constructor(game: CassandraGame, flavour: SizedFlavour, { racks, size }: RingWanted) {
    this.game = game;
    this.#layout = layouts[flavour];
    this.#racks = Array.from({ length: racks }, (_, index) => `r${index + 1}`);
    const { kind, spec, status } = this.#layout;
    game.kept.serve(kind);
    game.kept.put({
      apiVersion: `${kind.group}/${kind.version}`,
      kind: kind.kind,
      metadata: { namespace, name: 'catalog', generation: 1 },
      spec: spec(size, this.#racks),
      status,
    });
    this.#before = this.spec();
    this.setAlive(true);
    game.ring.customs = () => game.kept.objectsOf(kind).flatMap((one) => decodeCustom(kind)(one) ?? []);
    this.#every();
  }

  static async begin(flavour: SizedFlavour, wanted: RingWanted): Promise<ScriptedSizes> {
    const game = await CassandraGame.begin({ ...wanted, sets: layouts[flavour].sets });
    return new ScriptedSizes(game, flavour, wanted);
  }

  setAlive(isAlive: boolean): void {
    const details = { image: this.#layout.image, ready: isAlive ? 1 : 0, env: [] };
    this.game.kept.put(workloadManifest('Deployment', 'operator', { namespace }, details));
    this.#isDead = !isAlive;
  }

  spec(): JsonObject {
    const [one] = this.game.kept.objectsOf(this.#layout.kind);
    const spec = one?.['spec'];
    return typeof spec === 'object' && spec !== null ? { ...spec } : {};
  }

  async patch(patch: JsonObject): Promise<void> {
    await this.game.kept.mergePatch({ ...this.#layout.kind, namespace, name: 'catalog' }, patch);
  }

  pods(): readonly string[] {
    return this.#pods().map(({ metadata }) => metadata.name);
  }

  /** Replicas of the StatefulSets by their names. */
  replicas(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#sets().map((set) => [set.metadata.name, numberAt(set, 'spec', 'replicas') ?? 0]));
  }

  #every(): void {
    void this.#round();
    this.game.clock.after(2000, () => this.#every());
  }

  async #round(): Promise<void> {
    const spec = this.spec();
    if (JSON.stringify(spec) !== JSON.stringify(this.#before)) {
      if (this.refusesSize) return this.patch({ spec: this.#before });
      this.asked.push(spec);
      this.#before = spec;
    }
    if (this.#isDead) return;
    const wanted = this.#layout.wanted(spec, this.#racks.length);
    const isDone = this.#scale(wanted);
    if (this.#layout.kind.group !== 'db.orange.com') return;
    const state = isDone ? 'Done' : 'Ongoing';
    await this.patch({ status: { lastClusterAction: 'Scale', lastClusterActionStatus: state } });
    if (isDone) this.#operate();
  }

  /** One node at a time. @returns whether everything is as wanted */
  #scale(wanted: readonly number[]): boolean {
    const sets = this.#sets();
    for (const [place, set] of sets.entries()) {
      const replicas = numberAt(set, 'spec', 'replicas') ?? 0;
      const goal = wanted[place] ?? replicas;
      if (replicas > goal) return this.#leave(set, replicas);
      if (replicas < goal) {
        if (this.#pods().every(isPodReady)) this.#resize(set, replicas + 1);
        return false;
      }
    }
    const total = wanted.reduce((sum, one) => sum + one, 0);
    return this.#pods().length === total && this.#pods().every(isPodReady);
  }

  #leave(set: KubeObject, replicas: number): boolean {
    const { ring } = this.game.ring;
    const now = this.game.clock.now();
    const node = ring.nodeOf(`${namespace}/${set.metadata.name}-${replicas - 1}`);
    const handsOn = this.#layout.kind.group === 'cassandra';
    if (!handsOn && node && node.leavingAt === undefined) ring.decommission(node, now);
    if (handsOn || !node || ring.hasLeft(node, now)) this.#resize(set, replicas - 1);
    return false;
  }

  #resize({ metadata }: KubeObject, replicas: number): void {
    const request = { kind: kindNamed('StatefulSet'), namespace, manager: 'operator', isDryRun: false };
    this.game.ring.simulation.world.writes.mergePatch(request, metadata.name, { spec: { replicas } });
  }

  /** Operations of pods that are labelled, all at once, as CassKop does. */
  #operate(): void {
    const { simulation, ring } = this.game.ring;
    const now = this.game.clock.now();
    for (const pod of this.#pods()) {
      const { name, labels = {} } = pod.metadata;
      if (labels['operation-status'] !== 'ToDo') continue;
      const node = ring.nodeOf(`${namespace}/${name}`);
      if (!node) continue;
      this.begun.push(name);
      const running = nodetool(ring, node, [labels['operation-name'] ?? '', labels['operation-argument'] ?? ''], now);
      this.label(name, 'Ongoing');
      this.game.clock.after(running.takesMs, () => {
        const { exitCode } = running.finish(this.game.clock.now());
        if (simulation.world.pod(namespace, name)?.metadata.uid === pod.metadata.uid)
          this.label(name, exitCode === 0 && !this.failsOperations ? 'Done' : 'Error');
      });
    }
  }

  /** What CassKop, or somebody, says of a pod. */
  label(name: string, status: string): void {
    const request = { kind: kindNamed('Pod'), namespace, manager: 'operator', isDryRun: false };
    const labels = { 'operation-status': status };
    this.game.ring.simulation.world.writes.mergePatch(request, name, { metadata: { labels } });
  }

  #sets(): readonly KubeObject[] {
    return this.game.ring.simulation.world.store.list(kindNamed('StatefulSet'), namespace);
  }

  #pods(): readonly Pod[] {
    return this.game.ring.simulation.world
      .pods(namespace)
      .filter((pod) => textAt(pod, 'metadata', 'labels', 'app.kubernetes.io/instance') === 'catalog');
  }
}
