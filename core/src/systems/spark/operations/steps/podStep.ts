import { decodePod } from '#core/live/decode/pod.ts';
import type { LivePod } from '#core/live/objects.ts';
import { messageText } from '#core/live/plainText.ts';
import { ClusterProblem, type Clock, type Cluster, type ObjectAddress, type ResourceKind } from '#core/live/ports.ts';
import type { Answer, Awaited, PlannedStep } from '#core/operations/model.ts';
import { readMemberPods } from '#core/operations/memberPods.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { textIn, textsIn } from '#core/operations/stepParameters.ts';
import { wait } from '#core/systems/spark/operations/steps/answers.ts';
import type { Memory } from '#core/systems/spark/operations/steps/goals.ts';

export const DELETE_POD = 'delete-pod';

const pods: ResourceKind = { group: '', version: 'v1', plural: 'pods', namespaced: true };

export interface PodPlace {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly namespace: string;
}

/** What the deletion of a pod is for; each has its own word of when it is done. */
export interface PodWord {
  /** What keeps it from being deleted now. */
  readonly obstacle: (pod: LivePod) => Promise<Answer | undefined>;
  /** Asked once the pod of the plan is gone. `now` is the pod of its name, if there is one. */
  readonly after: (now: LivePod | undefined, context: StepContext) => Promise<Awaited>;
}

/**
 * Deletes one pod, of this name and uid, with the grace it has:
 *
 * 1. The gate looks whether it is still that pod; one of another uid means that somebody was faster, and nothing is deleted.
 * 2. One delete, for this uid.
 * 3. Awaited until it is gone; then what the plan wants of it (PodWord).
 */
export class PodStep implements StepKind {
  readonly #place: PodPlace;
  readonly #word: PodWord;

  constructor(place: PodPlace, word: PodWord) {
    this.#place = place;
    this.#word = word;
  }

  async isDone(context: StepContext): Promise<boolean> {
    if (await this.#isThere(context.step)) return false;
    return (await this.#word.after(await this.#pod(context.step), context)).kind === 'yes';
  }

  async hasActed({ step }: StepContext): Promise<boolean> {
    const pod = await this.#pod(step);
    return pod?.meta.uid !== uidOf(step) || pod.meta.deletedAt !== undefined;
  }

  async prepare({ step, memory }: StepContext): Promise<Memory> {
    const left = await ownedPods(this.#place, [uidOf(step)]);
    return { ...memory, owned: left.map(({ meta }) => meta.uid), askedAt: this.#place.clock.now() };
  }

  async gate({ step }: StepContext): Promise<Answer> {
    const pod = await this.#pod(step);
    if (!pod || pod.meta.uid !== uidOf(step)) return { kind: 'yes', evidence: 'The pod of the plan is gone already' };
    return (await this.#word.obstacle(pod)) ?? { kind: 'yes', evidence: `${pod.meta.name} is ${pod.phase}` };
  }

  async act({ step }: StepContext): Promise<ActOutcome> {
    try {
      await this.#place.cluster.delete(this.#address(step), { uid: uidOf(step) });
      return { kind: 'acted' };
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      // Gone, or another one by now: what was wanted of this pod has happened.
      if (error.kind === 'absent' || error.kind === 'conflict') return { kind: 'acted' };
      if (error.kind === 'unreachable' || error.kind === 'server' || error.kind === 'busy') throw error;
      const reason = `Pod ${textIn(step.parameters, 'pod')} may not be deleted: ${messageText(error.message)}.`;
      return { kind: 'stop', reason, fix: 'Ask for the right to delete pods here, or see what refuses it.' };
    }
  }

  async awaited(context: StepContext): Promise<Awaited> {
    const { step } = context;
    const pod = await this.#pod(step);
    if (pod?.meta.uid === uidOf(step)) {
      return wait(`${pod.meta.name} to end; it has ${pod.graceSeconds} s for that`, [
        pod.phase,
        String(pod.meta.deletedAt),
      ]);
    }
    return this.#word.after(pod, context);
  }

  async finish({ step }: StepContext): Promise<readonly string[]> {
    return [`Pod ${textIn(step.parameters, 'pod')} (uid ${uidOf(step)}) is gone`];
  }

  async #isThere(step: PlannedStep): Promise<boolean> {
    return (await this.#pod(step))?.meta.uid === uidOf(step);
  }

  async #pod(step: PlannedStep): Promise<LivePod | undefined> {
    const name = textIn(step.parameters, 'pod');
    return (await readMemberPods(this.#place.cluster, this.#place.namespace, [name])).of(name);
  }

  #address(step: PlannedStep): ObjectAddress {
    return { ...pods, namespace: this.#place.namespace, name: textIn(step.parameters, 'pod') };
  }
}

const uidOf = ({ parameters }: PlannedStep): string => textIn(parameters, 'uid');

/** Executors that still run and belong to a driver that is gone, or were remembered. @throws ClusterProblem */
export async function executorsLeft(place: PodPlace, { step, memory }: StepContext): Promise<readonly LivePod[]> {
  const known = new Set(textsIn(memory, 'owned'));
  const found = await ownedPods(place, [uidOf(step)], known);
  return found.filter(({ phase }) => phase !== 'Succeeded' && phase !== 'Failed');
}

async function ownedPods(
  { cluster, namespace }: PodPlace,
  owners: readonly string[],
  known: ReadonlySet<string> = new Set(),
): Promise<readonly LivePod[]> {
  const found = await cluster.list({ ...pods, namespace, labelSelector: 'spark-role=executor' });
  return found
    .flatMap((object) => decodePod(object) ?? [])
    .filter(({ meta }) => known.has(meta.uid) || meta.owners.some(({ uid }) => owners.includes(uid)));
}
