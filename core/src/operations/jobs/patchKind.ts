import { objectOf, type JsonObject } from '#core/json.ts';
import type { Answer, Awaited, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import {
  isAnchor,
  nameOf,
  obstacleOf,
  reached,
  readJob,
  readObject,
  type JobPorts,
} from '#core/operations/jobs/jobNow.ts';
import { isPatched, pathsOf } from '#core/operations/jobs/mergePatch.ts';
import { obstacleOfChange } from '#core/operations/jobs/unchanged.ts';
import { writing } from '#core/operations/jobs/writing.ts';
import { addressOf } from '#core/operations/operated/resource.ts';
import { textIn } from '#core/operations/stepParameters.ts';

export const PATCH = 'patch-job';

/**
 * Changes fields of a job and awaits what its operator makes of it. Parameters: `patch`, a merge patch as JSON; `before`, the patch of
 * the values that the plan has seen; `goal`, what is awaited.
 *
 * 1. The gate wants the operator alive, the object the one of the plan, the fields as the plan has seen them, and whatever else was
 *    written since to have been seen by a person.
 * 2. The act writes the fields under the resourceVersion it has just read, so nobody's write in between is lost.
 * 3. The goal is awaited. A change that was taken back meanwhile ends the run: nothing is written twice against somebody else. What the
 *    system has told against it for good pauses the run, and makes nothing done.
 *
 * Whether it has acted is read from the object, so that a run that was killed anywhere goes on without writing again.
 */
export class PatchJob implements StepKind {
  readonly #ports: JobPorts;

  constructor(ports: JobPorts) {
    this.#ports = ports;
  }

  async isDone(context: StepContext): Promise<boolean> {
    const now = await readJob(this.#ports);
    if (!now || !isAnchor(this.#ports.plan, now) || !isPatched(now.object, patchOf(context.step.parameters)))
      return false;
    return (await reached(now, context, this.#ports)).kind === 'yes';
  }

  async hasActed({ step }: StepContext): Promise<boolean> {
    const now = await readObject(this.#ports);
    return now !== undefined && isAnchor(this.#ports.plan, now) && isPatched(now.object, patchOf(step.parameters));
  }

  prepare({ memory }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return Promise.resolve(memory);
  }

  async gate(context: StepContext): Promise<Answer> {
    const { plan } = this.#ports;
    const { step } = context;
    const now = await readObject(this.#ports);
    const patch = patchOf(step.parameters);
    if (now && isAnchor(plan, now) && isPatched(now.object, patch))
      return { kind: 'yes', evidence: `${nameOf(plan)} is so already` };
    const before = objectOf(JSON.parse(textIn(step.parameters, 'before') || '{}'));
    if (now && isAnchor(plan, now) && !isPatched(now.object, before)) {
      const reason = `Somebody else has changed ${pathsOf(patch).join(', ')} of ${nameOf(plan)} since the plan was made.`;
      return { kind: 'stop', reason, fix: 'Make a new plan for what is there now.' };
    }
    const obstacle = obstacleOfChange(now, plan, context) ?? (await obstacleOf(this.#ports));
    return obstacle ?? { kind: 'yes', evidence: `${nameOf(plan)} is as the plan has seen it` };
  }

  async act({ step }: StepContext): Promise<ActOutcome> {
    const { plan, cluster } = this.#ports;
    const patch = patchOf(step.parameters);
    return writing(`The change of ${nameOf(plan)}`, 'Ask for the right, or see what refuses it.', async () => {
      const now = await readObject(this.#ports);
      if (!now || !isAnchor(plan, now) || isPatched(now.object, patch)) return;
      const { uid, resourceVersion } = now.resource.meta;
      const metadata = { ...objectOf(patch['metadata']), uid, resourceVersion };
      await cluster.mergePatch(addressOf(plan.target.anchor, plan.target.namespace), { ...patch, metadata });
    });
  }

  async awaited(context: StepContext): Promise<Awaited> {
    const { plan } = this.#ports;
    const now = await readJob(this.#ports);
    const fix = 'See who did it, and make a new plan.';
    if (!now || !isAnchor(plan, now)) return { kind: 'stop', reason: `${nameOf(plan)} was deleted meanwhile.`, fix };
    const patch = patchOf(context.step.parameters);
    if (!isPatched(now.object, patch)) {
      const reason = `Somebody has changed ${pathsOf(patch).join(', ')} of ${nameOf(plan)} back.`;
      return { kind: 'stop', reason, fix };
    }
    return reached(now, context, this.#ports);
  }

  async finish(context: StepContext): Promise<readonly string[]> {
    const now = await readJob(this.#ports);
    const answer = now && (await reached(now, context, this.#ports));
    return answer?.kind === 'yes' ? [answer.evidence] : [];
  }
}

function patchOf(parameters: StepContext['step']['parameters']): JsonObject {
  return objectOf(JSON.parse(textIn(parameters, 'patch') || '{}'));
}
