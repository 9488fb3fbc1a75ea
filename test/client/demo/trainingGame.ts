import { expect } from 'vitest';
import { listAt, objectsOf, textAt, valueAt } from '#core/json.ts';
import type { DataCluster } from '#core/live/model.ts';
import { decodeCustom } from '#core/live/decode/custom.ts';
import { decodePod } from '#core/live/decode/pod.ts';
import type { Clock, JsonObject } from '#core/live/ports.ts';
import { readJournalOf } from '#core/operations/configMapJournal.ts';
import type { Plan, Progress, RunRecord } from '#core/operations/model.ts';
import { usualSettings, type RunControl } from '#core/operations/run.ts';
import type { OperationWish } from '#core/operations/wishes.ts';
import { operations } from '#core/systems/operations.ts';
import { tfjobLive } from '#core/systems/tfjob/live.ts';
import { kindNamed } from '#client/cluster/demo/simulation/kinds.ts';
import type { KubeObject } from '#client/cluster/demo/simulation/objects.ts';
import { addBase } from '#client/cluster/demo/simulation/scenario/base.ts';
import { Simulation } from '#client/cluster/demo/simulation/simulation.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { namespace as namespaceOf } from '#test/support/liveObjects.ts';
import { namespace, OperatedCluster, type OperatedPlace } from './operatedCluster.ts';
import { merge } from './steppedTime.ts';
import type { Fate } from './simulatedKafka.ts';

export const alive = (): Fate => ({ isDead: false, diesAt: -1, arrives: false, calls: 0 });

export interface Attempt {
  readonly result: Promise<RunRecord>;
  readonly fate: Fate;
  readonly heard: Progress[];
  readonly control: { wish: RunControl['wish'] };
}

const jobName = 'mnist';

/** A TFJob `mnist` of the simulated training operator, time that a test steps, and a place where runs are written down. */
export class TrainingGame implements OperatedPlace {
  readonly clock = new FakeClock();
  readonly kept = new FakeCluster();
  readonly simulation = new Simulation({ clock: this.clock, seed: 11 });
  readonly sizes: number[] = [];
  readonly beforeSize = (): void => undefined;
  webhook: OperatedPlace['webhook'] = () => undefined;

  static async begin(spec: JsonObject = {}): Promise<TrainingGame> {
    const game = new TrainingGame();
    const { simulation } = game;
    addBase(simulation.world);
    simulation.world.writes.create(
      { kind: kindNamed('TFJob'), namespace, manager: 'kubectl', isDryRun: false },
      manifest(spec),
    );
    simulation.start();
    await game.until(() => game.condition() !== '' && game.hasOperator());
    return game;
  }

  plan(wish: OperationWish, id = 'plan'): Promise<Plan> {
    const ports = { data: this.data(), cluster: new OperatedCluster(this, alive()), clock: this.clock, id };
    return operations.plan(wish, ports);
  }

  attempt(plan: Plan, fate = alive(), earlier?: RunRecord): Attempt {
    const { clock } = this;
    const heard: Progress[] = [];
    const control: Attempt['control'] = { wish: 'run' };
    const mortal: Clock = {
      now: () => clock.now(),
      after: (milliseconds, call) => clock.after(milliseconds, () => (fate.isDead ? undefined : call())),
    };
    const result = operations.run(
      { plan, clusters: this.clusters(), ...(earlier ? { earlier } : {}) },
      {
        cluster: new OperatedCluster(this, fate),
        clock: mortal,
        runner: `runner ${String(clock.now())}`,
        control,
        listener: (progress) => void heard.push(progress),
        settings: { ...usualSettings, stallMs: 120_000 },
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
      if (seconds > 1200) throw new Error(`It never ends: ${JSON.stringify(heard.at(-1))}`);
      await this.clock.pass(1000);
      everySecond();
    }
    return end.record;
  }

  /** From plan to end; what does not end well fails the test. */
  async does(wish: OperationWish): Promise<RunRecord> {
    const record = await this.toTheEnd(this.attempt(await this.plan(wish)));
    expect(record?.state).toEqual({ kind: 'done' });
    if (!record) throw new Error('It did not end.');
    return record;
  }

  async until(holds: () => boolean): Promise<void> {
    for (let times = 0; !holds(); times += 1) {
      if (times > 600) throw new Error('It does not come to hold.');
      await this.clock.pass(500);
    }
  }

  async earlier(plan: Plan): Promise<RunRecord | undefined> {
    return (await readJournalOf(this.kept, plan.target))?.current;
  }

  /** The newest condition that holds. */
  condition(): string {
    const holding = objectsOf(listAt(this.job(), 'status', 'conditions')).filter(({ status }) => status === 'True');
    return textAt(
      holding.findLast(({ type }) => type !== 'Created'),
      'type',
    );
  }

  hasOperator(): boolean {
    const deployment = this.simulation.world.get('Deployment', 'kubeflow', 'training-operator');
    return valueAt(deployment, 'status', 'readyReplicas') === 1;
  }

  job(): KubeObject | undefined {
    return this.simulation.world.get('TFJob', namespace, jobName);
  }

  pods(): readonly string[] {
    const pods = this.simulation.world.pods(namespace);
    return pods
      .filter(({ metadata }) => metadata.labels?.['training.kubeflow.org/job-name'] === jobName)
      .map(({ metadata }) => metadata.name);
  }

  secrets(): readonly string[] {
    return this.simulation.world.store.list(kindNamed('Secret'), namespace).map(({ metadata }) => metadata.name);
  }

  edit(patch: JsonObject): void {
    merge(this.simulation, 'TFJob', namespace, jobName, patch);
  }

  /** Gives the Deployment of the operator no replicas, or one. */
  async scaleOperator(replicas: number): Promise<void> {
    merge(this.simulation, 'Deployment', 'kubeflow', 'training-operator', { spec: { replicas } });
    await this.clock.pass(15_000);
  }

  clusters(): readonly DataCluster[] {
    const { world } = this.simulation;
    const list = (kind: string): readonly JsonObject[] => world.store.list(kindNamed(kind), namespace);
    const resource = { group: 'kubeflow.org', version: 'v1', kind: 'TFJob', plural: 'tfjobs', namespaced: true };
    const decode = decodeCustom({ ...resource, verbs: [], versions: ['v1'] });
    return tfjobLive.gather(
      namespaceOf({
        namespace,
        pods: list('Pod').flatMap((one) => decodePod(one) ?? []),
        customs: list('TFJob').flatMap((one) => decode(one) ?? []),
      }),
    );
  }

  data(): DataCluster {
    const [found] = this.clusters();
    if (!found) throw new Error('There is no job.');
    return found;
  }

  end(): void {
    this.simulation.stop();
  }
}

function manifest(spec: JsonObject): JsonObject {
  return {
    apiVersion: 'kubeflow.org/v1',
    kind: 'TFJob',
    metadata: { namespace, name: jobName, labels: { team: 'vision' } },
    spec: {
      runPolicy: { cleanPodPolicy: 'Running' },
      tfReplicaSpecs: { Chief: replica(1), Worker: replica(2) },
      ...spec,
    },
  };
}

function replica(replicas: number): JsonObject {
  const container = {
    name: 'tensorflow',
    image: 'tensorflow/tensorflow:2.19.0',
    env: [{ name: 'EPOCHS', value: '5' }],
  };
  return { replicas, restartPolicy: 'OnFailure', template: { spec: { containers: [container] } } };
}
