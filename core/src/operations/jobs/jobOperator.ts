import type { Cluster } from '#core/live/ports.ts';
import type { Precondition, StepValue } from '#core/operations/model.ts';
import { findOperators, operatorCheck, operatorParameters } from '#core/operations/operated/operatorWatch.ts';

export interface JobOperator {
  readonly check: Precondition;
  /** For the plan, so that obstacleOf finds the operator again. */
  readonly parameters: Readonly<Record<string, StepValue>>;
}

/**
 * Whether the operator of a job is there. One that has no Deployment may run as a program elsewhere, so its absence is a warning; a
 * Deployment none of whose pods is ready keeps a plan from starting, unless the plan does not need it.
 * @throws ClusterProblem
 */
export async function jobOperator(
  cluster: Cluster,
  { flavour, title, namespace }: { readonly flavour: string; readonly title: string; readonly namespace: string },
  isNeeded = true,
): Promise<JobOperator> {
  const found = await findOperators(cluster, flavour, namespace);
  const check = operatorCheck(title, namespace, found);
  const parameters = operatorParameters(found);
  if (check.state !== 'fails') return { check, parameters };
  if (found.workloads.length > 0) return { check: isNeeded ? check : { ...check, state: 'warns' }, parameters };
  const fix = 'It may run as a program elsewhere. When nobody reacts, the run pauses after some minutes.';
  return { check: { ...check, state: 'warns', fix }, parameters };
}
