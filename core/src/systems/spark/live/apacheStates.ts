import { ago, ahead, duration } from '#core/live/durations.ts';
import {
  describeCompletion,
  describeSuspension,
  judgePickUp,
  type Judgement,
  type StateRow,
} from '#core/live/jobs/judgement.ts';
import type { HealthLevel } from '#core/live/model.ts';
import type { ContainerEnd } from '#core/live/objects.ts';
import { messageText } from '#core/live/plainText.ts';
import { describeEnd, failedEnd, podTrouble } from '#core/live/podTrouble.ts';
import { isSetAt, numberAt } from '#core/live/reading.ts';
import {
  apacheExecutors,
  attemptStart,
  executorLimits,
  lastEnding,
  restartsAt,
  type ApacheState,
  type ApacheView,
} from '#core/systems/spark/live/apacheView.ts';
import { judgeMasterAndWorkers } from '#core/systems/spark/live/masterWorker.ts';
import { summarizeExecutors } from '#core/systems/spark/live/executors.ts';

/** What each state of a SparkApplication of the Apache operator means. Source: ApplicationStateSummary of version 1.0. */
export const apacheStates: ReadonlyMap<string, StateRow<ApacheView>> = new Map<string, StateRow<ApacheView>>([
  ['', { level: (view) => judgeNew(view).level, text: (view) => judgeNew(view).text }],
  ['Submitted', { level: (view) => judgeSubmitted(view).level, text: (view) => judgeSubmitted(view).text }],
  ['ScheduledToRestart', { level: levelOfRestart, text: describeRestart }],
  [
    'DriverRequested',
    {
      level: (view) => judgeDriver(view, 'has been starting').level,
      text: (view) => judgeDriver(view, 'has been starting').text,
    },
  ],
  [
    'DriverStarted',
    {
      level: (view) => judgeDriver(view, 'has not been ready').level,
      text: (view) => judgeDriver(view, 'has not been ready').text,
    },
  ],
  [
    'DriverReady',
    { level: 'working', text: (view) => `driver is ready, executors are starting: ${executorsOf(view).text}` },
  ],
  ['InitializedBelowThresholdExecutors', { level: 'warning', text: describeTooFew }],
  ['RunningHealthy', { level: levelOfRun, text: describeRun }],
  ['RunningWithPartialCapacity', { level: levelOfRun, text: describePartialCapacity }],
  ['RunningWithBelowThresholdExecutors', { level: 'warning', text: describeTooFew }],
  ['DriverStartTimedOut', { level: 'unhealthy', text: (view) => describeEnding(view.current, view) }],
  ['DriverReadyTimedOut', { level: 'unhealthy', text: (view) => describeEnding(view.current, view) }],
  ['ExecutorsStartTimedOut', { level: 'unhealthy', text: (view) => describeEnding(view.current, view) }],
  ['Succeeded', { level: 'done', text: (view) => describeEnding(view.current, view) }],
  ['Failed', { level: 'unhealthy', text: (view) => describeEnding(view.current, view) }],
  ['SchedulingFailure', { level: 'unhealthy', text: (view) => describeEnding(view.current, view) }],
  ['DriverEvicted', { level: 'unhealthy', text: (view) => describeEnding(view.current, view) }],
  ['ResourceReleased', { level: levelOfOutcome, text: describeOutcome }],
  ['TerminatedWithoutReleaseResources', { level: levelOfOutcome, text: describeOutcome }],
]);

/** What ended an attempt, as the beginning of a sentence. */
const endingTexts: ReadonlyMap<string, string> = new Map([
  ['Failed', 'driver failed'],
  ['SchedulingFailure', 'the driver could not be requested'],
  ['DriverEvicted', 'driver was evicted'],
  ['DriverStartTimedOut', 'the driver did not start in time'],
  ['DriverReadyTimedOut', 'the driver did not become ready in time'],
  ['ExecutorsStartTimedOut', 'too few executors came in time'],
]);

export function executorsOf({ cluster, resource, now }: ApacheView): ReturnType<typeof summarizeExecutors> {
  return summarizeExecutors(cluster, apacheExecutors(resource), now);
}

function judgeNew({ resource, now }: ApacheView): Judgement {
  return judgePickUp(resource.meta.createdAt, now);
}

function judgeSubmitted(view: ApacheView): Judgement {
  const { current, now, resource } = view;
  if (isSetAt(resource.spec, 'suspend')) return describeSuspension(resource.meta);
  const when = current.at === undefined ? '' : ` ${ago(now - current.at)}`;
  return { level: 'working', text: `submitted${when}, the driver has not been requested yet` };
}

function judgeDriver({ driver, current, now }: ApacheView, what: string): Judgement {
  const trouble = driver?.pod === undefined ? undefined : podTrouble(driver.pod, now);
  if (trouble !== undefined) return { level: trouble.level, text: `driver ${trouble.sentence}` };
  const since = current.at === undefined ? '' : ` for ${duration(now - current.at)}`;
  return { level: 'working', text: `driver ${what}${since}` };
}

function levelOfRun(view: ApacheView): HealthLevel {
  const trouble = view.driver?.pod === undefined ? undefined : podTrouble(view.driver.pod, view.now);
  if (trouble !== undefined) return trouble.level;
  return executorsOf(view).hasTrouble ? 'warning' : 'healthy';
}

function describeRun(view: ApacheView): string {
  const trouble = view.driver?.pod === undefined ? undefined : podTrouble(view.driver.pod, view.now);
  if (trouble !== undefined) return `driver ${trouble.sentence}`;
  const attempt = view.attempt > 0 ? ` (attempt ${view.attempt + 1})` : '';
  return `running${attempt}: ${executorsOf(view).text}`;
}

function describePartialCapacity(view: ApacheView): string {
  const { min, max } = executorLimits(view.resource);
  return `${describeRun(view)}, between its minimum of ${min} and its maximum of ${max}`;
}

function describeTooFew(view: ApacheView): string {
  const { init, min } = executorLimits(view.resource);
  const isStart = view.current.summary === 'InitializedBelowThresholdExecutors';
  const needed = isStart ? `it asks for ${init} to begin with` : `it needs at least ${min}`;
  return `running with too few executors: ${executorsOf(view).text}, ${needed}`;
}

function levelOfRestart(view: ApacheView): HealthLevel {
  return lastEnding(view)?.summary === 'Succeeded' ? 'working' : 'warning';
}

function describeRestart(view: ApacheView): string {
  const ending = lastEnding(view);
  const at = restartsAt(view);
  const next = at === undefined ? 'to be started again' : `restarting ${ahead(at - view.now)}`;
  const limit =
    numberAt(view.resource.spec, 'applicationTolerations', 'restartConfig', 'maxRestartAttempts') ?? DEFAULT_ATTEMPTS;
  const restart = `restart ${view.attempt} of ${limit}`;
  if (ending === undefined) return `${next}, ${restart}`;
  const what = ending.summary === 'Succeeded' ? 'completed' : describeFailure(ending);
  return `${what}, ${next} (${restart})`;
}

/** Source: RestartConfig. */
const DEFAULT_ATTEMPTS = 3;

/** The last two states say that it is over and what became of its pods; the outcome is the ending before. */
function levelOfOutcome(view: ApacheView): HealthLevel {
  const ending = lastEnding(view);
  return ending === undefined || ending.summary === 'Succeeded' ? 'done' : 'unhealthy';
}

function describeOutcome(view: ApacheView): string {
  const ending = lastEnding(view);
  if (ending !== undefined) return describeEnding(ending, view);
  const { current, now } = view;
  const when = current.at === undefined ? 'stopped' : `stopped ${ago(now - current.at)}`;
  return current.message === '' ? when : `${when}: ${messageText(current.message)}`;
}

function describeEnding(ending: ApacheState, view: ApacheView): string {
  if (ending.summary === 'Succeeded') return describeCompletion('completed', attemptStart(view), ending.at, view.now);
  const when = ending.at === undefined ? '' : ` ${ago(view.now - ending.at)}`;
  const attempts = view.attempt > 0 ? `, attempt ${view.attempt + 1}` : '';
  const end = driverEnd(ending, view);
  if (ending.summary === 'Failed' && end !== undefined)
    return `driver failed${when} with ${describeEnd(end)}${attempts}`;
  const what = `${endingTexts.get(ending.summary) ?? ending.summary}${when}${attempts}`;
  return ending.message === '' ? what : `${what}: ${messageText(ending.message)}`;
}

/** From the pod while it is there, else from what the operator kept of it. */
function driverEnd(ending: ApacheState, { driver }: ApacheView): ContainerEnd | undefined {
  const failed = driver?.pod === undefined ? undefined : failedEnd(driver.pod, driver.container);
  return failed?.end ?? ending.end;
}

function describeFailure({ summary, message, end }: ApacheState): string {
  if (summary === 'Failed' && end !== undefined) return `driver failed with ${describeEnd(end)}`;
  const what = endingTexts.get(summary) ?? summary;
  return message === '' ? what : `${what}: ${messageText(message, 120)}`;
}

/** Why a cluster of the Apache operator is as it is. Source: ClusterStateSummary of version 1.0. */
export const apacheClusterStates: ReadonlyMap<string, StateRow<ApacheView>> = new Map<string, StateRow<ApacheView>>([
  ['', { level: (view) => judgeNew(view).level, text: (view) => judgeNew(view).text }],
  ['Submitted', { level: 'working', text: 'submitted, master and workers are being made' }],
  // The operator calls a cluster healthy once its StatefulSets are made, so the pods are counted here.
  [
    'RunningHealthy',
    {
      level: ({ cluster, now }) => judgeMasterAndWorkers(cluster, now).level,
      text: ({ cluster, now }) => judgeMasterAndWorkers(cluster, now).text,
    },
  ],
  [
    'SchedulingFailure',
    { level: 'unhealthy', text: (view) => withMessage('master and workers could not be made', view) },
  ],
  ['Failed', { level: 'unhealthy', text: (view) => withMessage('failed', view) }],
  ['ResourceReleased', { level: 'done', text: (view) => withMessage('stopped', view) }],
]);

function withMessage(what: string, { current, now }: ApacheView): string {
  const when = current.at === undefined ? what : `${what} ${ago(now - current.at)}`;
  return current.message === '' ? when : `${when}: ${messageText(current.message)}`;
}
