import type { DataCluster } from '#core/live/model.ts';
import { decodeBudget, decodeService } from '#core/live/decode/others.ts';
import { decodePod } from '#core/live/decode/pod.ts';
import { decodeStatefulSet } from '#core/live/decode/workload.ts';
import type { CqlAccess, CqlConnection } from '#core/live/cql.ts';
import {
  ClusterProblem,
  type ExecRequest,
  type ExecResult,
  type JsonObject,
  type ObjectAddress,
  type WatchQuery,
  type WriteOptions,
} from '#core/live/ports.ts';
import { numberAt } from '#core/json.ts';
import { cassandraLive } from '#core/systems/cassandra/live.ts';
import { ApiError } from '#client/cluster/demo/simulation/apiError.ts';
import { demoCql } from '#client/cluster/demo/demoCql.ts';
import { evict } from '#client/cluster/demo/simulation/budgets.ts';
import {
  RingSimulation,
  type CassandraKeyspace,
  type RingNode,
} from '#client/cluster/demo/simulation/cassandra/ring.ts';
import { kindByPlural, kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import { addBase } from '#client/cluster/demo/simulation/scenario/base.ts';
import { addServices } from '#client/cluster/demo/simulation/scenario/parts.ts';
import { runCommand } from '#client/cluster/demo/simulation/shell.ts';
import { Simulation } from '#client/cluster/demo/simulation/simulation.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import type { FakeClock } from '#test/support/fakeClock.ts';
import { isSelected } from '#test/support/fakeSelectors.ts';
import { namespace as namespaceOf } from '#test/support/liveObjects.ts';
import type { Fate } from './simulatedKafka.ts';
import { namespace, ringName, statefulSet, type RingWanted } from './simulatedRingManifest.ts';

export { ringName, type RingWanted } from './simulatedRingManifest.ts';

/** A drain that was begun: by whom, and how the others were at that moment. */
export interface BegunDrain {
  readonly pod: string;
  /** Of the process, so that one that was started anew is another. */
  readonly process: string;
  /** Others that were not there for everybody at that moment, and for the two seconds before it. */
  readonly othersAway: readonly string[];
}

const systemKeyspaces: readonly CassandraKeyspace[] = [
  { name: 'system_auth', replication: 3 },
  { name: 'system_traces', replication: 2 },
];

/** A StatefulSet of simulated nodes under time that a test steps. */
export class SimulatedRing {
  readonly simulation: Simulation;
  readonly ring: RingSimulation;
  /** Pods in the order of their evictions. */
  readonly evicted: string[] = [];
  readonly drains: BegunDrain[] = [];
  /** Sizes that were set, and how many nodes had left the ring by then. */
  readonly sizes: { readonly replicas: number; readonly left: number }[] = [];
  /** Longest time for which so many nodes were away at once, in ticks of the test. */
  mostAway = 0;
  /** How often a CQL port was asked. */
  dials = 0;
  readonly tunnel: RingWanted['tunnel'];
  /** Commands of nodetool, each a Java machine, by the pod that ran it. */
  readonly asked: { readonly pod: string; readonly command: string; readonly at: number }[] = [];
  readonly clock: FakeClock;
  /** When each was last seen not to be there for everybody, by pod. */
  readonly #lastAway = new Map<string, number>();

  constructor(clock: FakeClock, wanted: RingWanted) {
    this.clock = clock;
    this.tunnel = wanted.tunnel;
    this.simulation = new Simulation({ clock, seed: wanted.seed ?? 1 });
    const { world, members } = this.simulation;
    const nodes = Array.from({ length: wanted.size }, (_, ordinal) => ({
      pod: `${namespace}/${ringName}-${ordinal}`,
      rack: `r${(ordinal % wanted.racks) + 1}`,
    }));
    this.ring = new RingSimulation(
      {
        clusterName: ringName,
        datacenter: 'dc1',
        version: '5.0.5',
        nodes,
        keyspaces: [...systemKeyspaces, ...(wanted.keyspaces ?? [{ name: 'shop', replication: 3 }])],
        loadBytes: 1024 ** 3,
        pace: wanted.pace ?? {},
      },
      world.random,
    );
    members.rings.set(`${namespace}/${ringName}`, this.ring);
    addBase(world);
    const labels = { app: ringName };
    addServices(world, namespace, ringName, labels, [{ name: 'cql', port: 9042 }]);
    // Operators on the same nodes are none of our business.
    for (const operator of world.store.list(kindNamed('Deployment')))
      world.store.remove(kindNamed('Deployment'), operator);
    const options = { kind: kindNamed('StatefulSet'), namespace, manager: 'test', isDryRun: false };
    world.writes.create(options, statefulSet(wanted, labels));
  }

  /** Lets time pass until everything is up; from there on it is measured. */
  async settle(): Promise<void> {
    this.simulation.start();
    for (let seconds = 0; !this.isWhole(); seconds += 1) {
      if (seconds > 600) throw new Error('The simulated ring does not come up.');
      await this.clock.pass(1000);
    }
    await this.clock.pass(3000);
    this.mostAway = 0;
    this.#lastAway.clear();
  }

  isWhole(): boolean {
    return this.away().length === 0 && this.data().members.every(({ pod }) => pod?.isReady === true);
  }

  /** Nodes that some other does not see up, or that serve nobody. */
  away(): readonly string[] {
    const now = this.clock.now();
    // Who has left, or has not joined yet, is missed by nobody.
    const nodes = this.ring.nodes.filter((node) => !this.ring.hasLeft(node, now) && !node.isNew);
    const away = nodes.filter(
      (node) =>
        !this.ring.isCqlOpen(node, now) ||
        nodes.some((other) => this.#listens(other) && this.ring.view(other, node, now)?.isUp !== true),
    );
    return away.map(({ plan }) => plan.pod.slice(namespace.length + 1));
  }

  /** To be called as time passes. */
  measure(): void {
    const away = this.away();
    for (const pod of away) this.#lastAway.set(pod, this.clock.now());
    this.mostAway = Math.max(this.mostAway, away.length);
  }

  node(ordinal: number): RingNode {
    const found = this.ring.nodes[ordinal];
    if (!found) throw new Error(`There is no node ${ordinal}.`);
    return found;
  }

  /** kill -9; the container is started anew in its pod. */
  kill(ordinal: number): void {
    const { world, kubelet } = this.simulation;
    const pod = world.pod(namespace, `${ringName}-${ordinal}`);
    if (pod) kubelet.kill(pod, 'cassandra', { exitCode: 137, reason: 'Error' });
  }

  /** Its process is there and never gets anywhere: nodetool does not answer, and the others see it down. */
  hang(ordinal: number): void {
    const node = this.node(ordinal);
    const now = this.clock.now();
    node.startedAt = now + 10 ** 9;
    node.announcements = [{ at: now, isUp: false, address: node.address }];
  }

  cordonAll(isCordoned = true): void {
    const { world } = this.simulation;
    for (const node of world.nodes()) {
      world.store.put(kindNamed('Node'), { ...node, spec: { ...node.spec, unschedulable: isCordoned } });
    }
  }

  setBudget(maxUnavailable: number): void {
    const { store } = this.simulation.world;
    const budget = store.get(kindNamed('PodDisruptionBudget'), namespace, ringName);
    if (!budget) throw new Error('There is no budget.');
    store.put(kindNamed('PodDisruptionBudget'), {
      ...budget,
      spec: { maxUnavailable, selector: { matchLabels: { app: ringName } } },
    });
  }

  /** Its volume is another one: what starts there is a new node. */
  replaceIdentity(ordinal: number): void {
    const hostId = 'deadbeef-0000-4000-8000-000000000000';
    this.ring.nodes.splice(ordinal, 1, { ...this.node(ordinal), hostId });
  }

  /** By the name of the pod. */
  kubernetesNodes(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.data().members.map(({ name, pod }) => [name, pod?.node ?? '']));
  }

  uids(): readonly string[] {
    return this.data().members.map(({ pod }) => pod?.meta.uid ?? '');
  }

  data(): DataCluster {
    const { world } = this.simulation;
    const list = (kind: string): readonly JsonObject[] => world.store.list(kindNamed(kind), namespace);
    const [found] = cassandraLive.gather(
      namespaceOf({
        namespace,
        pods: list('Pod').flatMap((one) => decodePod(one) ?? []),
        workloads: list('StatefulSet').flatMap((one) => decodeStatefulSet(one) ?? []),
        services: list('Service').flatMap((one) => decodeService(one) ?? []),
        budgets: list('PodDisruptionBudget').flatMap((one) => decodeBudget(one) ?? []),
      }),
    );
    if (!found) throw new Error('The simulated ring is not recognised.');
    return found;
  }

  /** A drain was asked for; whether it will do anything is seen by how its node is. */
  drained(pod: string): void {
    const node = this.ring.nodeOf(`${namespace}/${pod}`);
    if (!node) return;
    this.measure();
    const from = this.clock.now() - 2000;
    const othersAway = [...this.#lastAway].flatMap(([other, at]) => (other !== pod && at >= from ? [other] : []));
    this.drains.push({ pod, process: `${pod} of ${node.startedAt}`, othersAway });
  }

  /** Who has just begun to gossip holds the others for down for a moment, and serves nobody yet. */
  #listens({ state, drainingAt, startedAt }: RingNode): boolean {
    return state === 'running' && drainingAt === undefined && this.clock.now() - startedAt >= this.ring.pace.cqlMs;
  }
}

const simulatedKinds = new Set([
  'nodes',
  'persistentvolumes',
  'persistentvolumeclaims',
  'poddisruptionbudgets',
  'pods',
  'statefulsets',
]);

/** Pods and nodes are those of the simulation; journal, lock and events are kept in memory by `kept`. */
export class RingCluster extends FakeCluster {
  readonly #ring: SimulatedRing;
  readonly #kept: FakeCluster;
  readonly #fate: Fate;

  constructor(ring: SimulatedRing, kept: FakeCluster, fate: Fate) {
    super();
    this.#ring = ring;
    this.#kept = kept;
    this.#fate = fate;
  }

  override get(address: ObjectAddress): Promise<JsonObject> {
    return this.#call(async () => {
      if (!simulatedKinds.has(address.plural)) return this.#kept.get(address);
      const kind = kindByPlural(address.group, address.version, address.plural);
      const found = kind && this.#ring.simulation.world.store.get(kind, address.namespace, address.name);
      if (found) return { ...found };
      throw new ClusterProblem('absent', `There is no ${address.plural} ${address.name}.`);
    });
  }

  override list(query: WatchQuery): Promise<readonly JsonObject[]> {
    return this.#call(async () => {
      const kind = kindByPlural(query.group, query.version, query.plural);
      if (!kind || !simulatedKinds.has(query.plural)) return [];
      const all: readonly JsonObject[] = this.#ring.simulation.world.store.list(kind, query.namespace);
      return all.filter((one) => isSelected(one, query));
    });
  }

  /** Kubernetes nodes, and sizes of StatefulSets. */
  override mergePatch(
    { namespace: where, name, plural }: ObjectAddress,
    patch: JsonObject,
    { dryRun = false }: WriteOptions = {},
  ): Promise<JsonObject> {
    return this.#call(async () => {
      const kind = kindNamed(plural === 'statefulsets' ? 'StatefulSet' : 'Node');
      const request = { kind, namespace: where, manager: 'test', isDryRun: dryRun };
      const { simulation, sizes, ring } = this.#ring;
      const written = { ...simulation.world.writes.mergePatch(request, name, patch) };
      const replicas = numberAt(patch, 'spec', 'replicas');
      if (!dryRun && replicas !== undefined)
        sizes.push({ replicas, left: ring.nodes.filter((node) => ring.hasLeft(node, this.#ring.clock.now())).length });
      return written;
    });
  }

  override create(...args: Parameters<FakeCluster['create']>): Promise<JsonObject> {
    return this.#call(() => this.#kept.create(...args));
  }

  override replace(...args: Parameters<FakeCluster['replace']>): Promise<JsonObject> {
    return this.#call(() => this.#kept.replace(...args));
  }

  override identity(): Promise<string | undefined> {
    return this.#call(() => Promise.resolve('simulated'));
  }

  override exec(request: ExecRequest): Promise<ExecResult> {
    return this.#call(async () => {
      const { simulation, clock } = this.#ring;
      const pod = simulation.world.pod(request.namespace, request.pod);
      if (!pod) throw new ClusterProblem('absent', `There is no pod ${request.pod}.`);
      const container = pod.spec.containers.find(({ name }) => name === request.container);
      const isRunning = pod.status.containerStatuses.some(
        ({ name, state }) => name === request.container && state.running !== undefined,
      );
      if (!container || !isRunning) throw new ClusterProblem('server', 'container not found');
      const commands = [...request.command.join('\n').matchAll(/^ask (\w+) /gm)].map(([, name = '']) => name);
      for (const command of commands) this.#ring.asked.push({ pod: request.pod, command, at: clock.now() });
      if (commands.includes('drain')) this.#ring.drained(request.pod);
      const running = runCommand({ simulation, pod, container }, request.command);
      await new Promise<void>((resolve) => {
        clock.after(running.takesMs, resolve);
      });
      return { ...running.finish(clock.now()), isCut: false };
    });
  }

  override cql(access: CqlAccess): Promise<CqlConnection> {
    return this.#call(async () => {
      this.#ring.dials += 1;
      if (this.#ring.tunnel === 'forbidden') throw new ClusterProblem('forbidden', 'You may not forward ports.');
      if (this.#ring.tunnel) throw new ClusterProblem('unreachable', `Port ${access.port}: connection refused.`);
      const connection = await demoCql(this.#ring.simulation)(access);
      return {
        ...connection,
        query: (...args) => this.#call(() => connection.query(...args)),
        stop: () => connection.stop(),
      };
    });
  }

  override evict(
    { namespace: where, name, uid }: { namespace: string; name: string; uid: string },
    { dryRun = false }: WriteOptions = {},
  ): Promise<void> {
    return this.#call(async () => {
      const { world } = this.#ring.simulation;
      const pod = world.pod(where, name);
      if (!pod) throw new ClusterProblem('absent', 'no such pod');
      if (pod.metadata.uid !== uid) throw new ClusterProblem('conflict', 'another uid');
      try {
        evict(world, pod, { isDryRun: dryRun });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const { message, causes, code } = error;
        throw new ClusterProblem(code === 429 ? 'busy' : 'server', message, { causes });
      }
      if (!dryRun && pod.metadata.deletionTimestamp === undefined) this.#ring.evicted.push(name);
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
