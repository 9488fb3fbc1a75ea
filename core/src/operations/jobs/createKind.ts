import type { Answer, Awaited, Plan, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import {
  isAnchor,
  isAnew,
  nameOf,
  reached,
  readJob,
  readObject,
  waitingFor,
  type JobPorts,
} from '#core/operations/jobs/jobNow.ts';
import { forget, keptAddress, readKept } from '#core/operations/jobs/kept.ts';
import { writing } from '#core/operations/jobs/writing.ts';
import { addressOf } from '#core/operations/operated/resource.ts';
import { numberIn } from '#core/operations/stepParameters.ts';

export const CREATE = 'create-job';

/** How long an operator may take to notice a new object; its rounds take seconds. */
const NOTICE_MS = 60_000;

/**
 * Makes the job anew from the manifest that is kept, and awaits what its operator makes of it (parameter `goal`). The new object bears the
 * id of the plan, so that it is known again and never made twice. An object of that name that somebody else has made is left alone.
 * The Secret goes once the operator has taken the job up; one that does not within a minute is named, because a person must look then.
 */
export class CreateAnew implements StepKind {
  readonly #ports: JobPorts;

  constructor(ports: JobPorts) {
    this.#ports = ports;
  }

  async isDone(context: StepContext): Promise<boolean> {
    const now = await readJob(this.#ports);
    if (!now || !isAnew(this.#ports.plan, now)) return false;
    return (await reached(now, context, this.#ports)).kind === 'yes';
  }

  async hasActed(): Promise<boolean> {
    const now = await readObject(this.#ports);
    return now !== undefined && isAnew(this.#ports.plan, now);
  }

  prepare({ memory }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return Promise.resolve({ ...memory, askedAt: this.#ports.clock.now() });
  }

  async gate(): Promise<Answer> {
    const { plan } = this.#ports;
    const now = await readObject(this.#ports);
    const { name } = keptAddress(plan);
    if (now && isAnchor(plan, now)) return waitingFor(`${nameOf(plan)} to be gone`, [], this.#ports);
    if (now && !isAnew(plan, now)) return another(plan);
    const kept = await readKept(this.#ports);
    if (now || (kept?.plan === plan.id && kept.manifest)) return { kind: 'yes', evidence: 'the manifest is kept' };
    const reason = `The manifest of ${nameOf(plan)} is no longer in Secret ${name}.`;
    return { kind: 'stop', reason, fix: 'Apply the manifest from where it is written.' };
  }

  async act(): Promise<ActOutcome> {
    const { plan, cluster } = this.#ports;
    const { name: _, ...kind } = addressOf(plan.target.anchor, plan.target.namespace);
    const { name } = keptAddress(plan);
    const fix = `Its manifest stays in Secret ${name}, under the key manifest: apply it once what refuses it is settled.`;
    return writing(`The new ${nameOf(plan)}`, fix, async () => {
      const kept = await readKept(this.#ports);
      if (kept?.manifest && kept.plan === plan.id) await cluster.create(kind, kept.manifest);
    });
  }

  async awaited(context: StepContext): Promise<Awaited> {
    const { plan, clock, operator } = this.#ports;
    const now = await readJob(this.#ports);
    if (!now) {
      const fix = `Its manifest stays in Secret ${keptAddress(plan).name}, under the key manifest.`;
      return { kind: 'stop', reason: `The new ${nameOf(plan)} was deleted meanwhile.`, fix };
    }
    if (!isAnew(plan, now)) return another(plan);
    const answer = await reached(now, context, this.#ports);
    if (answer.kind !== 'wait' || clock.now() - numberIn(context.memory, 'askedAt') < NOTICE_MS) return answer;
    return {
      kind: 'pause',
      reason: `${nameOf(plan)} is there anew, and still waits for ${answer.waitingFor}.`,
      fix: `Look into the log of ${operator} and whether it watches this namespace, then resume.`,
      // Whoever goes on waits as long again.
      remember: { askedAt: clock.now() },
    };
  }

  async finish(context: StepContext): Promise<readonly string[]> {
    await forget(this.#ports);
    const now = await readJob(this.#ports);
    const answer = now && (await reached(now, context, this.#ports));
    if (answer?.kind !== 'yes') return [];
    return [`${nameOf(this.#ports.plan)} is there anew (uid ${now?.resource.meta.uid}): ${answer.evidence}`];
  }
}

function another(plan: Plan): Answer {
  const reason = `Somebody has made another ${nameOf(plan)} meanwhile.`;
  return { kind: 'stop', reason, fix: 'See whether it is the one that is wanted: it is left as it is.' };
}
