import { isSetAt, textAt, timeAt } from '#core/json.ts';
import { messageText } from '#core/live/plainText.ts';
import type { Answer, StepValue } from '#core/operations/model.ts';
import { numberIn, textIn } from '#core/operations/stepParameters.ts';
import type { JobNow } from '#core/systems/spark/operations/job.ts';
import { shortenSubmissionError } from '#core/systems/spark/live/submissionError.ts';

/**
 * What the operator has to do about what was written, told by its status:
 * - `rerun`: it has submitted the application anew;
 * - `suspended`, `resumed`: it has taken the pods away, or made a new submission;
 * - `scheduled`: the schedule has a next run that is still to come;
 * - `stored`: nothing more than to keep it.
 */
export type Goal = 'rerun' | 'suspended' | 'resumed' | 'scheduled' | 'stored';

export type Memory = Readonly<Record<string, StepValue>>;

export interface GoalRow {
  /** Reached before anything was written by us; never for what is to be done once more. */
  readonly isThere: (job: JobNow) => boolean;
  /** `told`: the operator has begun; only then is it known that it has heard of the write. */
  readonly isBegun: (job: JobNow, memory: Memory) => boolean;
  /** Undefined while it is on its way. */
  readonly outcome: (job: JobNow, memory: Memory) => Answer | undefined;
  /** Why it will not come, whatever is asked; undefined where it may. */
  readonly hopeless: (job: JobNow) => { readonly reason: string; readonly fix: string } | undefined;
  /** It ends a run: done only once the pods of that run are gone too, because what is asked next must not meet them. */
  readonly endsPods?: boolean;
  /** What is waited for, behind the name of the operator. */
  readonly waitingFor: string;
}

const yes = (evidence: string): Answer => ({ kind: 'yes', evidence });

export const goals: Readonly<Record<Goal, GoalRow>> = {
  rerun: {
    isThere: () => false,
    isBegun: (job, memory) => job.under === 'changing' || isNewSubmission(job, memory),
    outcome: newSubmission,
    hopeless: (job) =>
      job.under === 'suspended' || isSetAt(job.resource.spec, 'suspend')
        ? { reason: 'It is suspended, so it would not be submitted.', fix: 'Resume Job runs it from its beginning.' }
        : undefined,
    waitingFor: 'to submit it anew',
  },
  suspended: {
    isThere: (job) => isSetAt(job.resource.spec, 'suspend') && job.under === 'suspended',
    isBegun: ({ state, under }) => under === 'suspended' || state === 'SUSPENDING',
    outcome: ({ under, state }) => {
      if (under === 'suspended') return yes(`The operator says ${state}`);
      if (under !== 'over') return undefined;
      return {
        kind: 'stop',
        reason: `It has ended as ${state} before it was suspended.`,
        fix: 'Nothing runs any more. Take spec.suspend away again with Resume Job before it is run anew.',
      };
    },
    hopeless: ({ under, state }) =>
      under === 'over'
        ? { reason: `It has ended (${state}), and the operator takes no notice of suspend then.`, fix: 'Nothing runs.' }
        : undefined,
    endsPods: true,
    waitingFor: 'to suspend it',
  },
  resumed: {
    isThere: (job) => !isSetAt(job.resource.spec, 'suspend') && job.under !== 'suspended' && job.under !== 'changing',
    isBegun: (job, memory) => job.state === 'RESUMING' || isNewSubmission(job, memory),
    // The Apache operator leaves the state before it has a driver.
    outcome: (job, memory) => (job.submission === '' ? undefined : newSubmission(job, memory)),
    hopeless: () => undefined,
    waitingFor: 'to submit it again',
  },
  scheduled: {
    isThere: () => true,
    isBegun: ({ state }, memory) => state !== textIn(memory, 'state') && state !== '',
    outcome: nextRun,
    hopeless: () => undefined,
    waitingFor: 'to plan the next run',
  },
  stored: {
    isThere: () => true,
    isBegun: () => true,
    outcome: () => yes('It is written'),
    hopeless: () => undefined,
    waitingFor: 'to keep it',
  },
};

/** A schedule that was refused once is never looked at again, whatever is corrected (issue 3174). */
function nextRun({ resource: { spec, status }, state }: JobNow, memory: Memory): Answer | undefined {
  if (state === 'FailedValidation') {
    const reason = `The operator refuses the schedule: ${messageText(textAt(status, 'reason')) || 'it does not say why'}.`;
    return { kind: 'stop', reason, fix: 'Correct it with Edit and Resubmit, which lets the operator look again.' };
  }
  if (state !== 'Scheduled') return undefined;
  const next = timeAt(status, 'nextRun');
  if (next === undefined) return undefined;
  if (next > numberIn(memory, 'askedAt')) return yes(`The next run is planned for ${textAt(status, 'nextRun')}`);
  if (textAt(spec, 'concurrencyPolicy') !== 'Forbid') return undefined;
  return yes('A run is due, and concurrencyPolicy Forbid lets it wait for the last one');
}

function isNewSubmission({ submission }: JobNow, memory: Memory): boolean {
  return submission !== '' && submission !== textIn(memory, 'submission');
}

/** A submission that failed is tried again as the application asks for it; once that is over, nothing more comes. */
function newSubmission(job: JobNow, memory: Memory): Answer | undefined {
  if (!isNewSubmission(job, memory) || job.under === 'changing') return undefined;
  if (job.state === 'SUBMISSION_FAILED') return undefined;
  const error = textAt(job.resource.status, 'applicationState', 'errorMessage');
  if (job.state === 'FAILED' && /^failed to (?:submit|run spark-submit|configure|process)/.test(error)) {
    return {
      kind: 'stop',
      reason: `The operator could not submit it: ${shortenSubmissionError(error)}.`,
      fix: 'Edit and Resubmit once the reason is gone.',
    };
  }
  return yes(`The operator says ${messageText(job.state, 60)}, submission ${messageText(job.submission, 60)}`);
}
