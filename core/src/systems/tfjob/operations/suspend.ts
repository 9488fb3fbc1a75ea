import { podsLeft } from '#core/live/jobs/podsLeft.ts';
import { killedPods, namesOf } from '#core/operations/jobs/jobPods.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import type { Plan } from '#core/operations/model.ts';
import { offered, outOfPlace, type JobOperation } from '#core/operations/jobs/jobOperations.ts';
import { patchStep } from '#core/operations/jobs/jobSteps.ts';
import { acceptsPatch, planJob, readPlanned } from '#core/operations/jobs/planJob.ts';
import { livingMembers, unsuspendable, type TrainingKind } from '#core/systems/tfjob/operations/trainingKind.ts';
import { trainingOperator, trainingProcedure } from '#core/systems/tfjob/operations/training.ts';

/**
 * Suspends a job:
 * 1. its suspend field is set, under the resourceVersion that was read;
 * 2. the operator has to say that the job is suspended, and its pods have to be gone.
 * A job that ends in between ends the run with that; a JobSet that refuses pauses it (jobSetRefusal.ts).
 */
export function suspendOf(training: TrainingKind): JobOperation<'suspend'> {
  return {
    offer: (data) => {
      const reason = unsuspendable(data, training);
      if (reason || !data.resource) return reason ?? offered;
      return training.isSuspended(data.resource) ? outOfPlace(`${data.name} is suspended already.`) : offered;
    },
    plan: (_, ports) => planSuspension(training, ports),
    procedure: trainingProcedure(training),
  };
}

async function planSuspension(training: TrainingKind, ports: PlanningPorts): Promise<Plan> {
  const { data, cluster } = ports;
  const job = await readPlanned(ports);
  const name = `${training.kind} ${data.name}`;
  const patch = training.suspension(true);
  const living = livingMembers(data);
  const operator = await trainingOperator(training, ports);
  return planJob('suspend', ports, {
    title: `Suspend ${name}`,
    job,
    consequence: [
      living.length === 0 ? 'None of its pods runs now; none is made until it goes on' : killedPods(living),
      `The job itself stays; ${training.operator} deletes ${training.suspends}`,
      ...(living.length === 0
        ? []
        : ['What the training has not written to a checkpoint is lost, and so are the logs of the pods']),
    ],
    isLoss: living.length > 0,
    preconditions: [operator.check, await acceptsPatch(cluster, job, patch)],
    steps: [
      patchStep({
        id: 'suspend',
        title: `Suspend ${name}`,
        object: job.object,
        patch,
        goal: 'suspended',
        effect: `${training.operator} deletes ${training.suspends}`,
        done: 'its condition Suspended holds, and its pods are gone',
        undo: 'Resume Job: it begins anew, from its last checkpoint if it has any',
        expectedMs: 45_000,
      }),
    ],
    risks: [
      'A job that ends before it is suspended stays ended.',
      ...(training.kind === 'TrainJob'
        ? [
            'A JobSet refuses to be suspended once the job or its runtime has been edited (trainer #3008): its pods then run on, and the run pauses as soon as that is told.',
          ]
        : []),
    ],
    preview: [podsPreview(living.length, 0)],
    parameters: operator.parameters,
  });
}

/** Lets a suspended job go on: the field is taken back, and the operator has to take it up. Nothing that runs is touched. */
export function unsuspendOf(training: TrainingKind): JobOperation<'unsuspend'> {
  return {
    offer: (data) => {
      const reason = unsuspendable(data, training);
      if (reason || !data.resource) return reason ?? offered;
      return training.isSuspended(data.resource) ? offered : outOfPlace(`${data.name} is not suspended.`);
    },
    plan: (_, ports) => planContinuation(training, ports),
    procedure: trainingProcedure(training),
  };
}

async function planContinuation(training: TrainingKind, ports: PlanningPorts): Promise<Plan> {
  const { data, cluster } = ports;
  const job = await readPlanned(ports);
  const name = `${training.kind} ${data.name}`;
  const patch = training.suspension(false);
  const operator = await trainingOperator(training, ports);
  return planJob('unsuspend', ports, {
    title: `Resume ${name}`,
    job,
    consequence: [
      'Its pods are made anew, and the training begins where its program finds a checkpoint, else at its beginning',
      ...(training.kind === 'TFJob' ? ['Its start time is counted anew, and with it its deadline'] : []),
    ],
    isLoss: false,
    preconditions: [operator.check, podsGone(data), await acceptsPatch(cluster, job, patch)],
    steps: [
      patchStep({
        id: 'resume',
        title: `Let ${name} go on`,
        object: job.object,
        patch,
        goal: 'resumed',
        effect: `${training.operator} makes its pods`,
        done:
          training.kind === 'TrainJob'
            ? `${training.operator} no longer says that it is suspended, and a pod is there`
            : `${training.operator} no longer says that it is suspended`,
        undo: 'Suspend Job',
        expectedMs: 15_000,
      }),
    ],
    risks: [
      'Its pods wait when the cluster has no room for them.',
      ...(training.kind === 'TrainJob'
        ? [
            'A JobSet refuses to go on once the job or its runtime has been edited (trainer #3008): no pod then comes, and the run pauses as soon as that is told. Take the edit back, or rerun the job.',
          ]
        : []),
    ],
    parameters: operator.parameters,
  });
}

/** What ended in the suspension must not be there any more when the job goes on. */
function podsGone({ members }: PlanningPorts['data']): Plan['preconditions'][number] {
  const left = podsLeft(members.flatMap(({ pod }) => pod ?? []));
  const isGone = left.length === 0;
  return {
    id: 'pods-gone',
    title: 'None of the pods of before is left',
    state: isGone ? 'holds' : 'fails',
    evidence: [isGone ? 'there is none' : `${namesOf(left)} are still there; the job would take their end for its own`],
    ...(isGone ? {} : { fix: 'Wait until they are gone, which takes seconds, and ask again.' }),
  };
}

const podsPreview = (before: number, after: number): NonNullable<Plan['preview']>[number] => ({
  title: 'Pods',
  unit: 'count',
  items: [{ label: 'running or starting', before, after }],
});
