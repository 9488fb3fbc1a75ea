import { isObject, numberOf, valueAt, type JsonObject } from '#core/json.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { messageText } from '#core/live/plainText.ts';
import { podsOf } from '#core/operations/jobs/jobNow.ts';
import { podsLeft } from '#core/live/jobs/podsLeft.ts';
import { untilGone } from '#core/operations/jobs/jobPods.ts';
import { isPatched } from '#core/operations/jobs/mergePatch.ts';
import type { Answer, Awaited, PlannedStep } from '#core/operations/model.ts';
import { addressOf } from '#core/operations/operated/resource.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { numberIn, textIn } from '#core/operations/stepParameters.ts';
import { lastWriter, type JobNow, type SparkJob } from '#core/systems/spark/operations/job.ts';
import { operatorEvents } from '#core/systems/spark/operations/operatorEvents.ts';
import { gone, wait } from '#core/systems/spark/operations/steps/answers.ts';
import { goals, type Goal, type GoalRow, type Memory } from '#core/systems/spark/operations/steps/goals.ts';
import { sparkPorts } from '#core/systems/spark/operations/steps/sparkPorts.ts';
import { unseenRun } from '#core/systems/spark/operations/steps/unseenRun.ts';

export const ASK = 'ask';

/** In the spec: changed by us only so that the operator sees a change. Its value names the plan, so that it is known again. */
export const RERUN_ANNOTATION = 'data-clusters.io/rerun';

/** How long an operator that is there may take to notice a write; its rounds take seconds. */
const NOTICE_MS = 60_000;
/** How often a write that nobody noticed is made anew. */
const MOST_TRIES = 3;

/** What a plan says for such a step; all of it is in the parameters of the step. */
export interface AskWanted {
  readonly goal: Goal;
  /** Merge patch of the resource, JSON. It never holds a value that may be secret. */
  readonly patch: JsonObject;
  /** Takes the write back as long as the operator has not begun; absent where that is not known. */
  readonly undo?: JsonObject;
  /** A harmless annotation of the driver is changed too, which makes every try a change of the spec. */
  readonly isMarked: boolean;
  /** Of the resource when the plan was made. */
  readonly generation: number;
  /** What would be killed was said in the plan and agreed to. */
  readonly isKillAgreed: boolean;
}

export function askParameters(wanted: AskWanted): PlannedStep['parameters'] {
  return {
    kind: ASK,
    goal: wanted.goal,
    patch: JSON.stringify(wanted.patch),
    undo: wanted.undo === undefined ? '' : JSON.stringify(wanted.undo),
    isMarked: wanted.isMarked,
    generation: wanted.generation,
    isKillAgreed: wanted.isKillAgreed,
  };
}

/**
 * One write into a resource that its operator acts on:
 *
 * 1. The gate asks the operator's status: it is not between two states, it would heed the write, and its Deployment is there. What
 *    somebody else has changed since the plan was made, and a run that has begun since, are shown first; killing one asks for its name.
 * 2. What is remembered of before is the id of the submission. The write counts for the version of the object that was read.
 * 3. It is awaited until the operator says that it is done: a new submission, or that it is suspended. An operator that takes no notice
 *    within a minute has lost the change, as its event filter may; it is written once more, three times at most; then the run pauses and
 *    names the operator.
 *
 * Properties: nothing is written while the operator is between two states; a write that may have arrived is never repeated before the
 * object was read; no pod is touched by us.
 */
export class AskStep implements StepKind {
  readonly #job: SparkJob;
  /** The operator was not there when it was last looked for. */
  #isDown = false;

  constructor(job: SparkJob) {
    this.#job = job;
  }

  async isDone({ step, memory }: StepContext): Promise<boolean> {
    const now = await this.#job.own();
    if (!now) return false;
    const goal = goalOf(step);
    if (!isPatched(now.object, patchOf(step))) return false;
    if (numberOf(memory['askedAt']) === undefined) return goal.isThere(now);
    return (await this.#outcome(goal, now, memory))?.kind === 'yes' && this.#isAsked(now, step);
  }

  async hasActed({ step }: StepContext): Promise<boolean> {
    const now = await this.#job.own();
    return now !== undefined && this.#isAsked(now, step);
  }

  async prepare({ memory }: StepContext): Promise<Memory> {
    const now = await this.#required();
    return {
      ...memory,
      submission: now.submission,
      state: now.state,
      resourceVersion: now.resource.meta.resourceVersion,
      askedAt: this.#job.clock.now(),
      tries: triesOf(memory),
    };
  }

  async gate(context: StepContext): Promise<Answer> {
    const { step, memory } = context;
    const job = this.#job;
    // What is only kept needs nobody to be kept: a schedule can be paused while its operator is away.
    const missing = textIn(step.parameters, 'goal') === 'stored' ? undefined : await job.operatorMissing();
    if (missing) return missing;
    const now = await job.own();
    if (!now || now.resource.meta.deletedAt !== undefined) return gone(job);
    const hopeless = goalOf(step).hopeless(now);
    if (hopeless) return { kind: 'stop', ...hopeless };
    if (now.under === 'changing') return wait(`${job.operator} to be done: it says ${now.state}`, [now.state]);
    return this.#changed(now, step, memory) ?? this.#kills(now, context) ?? { kind: 'yes', evidence: describe(now) };
  }

  async act({ step, memory }: StepContext): Promise<ActOutcome> {
    const { cluster, target } = this.#job;
    const patch = { ...patchOf(step), ...this.#marked(step, memory) };
    const metadata = {
      ...(isObject(patch['metadata']) ? patch['metadata'] : {}),
      uid: target.anchor.uid,
      resourceVersion: textIn(memory, 'resourceVersion'),
    };
    try {
      await cluster.mergePatch(addressOf(target.anchor, target.namespace), { ...patch, metadata });
      return { kind: 'acted' };
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      if (error.kind === 'conflict')
        return { kind: 'again', waitingFor: `an object that was just changed: ${error.message}` };
      if (error.kind === 'unreachable' || error.kind === 'server' || error.kind === 'busy') throw error;
      const reason = `${target.anchor.kind} ${target.anchor.name} may not be changed so: ${messageText(error.message)}.`;
      return { kind: 'stop', reason, fix: 'Ask for the right, or correct what is refused.' };
    }
  }

  async awaited({ step, memory }: StepContext): Promise<Awaited> {
    const job = this.#job;
    const now = await job.own();
    if (!now) return gone(job);
    if (!isPatched(now.object, patchOf(step))) return takenBack(now);
    const goal = goalOf(step);
    const outcome = await this.#outcome(goal, now, memory);
    if (outcome) return outcome;
    if (!this.#isAsked(now, step)) return takenBack(now);
    const missing = await job.operatorMissing();
    this.#isDown = missing !== undefined;
    const waited = job.clock.now() - numberIn(memory, 'askedAt');
    if (missing?.kind === 'wait') return waited < NOTICE_MS ? missing : this.#unheard(memory, missing.waitingFor);
    if (!goal.isBegun(now, memory) && waited >= NOTICE_MS) return this.#again(step, now, memory);
    return wait(`${job.operator} ${goal.waitingFor}: it says ${now.state || 'nothing yet'}`, [
      now.state,
      now.submission,
    ]);
  }

  async finish(): Promise<readonly string[]> {
    const now = await this.#job.own();
    const told = await operatorEvents(this.#job);
    return [...(now ? [describe(now)] : []), ...told];
  }

  /** Only while nobody is there who could have begun. */
  canAbort({ step }: StepContext): boolean {
    return this.#isDown && textIn(step.parameters, 'undo') !== '';
  }

  async abort({ step }: StepContext): Promise<readonly string[]> {
    const { cluster, target } = this.#job;
    const now = await this.#job.own();
    if (!now) return [];
    const undo: unknown = JSON.parse(textIn(step.parameters, 'undo'));
    if (!isObject(undo)) return [];
    const patch = { ...undo, metadata: { uid: target.anchor.uid } };
    await cluster.mergePatch(addressOf(target.anchor, target.namespace), patch);
    return ['The operator had not begun, and what was written is taken back'];
  }

  /** The word of the operator, and what the pods show behind it. */
  async #outcome(goal: GoalRow, now: JobNow, memory: Memory): Promise<Answer | undefined> {
    const outcome = goal.outcome(now, memory);
    if (outcome?.kind !== 'yes' || goal.endsPods !== true) return outcome;
    const left = untilGone(podsLeft(await podsOf(sparkPorts(this.#job))));
    return left ?? { kind: 'yes', evidence: `${outcome.evidence}, and none of its pods is left` };
  }

  /** The mark of this try; the operator compares specs, so every try has another one. */
  #marked(step: PlannedStep, memory: Memory): JsonObject {
    const patch = patchOf(step);
    if (step.parameters['isMarked'] !== true) return {};
    const value = markOf(this.#job.plan.id, triesOf(memory));
    const spec = valueAt(patch, 'spec');
    const driver = valueAt(spec, 'driver');
    const annotations = valueAt(driver, 'annotations');
    const marked = { ...(isObject(annotations) ? annotations : {}), [RERUN_ANNOTATION]: value };
    return {
      spec: { ...(isObject(spec) ? spec : {}), driver: { ...(isObject(driver) ? driver : {}), annotations: marked } },
    };
  }

  #isAsked(now: JobNow, step: PlannedStep): boolean {
    if (!isPatched(now.object, patchOf(step))) return false;
    if (step.parameters['isMarked'] !== true) return true;
    const mark = valueAt(now.resource.spec, 'driver', 'annotations', RERUN_ANNOTATION);
    const { id } = this.#job.plan;
    return mark === id || (typeof mark === 'string' && mark.startsWith(`${id}.`));
  }

  /** What somebody else has changed counts for the consequence of ours. */
  #changed({ object, resource }: JobNow, step: PlannedStep, memory: Memory): Answer | undefined {
    const generation = resource.meta.generation ?? 0;
    const known = [numberIn(step.parameters, 'generation'), numberIn(memory, 'generation'), numberIn(memory, 'seen')];
    if (known.includes(generation)) return undefined;
    return {
      kind: 'pause',
      reason: `Its spec was changed since the plan was made${lastWriter(object)} (generation ${generation}).`,
      fix: 'Look at it. Resume to do it all the same, or cancel and make a new plan.',
      remember: { seen: generation },
    };
  }

  /** A run that was not there when the plan was made. */
  #kills(now: JobNow, context: StepContext): Answer | undefined {
    const goal = textIn(context.step.parameters, 'goal');
    return goal === 'rerun' || goal === 'suspended' ? unseenRun(now, context, this.#job.target.name) : undefined;
  }

  async #again(step: PlannedStep, now: JobNow, memory: Memory): Promise<Awaited> {
    const tries = triesOf(memory) + 1;
    const isShown = tries % MOST_TRIES !== 0 || memory['shown'] === tries;
    if (step.parameters['isMarked'] !== true || !isShown) return this.#unheard(memory);
    const told = await operatorEvents(this.#job);
    const why = told.length === 0 ? 'as its event filter may lose a change' : told.join('; ');
    return {
      kind: 'again',
      reason: `${this.#job.operator} has taken no notice for a minute, ${why} (try ${tries}).`,
      remember: { tries, generation: now.resource.meta.generation ?? 0 },
    };
  }

  #unheard(memory: Memory, why = ''): Answer {
    const { operator } = this.#job;
    const what = why === '' ? `${operator} has taken no notice of it` : `Waiting for ${why}`;
    return {
      kind: 'pause',
      reason: `${what.charAt(0).toUpperCase()}${what.slice(1)}.`,
      fix: 'Look into the log of the operator and whether it watches this namespace, then resume: it is waited for, or asked, once more.',
      // Whoever goes on waits as long again.
      remember: { askedAt: this.#job.clock.now(), shown: triesOf(memory) + 1 },
    };
  }

  async #required(): Promise<JobNow> {
    const now = await this.#job.own();
    if (now) return now;
    throw new ClusterProblem('absent', `${this.#job.target.anchor.kind} ${this.#job.target.name} is gone.`);
  }
}

function takenBack({ object }: JobNow): Answer {
  const reason = `Somebody has taken the change back${lastWriter(object)}.`;
  return { kind: 'stop', reason, fix: 'Find out who keeps it otherwise, then make a new plan.' };
}

function goalOf({ parameters }: PlannedStep): GoalRow {
  const name = textIn(parameters, 'goal');
  return Object.entries(goals).find(([known]) => known === name)?.[1] ?? goals.stored;
}

function patchOf({ parameters }: PlannedStep): JsonObject {
  const patch: unknown = JSON.parse(textIn(parameters, 'patch') || '{}');
  return isObject(patch) ? patch : {};
}

const triesOf = (memory: Memory): number => Math.max(0, numberIn(memory, 'tries'));

const markOf = (planId: string, tries: number): string => (tries === 0 ? planId : `${planId}.${tries + 1}`);

const describe = ({ state, submission }: JobNow): string =>
  `The operator says ${messageText(state, 60) || 'nothing yet'}${submission === '' ? '' : `, submission ${messageText(submission, 60)}`}`;
