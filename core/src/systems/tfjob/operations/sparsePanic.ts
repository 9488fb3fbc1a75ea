import { isSetAt, numberAt, objectAt, type JsonObject } from '#core/json.ts';
import type { DataCluster } from '#core/live/model.ts';
import { operatorVersion, recognizeOperator } from '#core/live/operators/recognize.ts';
import type { LiveWorkload } from '#core/live/objects.ts';
import { plainText } from '#core/live/plainText.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

/**
 * A fault of the Kubeflow Training Operator that fewer workers of an elastic TFJob can bring to light. It goes through the indices of all
 * workers whose pods are still there (ReconcilePods), and makes a pod for an index that has none, also for one that is no longer wanted.
 * The TF_CONFIG of such a pod asks the list of the workers that are wanted for an index behind its end
 * (convertClusterSpecToSparseClusterSpec: `clusterSpec[rtype][index]`), which is a panic. It takes, all at once:
 *
 * - `enableDynamicWorker`: every other TF_CONFIG holds the whole list;
 * - more than one replica that is wanted of the roles it knows: otherwise there is no TF_CONFIG (isDistributed);
 * - a surplus worker that is gone while one of a higher index is still there. With one surplus worker there is no such gap.
 *
 * Sources: training-operator 1.4.0, 1.5.0, 1.7.0, 1.8.1 and 1.9.0, pkg/controller.v1/tensorflow/tensorflow.go and tfjob_controller.go,
 * pkg/controller.v1/common/pod.go and pkg/core/pod.go (of kubeflow/common 0.4 before 1.7). Seen with 1.8.1 on the way from three workers to
 * one. The fault is still in 1.9.0, but a panic no longer ends the program: its controller-runtime, 0.19, recovers from it and tries again.
 *
 * @returns why workers should go one at a time, as the end of a sentence; undefined when nothing is known against all at once
 */
export function sparsePanic(
  data: DataCluster,
  job: JsonObject,
  to: number,
  operators: readonly LiveWorkload[],
): string | undefined {
  if (!isSetAt(job, 'spec', 'enableDynamicWorker') || replicasWith(job, to) === 1 || !mayLeaveGap(data, to))
    return undefined;
  const versions = operators.map(versionOf);
  const doomed = versions.find((version) => endsByPanic(version) === true);
  const isUnknown = versions.length === 0 || versions.some((version) => endsByPanic(version) === undefined);
  if (doomed === undefined && !isUnknown) return undefined;
  const name = operatorNames['kubeflow-training-operator'];
  const who = doomed === undefined ? `a ${name} before 1.9 (its version is not known here)` : `${name} ${doomed}`;
  return `${who} ends by a panic when a surplus worker is gone before another of a higher index, and looks after no job meanwhile`;
}

/** Of TFReplicaType; other keys are not counted. */
const KNOWN_ROLES: ReadonlySet<string> = new Set(['chief', 'evaluator', 'master', 'ps', 'worker']);

/** Replicas of the known roles once there are so many workers. */
function replicasWith(job: JsonObject, workers: number): number {
  return Object.entries(objectAt(job, 'spec', 'tfReplicaSpecs')).reduce((sum, [key, spec]) => {
    const role = key.toLowerCase();
    if (!KNOWN_ROLES.has(role)) return sum;
    return sum + (role === 'worker' ? workers : (numberAt(spec, 'replicas') ?? 1));
  }, 0);
}

/** Pods count as long as they are there, also those that have ended. */
function mayLeaveGap({ members }: DataCluster, to: number): boolean {
  return members.some(({ group, index, pod }) => group === 'worker' && pod !== undefined && (index ?? 0) > to);
}

function versionOf(workload: LiveWorkload): string {
  const found = recognizeOperator(workload);
  return found ? plainText(operatorVersion(workload, found.container), 60) : '';
}

/**
 * Undefined when the version does not tell. Images of releases are tagged `v1-8-1` too, those between releases `v1-` and a commit. Of
 * versions before 1.4 nothing is known, so nothing is said of them.
 */
function endsByPanic(version: string): boolean | undefined {
  const [, major, minor] = /^(\d{1,2})[.-](\d{1,2})(?:[.-]|$)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  return Number(major) === 1 && Number(minor) >= 4 && Number(minor) < 9;
}
