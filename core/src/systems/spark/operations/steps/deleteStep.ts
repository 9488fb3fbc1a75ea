import { textsAt } from '#core/json.ts';
import { messageText } from '#core/live/plainText.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { obstacleOfChange } from '#core/operations/jobs/unchanged.ts';
import type { Answer, Awaited, PlannedStep } from '#core/operations/model.ts';
import { addressOf } from '#core/operations/operated/resource.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { numberIn, textsIn } from '#core/operations/stepParameters.ts';
import type { JobNow, SparkJob } from '#core/systems/spark/operations/job.ts';
import { mayRun } from '#core/systems/spark/operations/knowledge/states.ts';
import { gone, wait } from '#core/systems/spark/operations/steps/answers.ts';
import type { Memory } from '#core/systems/spark/operations/steps/goals.ts';

export const DELETE = 'delete';

/** How long an operator that has to release an object may be away before somebody must look. */
const RELEASE_MS = 120_000;

/** Why nothing may be deleted now, beside what the step asks itself; undefined when nothing speaks against it. */
export type Guard = (now: JobNow) => Promise<Answer | undefined>;

/**
 * Deletes the resource of the plan and waits until it and its pods are gone:
 *
 * 1. The gate: it is still the one of the plan and as it was then; a run that has begun since is killed only after its name was typed; where
 *    the operator holds the object by a finalizer, the operator is there.
 * 2. One delete, for this uid.
 * 3. Awaited until the object is gone and none of its pods is left, told by their uids and owners: an object that somebody makes anew under
 *    the same name has pods of its own.
 */
export class DeleteStep implements StepKind {
  readonly #job: SparkJob;
  readonly #guard: Guard;

  constructor(job: SparkJob, guard: Guard = () => Promise.resolve(undefined)) {
    this.#job = job;
    this.#guard = guard;
  }

  async isDone({ memory }: StepContext): Promise<boolean> {
    return (await this.#job.own()) === undefined && (await this.#left(memory)).length === 0;
  }

  async hasActed(): Promise<boolean> {
    const now = await this.#job.own();
    return now === undefined || now.resource.meta.deletedAt !== undefined;
  }

  async prepare({ memory }: StepContext): Promise<Memory> {
    const pods = await this.#job.pods();
    return { ...memory, pods: pods.map(({ meta }) => meta.uid), askedAt: this.#job.clock.now() };
  }

  async gate(context: StepContext): Promise<Answer> {
    const { step, memory } = context;
    const now = await this.#job.own();
    if (!now) return { kind: 'yes', evidence: 'It is gone already' };
    if (isHeld(now)) {
      const missing = await this.#job.operatorMissing();
      if (missing) return missing;
    }
    return (
      obstacleOfChange(now, this.#job.plan, context) ??
      this.#kills(now, step, memory) ??
      (await this.#guard(now)) ?? { kind: 'yes', evidence: `The operator says ${now.state || 'nothing yet'}` }
    );
  }

  async act(): Promise<ActOutcome> {
    const { cluster, target } = this.#job;
    try {
      await cluster.delete(addressOf(target.anchor, target.namespace), { uid: target.anchor.uid });
      return { kind: 'acted' };
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      if (error.kind === 'absent') return { kind: 'acted' };
      if (error.kind === 'unreachable' || error.kind === 'server' || error.kind === 'busy') throw error;
      if (error.kind === 'conflict') return gone(this.#job);
      const reason = `${target.anchor.kind} ${target.anchor.name} may not be deleted: ${messageText(error.message)}.`;
      return { kind: 'stop', reason, fix: 'Ask for the right, or see what refuses it.' };
    }
  }

  async awaited({ memory }: StepContext): Promise<Awaited> {
    const job = this.#job;
    const now = await job.own();
    if (now) {
      const held = textsAt(now.object, 'metadata', 'finalizers');
      const missing = held.length === 0 ? undefined : await job.operatorMissing();
      if (missing?.kind === 'wait' && job.clock.now() - numberIn(memory, 'askedAt') >= RELEASE_MS) {
        return {
          kind: 'pause',
          reason: `${job.kind.operator} has to release ${job.target.name} (${held.map((name) => messageText(name, 80)).join(', ')}): ${missing.waitingFor}.`,
          fix: 'Bring the operator back, then resume. The object is marked as deleted, so it goes as soon as the operator is there.',
          remember: { askedAt: job.clock.now() },
        };
      }
      const who = held.length === 0 ? 'the server' : job.operator;
      return missing ?? wait(`${who} to take ${job.target.name} away`, [held.length, now.state]);
    }
    const left = await this.#left(memory);
    if (left.length > 0)
      return wait(`${left.length} pods of it to end: ${left.slice(0, 3).join(', ')}`, [left.length, ...left]);
    return { kind: 'yes', evidence: 'It is gone, and so are its pods' };
  }

  async finish(): Promise<readonly string[]> {
    const { anchor } = this.#job.target;
    return [`${anchor.kind} ${anchor.name} (uid ${anchor.uid}) and its pods are gone`];
  }

  /** Names of the pods that are still there: remembered ones, and what the object or one of those owns. */
  async #left(memory: Memory): Promise<readonly string[]> {
    const known = new Set([this.#job.target.anchor.uid, ...textsIn(memory, 'pods')]);
    const pods = await this.#job.pods();
    const left = pods.filter(({ meta }) => known.has(meta.uid) || meta.owners.some(({ uid }) => known.has(uid)));
    return left.filter(({ phase }) => phase !== 'Succeeded' && phase !== 'Failed').map(({ meta }) => meta.name);
  }

  #kills(now: JobNow, step: PlannedStep, memory: Memory): Answer | undefined {
    if (step.parameters['isKillAgreed'] === true || !mayRun(now.under)) return undefined;
    if (memory['killed'] === `${now.state}/${now.submission}`) return undefined;
    return {
      kind: 'pause',
      reason: `It runs now (${now.state}), which it did not when the plan was made, and this kills it.`,
      fix: 'Resume with its name typed to lose what that run has done.',
      remember: { killed: `${now.state}/${now.submission}` },
      typed: this.#job.target.name,
    };
  }
}

const isHeld = ({ object }: JobNow): boolean => textsAt(object, 'metadata', 'finalizers').length > 0;
