import { numberAt, textAt } from '#core/json.ts';
import type { DataCluster, LiveMember } from '#core/live/model.ts';
import type { LiveCustom, LivePod } from '#core/live/objects.ts';
import { counted } from '#core/live/plainText.ts';
import type { DecisivePod } from '#core/operations/nodeDrain/departure/departure.ts';
import { isApacheApplication } from '#core/systems/spark/live/apache.ts';
import { isKubeflowApplication } from '#core/systems/spark/live/kubeflow.ts';
import { isFinished } from '#core/systems/spark/operations/nodeDrain/voice.ts';
import { roleOf } from '#core/systems/spark/live/pods.ts';
import { viewKubeflowApplication } from '#core/systems/spark/live/kubeflowView.ts';

/** Members that others come in place of while the application runs. Whatever else there is, now or in a later version, is decisive. */
const replaced: ReadonlySet<string> = new Set(['executor', 'worker']);

/** The member of a data cluster that is this pod; undefined when it is none, which is decisive as well. */
const memberOf = ({ members }: DataCluster, { meta }: LivePod): LiveMember | undefined =>
  members.find(({ name }) => name === meta.name);

export function roleIn(data: DataCluster, pod: LivePod): LiveMember['role'] | 'pod' {
  return memberOf(data, pod)?.role ?? 'pod';
}

/** Of these pods those whose end ends the run, each with what is lost. */
export function decisiveOfSpark(data: DataCluster, pods: readonly LivePod[]): readonly DecisivePod[] {
  // What is left of a run that has ended: a driver with a sidecar, executors that are kept.
  if (data.resource && isFinished(data.resource)) return [];
  return pods.flatMap((pod) => {
    const role = roleIn(data, pod);
    return replaced.has(role) ? [] : [{ pod: pod.meta.name, loses: lossOf(role, data) }];
  });
}

/** Of an application that is not known. An executor by itself decides nothing. */
export function isDecisiveByLabel(pod: LivePod): boolean {
  const role = roleOf(pod);
  return role !== '' && !replaced.has(role);
}

function lossOf(role: string, data: DataCluster): string {
  if (role === 'server')
    return 'the server of Spark Connect: every session ends, and what they have computed and cached is lost; its operator starts another';
  if (role === 'master')
    return 'the master: no application starts while it is away, and those that run may be lost unless the master keeps its state (spark.deploy.recoveryMode), which is not known';
  if (role !== 'driver') return 'what it does for the application is not known, so its end may be the end of the run';
  return `the driver: the whole run is lost and all executors end with it. What it has computed is gone unless it was written out or kept in a checkpoint, which is not known. ${againOf(data)}`;
}

/** Whether a run that loses its driver is begun once more by whoever runs it. */
function againOf(data: DataCluster): string {
  const { resource } = data;
  if (resource && isKubeflowApplication(resource)) return kubeflowAgain(data, resource);
  if (resource && isApacheApplication(resource)) return apacheAgain(resource);
  return 'Nobody runs it again from here: whoever submitted it has to';
}

/** Source: ShouldRetry of the Kubeflow operator, which counts runs from the first. */
function kubeflowAgain(data: DataCluster, resource: LiveCustom): string {
  const { restart, executions } = viewKubeflowApplication(data, resource, 0);
  if (restart.type === 'Always') return 'Its restart policy is Always: it is run again from its beginning';
  if (restart.type !== 'OnFailure') return `Its restart policy is ${restart.type}: it is not run again`;
  const retries = restart.failureRetries ?? 0;
  const left = Math.max(0, retries + 1 - executions);
  if (left === 0) return `Its ${counted(retries, 'retry', 'retries')} are used up: it is not run again`;
  return `It is run again from its beginning: ${left} of ${counted(retries, 'retry', 'retries')} left`;
}

/** An evicted driver counts as a failure, not as trouble of the infrastructure. Source: DriverEvicted of the Apache operator. */
function apacheAgain({ spec, status }: LiveCustom): string {
  const policy = textAt(spec, 'applicationTolerations', 'restartConfig', 'restartPolicy') || 'Never';
  if (policy !== 'Always' && policy !== 'OnFailure')
    return `Its restart policy is ${policy}, for which an evicted driver does not count: it is not run again`;
  const most = numberAt(spec, 'applicationTolerations', 'restartConfig', 'maxRestartAttempts') ?? 3;
  const used = numberAt(status, 'currentAttemptSummary', 'attemptInfo', 'restartCounter');
  if (used === undefined) return `It is run again, ${most} times at most; how many are left is not known`;
  const left = Math.max(0, most - used);
  return left === 0
    ? `Its ${most} restarts are used up: it is not run again`
    : `It is run again: ${left} of ${most} restarts left`;
}
