import { evidenceOf, hasCompleted, isAtWork } from '#core/live/jobs/judgement.ts';
import { worstLevel, type DataCluster, type Evidence, type HealthLevel, type LiveMember } from '#core/live/model.ts';
import type { LivePod } from '#core/live/objects.ts';
import { plainText } from '#core/live/plainText.ts';
import { describeEnd, failedEnd, podTrouble } from '#core/live/podTrouble.ts';
import { nameReplicas, type ReplicaSpec } from '#core/systems/tfjob/live/replicas.ts';

/** What is wrong with one replica, and what follows from it. */
export interface ReplicaTrouble {
  readonly member: LiveMember;
  readonly level: HealthLevel;
  /** What follows the name: `is restarting: exit code 137 (OOMKilled)`. */
  readonly text: string;
}

/** Exit codes from here on stand for signals, which ExitCode takes as a reason to try again. Source: IsRetryableExitCode. */
const FIRST_RETRYABLE_CODE = 128;

/** Undefined for a replica that works, or that has done its work. */
export function replicaTrouble(
  member: LiveMember,
  specs: readonly ReplicaSpec[],
  now: number,
): ReplicaTrouble | undefined {
  const { pod, group } = member;
  if (pod === undefined) return { member, level: 'warning', text: 'has no pod' };
  if (hasCompleted(member)) return undefined;
  const policy = specs.find(({ type }) => type === group)?.restartPolicy ?? '';
  const isOver = pod.phase === 'Failed' || (!isRestartedInPlace(policy) && hasFailedWholly(pod));
  if (isOver && !isTakenAway(pod, policy)) return { member, ...judgeFailure(member, policy, now) };
  const trouble = podTrouble(pod, now);
  return trouble === undefined ? undefined : { member, level: trouble.level, text: trouble.sentence };
}

/** Ended by whoever deletes the pod; under ExitCode that is also how the operator tries again, whatever the pod ended with. */
function isTakenAway({ meta }: LivePod, policy: string): boolean {
  return meta.deletedAt !== undefined && policy !== 'ExitCode';
}

/** By the kubelet, in the same pod. */
function isRestartedInPlace(policy: string): boolean {
  return policy === 'OnFailure' || policy === 'Always';
}

/** The phase of a pod follows the end of its last container by a moment. */
function hasFailedWholly({ states }: LivePod): boolean {
  const own = states.filter(({ isInit }) => !isInit);
  return own.every(({ ended }) => ended !== undefined) && own.some(({ ended }) => ended?.exitCode !== 0);
}

/** Pods run with restartPolicy Never under ExitCode, so it is the operator that deletes and makes them anew. */
function judgeFailure(
  member: LiveMember,
  policy: string,
  now: number,
): { readonly level: HealthLevel; readonly text: string } {
  const failed = member.pod === undefined ? undefined : failedEnd(member.pod, member.container);
  const end = failed === undefined ? undefined : describeEnd(failed.end);
  if (failed !== undefined && end !== undefined && policy === 'ExitCode') {
    if (failed.end.exitCode >= FIRST_RETRYABLE_CODE) return { level: 'warning', text: `is restarting: ${end}` };
    return {
      level: 'unhealthy',
      text: `failed for good: ${end} is below 128, which restartPolicy ExitCode does not try again`,
    };
  }
  if (end !== undefined && policy === 'Never') {
    return { level: 'unhealthy', text: `failed with ${end}, and restartPolicy Never does not start it again` };
  }
  const trouble = member.pod === undefined ? undefined : podTrouble(member.pod, now);
  return { level: 'unhealthy', text: trouble?.sentence ?? 'failed' };
}

/** How the replicas of one type are. */
export interface TypeSummary {
  readonly type: string;
  readonly working: number;
  readonly completed: number;
  readonly wanted: number;
}

export function summarizeTypes({ members }: DataCluster, specs: readonly ReplicaSpec[]): readonly TypeSummary[] {
  return specs.map(({ type, replicas }) => {
    const own = members.filter(({ group }) => group === type);
    return {
      type,
      working: own.filter(isAtWork).length,
      completed: own.filter(hasCompleted).length,
      wanted: replicas,
    };
  });
}

/** `1 of 1 chief, 2 of 2 PS, 3 of 4 workers (1 completed)`. */
export function describeTypes(types: readonly TypeSummary[]): string {
  if (types.length === 0) return 'it asks for no replicas';
  return types
    .map(({ type, working, completed, wanted }) => {
      const done = completed === 0 ? '' : ` (${completed} completed)`;
      return `${working} of ${nameReplicas(wanted, type)}${done}`;
    })
    .join(', ');
}

/** The worst trouble in words, with how many more there are: `worker-1 has no pod, and 2 more in trouble`. A start is none. */
export function describeTroubles(troubles: readonly ReplicaTrouble[]): string {
  const worst = worstLevel(troubles.map(({ level }) => level));
  const first = troubles.find(({ level }) => level === worst);
  if (first === undefined) return '';
  const others = `, and ${troubles.length - 1} more${worst === 'working' ? '' : ' in trouble'}`;
  const more = troubles.length > 1 ? others : '';
  return `${shortName(first.member)} ${first.text}${more}`;
}

export function troubleEvidence({ member, level, text }: ReplicaTrouble): Evidence {
  return evidenceOf(member, { level, text });
}

/** `worker-1`: the job is known where this stands. */
export function shortName({ group, index, name }: LiveMember): string {
  return group === '' || index === undefined ? plainText(name, 253) : `${plainText(group, 63)}-${index}`;
}
