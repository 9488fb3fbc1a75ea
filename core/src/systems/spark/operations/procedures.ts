import { jobProcedure } from '#core/operations/jobs/jobProcedure.ts';
import type { Plan } from '#core/operations/model.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import { ProcedureOfKinds } from '#core/operations/stepKinds.ts';
import type { UndertakingPorts } from '#core/operations/systemOperations.ts';
import { otherCluster, SparkJob } from '#core/systems/spark/operations/job.ts';
import { serverWord } from '#core/systems/spark/operations/plans/connect.ts';
import { ASK, AskStep } from '#core/systems/spark/operations/steps/askStep.ts';
import { DELETE_POD, PodStep } from '#core/systems/spark/operations/steps/podStep.ts';
import { REVALIDATE, RevalidateStep } from '#core/systems/spark/operations/steps/revalidateStep.ts';
import { sparkPorts } from '#core/systems/spark/operations/steps/sparkPorts.ts';
import { BOUNDS, BoundsStep, SET_SIZE, WorkersStep } from '#core/systems/spark/operations/steps/workersStep.ts';

/** Of what an operator runs. */
export function sparkProcedureOf(plan: Plan, ports: UndertakingPorts): Procedure {
  const job = new SparkJob(plan, ports);
  const place = { cluster: ports.cluster, clock: ports.clock, namespace: plan.target.namespace };
  return jobProcedure(
    sparkPorts(job),
    {
      [ASK]: new AskStep(job),
      [REVALIDATE]: new RevalidateStep(job),
      [DELETE_POD]: new PodStep(place, serverWord(job)),
    },
    () => job.stranger(),
  );
}

/** Of masters and workers, whoever made them. */
export function workersOf({ target }: Plan, { cluster }: UndertakingPorts): Procedure {
  const kinds = {
    [SET_SIZE]: new WorkersStep(cluster, target.namespace),
    [BOUNDS]: new BoundsStep(cluster, target.namespace),
  };
  return new ProcedureOfKinds(kinds, () => otherCluster(cluster, target));
}
