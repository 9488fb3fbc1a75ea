import { textsAt } from '#core/json.ts';
import type { LivePod } from '#core/live/objects.ts';
import { messageText } from '#core/live/plainText.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Answer, Awaited, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import {
  isAnchor,
  nameOf,
  obstacleOf,
  podsOf,
  readObject,
  waitingFor,
  type JobPorts,
} from '#core/operations/jobs/jobNow.ts';
import { untilGone } from '#core/operations/jobs/jobPods.ts';
import { KEEP } from '#core/operations/jobs/keepKind.ts';
import { keptAddress, readKept } from '#core/operations/jobs/kept.ts';
import { obstacleOfChange } from '#core/operations/jobs/unchanged.ts';
import { writing } from '#core/operations/jobs/writing.ts';
import { KIND } from '#core/operations/stepKinds.ts';
import { addressOf, type ResourceNow } from '#core/operations/operated/resource.ts';
import { numberIn, textsIn } from '#core/operations/stepParameters.ts';

export const DELETE = 'delete-job';

/** How long an operator that has to release an object may be away before somebody must look. */
const RELEASE_MS = 120_000;

type Memory = Readonly<Record<string, StepValue>>;

/**
 * Deletes the job of the plan and waits until it and all of its pods are gone, because what is made anew under the same name must not
 * meet pods of before:
 *
 * 1. The gate: it is the one of the plan and as it was then, nothing of it has changed behind the manifest that is kept, and what the system
 *    asks besides holds. Where the operator holds the object by a finalizer, the operator is there.
 * 2. One delete, for this uid. An object of another uid is left alone, and counts as the first being gone.
 * 3. Awaited until the object is gone and none of its pods is left. Beside another object of the same name they are told by their uids and
 *    owners: that one has pods of its own.
 */
export class DeleteJob implements StepKind {
  readonly #ports: JobPorts;

  constructor(ports: JobPorts) {
    this.#ports = ports;
  }

  async isDone({ memory }: StepContext): Promise<boolean> {
    const now = await readObject(this.#ports);
    return !(now && isAnchor(this.#ports.plan, now)) && (await this.#left(now, memory)).length === 0;
  }

  async hasActed(): Promise<boolean> {
    const now = await readObject(this.#ports);
    return now === undefined || !isAnchor(this.#ports.plan, now) || now.resource.meta.deletedAt !== undefined;
  }

  async prepare({ memory }: StepContext): Promise<Memory> {
    const pods = await podsOf(this.#ports);
    return { ...memory, pods: pods.map(({ meta }) => meta.uid), askedAt: this.#ports.clock.now() };
  }

  async gate(context: StepContext): Promise<Answer> {
    const { plan, holdsObjects, beforeDeletion } = this.#ports;
    const now = await readObject(this.#ports);
    if (!now || !isAnchor(plan, now)) return { kind: 'yes', evidence: `${nameOf(plan)} is gone already` };
    const isHeld = holdsObjects === true && finalizersOf(now).length > 0;
    const obstacle =
      (isHeld ? await obstacleOf(this.#ports) : undefined) ??
      obstacleOfChange(now, plan, context) ??
      beforeDeletion?.(now, context) ??
      (await this.#staleness(now));
    return obstacle ?? { kind: 'yes', evidence: `${nameOf(plan)} is as the plan has seen it` };
  }

  async act(): Promise<ActOutcome> {
    const { plan, cluster } = this.#ports;
    const { anchor, namespace } = plan.target;
    return writing(`The deletion of ${nameOf(plan)}`, 'Ask for the right, or see what refuses it.', async () => {
      try {
        await cluster.delete(addressOf(anchor, namespace), { uid: anchor.uid });
      } catch (error) {
        if (!(error instanceof ClusterProblem) || (error.kind !== 'absent' && error.kind !== 'conflict')) throw error;
        // Gone meanwhile, and another one may have its name.
        if (!(await this.hasActed())) throw error;
      }
    });
  }

  async awaited({ memory }: StepContext): Promise<Awaited> {
    const { plan } = this.#ports;
    const now = await readObject(this.#ports);
    if (now && isAnchor(plan, now)) return this.#leaving(now, memory);
    const left = await this.#left(now, memory);
    return untilGone(left) ?? { kind: 'yes', evidence: `${nameOf(plan)} and its pods are gone` };
  }

  finish(): Promise<readonly string[]> {
    const { plan } = this.#ports;
    return Promise.resolve([`${nameOf(plan)} (uid ${plan.target.anchor.uid}) and its pods are gone`]);
  }

  /** What was asked to go and is still there. */
  async #leaving(now: ResourceNow, memory: Memory): Promise<Awaited> {
    const { plan, clock, operator, holdsObjects } = this.#ports;
    const reason = `The deletion of ${nameOf(plan)} was not kept.`;
    if (now.resource.meta.deletedAt === undefined) return { kind: 'again', reason, remember: memory };
    const held = finalizersOf(now)
      .map((name) => messageText(name, 80))
      .join(', ');
    const text = `${nameOf(plan)} to be gone${held === '' ? '' : `, which its finalizers (${held}) put off`}`;
    const obstacle = held === '' || holdsObjects !== true ? undefined : await obstacleOf(this.#ports);
    const isLong = clock.now() - numberIn(memory, 'askedAt') >= RELEASE_MS;
    if (obstacle?.kind !== 'wait' || !isLong) return waitingFor(text, [held], this.#ports);
    return {
      kind: 'pause',
      reason: `${operator.replace('the ', 'The ')} has to release ${nameOf(plan)} (${held}): waiting for ${obstacle.waitingFor}.`,
      fix: 'Bring the operator back, then resume. The object is marked as deleted, so it goes as soon as the operator is there.',
      remember: { askedAt: clock.now() },
    };
  }

  /** What was written behind the manifest that is kept would be lost, and all of it where that is gone. */
  async #staleness({ resource }: ResourceNow): Promise<Answer | undefined> {
    const { plan } = this.#ports;
    if (!plan.steps.some(({ parameters }) => parameters[KIND] === KEEP)) return undefined;
    const kept = await readKept(this.#ports);
    const fix = 'Nothing was deleted. Make a new plan for what is there now.';
    if (kept?.plan !== plan.id || !kept.manifest) {
      const reason = `The manifest of ${nameOf(plan)} is no longer in Secret ${keptAddress(plan).name}.`;
      return { kind: 'stop', reason, fix };
    }
    if (kept.generation === String(resource.meta.generation ?? '')) return undefined;
    return { kind: 'stop', reason: `Somebody has changed ${nameOf(plan)} since its manifest was kept.`, fix };
  }

  /** Pods that nobody owns are not taken away with the job, and nobody waits for them. */
  async #left(now: ResourceNow | undefined, memory: Memory): Promise<readonly LivePod[]> {
    const known = new Set([this.#ports.plan.target.anchor.uid, ...textsIn(memory, 'pods')]);
    const pods = (await podsOf(this.#ports)).filter(({ meta }) => meta.owners.length > 0);
    const isOwn = ({ meta }: LivePod): boolean => known.has(meta.uid) || meta.owners.some(({ uid }) => known.has(uid));
    return pods.filter((pod) => !now || isOwn(pod));
  }
}

const finalizersOf = ({ object }: ResourceNow): readonly string[] => textsAt(object, 'metadata', 'finalizers');
