import { isSetAt, textAt } from '#core/json.ts';
import { messageText } from '#core/live/plainText.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Answer, Awaited } from '#core/operations/model.ts';
import { addressOf } from '#core/operations/operated/resource.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { numberIn } from '#core/operations/stepParameters.ts';
import type { SparkJob } from '#core/systems/spark/operations/job.ts';
import { gone, wait } from '#core/systems/spark/operations/steps/answers.ts';
import type { Memory } from '#core/systems/spark/operations/steps/goals.ts';

export const REVALIDATE = 'revalidate';

const FAILED = 'FailedValidation';
/** A schedule is looked at within seconds. */
const LOOK_MS = 60_000;

/**
 * A schedule that the operator has refused stays refused whatever is corrected, because its reconciler returns at this state (issue 3174).
 * The state is cleared, which lets it look again; deleting the schedule would take its runs with it. A schedule that is suspended is not
 * looked at, so for such a one this is done once the state is cleared.
 */
export class RevalidateStep implements StepKind {
  readonly #job: SparkJob;

  constructor(job: SparkJob) {
    this.#job = job;
  }

  async isDone(): Promise<boolean> {
    return (await this.#job.own())?.state === 'Scheduled';
  }

  /** Refused a second time it is as before: then the answer is there, and nothing is cleared again. */
  async hasActed({ memory }: StepContext): Promise<boolean> {
    const now = await this.#job.own();
    if (!now) return false;
    return now.state !== FAILED || now.resource.meta.resourceVersion !== memory['resourceVersion'];
  }

  async prepare(): Promise<Memory> {
    const now = await this.#job.own();
    return { askedAt: this.#job.clock.now(), resourceVersion: now?.resource.meta.resourceVersion ?? '' };
  }

  async gate(): Promise<Answer> {
    const missing = await this.#job.operatorMissing();
    if (missing) return missing;
    const now = await this.#job.own();
    return now ? { kind: 'yes', evidence: `The operator says ${now.state}` } : gone(this.#job);
  }

  async act({ memory }: StepContext): Promise<ActOutcome> {
    const { cluster, target } = this.#job;
    const patch = {
      metadata: { uid: target.anchor.uid, resourceVersion: String(memory['resourceVersion'] ?? '') },
      status: { scheduleState: '', reason: '' },
    };
    try {
      await cluster.mergePatch(addressOf(target.anchor, target.namespace), patch, { subresource: 'status' });
      return { kind: 'acted' };
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      if (error.kind === 'conflict') return { kind: 'again', waitingFor: 'an object that was just changed' };
      if (error.kind === 'unreachable' || error.kind === 'server' || error.kind === 'busy') throw error;
      const reason = `Its status may not be cleared: ${messageText(error.message)}.`;
      return {
        kind: 'stop',
        reason,
        fix: 'Ask for the right to patch its status, or delete and create the schedule anew: its runs go with it.',
      };
    }
  }

  async awaited({ memory }: StepContext): Promise<Awaited> {
    const now = await this.#job.own();
    if (!now) return gone(this.#job);
    if (now.state === 'Scheduled') return { kind: 'yes', evidence: 'The operator says Scheduled' };
    if (now.state === FAILED) {
      const why = messageText(textAt(now.resource.status, 'reason')) || 'it does not say why';
      return {
        kind: 'stop',
        reason: `The operator refuses the schedule once more: ${why}.`,
        fix: 'Correct it with Edit and Resubmit.',
      };
    }
    if (isSetAt(now.resource.spec, 'suspend'))
      return { kind: 'yes', evidence: 'The state is cleared; the schedule is paused' };
    const missing = await this.#job.operatorMissing();
    if (this.#job.clock.now() - numberIn(memory, 'askedAt') < LOOK_MS) {
      return missing ?? wait(`${this.#job.operator} to look at the schedule`, [now.state]);
    }
    const why =
      missing?.kind === 'wait'
        ? `Waiting for ${missing.waitingFor}`
        : `${this.#job.operator} does not look at the schedule`;
    return {
      kind: 'pause',
      reason: `${why.charAt(0).toUpperCase()}${why.slice(1)}.`,
      fix: 'Look into its log and whether it watches this namespace, then resume.',
      remember: { askedAt: this.#job.clock.now() },
    };
  }

  async finish(): Promise<readonly string[]> {
    const now = await this.#job.own();
    return now ? [`The operator says ${now.state || 'nothing yet'}`] : [];
  }
}
