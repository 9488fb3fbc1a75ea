import type { PlannedStep } from '#core/operations/model.ts';
import { podName, type NodePod } from '#core/operations/nodeDrain/residents.ts';
import { KIND, NEW_NAMES } from '#core/operations/stepKinds.ts';

export { KIND, NEW_NAMES };

/** Parameters of a step that takes out a member: the part it is of, and its id there. */
export const CLUSTER = 'cluster';
export const STEP = 'step';

/** Of the cordon's memory: whether the node took pods before. */
export const WAS_OPEN = 'wasOpen';

export function cordonStep(node: string): PlannedStep {
  return {
    id: 'cordon',
    title: `Cordon ${node}`,
    gate: 'the node is there',
    effect: 'no new pod is placed on it; nothing that runs there is touched',
    done: 'it is marked as unschedulable',
    undo: 'it takes pods again when the run is cancelled or stopped, unless it was cordoned before',
    expectedMs: 2000,
    parameters: { [KIND]: 'cordon' },
  };
}

/** Roughly how long a pod without state takes to end. */
const EXPECTED_EVICTION_MS = 15_000;

export function evictStep(pod: NodePod): PlannedStep {
  const { namespace, name, uid } = pod.live.meta;
  const { graceSeconds } = pod.live;
  return {
    id: `pod/${podName(pod)}`,
    title: `Evict ${podName(pod)}`,
    gate: 'the node is cordoned, and the server would let the pod be evicted, disruption budgets included',
    effect: `the pod is told to end and has its own ${graceSeconds} s for it`,
    done: 'the pod is gone',
    expectedMs: Math.min(EXPECTED_EVICTION_MS, graceSeconds * 1000 + 2000),
    parameters: { [KIND]: 'evict', namespace, pod: name, uid },
  };
}

/** Instead of the look at what is left, where only some pods were to go. */
export function openStep(node: string): PlannedStep {
  return {
    id: 'open',
    title: `Let ${node} take pods again`,
    gate: 'the pods that were to go have gone',
    effect: 'the node takes pods as before; one that was cordoned before stays so',
    done: 'it is as it was before',
    expectedMs: 2000,
    parameters: { [KIND]: 'open' },
  };
}

export function verifyStep(node: string): PlannedStep {
  return {
    id: 'verify',
    title: `Look at what is left on ${node}`,
    gate: 'everything before is done',
    effect: 'nothing is changed',
    done: 'only pods of DaemonSets, static pods, pods that have ended, and what was left on purpose are there',
    expectedMs: 2000,
    parameters: { [KIND]: 'verify' },
  };
}
