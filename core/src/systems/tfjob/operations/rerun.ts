import { killedPods } from '#core/operations/jobs/jobPods.ts';
import type { Plan } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import { offered, refused, type JobOperation } from '#core/operations/jobs/jobOperations.ts';
import { anewSteps, deleteStep } from '#core/operations/jobs/jobSteps.ts';
import { acceptsAnew, acceptsDeletion, planJob, readPlanned } from '#core/operations/jobs/planJob.ts';
import type { JsonObject } from '#core/json.ts';
import { endOf, foreign, livingMembers, type TrainingKind } from '#core/systems/tfjob/operations/trainingKind.ts';
import { trainingOperator, trainingProcedure } from '#core/systems/tfjob/operations/training.ts';

/**
 * Runs a job once more. Neither operator has a word for it, so:
 * 1. the manifest is kept in a Secret;
 * 2. the job is deleted, and its pods have to be gone;
 * 3. it is made anew from the Secret, and the operator has to take it up.
 * Killed anywhere, the run goes on where the cluster is; the manifest is never lost, and the job never made twice.
 */
export function rerunOf(training: TrainingKind): JobOperation<'rerun'> {
  return {
    offer: (data) => {
      const reason = foreign(data, training);
      if (reason || !data.resource) return reason ?? offered;
      if (!training.isSuspended(data.resource)) return offered;
      return refused(`${data.name} is suspended: Resume Job runs it from its beginning, or from its last checkpoint.`);
    },
    plan: (_, ports) =>
      planAnew('rerun', training, ports, {
        title: 'Rerun',
        changes: {},
        consequence: ['It is made as it is written now'],
      }),
    procedure: trainingProcedure(training),
  };
}

export interface AnewWish {
  /** The verb. */
  readonly title: string;
  readonly changes: JsonObject;
  /** What is special about it. */
  readonly consequence: readonly string[];
}

/** @throws ClusterProblem */
export async function planAnew(
  operation: 'rerun' | 'resubmit',
  training: TrainingKind,
  ports: PlanningPorts,
  { title, changes, consequence }: AnewWish,
): Promise<Plan> {
  const { data, cluster, id } = ports;
  const job = await readPlanned(ports, true);
  const name = `${training.kind} ${data.name}`;
  const operator = await trainingOperator(training, ports);
  return planJob(operation, ports, {
    title: `${title} ${name}`,
    job,
    consequence: [...killed(training, ports), ...consequence],
    // Also of a job that has ended its status goes, which is all that tells how.
    isLoss: true,
    preconditions: [operator.check, await acceptsAnew(cluster, job, changes, id)],
    steps: anewSteps({
      name,
      changes,
      goal: 'taken up',
      effect: 'the job, its status and its pods with their logs go',
      done: `${training.operator} has taken it up`,
      expectedMs: 20_000,
    }),
    risks: [
      'Between the deletion and the new job there is none: whoever waits for the job sees it vanish.',
      'When what makes the job anew is refused, its manifest stays in the Secret that the run names.',
      'Its training begins where its program finds a checkpoint, else at its beginning.',
    ],
    parameters: operator.parameters,
  });
}

/** What goes with the object. */
function killed(training: TrainingKind, { data }: PlanningPorts): readonly string[] {
  const living = livingMembers(data);
  const end = data.resource && endOf(data.resource);
  return [
    living.length === 0
      ? `${data.name} ${end ?? 'has no pod that runs'}: nothing that runs is killed`
      : `${killedPods(living)}; what is not in a checkpoint is lost`,
    `The ${training.kind} is deleted with its status and the logs of its pods`,
  ];
}

/** Ends a job for good: it is deleted, and its pods have to be gone. */
export function stopOf(training: TrainingKind): JobOperation<'stop'> {
  return {
    offer: ({ resource, name }) =>
      resource
        ? offered
        : refused(`The ${training.kind} ${name} is gone or may not be read; delete what is left of it.`),
    plan: (_, ports) => planStop(training, ports),
    procedure: trainingProcedure(training),
  };
}

async function planStop(training: TrainingKind, ports: PlanningPorts): Promise<Plan> {
  const { data, cluster } = ports;
  const job = await readPlanned(ports, true);
  const name = `${training.kind} ${data.name}`;
  const operator = await trainingOperator(training, ports, false);
  return planJob('stop', ports, {
    title: `Stop ${name}`,
    job,
    consequence: [...killed(training, ports), 'Its manifest is not kept: Suspend Job keeps a job that runs'],
    isLoss: true,
    preconditions: [operator.check, await acceptsDeletion(cluster, job)],
    steps: [deleteStep({ name, effect: 'the job, its status and its pods with their logs go' })],
    risks: ['Volumes that the job has written to stay, and so do the services of others.'],
    parameters: operator.parameters,
  });
}
