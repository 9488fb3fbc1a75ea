import type { PlannedStep } from '#core/operations/model.ts';
import type { NodePod } from '#core/operations/nodeDrain/residents.ts';
import { KIND, NEW_NAMES } from '#core/operations/stepKinds.ts';

/** The parameter of a step that is true when it only waits for what ends by itself: such steps come last in a drain. */
export const WAITS = 'waits';

/** The parameter of a step that evicts a pod which nobody waits for elsewhere. */
export const ENDS = 'ends';

/** The parameter of a step that evicts a replica: what must hold of its job when it goes, asked of the job itself. */
export const NEEDS = 'needs';

/** `elastic`: it goes on without one. `finished`: its run is over. `nothing`: its controller makes it again whatever there is. */
export type Needs = 'elastic' | 'finished' | 'nothing';

/** The parameter of a plan: what the wish says of decisive pods. */
export const DECISIVE = 'decisive';

const idOf = ({ live }: NodePod): PlannedStep['parameters'] => ({
  namespace: live.meta.namespace,
  pod: live.meta.name,
  uid: live.meta.uid,
  grace: live.graceSeconds,
});

/** Evicts a pod that is made again under the same name. */
export function replicaStep(pod: NodePod, what: string, needs: Needs): PlannedStep {
  const { name } = pod.live.meta;
  return {
    id: name,
    title: `Move the ${what} ${name}`,
    member: name,
    gate: 'the job runs, and the server would let the pod be evicted',
    effect: `the pod is told to end and has its own ${pod.live.graceSeconds} s for it; another of its name is made`,
    done: 'the other pod of its name runs on another node',
    expectedMs: 60_000,
    parameters: { [KIND]: 'replica', [NEW_NAMES]: true, [NEEDS]: needs, ...idOf(pod) },
  };
}

/** Evicts a pod in whose place another comes, under another name. */
export function successorStep(
  pod: NodePod,
  kind: string,
  texts: Pick<PlannedStep, 'title' | 'gate' | 'effect' | 'done'>,
): PlannedStep {
  const { name } = pod.live.meta;
  return {
    ...texts,
    id: name,
    member: name,
    expectedMs: 60_000,
    parameters: { [KIND]: kind, [NEW_NAMES]: true, ...idOf(pod) },
  };
}

/** Waits until a decisive pod has ended by itself. Takes nobody out. */
export function waitStep(pod: NodePod, what: string): PlannedStep {
  const { name } = pod.live.meta;
  return {
    id: name,
    title: `Wait until the ${what} ${name} has ended`,
    gate: 'it has ended by itself, however long that takes',
    effect: 'nothing is touched as long as the run goes on',
    done: 'its pod has ended or is gone; one that is left of a run that has ended is evicted',
    expectedMs: 600_000,
    parameters: { [KIND]: 'wait', [WAITS]: true, ...idOf(pod) },
  };
}

/** Evicts a decisive pod; only in a plan whose wish says so. `followers` are pods on the node that end with it, by their names. */
export function decisiveStep(pod: NodePod, what: string, followers: readonly string[]): PlannedStep {
  const { name } = pod.live.meta;
  const also = followers.length === 0 ? '' : `, and that ends ${followers.join(', ')} as well`;
  return {
    id: name,
    title: `Evict the ${what} ${name}, which may end the run`,
    gate: 'the node is cordoned, and the server would let the pod be evicted',
    effect: `the pod is told to end and has its own ${pod.live.graceSeconds} s for it${also}`,
    done: followers.length === 0 ? 'the pod is gone' : 'the pod is gone, and those that end with it',
    expectedMs: 30_000,
    parameters: { [KIND]: 'decisive', [ENDS]: true, followers, ...idOf(pod) },
  };
}
