import { evidenceOf, hasCompleted, isAtWork, judgeJobPod, type Judgement } from '#core/live/jobs/judgement.ts';
import type { DataCluster, Evidence, LiveMember } from '#core/live/model.ts';
import { counted } from '#core/live/plainText.ts';
import { describeEnd, failedEnd, podTrouble } from '#core/live/podTrouble.ts';
import { objectAt, textAt } from '#core/live/reading.ts';

/** How the executors of an application are. */
export interface ExecutorSummary {
  readonly running: number;
  /** Undefined when Spark itself decides how many there are. */
  readonly wanted: number | undefined;
  /** `4 of 5 executors, 1 failed with exit code 137 (OOMKilled)`. */
  readonly text: string;
  /** Some failed, or have trouble that will not pass by itself. */
  readonly hasTrouble: boolean;
  readonly evidence: readonly Evidence[];
}

/** Executors come and go: those that are gone say nothing of what runs now, so only pods that failed count against it. */
export function summarizeExecutors(cluster: DataCluster, wanted: number | undefined, now: number): ExecutorSummary {
  const executors = cluster.members.filter(({ role }) => role === 'executor');
  const running = executors.filter(isAtWork).length;
  const failed = executors.filter(({ pod }) => pod?.phase === 'Failed');
  const troubled = executors.flatMap((member) => describeTrouble(member, now));
  const first = troubled.find(({ level }) => level === 'unhealthy' || level === 'warning');
  const more = failed.length > 0 ? [describeFailures(failed)] : first === undefined ? [] : [first.text];
  return {
    running,
    wanted,
    text: [countExecutors(running, wanted), ...more].join(', '),
    hasTrouble: failed.length > 0 || first !== undefined,
    evidence: [...failed.flatMap((member) => describeMember(member, now)), ...troubled],
  };
}

/** What is known of an executor without a pod, by what the operator remembers. Source: docs/api-docs.md of the Kubeflow operator. */
export function judgeAbsentExecutor({ resource }: DataCluster, member: LiveMember): Judgement {
  const state = textAt(objectAt(resource?.status, 'executorState'), member.name);
  const isRunning = textAt(resource?.status, 'applicationState', 'state') === 'RUNNING';
  if (state === 'FAILED' && isRunning) return { level: 'warning', text: 'failed; its pod is gone' };
  return absentStates.get(state) ?? { level: 'unknown', text: 'has no pod, and nobody says what became of it' };
}

/** The operator marks as failed whatever vanished after the driver had ended, so there a failure is not certain. */
const absentStates: ReadonlyMap<string, Judgement> = new Map<string, Judgement>([
  ['COMPLETED', { level: 'done', text: 'completed; its pod is gone' }],
  ['FAILED', { level: 'done', text: 'failed, or was deleted when the driver ended; its pod is gone' }],
  ['UNKNOWN', { level: 'done', text: 'is gone: its pod was deleted while the driver was running' }],
  ['PENDING', { level: 'unknown', text: 'was pending when last seen; it has no pod now' }],
  ['RUNNING', { level: 'unknown', text: 'was running when last seen; it has no pod now' }],
]);

function countExecutors(running: number, wanted: number | undefined): string {
  return wanted === undefined ? counted(running, 'executor') : `${running} of ${counted(wanted, 'executor')}`;
}

/** All with one end where it is the same for all: `2 failed with exit code 137 (OOMKilled)`. */
function describeFailures(failed: readonly LiveMember[]): string {
  const ends = new Set(failed.map(({ pod, container }) => endOf(pod, container)));
  const [only = ''] = ends;
  return `${failed.length} failed${ends.size === 1 && only !== '' ? ` with ${only}` : ''}`;
}

function endOf(pod: LiveMember['pod'], container: string): string {
  const failed = pod === undefined ? undefined : failedEnd(pod, container);
  return failed === undefined ? '' : describeEnd(failed.end);
}

function describeTrouble(member: LiveMember, now: number): readonly Evidence[] {
  const { pod } = member;
  if (pod === undefined || pod.phase === 'Failed' || hasCompleted(member)) return [];
  const trouble = podTrouble(pod, now);
  return trouble === undefined ? [] : [evidenceOf(member, { level: trouble.level, text: trouble.sentence })];
}

function describeMember(member: LiveMember, now: number): readonly Evidence[] {
  const judgement = judgeJobPod(member, now);
  return judgement === undefined ? [] : [evidenceOf(member, judgement)];
}
