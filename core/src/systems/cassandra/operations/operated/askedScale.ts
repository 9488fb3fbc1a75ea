import type { Cluster } from '#core/live/ports.ts';
import type { Answer, Plan, PlannedStep } from '#core/operations/model.ts';
import { operatorObstacle } from '#core/operations/operated/operatorWatch.ts';
import type { StepContext } from '#core/operations/procedure.ts';
import { otherSet, scaledElsewhere, type ScaledSet } from '#core/operations/scaledSet.ts';
import { textIn, textsIn } from '#core/operations/stepParameters.ts';
import { waiting } from '#core/systems/cassandra/operations/answers.ts';
import { named, type RingReading } from '#core/systems/cassandra/operations/reading.ts';
import type { TaskTarget } from '#core/systems/cassandra/operations/operated/cassandraTask.ts';
import { openTaskObstacle } from '#core/systems/cassandra/operations/operated/datacenterNow.ts';
import { taskTargetIn } from '#core/systems/cassandra/operations/operated/planTaskTend.ts';
import { CustomSizes } from '#core/systems/cassandra/operations/operated/customSizes.ts';
import { scalePartsOf, wholeRing, type ScaleParts } from '#core/systems/cassandra/operations/scale/scaleParts.ts';
import type { RingTarget } from '#core/systems/cassandra/operations/tending/ringTarget.ts';

/** What a step that asks an operator for another number of nodes says. `from` and `to` are those of the field it keeps. */
export interface AskedParts extends Omit<ScaleParts, 'pod' | 'hostId'> {
  /** Those that come or go. */
  readonly pods: readonly string[];
  /** Of those that go, in their order. */
  readonly hostIds: readonly string[];
}

export function askedPartsOf(step: PlannedStep): AskedParts {
  const { pod: _pod, hostId: _hostId, ...parts } = scalePartsOf(step);
  return { ...parts, pods: textsIn(step.parameters, 'pods'), hostIds: textsIn(step.parameters, 'hostIds') };
}

/** What is done about rows that older nodes no longer own, as a sentence for the report. */
export type CleanupWord = (context: StepContext) => Promise<string>;

/** An operator that is told a size and does the rest: what our steps ask of it and how it is. */
export class AskedScale {
  readonly target: RingTarget;
  readonly sizes: CustomSizes;
  /** `cass-operator`. */
  readonly title: string;
  readonly #operators: readonly string[];
  /** Of cass-operator, whose tasks must be over: its own cleanup after a step is refused by nodes while others join. */
  readonly #tasks: TaskTarget | undefined;
  readonly #cluster: Cluster;

  constructor(plan: Plan, target: RingTarget) {
    this.target = target;
    this.sizes = CustomSizes.of(plan, target.cluster);
    this.title = textIn(plan.parameters, 'operator');
    this.#operators = textsIn(plan.parameters, 'operators');
    const tasks = taskTargetIn(plan);
    this.#tasks = tasks.datacenter === '' ? undefined : tasks;
    this.#cluster = target.cluster;
  }

  read(): Promise<ScaledSet> {
    return this.sizes.read();
  }

  /** Whether it may be asked: the size is that of the plan, the operator is there and at rest, and the ring is whole. */
  async gate(parts: AskedParts): Promise<{ readonly answer: Answer; readonly reading?: RingReading }> {
    const other = otherSet(await this.read(), { ...parts, workload: this.sizes.text });
    if (other) return { answer: other };
    const restless = await this.#restless();
    if (restless) return { answer: restless };
    const gate = { pod: named(parts.pods), present: parts.present };
    return wholeRing(this.target, gate, await this.target.ring.pods());
  }

  /** What is against going on while it is at work; being at work is not. A later step of the plan may have gone further. */
  async trouble(parts: AskedParts): Promise<Answer | undefined> {
    const isUp = parts.to > parts.from;
    const { replicas, uid, object } = await this.read();
    if (uid !== parts.uid)
      return otherSet({ replicas, uid, object, isSettled: true }, { ...parts, workload: this.sizes.text });
    if (isUp ? replicas < parts.to : replicas > parts.to)
      return scaledElsewhere(this.sizes.text, { replicas, uid, object, isSettled: true }, parts.to);
    const unrest = await this.sizes.unrest();
    if (unrest?.kind === 'refuses') return { kind: 'stop', reason: `${unrest.text}.`, fix: unrest.fix };
    return undefined;
  }

  /** It has said that it is done; undefined when it has. */
  async unfinished(): Promise<Answer | undefined> {
    const unrest = await this.sizes.unrest();
    return unrest && waiting(`${this.title} to be done: ${unrest.text}`, [unrest.text], false);
  }

  /** The words of what is awaited, and whether anybody is there who would do it. */
  async told(answer: Answer): Promise<Answer> {
    if (answer.kind !== 'wait') return answer;
    const missing = await operatorObstacle(this.#cluster, this.#operators, this.title);
    if (missing?.kind !== 'wait') return answer;
    const waitingFor = `${answer.waitingFor}; and for ${missing.waitingFor}`;
    return { ...answer, waitingFor, measure: [...answer.measure, ...missing.measure] };
  }

  async #restless(): Promise<Answer | undefined> {
    const missing = await operatorObstacle(this.#cluster, this.#operators, this.title);
    if (missing) return missing;
    const unrest = await this.sizes.unrest();
    if (!unrest) return this.#tasks && openTaskObstacle(this.#cluster, this.#tasks);
    if (unrest.kind === 'refuses') return { kind: 'stop', reason: `${unrest.text}.`, fix: unrest.fix };
    return waiting(`${this.title} to be at rest: ${unrest.text}`, [unrest.text], false);
  }
}
