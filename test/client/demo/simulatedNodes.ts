import type { Clock, JsonObject, ObjectAddress, WatchQuery, WriteOptions } from '#core/live/ports.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { readJournalOf } from '#core/operations/configMapJournal.ts';
import type { Plan, Progress, RunRecord } from '#core/operations/model.ts';
import type { RunControl } from '#core/operations/run.ts';
import type { NodeDrainWish } from '#core/operations/wishes.ts';
import { operations } from '#core/systems/operations.ts';
import { ApiError } from '#client/cluster/demo/simulation/apiError.ts';
import type { KafkaTopicPlan } from '#client/cluster/demo/simulation/kafka/model.ts';
import { kindByPlural, kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import { ownerReference } from '#client/cluster/demo/simulation/objects.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { isSelected } from '#test/support/fakeSelectors.ts';
import type { Random } from '#test/support/random.ts';
import { SimulatedCluster, SimulatedKafka, type Fate } from './simulatedKafka.ts';

/** Kinds that the simulation keeps; journal, lock and events are kept beside it. */
const simulatedKinds = new Set([
  'nodes',
  'persistentvolumes',
  'persistentvolumeclaims',
  'poddisruptionbudgets',
  'pods',
]);

/** The simulated cluster with its nodes, volumes and budgets, for whoever drains a node. */
class SimulatedNodes extends SimulatedCluster {
  override list(query: WatchQuery): Promise<readonly JsonObject[]> {
    return this.call(async () => {
      const kind = kindByPlural(query.group, query.version, query.plural);
      if (!kind || !simulatedKinds.has(query.plural)) return [];
      const all: readonly JsonObject[] = this.simulated.simulation.world.store.list(kind, query.namespace);
      return all.filter((one) => isSelected(one, query));
    });
  }

  override get(address: ObjectAddress): Promise<JsonObject> {
    if (!simulatedKinds.has(address.plural) || address.plural === 'pods') return super.get(address);
    return this.call(async () => {
      const kind = kindByPlural(address.group, address.version, address.plural);
      const found = kind && this.simulated.simulation.world.store.get(kind, address.namespace, address.name);
      if (found) return { ...found };
      throw new ClusterProblem('absent', `There is no ${address.plural} ${address.name}.`);
    });
  }

  override mergePatch(address: ObjectAddress, patch: JsonObject, options: WriteOptions = {}): Promise<JsonObject> {
    return this.call(async () => {
      const kind = kindByPlural(address.group, address.version, address.plural);
      if (!kind) throw new ClusterProblem('absent', 'no such kind');
      const { namespace, name } = address;
      const request = { kind, namespace, manager: 'test', isDryRun: options.dryRun === true };
      try {
        return { ...this.simulated.simulation.world.writes.mergePatch(request, name, patch) };
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        throw new ClusterProblem(error.code === 409 ? 'conflict' : 'server', error.message);
      }
    });
  }
}

export interface Attempt {
  readonly result: Promise<RunRecord>;
  readonly fate: Fate;
  readonly heard: readonly Progress[];
  readonly control: { wish: RunControl['wish'] };
}

export const alive = (): Fate => ({ isDead: false, diesAt: -1, arrives: false, calls: 0 });

/** Brokers on six nodes in three zones, of which the first is to be drained, and whatever else a test puts there. */
export class DrainGame {
  readonly clock = new FakeClock();
  readonly kept = new FakeCluster();
  readonly kafka: SimulatedKafka;
  readonly node = 'demo-node-1';

  constructor(size: number, topics: readonly KafkaTopicPlan[], random: Random) {
    const pace = {
      portOpenMs: 500 + random.below(3000),
      registeredMs: 1000 + random.below(6000),
      shutdownMs: 500 + random.below(4000),
      catchUpRate: 1_200_000 + random.below(4_000_000),
    };
    this.kafka = new SimulatedKafka(this.clock, size, topics, pace, random.below(1000));
  }

  /** Starts on the first three nodes only, so that more than three brokers share them. */
  async begin(): Promise<this> {
    const { store } = this.kafka.simulation.world;
    for (const operator of store.list(kindNamed('Deployment'))) store.remove(kindNamed('Deployment'), operator);
    for (const number of [4, 5, 6]) this.setCordoned(`demo-node-${number}`, true);
    await this.kafka.settle();
    for (const number of [4, 5, 6]) this.setCordoned(`demo-node-${number}`, false);
    return this;
  }

  setCordoned(name: string, isCordoned: boolean): void {
    const request = { kind: kindNamed('Node'), namespace: '', manager: 'somebody', isDryRun: false };
    this.kafka.simulation.world.writes.mergePatch(request, name, {
      spec: { unschedulable: isCordoned ? true : null },
    });
  }

  isCordoned(name = this.node): boolean {
    const node = this.kafka.simulation.world.nodes().find(({ metadata }) => metadata.name === name);
    return node?.spec.unschedulable === true;
  }

  /** A pod that is not Kafka's, of an owner for whom nobody acts. */
  addPod(
    name: string,
    ownerKind: 'Job' | 'DaemonSet' = 'Job',
    { node = this.node, annotations = {} }: { node?: string; annotations?: Readonly<Record<string, string>> } = {},
  ): void {
    const { world } = this.kafka.simulation;
    const group = ownerKind === 'Job' ? 'batch/v1' : 'apps/v1';
    const named = { namespace: 'default', name: `owner-of-${name}` };
    const owner = ownerReference(world.add({ apiVersion: group, kind: ownerKind, metadata: named }));
    world.addPod({
      metadata: { namespace: 'default', name, labels: { app: 'web' }, annotations, ownerReferences: [owner] },
      spec: { nodeName: node, terminationGracePeriodSeconds: 20, containers: [{ name: 'web', image: 'nginx:1' }] },
    });
  }

  addBudget(name: string, minAvailable: number): void {
    this.kafka.simulation.world.add({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { namespace: 'default', name },
      spec: { minAvailable, selector: { matchLabels: { app: 'web' } } },
    });
  }

  /** `orders-0` and so on, of whatever namespace. */
  podsOn(node = this.node): readonly string[] {
    const pods = this.kafka.simulation.world.pods().filter(({ spec }) => spec.nodeName === node);
    return pods.map(({ metadata }) => metadata.name).toSorted();
  }

  plan(wish: Partial<NodeDrainWish> = {}): Promise<Plan> {
    const cluster = new SimulatedNodes(this.kafka, this.kept, alive());
    const ports = { clusters: [this.kafka.data()], cluster, clock: this.clock, id: 'plan' };
    return operations.planNodeDrain({ node: this.node, emptyDir: 'keep', ...wish }, ports);
  }

  attempt(plan: Plan, runner: string, fate = alive(), earlier?: RunRecord): Attempt {
    const heard: Progress[] = [];
    const control: Attempt['control'] = { wish: 'run' };
    const clock: Clock = {
      now: () => this.clock.now(),
      after: (milliseconds, call) => this.clock.after(milliseconds, () => (fate.isDead ? undefined : call())),
    };
    const cluster = new SimulatedNodes(this.kafka, this.kept, fate);
    const result = operations.run(
      { plan, clusters: [this.kafka.data()], ...(earlier ? { earlier } : {}) },
      { cluster, clock, runner, control, listener: (progress) => void heard.push(progress) },
    );
    return { result, fate, heard, control };
  }

  /** Lets time pass until it is over or dead. */
  async toTheEnd({ result, fate, heard }: Attempt): Promise<RunRecord | undefined> {
    const end: { record?: RunRecord } = {};
    void result.then((record) => (end.record = record));
    for (let seconds = 0; end.record === undefined && !fate.isDead; seconds += 1) {
      if (seconds > 3600) throw new Error(`It never ends: ${JSON.stringify(heard.slice(-3))}`);
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

  async journalled(plan: Plan): Promise<RunRecord | undefined> {
    return (await readJournalOf(this.kept, plan.target))?.current;
  }

  stop(): void {
    this.kafka.simulation.stop();
  }
}
