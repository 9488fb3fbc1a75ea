import { describeCronProblem } from '#core/kubernetes/cronSchedule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { counted } from '#core/live/plainText.ts';
import { wholeNumber } from '#core/preview/amounts.ts';
import type { BehaviourPreview } from '#core/preview/model.ts';
import { isTrue, readFirst, textOr, type Reading } from '#core/preview/reading.ts';

/** Seconds between tries that the webhook fills in for a policy other than Never. */
const DEFAULT_INTERVAL = 5;

/**
 * What the operator does after the first run. Source: spark-operator 2.5.2 shouldRetry, its event filter and its defaults: retries that are
 * not written are none under OnFailure, and without end under Always; the wait grows with each attempt.
 */
export function kubeflowBehaviour(spec: NodeView, isTemplate: boolean): readonly BehaviourPreview[] {
  const policy = spec.field('restartPolicy');
  return [
    { subject: 'When it ends or fails', text: restartText(policy) },
    { subject: 'When the submission fails', text: submissionText(policy) },
    { subject: 'When the specification is changed', text: isTemplate ? TEMPLATE_CHANGE : CHANGE },
    ...deletionOf(spec),
  ];
}

const CHANGE =
  'Every change outside suspend and timeToLiveSeconds kills what runs and submits the application again, a finished one too. Its attempts are counted anew. Changes of labels and annotations of the object do nothing.';
const TEMPLATE_CHANGE =
  'A change of the template counts for the runs that start after it; those that exist stay as they are.';

function restartText(policy: NodeView): string {
  const type = readFirst(policy.field('type'));
  if (type.state === 'unknown') return `Unknown: ${type.why}.`;
  switch (textOr(type, 'Never')) {
    case 'Always':
      return `It is run again whenever it ends, well or not, without a limit. ${waitText(policy.field('onFailureRetryInterval'))}`;
    case 'OnFailure':
      return retriesText(policy, 'onFailureRetries', 'onFailureRetryInterval', 'A failed run is');
    case 'Never':
      return 'It is not run again (restart policy Never).';
    default:
      return 'The restart policy is none of Never, OnFailure and Always; the API server refuses it.';
  }
}

function submissionText(policy: NodeView): string {
  const type = readFirst(policy.field('type'));
  if (type.state === 'unknown') return `Unknown: ${type.why}.`;
  switch (textOr(type, 'Never')) {
    case 'Always':
      return `It is submitted again without a limit. ${waitText(policy.field('onSubmissionFailureRetryInterval'))}`;
    case 'OnFailure':
      return retriesText(
        policy,
        'onSubmissionFailureRetries',
        'onSubmissionFailureRetryInterval',
        'A failed submission is',
      );
    default:
      return 'It is not submitted again (restart policy Never); the application is failed.';
  }
}

function retriesText(policy: NodeView, field: string, interval: string, what: string): string {
  const retries = readFirst(policy.field(field));
  if (retries.state === 'unknown') return `Unknown: ${retries.why}.`;
  if (retries.state === 'absent') {
    return `${what} not tried again: the policy is OnFailure, but ${field} is missing, and then it is never.`;
  }
  const count = wholeNumber(retries.text);
  if (count === undefined) return `Unknown: ${retries.from} is no number of tries.`;
  if (count === 0) return `${what} not tried again: ${field} is 0.`;
  return `${what} tried again, at most ${count === 1 ? 'once' : `${count} times`}. ${waitText(policy.field(interval))}`;
}

function waitText(view: NodeView): string {
  const seconds = secondsIn(readFirst(view));
  return seconds === undefined
    ? 'How long it waits in between is not known.'
    : `It waits ${counted(seconds, 'second')} before the first try and that much longer before each further one.`;
}

function secondsIn(reading: Reading): number | undefined {
  if (reading.state === 'absent') return DEFAULT_INTERVAL;
  return reading.state === 'given' ? wholeNumber(reading.text) : undefined;
}

function deletionOf(spec: NodeView): readonly BehaviourPreview[] {
  const seconds = readFirst(spec.field('timeToLiveSeconds'));
  if (seconds.state === 'absent') return [];
  const after = seconds.state === 'given' ? `${seconds.text} seconds after its end` : 'after a time that is not known';
  return [
    {
      subject: 'When it has ended',
      text: `The object is deleted ${after}, and the pods that are left of it with it.`,
    },
  ];
}

/**
 * When runs start and what happens when one still goes on. Source: spark-operator 2.5.2 ScheduledSparkApplication Reconcile: an unknown
 * or missing policy starts the first run and no other.
 */
export function scheduleBehaviour(spec: NodeView): readonly BehaviourPreview[] {
  return [
    { subject: 'When runs start', text: scheduleText(spec) },
    { subject: 'When the run before still goes on', text: concurrencyText(readFirst(spec.field('concurrencyPolicy'))) },
    {
      subject: 'How many runs are kept',
      text: `${keptText(spec, 'successfulRunHistoryLimit')} that succeeded and ${keptText(spec, 'failedRunHistoryLimit')} that failed; older ones are deleted.`,
    },
  ];
}

function scheduleText(spec: NodeView): string {
  const schedule = readFirst(spec.field('schedule'));
  if (schedule.state === 'unknown') return `Unknown: ${schedule.why}.`;
  if (schedule.state === 'absent') return 'There is no schedule, so the API server refuses the object.';
  const [, inside, rest] = /^(?:CRON_)?TZ=(\S*)\s+(.*)$/.exec(schedule.text) ?? [];
  const problem = describeCronProblem(rest ?? schedule.text);
  if (problem !== undefined) return `Never: the schedule ${problem}.`;
  const zone = inside ?? textOr(readFirst(spec.field('timeZone')), 'Local');
  const where = zone === 'Local' ? 'in the time zone of the operator' : `in the time zone ${zone}`;
  const held = isTrue(spec.field('suspend')) ? ' It is suspended now.' : '';
  return `At the times of ${rest ?? schedule.text}, ${where}.${held}`;
}

function concurrencyText(policy: Reading): string {
  if (policy.state === 'unknown') return `Unknown: ${policy.why}.`;
  switch (textOr(policy, '')) {
    case 'Allow':
      return 'The next one starts beside it.';
    case 'Forbid':
      return 'The next one is left out.';
    case 'Replace':
      return 'It is deleted, with what it has done so far, and the next one starts.';
    default:
      return 'The first run starts and no other ever does: concurrencyPolicy is none of Allow, Forbid and Replace.';
  }
}

function keptText(spec: NodeView, field: string): string {
  const limit = readFirst(spec.field(field));
  return limit.state === 'unknown' ? 'an unknown number' : textOr(limit, '1');
}
