import { ahead, ago, duration } from '#core/live/durations.ts';
import {
  describeCompletion,
  describeSuspension,
  judgePickUp,
  type Judgement,
  type StateRow,
} from '#core/live/jobs/judgement.ts';
import type { HealthLevel } from '#core/live/model.ts';
import { counted, messageText } from '#core/live/plainText.ts';
import { describeEnd, failedEnd, podTrouble } from '#core/live/podTrouble.ts';
import { summarizeExecutors } from '#core/systems/spark/live/executors.ts';
import { nextRetry, type KubeflowApplication } from '#core/systems/spark/live/kubeflowView.ts';
import { shortenSubmissionError } from '#core/systems/spark/live/submissionError.ts';

/** For how long executors may be on their way before their absence counts. */
const EXECUTOR_PATIENCE_MS = 120_000;

/**
 * What each state of a SparkApplication means for people. Source: ApplicationStateType and the reconciler of the Kubeflow operator 2.5.
 * `NEW` is how early versions wrote the empty state.
 */
export const kubeflowStates: ReadonlyMap<string, StateRow<KubeflowApplication>> = new Map<
  string,
  StateRow<KubeflowApplication>
>([
  ['', { level: (view) => judgeNew(view).level, text: (view) => judgeNew(view).text }],
  ['NEW', { level: (view) => judgeNew(view).level, text: (view) => judgeNew(view).text }],
  ['SUBMITTED', { level: (view) => judgeDriverStart(view).level, text: (view) => judgeDriverStart(view).text }],
  ['RUNNING', { level: levelOfRun, text: describeRun }],
  ['SUCCEEDING', { level: 'working', text: describeSuccess }],
  [
    'COMPLETED',
    { level: 'done', text: (view) => describeCompletion('completed', view.submittedAt, view.endedAt, view.now) },
  ],
  ['FAILING', { level: levelOfRetry, text: describeFailing }],
  ['FAILED', { level: 'unhealthy', text: describeFailed }],
  ['SUBMISSION_FAILED', { level: levelOfRetry, text: describeFailedSubmission }],
  ['PENDING_RERUN', { level: 'working', text: 'about to run again: what is left of the last run is being deleted' }],
  [
    'INVALIDATING',
    { level: 'working', text: 'its spec has changed: the last run is being deleted, then it runs anew' },
  ],
  ['SUSPENDING', { level: 'working', text: 'being suspended: driver and executors are being deleted' }],
  [
    'SUSPENDED',
    {
      level: ({ resource }) => describeSuspension(resource.meta).level,
      text: ({ resource }) => describeSuspension(resource.meta).text,
    },
  ],
  ['RESUMING', { level: 'working', text: 'resuming: about to be submitted again' }],
  [
    'UNKNOWN',
    { level: 'unknown', text: 'the operator cannot tell how the driver is, as happens when its node does not answer' },
  ],
]);

function judgeNew({ isSuspended, resource, now }: KubeflowApplication): Judgement {
  if (isSuspended) return describeSuspension(resource.meta);
  return judgePickUp(resource.meta.createdAt, now);
}

/** From the submission until the driver's containers run. */
function judgeDriverStart({ driver, submittedAt, now }: KubeflowApplication): Judgement {
  const submitted = submittedAt === undefined ? 'submitted' : `submitted ${ago(now - submittedAt)}`;
  if (driver?.pod === undefined) return { level: 'working', text: `${submitted}, there is no driver pod yet` };
  const trouble = podTrouble(driver.pod, now);
  if (trouble === undefined) return { level: 'working', text: `${submitted}, the driver is starting` };
  return { level: trouble.level, text: `driver ${trouble.sentence}` };
}

function levelOfRun(view: KubeflowApplication): HealthLevel {
  const trouble = driverTrouble(view);
  const { running, wanted, hasTrouble } = summarizeExecutors(view.cluster, view.executorsWanted, view.now);
  if (trouble !== undefined && trouble.level !== 'working') return trouble.level;
  if (hasTrouble) return 'warning';
  if (wanted === undefined || running >= wanted) return 'healthy';
  const since = view.driver?.pod?.states.find(({ name }) => name === view.driver?.container)?.runningSince;
  return since === undefined || view.now - since < EXECUTOR_PATIENCE_MS ? 'working' : 'warning';
}

function describeRun(view: KubeflowApplication): string {
  const trouble = driverTrouble(view);
  if (trouble !== undefined) return `driver ${trouble.text}`;
  const summary = summarizeExecutors(view.cluster, view.executorsWanted, view.now);
  const attempt = view.restart.type === 'OnFailure' && view.executions > 1 ? ` (attempt ${view.executions})` : '';
  return `running${attempt}: ${summary.text}`;
}

function driverTrouble({ driver, now }: KubeflowApplication): Judgement | undefined {
  if (driver === undefined) return undefined;
  if (driver.pod === undefined) return { level: 'unknown', text: 'is said to run, but its pod is not to be seen' };
  const trouble = podTrouble(driver.pod, now);
  return trouble === undefined || trouble.kind === 'not ready'
    ? undefined
    : { level: trouble.level, text: trouble.sentence };
}

function describeSuccess({ restart, executions }: KubeflowApplication): string {
  return restart.type === 'Always' ? `run ${executions} completed, the next one follows` : 'the driver has completed';
}

function levelOfRetry(view: KubeflowApplication): HealthLevel {
  return nextRetry(view) === undefined ? 'unhealthy' : 'warning';
}

/** Under OnFailure every run before this one failed too; under Always nobody knows. */
function describeFailing(view: KubeflowApplication): string {
  const { executions, restart } = view;
  const isRepeated = restart.type === 'OnFailure' && executions > 1;
  const what = isRepeated
    ? `driver failed ${times(executions)}, last ${describeDriverEnd(view)}`
    : `driver failed ${describeDriverEnd(view)}`;
  return `${what}, ${describeRetry(view)}`;
}

function describeRetry(view: KubeflowApplication): string {
  const retry = nextRetry(view);
  if (retry !== undefined)
    return retry.at === undefined ? 'to be tried again' : `retrying ${ahead(retry.at - view.now)}`;
  const isSubmission = view.state === 'SUBMISSION_FAILED';
  const retries = isSubmission ? view.restart.submissionRetries : view.restart.failureRetries;
  if (view.restart.type !== 'OnFailure') return 'not to be tried again';
  const field = isSubmission ? 'onSubmissionFailureRetries' : 'onFailureRetries';
  return retries === undefined
    ? `not to be tried again: ${field} is not set`
    : `${counted(retries, 'retry', 'retries')} used up`;
}

function describeFailed(view: KubeflowApplication): string {
  const { executions, submissions, endedAt, now, restart } = view;
  const when = endedAt === undefined ? '' : ` ${ago(now - endedAt)}`;
  if (isSubmissionError(view)) {
    const tries = submissions > 1 ? ` after ${submissions} submissions` : '';
    return `failed${when}${tries}: ${shortenSubmissionError(view.error)}`;
  }
  const tries = restart.type === 'OnFailure' && executions > 1 ? ` for the ${ordinal(executions)} time` : '';
  return `driver failed${when}${tries} ${describeDriverEnd(view)}`;
}

function describeFailedSubmission(view: KubeflowApplication): string {
  const tries = view.submissions > 1 ? ` ${times(view.submissions)}` : '';
  return `submission failed${tries}: ${shortenSubmissionError(view.error)}, ${describeRetry(view)}`;
}

function isSubmissionError({ executions, error }: KubeflowApplication): boolean {
  return executions === 0 || /^failed to (?:submit|run spark-submit|configure|process)/.test(error);
}

/** The operator's own words for the end of the driver's container. */
const CONTAINER_FAILED = /^driver container failed with ExitCode: (-?\d+), Reason: (\w*)/;

/** What follows `driver failed`: `with exit code 137 (OOMKilled)`, or the message of the operator. */
export function describeDriverEnd({ driver, error }: KubeflowApplication): string {
  const failed = driver?.pod === undefined ? undefined : failedEnd(driver.pod, driver.container);
  if (failed !== undefined) return `with ${describeEnd(failed.end)}`;
  const [, exitCode, reason = ''] = CONTAINER_FAILED.exec(error) ?? [];
  if (exitCode !== undefined) {
    return `with ${describeEnd({ exitCode: Number(exitCode), reason, ...nothingElse })}`;
  }
  return error === '' ? 'for a reason the operator does not say' : `(${messageText(error)})`;
}

const nothingElse = { signal: undefined, message: '', startedAt: undefined, finishedAt: undefined };

function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`;
}

function ordinal(count: number): string {
  const tail = count % 100 >= 11 && count % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th');
  return `${count}${tail}`;
}

/** How long the operator keeps an ended application; undefined when it is kept. */
export function describeExpiry({ resource, endedAt, now }: KubeflowApplication): string | undefined {
  const seconds = resource.spec['timeToLiveSeconds'];
  if (typeof seconds !== 'number' || endedAt === undefined) return undefined;
  const left = endedAt + seconds * 1_000 - now;
  return left > 0 ? `will be deleted ${ahead(left)}` : `should have been deleted ${duration(-left)} ago`;
}
