import type { Clock, Cluster } from '#core/live/ports.ts';
import type { Plan } from '#core/operations/model.ts';
import { cordonKind } from '#core/operations/nodeDrain/cordonKind.ts';
import { DrainRun, type Part } from '#core/operations/nodeDrain/drainRun.ts';
import { evictKind } from '#core/operations/nodeDrain/evictKind.ts';
import { memberKind } from '#core/operations/nodeDrain/memberKind.ts';
import { openKind } from '#core/operations/nodeDrain/openKind.ts';
import { verifyKind } from '#core/operations/nodeDrain/verifyKind.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import { ProcedureOfKinds } from '#core/operations/stepKinds.ts';

export interface NodeDrainRunPorts {
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** What moves the members of each part, by the key of the data cluster. */
  readonly procedures: ReadonlyMap<string, Procedure>;
}

/**
 * Drain of a Kubernetes node with any mix of pods:
 *
 * 1. The node is cordoned, and whether it took pods before is remembered.
 * 2. Members of data clusters leave one at a time over all data clusters, nodes that are only controllers last, each by the restart of its own
 *    system: its gate says when it may go, its awaited state when it is back. A member is moved once its pod is on another node as well.
 *    Pods of jobs leave as their system says (departure/departureOf.ts): the run of a job is never ended unless the wish says so.
 * 3. Every other pod is evicted, one at a time, with its uid as precondition; disruption budgets are waited for, its grace is its own.
 * 4. Pods of jobs whose own end is to be waited for are waited for.
 * 5. What is left is looked at: pods of DaemonSets, static pods, ended pods, and members that were to be left. Where only some pods were to
 *    go, the node takes pods again instead.
 *
 * Properties, each tested with simulated brokers and interruptions:
 * - nothing leaves the node while it takes pods, and no member while no other node would take it;
 * - no pod is deleted past a disruption budget, and none of another uid than the plan's is evicted but by its own system;
 * - a run that is cancelled or stopped on its way lets the node take pods again if it did before, so that a pod that found no place comes
 *   back; one that is done or paused leaves it cordoned.
 *
 * It knows no system: what moves members is handed to it. Source: https://kubernetes.io/docs/tasks/administer-cluster/safely-drain-node
 */
export function nodeDrainOf(plan: Plan, { cluster, clock, procedures }: NodeDrainRunPorts): Procedure {
  const run = new DrainRun(plan, { cluster, clock, parts: partsOf(plan, procedures) });
  const kinds = {
    member: memberKind(run),
    evict: evictKind(run),
    verify: verifyKind(run),
    open: openKind(run),
    // Last, so that a run that ends early opens the node when its parts have put back what they changed.
    cordon: cordonKind(run),
  };
  return new ProcedureOfKinds(kinds, () => verifyIdentity(run));
}

function partsOf({ parts = [] }: Plan, procedures: NodeDrainRunPorts['procedures']): ReadonlyMap<string, Part> {
  return new Map(
    parts.flatMap((plan): [string, Part][] => {
      const procedure = procedures.get(plan.target.key);
      return procedure ? [[plan.target.key, { plan, procedure }]] : [];
    }),
  );
}

async function verifyIdentity(run: DrainRun): Promise<string | undefined> {
  const strange = await run.strangeness();
  if (strange !== undefined) return strange;
  for (const { procedure } of run.parts.values()) {
    const problem = await procedure.verifyIdentity();
    if (problem !== undefined) return problem;
  }
  return undefined;
}
