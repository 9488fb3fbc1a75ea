import type { Clock, Stoppable } from '#core/live/ports.ts';
import { tickBudgets } from './budgets.ts';
import { ClaimProtection } from './claims.ts';
import { DeploymentController } from './deployments.ts';
import { sparkPrograms, type SparkCourses } from './jobs/sparkPods.ts';
import { SparkOperator } from './jobs/sparkOperator.ts';
import { TrainingOperator, trainingPrograms, type TrainingCourses } from './jobs/trainingOperator.ts';
import { Kubelet } from './kubelet.ts';
import { Members } from './members.ts';
import type { Pod } from './objects.ts';
import { CassOperator } from './operators/cassOperator.ts';
import { operatorPrograms } from './operators/operatorPrograms.ts';
import { OperatorUpkeep } from './operators/operatorUpkeep.ts';
import { StrimziOperator } from './operators/strimziOperator.ts';
import { seededRandom } from './random.ts';
import { StatefulSetController } from './statefulSets.ts';
import { World } from './world.ts';

export interface SimulationOptions {
  readonly clock: Clock;
  /** The same seed and the same requests at the same times give the same run. */
  readonly seed: number;
}

/** How often everything looks at everything. */
export const TICK_MS = 500;
const EVENTS_SWEPT_EVERY_MS = 60_000;

/**
 * A cluster that exists only in memory: its objects, the controllers that act on them, and the members of its systems with their own
 * state. Time comes from the clock and chance from the seed, so that a test can run an hour of it in a moment and get the same again.
 */
export class Simulation {
  readonly world: World;
  readonly members: Members;
  readonly sparkCourses = new Map<string, SparkCourses extends ReadonlyMap<string, infer Course> ? Course : never>();
  readonly trainingCourses = new Map<
    string,
    TrainingCourses extends ReadonlyMap<string, infer Course> ? Course : never
  >();
  readonly kubelet: Kubelet;
  readonly spark: SparkOperator;
  readonly #controllers: readonly { tick(now: number): void }[];
  #timer: Stoppable | undefined;
  #sweptAt = 0;

  constructor({ clock, seed }: SimulationOptions) {
    const world = new World(clock, seededRandom(seed));
    const members = new Members(world);
    const log = (pod: Pod, container: string, text: string, at: number): void =>
      world.logs.write(pod.metadata.uid, container, { at, text });
    this.world = world;
    this.members = members;
    this.kubelet = new Kubelet(world, [
      (pod, container, now) => members.startKafka(pod, container, now),
      (pod, container, now) => members.startCassandra(pod, container, now),
      sparkPrograms(this.sparkCourses, log),
      trainingPrograms(this.trainingCourses, log),
      operatorPrograms(log),
    ]);
    this.spark = new SparkOperator(world);
    this.#controllers = [
      new StrimziOperator(world, (namespace, cluster) => members.kafka.get(`${namespace}/${cluster}`)),
      new CassOperator(world, (namespace, cluster) => members.rings.get(`${namespace}/${cluster}`)),
      this.spark,
      new TrainingOperator(world),
      new OperatorUpkeep(world),
      new ClaimProtection(world),
      new StatefulSetController(world),
      new DeploymentController(world),
      this.kubelet,
      members,
    ];
  }

  /** Runs with the clock until it is stopped. */
  start(): void {
    this.#timer ??= this.world.clock.after(TICK_MS, () => {
      this.#timer = undefined;
      this.tick();
      this.start();
    });
  }

  stop(): void {
    this.#timer?.stop();
    this.#timer = undefined;
  }

  tick(): void {
    const now = this.world.now();
    for (const controller of this.#controllers) controller.tick(now);
    tickBudgets(this.world);
    if (now - this.#sweptAt < EVENTS_SWEPT_EVERY_MS) return;
    this.#sweptAt = now;
    this.world.dropOldEvents();
  }
}
