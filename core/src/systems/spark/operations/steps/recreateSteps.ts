import { objectOf, type JsonObject } from '#core/json.ts';
import { messageText } from '#core/live/plainText.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { isAnew } from '#core/operations/jobs/jobNow.ts';
import { anewOf, forget, keptAddress, keptSecret, readKept } from '#core/operations/jobs/kept.ts';
import { obstacleOfChange } from '#core/operations/jobs/unchanged.ts';
import { writing } from '#core/operations/jobs/writing.ts';
import type { Answer, Awaited, RunState } from '#core/operations/model.ts';
import { addressOf } from '#core/operations/operated/resource.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { numberIn, textIn } from '#core/operations/stepParameters.ts';
import type { JobNow, SparkJob } from '#core/systems/spark/operations/job.ts';
import { gone, wait } from '#core/systems/spark/operations/steps/answers.ts';
import type { Guard } from '#core/systems/spark/operations/steps/deleteStep.ts';
import type { Memory } from '#core/systems/spark/operations/steps/goals.ts';

export const KEEP = 'keep';
export const CREATE = 'create';

/** How long an operator may take to notice a new object. */
const PICK_UP_MS = 60_000;

/** Keeps the manifest in a Secret before the object is deleted, edited as the plan says. Nothing runs differently afterwards. */
export class KeepStep implements StepKind {
  readonly #job: SparkJob;

  constructor(job: SparkJob) {
    this.#job = job;
  }

  async isDone(): Promise<boolean> {
    return (await keptManifest(this.#job)) !== undefined || (await createdByUs(this.#job)) !== undefined;
  }

  async hasActed(): Promise<boolean> {
    return (await keptManifest(this.#job)) !== undefined;
  }

  prepare({ memory }: StepContext): Promise<Memory> {
    return Promise.resolve(memory);
  }

  async gate(context: StepContext): Promise<Answer> {
    const now = await this.#job.own();
    return obstacleOfChange(now, this.#job.plan, context) ?? { kind: 'yes', evidence: 'It is there' };
  }

  async act({ step }: StepContext): Promise<ActOutcome> {
    const { plan, cluster } = this.#job;
    const now = await this.#job.own();
    if (!now) return gone(this.#job);
    const changes = objectOf(JSON.parse(textIn(step.parameters, 'patch') || '{}'));
    const { name, ...kind } = keptAddress(plan);
    return writing(`Secret ${name}`, 'Nothing was done. Ask for the right to create Secrets here.', async () => {
      const earlier = await readKept(this.#job);
      // Of a run whose object is there again; nobody needs it.
      if (earlier && earlier.plan !== plan.id) await cluster.delete({ ...kind, name }, { uid: earlier.uid });
      await cluster.create(kind, keptSecret(plan, anewOf(now.object, plan, changes), now.resource.meta.generation));
    });
  }

  async awaited({ memory }: StepContext): Promise<Awaited> {
    if (await keptManifest(this.#job)) return { kind: 'yes', evidence: 'The manifest is kept' };
    return { kind: 'again', reason: 'The manifest was not kept.', remember: memory };
  }

  async finish(): Promise<readonly string[]> {
    return [`The manifest is kept in Secret ${keptAddress(this.#job.plan).name} until the object is there again`];
  }
}

/** Nothing is deleted whose manifest is not kept, or that was changed since it was kept. */
export function keptGuard(job: SparkJob): Guard {
  return async ({ resource }) => {
    const kept = await readKept(job);
    if (kept?.plan !== job.plan.id || !kept.manifest) {
      const reason = `The Secret ${keptAddress(job.plan).name} with the manifest is gone.`;
      return { kind: 'stop', reason, fix: 'Nothing was deleted; make a new plan.' };
    }
    if (kept.generation === String(resource.meta.generation ?? '')) return undefined;
    const reason = 'It was changed after its manifest was kept.';
    return { kind: 'stop', reason, fix: 'Nothing was deleted; make a new plan.' };
  };
}

/** The manifest that this plan has kept; undefined when it is not there. @throws ClusterProblem */
async function keptManifest(job: SparkJob): Promise<JsonObject | undefined> {
  const kept = await readKept(job);
  return kept?.plan === job.plan.id ? kept.manifest : undefined;
}

/**
 * Makes the object anew from the kept manifest and waits until its operator says a state. A run that ends early after the deletion makes it
 * anew as well: an application that was deleted only to be run again is never left deleted, unless the server refuses it.
 */
export class CreateStep implements StepKind {
  readonly #job: SparkJob;

  constructor(job: SparkJob) {
    this.#job = job;
  }

  async isDone(): Promise<boolean> {
    const now = await createdByUs(this.#job);
    return now !== undefined && now.state !== '';
  }

  async hasActed(): Promise<boolean> {
    return (await createdByUs(this.#job)) !== undefined;
  }

  prepare({ memory }: StepContext): Promise<Memory> {
    return Promise.resolve({ ...memory, askedAt: this.#job.clock.now() });
  }

  async gate(): Promise<Answer> {
    const now = await this.#job.now();
    if (now && !isOurs(now, this.#job)) return strangeObject(this.#job, now);
    if (!(await keptManifest(this.#job))) return lost(this.#job);
    return { kind: 'yes', evidence: 'The name is free, and the manifest is kept' };
  }

  async act(): Promise<ActOutcome> {
    try {
      await create(this.#job);
      return { kind: 'acted' };
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      if (error.kind === 'conflict') return { kind: 'again', waitingFor: 'the name to be free' };
      if (error.kind === 'unreachable' || error.kind === 'server' || error.kind === 'busy') throw error;
      const { anchor } = this.#job.target;
      const reason = `${anchor.kind} ${anchor.name} is not taken: ${messageText(error.message)}.`;
      return {
        kind: 'stop',
        reason,
        fix: `Its manifest is in Secret ${keptAddress(this.#job.plan).name}: correct and apply it.`,
      };
    }
  }

  async awaited({ memory }: StepContext): Promise<Awaited> {
    const job = this.#job;
    const now = await job.now();
    if (!now) return gone(job);
    if (now.state !== '') return { kind: 'yes', evidence: `The operator says ${messageText(now.state, 60)}` };
    const waited = job.clock.now() - numberIn(memory, 'askedAt');
    const missing = await job.operatorMissing();
    if (waited < PICK_UP_MS) return missing ?? wait(`${job.operator} to pick it up`, [now.state]);
    const why = missing?.kind === 'wait' ? `waiting for ${missing.waitingFor}` : `${job.operator} has not picked it up`;
    return {
      kind: 'pause',
      reason: `It is there anew, and ${why}.`,
      fix: 'Look into the log of the operator and whether it watches this namespace, then resume.',
      remember: { askedAt: job.clock.now() },
    };
  }

  async finish(): Promise<readonly string[]> {
    await forget(this.#job);
    const now = await this.#job.now();
    return now
      ? [`It is there anew (uid ${now.resource.meta.uid}): the operator says ${messageText(now.state, 60)}`]
      : [];
  }

  /** Whoever ends early has it made anew, or finds its manifest. */
  async leave(state: RunState): Promise<readonly string[]> {
    if (state.kind !== 'cancelled' && state.kind !== 'stopped') return [];
    if (!(await keptManifest(this.#job))) return [];
    if (await this.#job.now()) {
      await forget(this.#job);
      return ['Nothing is left of the kept manifest'];
    }
    const { anchor } = this.#job.target;
    try {
      await create(this.#job);
      await forget(this.#job);
      return [`${anchor.kind} ${anchor.name} was deleted already and is made anew`];
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      const where = keptAddress(this.#job.plan).name;
      return [
        `${anchor.kind} ${anchor.name} is deleted and could not be made anew: its manifest is in Secret ${where}`,
      ];
    }
  }
}

/** @throws ClusterProblem of kind `conflict` when the name is taken */
async function create(job: SparkJob): Promise<void> {
  const manifest = await keptManifest(job);
  if (!manifest) return;
  const { name: _name, ...kind } = addressOf(job.target.anchor, job.target.namespace);
  await job.cluster.create(kind, manifest);
}

const isOurs = (now: JobNow, job: SparkJob): boolean => isAnew(job.plan, now);

async function createdByUs(job: SparkJob): Promise<JobNow | undefined> {
  const now = await job.now();
  return now && now.resource.meta.uid !== job.target.anchor.uid && isOurs(now, job) ? now : undefined;
}

function strangeObject(job: SparkJob, now: JobNow): Answer {
  const { anchor } = job.target;
  if (now.resource.meta.uid === anchor.uid) return wait(`${anchor.name} to be gone`, [now.state]);
  return {
    kind: 'stop',
    reason: `Somebody else has made ${anchor.kind} ${anchor.name} anew meanwhile.`,
    fix: 'Look at it: it runs as they wrote it. Edit and Resubmit changes it.',
  };
}

function lost(job: SparkJob): Answer {
  const reason = `The Secret ${keptAddress(job.plan).name} with the manifest is gone.`;
  return { kind: 'stop', reason, fix: 'Apply the manifest from where you keep it.' };
}
