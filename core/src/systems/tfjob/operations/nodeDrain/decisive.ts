import { isSetAt, numberAt, type JsonObject } from '#core/json.ts';
import type { DataCluster, LiveMember } from '#core/live/model.ts';
import type { LivePod } from '#core/live/objects.ts';
import { counted } from '#core/live/plainText.ts';
import type { DecisivePod } from '#core/operations/nodeDrain/departure/departure.ts';
import { decisiveCondition } from '#core/systems/tfjob/live/conditions.ts';
import { isTfJob } from '#core/systems/tfjob/live/gatherTfJobs.ts';
import { isTrainJob } from '#core/systems/tfjob/live/trainJob.ts';

/** Of these pods those whose end may be the end of the run, each with what is lost. */
export function decisiveOfTraining(data: DataCluster, pods: readonly LivePod[]): readonly DecisivePod[] {
  const { resource } = data;
  // A PS and others are left of a run that has ended, unless cleanPodPolicy takes them away.
  if (resource && isFinished(resource)) return [];
  const lossOf = resource && isTrainJob(resource) ? trainJobLoss : tfJobLoss;
  return pods.flatMap((pod) => {
    const loses = lossOf(memberOf(data, pod), data);
    return loses === undefined ? [] : [{ pod: pod.meta.name, loses }];
  });
}

const FINISHED: ReadonlySet<string> = new Set(['Succeeded', 'Complete', 'Failed']);

/** Both operators keep these conditions for ever. */
export function isFinished({ status }: { readonly status: JsonObject }): boolean {
  return FINISHED.has(decisiveCondition(status)?.type ?? '');
}

/** For titles: `chief`, `PS`, `node`. */
export function nameOf(data: DataCluster, pod: LivePod): string {
  const { role, group } = memberOf(data, pod) ?? {};
  if (role === 'ps') return 'PS';
  return group !== undefined && /^[a-z][a-z-]{0,40}$/.test(group) ? group : 'pod';
}

/** Labels that only pods of training jobs have, of whatever kind and era; those of JobSets are on all pods of a TrainJob. */
const LABELS = ['training.kubeflow.org/job-name', 'tf-job-name', 'tf_job_name', 'jobset.sigs.k8s.io/jobset-name'];

export function isOfTraining({ meta }: LivePod): boolean {
  return LABELS.some((label) => Object.hasOwn(meta.labels, label));
}

const memberOf = ({ members }: DataCluster, { meta }: LivePod): LiveMember | undefined =>
  members.find(({ name }) => name === meta.name);

const CHECKPOINT = 'What was trained since the last checkpoint is lost; whether there is one is not known';

/**
 * A replica that is deleted while it runs counts as failed, and a failed replica fails the job, whatever its restart policy, unless the job
 * is being restarted already; only workers of a job with enableDynamicWorker are let go. Source: UpdateJobReplicaStatuses and
 * UpdateJobStatus of the Kubeflow Training Operator 1.9. Undefined for a pod that the job can be without for a while.
 */
function tfJobLoss(member: LiveMember | undefined, data: DataCluster): string | undefined {
  const { resource } = data;
  const isElastic = resource !== undefined && isTfJob(resource) && isSetAt(resource.spec, 'enableDynamicWorker');
  const role = member?.role;
  if (role === 'worker' && isElastic && !isLeader(member, data)) return undefined;
  return `${roleSentence(member, data)}. ${CHECKPOINT}, and a TFJob that has failed is not run again`;
}

function roleSentence(member: LiveMember | undefined, data: DataCluster): string {
  if (member?.role === 'chief') return `the ${member.group}: its end is the end of the run`;
  if (isLeader(member, data)) return 'the first worker, which stands for a chief: its end is the end of the run';
  if (member?.role === 'ps')
    return 'a parameter server: no worker goes on without what it holds, and it counts as failed, which fails the job';
  return 'a replica that is deleted while it runs counts as failed, which fails the job whatever its restart policy';
}

/** Worker 0 decides where there is neither a chief nor a master; one whose number is not known may be it. */
function isLeader(member: LiveMember | undefined, { members }: DataCluster): boolean {
  if (member?.role !== 'worker' || members.some(({ role }) => role === 'chief')) return false;
  return member.index === undefined || member.index === 0;
}

/** All nodes of a step train together; the JobSet begins anew as a whole when one of its jobs fails, as often as its policy says. */
function trainJobLoss(member: LiveMember | undefined, data: DataCluster): string {
  const what =
    member?.role === 'companion'
      ? 'what prepares the training: its end fails the step'
      : 'a node of the training: all nodes train together, and the end of one fails the step';
  return `${what}. ${CHECKPOINT}. ${attemptsOf(data)}`;
}

/** Source: failurePolicy.maxRestarts and status.restarts of jobset.x-k8s.io/v1alpha2. */
function attemptsOf({ customs, name }: DataCluster): string {
  const set = customs.find(({ customKind, meta }) => customKind === 'JobSet' && meta.name === name);
  if (!set) return 'How often it is begun anew is not known, because its JobSet is not to be seen';
  const most = numberAt(set.spec, 'failurePolicy', 'maxRestarts') ?? 0;
  const left = Math.max(0, most - (numberAt(set.status, 'restarts') ?? 0));
  if (most === 0) return 'Its JobSet is not begun anew: the run is lost, unless its Job tries the pod again';
  return left === 0
    ? `Its ${counted(most, 'restart')} of the JobSet ${most === 1 ? 'is' : 'are'} used up: the run is lost`
    : `The JobSet begins anew as a whole: ${left} of ${counted(most, 'restart')} left`;
}
