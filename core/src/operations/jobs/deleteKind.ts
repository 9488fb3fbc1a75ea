import { listAt, textOf } from '#core/json.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Answer, Awaited, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { isAnchor, nameOf, podsOf, readObject, waitingFor, type JobPorts } from '#core/operations/jobs/jobNow.ts';
import { KEEP } from '#core/operations/jobs/keepKind.ts';
import { readKept } from '#core/operations/jobs/kept.ts';
import { obstacleOfChange } from '#core/operations/jobs/unchanged.ts';
import { writing } from '#core/operations/jobs/writing.ts';
import { KIND } from '#core/operations/stepKinds.ts';
import { addressOf } from '#core/operations/operated/resource.ts';

export const DELETE = 'delete-job';

/**
 * Deletes the job of the plan, by its uid, and awaits that it and all of its pods are gone: what is made anew under the same name must
 * not meet pods of before. An object of another uid is left alone, and counts as the first being gone.
 */
export class DeleteJob implements StepKind {
  readonly #ports: JobPorts;

  constructor(ports: JobPorts) {
    this.#ports = ports;
  }

  async isDone(): Promise<boolean> {
    const now = await readObject(this.#ports);
    if (now) return !isAnchor(this.#ports.plan, now);
    return (await this.#left()).length === 0;
  }

  async hasActed(): Promise<boolean> {
    const now = await readObject(this.#ports);
    return now === undefined || !isAnchor(this.#ports.plan, now) || now.resource.meta.deletedAt !== undefined;
  }

  prepare({ memory }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return Promise.resolve(memory);
  }

  async gate(context: StepContext): Promise<Answer> {
    const { plan } = this.#ports;
    const now = await readObject(this.#ports);
    const obstacle = obstacleOfChange(now, plan, context) ?? (await this.#staleness(now?.resource.meta.generation));
    return obstacle ?? { kind: 'yes', evidence: `${nameOf(plan)} is as the plan has seen it` };
  }

  async act(): Promise<ActOutcome> {
    const { plan, cluster } = this.#ports;
    const { anchor, namespace } = plan.target;
    return writing(`The deletion of ${nameOf(plan)}`, 'Ask for the right, or see what refuses it.', async () => {
      try {
        await cluster.delete(addressOf(anchor, namespace), { uid: anchor.uid });
      } catch (error) {
        if (!(error instanceof ClusterProblem) || error.kind !== 'absent') throw error;
      }
    });
  }

  async awaited({ memory }: StepContext): Promise<Awaited> {
    const { plan } = this.#ports;
    const now = await readObject(this.#ports);
    if (now && isAnchor(plan, now)) {
      const reason = `The deletion of ${nameOf(plan)} was not kept.`;
      if (now.resource.meta.deletedAt === undefined) return { kind: 'again', reason, remember: memory };
      const finalizers = listAt(now.object, 'metadata', 'finalizers').map(textOf).join(', ');
      const text = `${nameOf(plan)} to be gone${finalizers === '' ? '' : `, which its finalizers (${finalizers}) put off`}`;
      return waitingFor(text, [finalizers], this.#ports);
    }
    const left = now ? [] : await this.#left();
    if (left.length === 0) return { kind: 'yes', evidence: `${nameOf(plan)} and its pods are gone` };
    return { kind: 'wait', waitingFor: `the pods ${left.join(', ')} to be gone`, measure: left, isNear: true };
  }

  finish(): Promise<readonly string[]> {
    return Promise.resolve([`${nameOf(this.#ports.plan)} and its pods are gone`]);
  }

  /** What was written behind the manifest that is kept would be lost. */
  async #staleness(generation: number | undefined): Promise<Answer | undefined> {
    const { plan } = this.#ports;
    if (!plan.steps.some(({ parameters }) => parameters[KIND] === KEEP)) return undefined;
    const kept = await readKept(this.#ports);
    if (kept?.plan === plan.id && kept.generation === String(generation ?? '')) return undefined;
    const reason = `Somebody has changed ${nameOf(plan)} since its manifest was kept.`;
    return { kind: 'stop', reason, fix: 'Nothing was deleted. Make a new plan for what is there now.' };
  }

  /** Pods that nobody owns are not taken away with the job, and nobody waits for them. */
  async #left(): Promise<readonly string[]> {
    const pods = await podsOf(this.#ports);
    return pods.filter(({ meta }) => meta.owners.length > 0).map(({ meta }) => meta.name);
  }
}
