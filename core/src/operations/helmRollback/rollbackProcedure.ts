import type { Clock, Cluster } from '#core/live/ports.ts';
import { helmKind } from '#core/operations/helmRollback/helmKind.ts';
import { holdKinds } from '#core/operations/helmRollback/holdKinds.ts';
import { memberKind, type Part } from '#core/operations/helmRollback/memberKind.ts';
import { RollbackRun } from '#core/operations/helmRollback/rollbackRun.ts';
import { HELM, MEMBER } from '#core/operations/helmRollback/steps.ts';
import { writtenKinds } from '#core/operations/helmRollback/writtenKinds.ts';
import type { Plan } from '#core/operations/model.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import { ProcedureOfKinds } from '#core/operations/stepKinds.ts';

export interface RollbackRunPorts {
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** What restarts the members of each part, by the key of the data cluster. */
  readonly procedures: ReadonlyMap<string, Procedure>;
}

/**
 * Rollback of a Helm release:
 *
 * 1. StatefulSets of data clusters whose pod template changes are held, by a strategy that outlives what Helm writes (holds.ts).
 * 2. Helm rolls back: the program `helm` where it is installed (helmKind.ts), else what it would write is written (writtenKinds.ts).
 * 3. Where the hold was a partition, it becomes OnDelete, so that a pod that is restarted takes the new template.
 * 4. Members are restarted one at a time over all data clusters by the safe restart of their own systems (memberKind.ts).
 * 5. The strategies become what the revision says.
 *
 * Properties, each tested with simulated brokers and interruptions:
 * - no pod of a data cluster is replaced by its StatefulSet's controller on its own, and at most one member is out by us;
 * - a release is rolled back once, whenever the runner is killed: the number of the revision after that of the plan tells;
 * - nothing is written when somebody else has made a revision meanwhile, or when what is to be held is not;
 * - a run that ends before Helm has written puts the strategies back; one that ends later leaves OnDelete and says so.
 */
export function helmRollbackOf(plan: Plan, { cluster, clock, procedures }: RollbackRunPorts): Procedure {
  const run = new RollbackRun(plan, { cluster, clock });
  const parts = partsOf(plan, procedures);
  const kinds = {
    [HELM]: helmKind(run),
    ...writtenKinds(run),
    [MEMBER]: memberKind(plan, parts, cluster),
    ...holdKinds(cluster),
  };
  return new ProcedureOfKinds(kinds, () => verifyIdentity(run, parts));
}

function partsOf({ parts = [] }: Plan, procedures: RollbackRunPorts['procedures']): ReadonlyMap<string, Part> {
  return new Map(
    parts.flatMap((plan): [string, Part][] => {
      const procedure = procedures.get(plan.target.key);
      return procedure ? [[plan.target.key, { plan, procedure }]] : [];
    }),
  );
}

async function verifyIdentity(
  { cluster, plan }: RollbackRun,
  parts: ReadonlyMap<string, Part>,
): Promise<string | undefined> {
  const { clusterIdentity, context } = plan.target;
  if ((await cluster.identity()) !== clusterIdentity)
    return `Another Kubernetes cluster answers as the context ${context} than when the plan was made.`;
  for (const { procedure } of parts.values()) {
    const problem = await procedure.verifyIdentity();
    if (problem !== undefined) return problem;
  }
  return undefined;
}
