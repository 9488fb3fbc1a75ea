import { describeCronProblem } from '#core/kubernetes/cronSchedule.ts';
import { ago, ahead } from '#core/live/durations.ts';
import { messageText, plainText } from '#core/live/plainText.ts';
import { isSetAt, textAt, timeAt } from '#core/json.ts';
import type { Plan, PlannedStep, Precondition } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import type { ScheduleWish } from '#core/operations/wishes.ts';
import { askStepOf } from '#core/systems/spark/operations/plans/ask.ts';
import {
  consequence,
  examine,
  ownRight,
  planOperated,
  type Examined,
} from '#core/systems/spark/operations/plans/parts.ts';
import { tryPatch } from '#core/systems/spark/operations/plans/trial.ts';
import { REVALIDATE } from '#core/systems/spark/operations/steps/revalidateStep.ts';
import { ClusterProblem } from '#core/live/ports.ts';

/** @throws ClusterProblem, also when it is so already */
export async function planSchedule(wish: ScheduleWish, ports: PlanningPorts): Promise<Plan> {
  const examined = await examine(ports);
  const { target, now } = examined;
  const isPausing = wish.to === 'paused';
  if (isSetAt(now.resource.spec, 'suspend') === isPausing && now.state !== 'FailedValidation') {
    throw new ClusterProblem('invalid', `The schedule ${target.name} is ${isPausing ? 'paused' : 'running'} already.`);
  }
  const patch = { spec: { suspend: isPausing } };
  const trial = await tryPatch(ports.cluster, target, patch);
  const isRefused = !isPausing && now.state === 'FailedValidation';
  return planOperated(
    examined,
    {
      operation: wish.operation,
      title: `${isPausing ? 'Pause' : 'Resume'} the schedule ${target.name}`,
      isOperatorNeeded: !isPausing,
      preconditions: [
        consequence(examined, 'schedule', false),
        trial.check,
        ...(isPausing ? [] : resumeChecks(examined, ports.clock.now())),
      ],
      rights: [ownRight(examined, 'patch')],
      undoing: `spec.suspend may be ${isPausing ? 'taken away' : 'set'} again`,
      steps: [
        ...(isRefused ? [revalidateStepOf(examined)] : []),
        askStepOf(
          examined,
          {
            title: `${isPausing ? 'Pause' : 'Resume'} ${target.name}`,
            effect: `spec.suspend becomes ${isPausing}`,
            done: isPausing
              ? 'it is written: the operator starts no run of a suspended schedule'
              : 'the operator says the time of a next run',
          },
          {
            goal: isPausing ? 'stored' : 'scheduled',
            patch,
            undo: { spec: { suspend: !isPausing } },
            isMarked: false,
            isKillAgreed: true,
          },
        ),
      ],
      risks: isPausing
        ? ['Runs that are due meanwhile are not made up for, but for one that starts at once when it is resumed.']
        : [],
      isTyped: false,
    },
    ports,
  );
}

/** What happens at once, and what never will. */
function resumeChecks({ now: { resource, state } }: Examined, at: number): readonly Precondition[] {
  const next = timeAt(resource.status, 'nextRun');
  const policy = textAt(resource.spec, 'concurrencyPolicy');
  return [
    missed(next, policy, at),
    policyCheck(policy),
    ...(state === 'FailedValidation'
      ? [refusedCheck(textAt(resource.spec, 'schedule'), textAt(resource.status, 'reason'))]
      : []),
  ];
}

function missed(next: number | undefined, policy: string, now: number): Precondition {
  const id = { id: 'missed-run', title: 'Whether a run starts at once' };
  if (next === undefined || next > now) {
    const when = next === undefined ? 'The operator says no next run yet' : `The next run is due ${ahead(next - now)}`;
    return { ...id, state: 'holds', evidence: [when] };
  }
  const replaced =
    policy === 'Replace' ? ' and deletes the last run if that has not ended (concurrencyPolicy Replace)' : '';
  return {
    ...id,
    state: 'warns',
    evidence: [`A run was due ${ago(now - next)}, so one starts as soon as the schedule is resumed${replaced}`],
    fix: 'Resume it at another time if that run is not wanted.',
  };
}

const POLICIES = ['Allow', 'Forbid', 'Replace'];

function policyCheck(policy: string): Precondition {
  const id = { id: 'concurrency-policy', title: 'The operator knows its concurrencyPolicy' };
  if (POLICIES.includes(policy)) return { ...id, state: 'holds', evidence: [policy] };
  const written = policy === '' ? 'It is not set' : `It is "${plainText(policy, 40)}"`;
  return {
    ...id,
    state: 'warns',
    evidence: [`${written}, and the operator then starts the first run and never another (issue 2964)`],
    fix: 'Set Allow, Forbid or Replace with Edit and Resubmit.',
  };
}

/** What was refused once is not looked at again, whether it is right by now or not: issue 3174. */
function refusedCheck(schedule: string, reason: string): Precondition {
  const id = { id: 'validation', title: 'The operator would take the schedule' };
  const said = messageText(reason) || 'it does not say why';
  const problem = describeCronProblem(schedule.replace(/^(?:CRON_)?TZ=\S+\s+/, ''));
  if (problem !== undefined) {
    const evidence = [`It refuses "${plainText(schedule, 60)}": ${said}`, messageText(problem)];
    return { ...id, state: 'fails', evidence, fix: 'Correct it with Edit and Resubmit.' };
  }
  return {
    ...id,
    state: 'warns',
    evidence: [
      `It refused it once (${said}) and does not look again by itself (issue 3174)`,
      'The schedule can be read now',
    ],
    fix: 'Its state is cleared first, so that it looks again; runs and their history stay.',
  };
}

export function revalidateStepOf({ target, kind }: Examined): PlannedStep {
  return {
    id: 'revalidate',
    title: `Let the operator look at ${target.name} again`,
    gate: `the ${kind.operator} is there`,
    effect: 'status.scheduleState is cleared: the operator refuses for good what it has refused once (issue 3174)',
    done: 'the operator says Scheduled, or refuses it once more',
    expectedMs: 10_000,
    parameters: { kind: REVALIDATE },
  };
}
