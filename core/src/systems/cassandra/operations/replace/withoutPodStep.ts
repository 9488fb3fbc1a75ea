import type { Answer, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import { actReplicas, otherSet, readScaledSet, scaledElsewhere, type ScaledSet } from '#core/operations/scaledSet.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { waiting } from '#core/systems/cassandra/operations/answers.ts';
import { DeadGate } from '#core/systems/cassandra/operations/replace/deadGate.ts';
import { replacePartsOf, type ReplaceParts } from '#core/systems/cassandra/operations/replace/replaceParts.ts';
import type { RingTarget } from '#core/systems/cassandra/operations/tending/ringTarget.ts';

export const WITHOUT_POD = 'without-pod';

/**
 * Makes a StatefulSet smaller by the pod of a dead node, so that it does not come back while the node is removed: only the last pod of it, only
 * while its node is dead (deadGate.ts). Undo: the size of before.
 */
export class WithoutPodStep implements StepKind {
  readonly #target: RingTarget;
  readonly #gate: DeadGate;

  constructor(target: RingTarget) {
    this.#target = target;
    this.#gate = new DeadGate(target);
  }

  async isDone({ step }: StepContext): Promise<boolean> {
    const parts = replacePartsOf(step);
    return (
      (await this.#set(parts)).replicas <= parts.to && (await this.#target.ring.pods()).of(parts.pod) === undefined
    );
  }

  async hasActed({ step }: StepContext): Promise<boolean> {
    const parts = replacePartsOf(step);
    return (await this.#set(parts)).replicas <= parts.to;
  }

  prepare({ memory }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return Promise.resolve(memory);
  }

  async gate({ step }: StepContext): Promise<Answer> {
    const parts = replacePartsOf(step);
    const set = await this.#set(parts);
    const other = otherSet(set, parts);
    if (other) return other;
    if (!set.isSettled) return waiting('the rollout that is under way to end', [], false);
    return this.#gate.ask(parts, await this.#target.ring.pods());
  }

  async act({ step }: StepContext): Promise<ActOutcome> {
    const parts = replacePartsOf(step);
    return actReplicas(this.#target.cluster, await this.#set(parts), parts.to);
  }

  async awaited({ step }: StepContext): Promise<Answer> {
    const parts = replacePartsOf(step);
    const set = await this.#set(parts);
    if (set.replicas > parts.to) return scaledElsewhere(parts.workload, set, parts.to);
    const pod = (await this.#target.ring.pods()).of(parts.pod);
    if (!pod) return { kind: 'yes', evidence: `${parts.pod} is gone` };
    const machine = pod.node === '' ? '' : `; if its Kubernetes node ${pod.node} is gone for good, delete that Node`;
    return waiting(`${parts.pod} to end${machine}`, [pod.meta.deletedAt ?? ''], false);
  }

  finish({ step }: StepContext): Promise<readonly string[]> {
    const { workload, to } = replacePartsOf(step);
    return Promise.resolve([`${workload} has ${to} replicas; write that where it comes from as well`]);
  }

  #set({ workload }: ReplaceParts): Promise<ScaledSet> {
    return readScaledSet(this.#target.cluster, this.#target.namespace, workload);
  }
}
