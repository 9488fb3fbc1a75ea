import type { Precondition, StepValue } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import { jobOperator } from '#core/operations/jobs/jobOperator.ts';
import { jobProcedure } from '#core/operations/jobs/jobProcedure.ts';
import type { UndertakingPorts } from '#core/operations/systemOperations.ts';
import type { Plan } from '#core/operations/model.ts';
import { jobSetRefusal } from '#core/systems/tfjob/operations/jobSetRefusal.ts';
import { selectorOf, type TrainingKind } from '#core/systems/tfjob/operations/trainingKind.ts';
import { trainingGoals } from '#core/systems/tfjob/operations/trainingGoals.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

/** What does the steps of any plan about a training job. */
export function trainingProcedure(training: TrainingKind): (plan: Plan, ports: UndertakingPorts) => Procedure {
  return (plan, { cluster, clock }) =>
    jobProcedure({
      plan,
      cluster,
      clock,
      selector: selectorOf(training, plan.target.anchor.name),
      operator: training.operator,
      goals: trainingGoals(training),
      ...(training.kind === 'TrainJob' ? { refusal: jobSetRefusal({ plan, cluster, clock }) } : {}),
    });
}

/** Whether its operator is there. @throws ClusterProblem */
export async function trainingOperator(
  training: TrainingKind,
  { data, cluster }: PlanningPorts,
  isNeeded = true,
): Promise<{ readonly check: Precondition; readonly parameters: Readonly<Record<string, StepValue>> }> {
  const { flavour } = training;
  return jobOperator(cluster, { flavour, title: operatorNames[flavour], namespace: data.namespace }, isNeeded);
}
