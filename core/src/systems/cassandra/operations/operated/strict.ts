import type { LivePod } from '#core/live/objects.ts';
import type { Cluster } from '#core/live/ports.ts';
import { readMemberPods } from '#core/operations/memberPods.ts';
import type { Answer, Awaited, Plan, PlannedStep, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, Procedure, StepContext } from '#core/operations/procedure.ts';
import { parametersOf } from '#core/systems/cassandra/operations/answers.ts';

/** What is asked of an operator before a pod of its is taken out by us. */
export interface PodGuard {
  /** The target is no longer the one of the plan. */
  stranger(): Promise<string | undefined>;
  /** Why no pod must be taken out now; `pod` is undefined while there is none. */
  podObstacle(step: PlannedStep, pod: LivePod | undefined): Promise<Answer | undefined>;
  /** Why a pod that was made anew does not come up, as far as the operator has a part in it; empty when it is not known. */
  delay(): Promise<string>;
}

/**
 * A procedure of our own on the pods of an operator, which is called strict: one pod at a time under our gates, evicted by name, with no
 * StatefulSet and no resource ever written to. What is added is that the operator is at rest before each pod, and that it is named when a
 * pod waits for it: some operators start the process themselves.
 */
export class Strict implements Procedure {
  readonly #guard: PodGuard;
  readonly #inner: Procedure;
  readonly #plan: Plan;
  readonly #cluster: Cluster;

  constructor(plan: Plan, cluster: Cluster, { guard, inner }: { readonly guard: PodGuard; readonly inner: Procedure }) {
    this.#plan = plan;
    this.#cluster = cluster;
    this.#guard = guard;
    this.#inner = inner;
  }

  async verifyIdentity(): Promise<string | undefined> {
    return (await this.#inner.verifyIdentity()) ?? this.#guard.stranger();
  }

  isDone(context: StepContext): Promise<boolean> {
    return this.#inner.isDone(context);
  }

  hasActed(context: StepContext): Promise<boolean> {
    return this.#inner.hasActed(context);
  }

  prepare(context: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return this.#inner.prepare(context);
  }

  async gate(context: StepContext): Promise<Answer> {
    return (await this.#guard.podObstacle(context.step, await this.#unready(context))) ?? this.#inner.gate(context);
  }

  /** The pod of the step, or one that this run has taken out before and that is not ready: it comes first, and the operator names it too. */
  async #unready({ step, memories = {} }: StepContext): Promise<LivePod | undefined> {
    const { pod } = parametersOf(step);
    const names = [pod, ...Object.keys(memories).filter((name) => name !== pod)];
    const pods = await readMemberPods(this.#cluster, this.#plan.target.namespace, names);
    const found = names.flatMap((name) => pods.of(name) ?? []);
    return found.find(({ isReady }) => !isReady) ?? pods.of(pod);
  }

  act(context: StepContext): Promise<ActOutcome> {
    return this.#inner.act(context);
  }

  async awaited(context: StepContext): Promise<Awaited> {
    const answer = await this.#inner.awaited(context);
    if (answer.kind !== 'wait') return answer;
    const delay = await this.#guard.delay();
    return delay === '' ? answer : { ...answer, waitingFor: `${answer.waitingFor} (${delay})` };
  }

  finish(context: StepContext): Promise<readonly string[]> {
    return this.#inner.finish(context);
  }
}
