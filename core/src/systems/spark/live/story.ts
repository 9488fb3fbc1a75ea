import { listAt, numberAt, objectAt, textAt, timeAt } from '#core/json.ts';
import { creation, eventMoments, memberMoments, moment, momentAhead, orderStory } from '#core/live/jobs/story.ts';
import type { DataCluster, HealthLevel, LiveMember, StoryMoment } from '#core/live/model.ts';
import type { LiveCustom, LiveEvent } from '#core/live/objects.ts';
import { messageText, plainText } from '#core/live/plainText.ts';
import { isApacheApplication, isApacheCluster } from '#core/systems/spark/live/apache.ts';
import {
  endings,
  readTransitions,
  restartsAt,
  viewApache,
  type ApacheState,
} from '#core/systems/spark/live/apacheView.ts';
import { isKubeflowApplication } from '#core/systems/spark/live/kubeflow.ts';
import { nextRetry, viewKubeflowApplication, type KubeflowApplication } from '#core/systems/spark/live/kubeflowView.ts';
import { isSchedule } from '#core/systems/spark/live/schedules.ts';
import { shortenSubmissionError } from '#core/systems/spark/live/submissionError.ts';

/** What has happened to an application and what is ahead of it, oldest first. */
export function tellSpark(cluster: DataCluster, events: readonly LiveEvent[], now: number): readonly StoryMoment[] {
  const { resource } = cluster;
  const ofPods = memberMoments(cluster, nameOf);
  if (resource === undefined) return orderStory(ofPods);
  const own = tellers.find(({ meets }) => meets(resource))?.tell(cluster, resource, now) ?? [];
  return orderStory([creation(resource), ...eventMoments(events, resource), ...own, ...ofPods]);
}

function nameOf({ role, name, index }: LiveMember): string {
  if (role === 'driver' || role === 'server' || role === 'master') return role;
  return index === undefined ? name : `${role} ${index}`;
}

interface Teller {
  readonly meets: (resource: LiveCustom) => boolean;
  readonly tell: (cluster: DataCluster, resource: LiveCustom, now: number) => readonly StoryMoment[];
}

const tellers: readonly Teller[] = [
  { meets: isKubeflowApplication, tell: tellKubeflow },
  { meets: isSchedule, tell: (_, resource) => tellSchedule(resource) },
  { meets: (resource) => isApacheApplication(resource) || isApacheCluster(resource), tell: tellApache },
];

const WAITING: ReadonlySet<string> = new Set(['FAILING', 'SUBMISSION_FAILED']);

/** The status keeps the last submission and the last end only; earlier ones are in the events. */
function tellKubeflow(cluster: DataCluster, resource: LiveCustom, now: number): readonly StoryMoment[] {
  const view = viewKubeflowApplication(cluster, resource, now);
  const retry = WAITING.has(view.state) ? nextRetry(view) : undefined;
  return [
    moment(view.submittedAt, 'done', describeSubmission(view)),
    moment(view.endedAt, levelOfEnd(view.state), describeEndOfRun(view)),
    momentAhead(retry?.at, view.state === 'SUBMISSION_FAILED' ? 'to be submitted again' : 'to be run again'),
    momentAhead(expiryOf(view), 'to be deleted, as timeToLiveSeconds says'),
  ];
}

function describeSubmission({ submissions, executions, state, error }: KubeflowApplication): string {
  const attempt = submissions > 1 ? `, try ${submissions}` : '';
  if (state === 'SUBMISSION_FAILED') return `submission failed${attempt}: ${shortenSubmissionError(error)}`;
  return executions > 1 ? `submitted for run ${executions}${attempt}` : `submitted${attempt}`;
}

function levelOfEnd(state: string): HealthLevel {
  return state === 'COMPLETED' || state === 'SUCCEEDING' ? 'done' : 'unhealthy';
}

function describeEndOfRun({ executions, error, state }: KubeflowApplication): string {
  if (levelOfEnd(state) === 'done') return executions > 1 ? `run ${executions} completed` : 'completed';
  const run = executions > 1 ? `run ${executions} failed` : 'failed';
  return error === '' ? run : `${run}: ${messageText(shortenSubmissionError(error))}`;
}

function expiryOf({ resource, endedAt, state }: KubeflowApplication): number | undefined {
  const seconds = numberAt(resource.spec, 'timeToLiveSeconds');
  const isOver = state === 'COMPLETED' || state === 'FAILED';
  return seconds === undefined || endedAt === undefined || !isOver ? undefined : endedAt + seconds * 1_000;
}

function tellSchedule({ spec, status }: LiveCustom): readonly StoryMoment[] {
  const name = plainText(textAt(status, 'lastRunName'), 253);
  const isGood = listAt(status, 'pastSuccessfulRunNames').includes(textAt(status, 'lastRunName'));
  const isBad = listAt(status, 'pastFailedRunNames').includes(textAt(status, 'lastRunName'));
  const outcome = isGood ? ', which succeeded' : isBad ? ', which failed' : '';
  const isPaused = spec['suspend'] === true;
  return [
    moment(timeAt(status, 'lastRun'), isBad ? 'warning' : 'done', `run ${name} was started${outcome}`),
    momentAhead(isPaused ? undefined : timeAt(status, 'nextRun'), 'next run'),
  ];
}

/** This operator keeps every state of the attempt and those of the one before. */
function tellApache(cluster: DataCluster, resource: LiveCustom, now: number): readonly StoryMoment[] {
  const view = viewApache(cluster, resource, now);
  const before = readTransitions(objectAt(resource.status, 'previousAttemptSummary'));
  const retry = view.current.summary === 'ScheduledToRestart' ? restartsAt(view) : undefined;
  return [...[...before, ...view.history].map(tellState), momentAhead(retry, 'to be started again')];
}

function tellState({ at, summary, message }: ApacheState): StoryMoment {
  const words = messageText(summary, 80)
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  const level: HealthLevel = endings.has(summary) && summary !== 'Succeeded' ? 'unhealthy' : 'done';
  return moment(at, level, message === '' ? words : `${words}: ${messageText(message)}`);
}
