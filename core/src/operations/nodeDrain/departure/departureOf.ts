import { decisiveKind } from '#core/operations/nodeDrain/departure/decisiveKind.ts';
import type { JobRun } from '#core/operations/nodeDrain/departure/jobRun.ts';
import { replicaKind } from '#core/operations/nodeDrain/departure/replicaKind.ts';
import { waitKind } from '#core/operations/nodeDrain/departure/waitKind.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import { ProcedureOfKinds, type StepKind } from '#core/operations/stepKinds.ts';

/**
 * The departure of pods of one job, as a part of a node drain:
 *
 * 1. Pods that can be made again elsewhere are evicted one at a time, with their uid as precondition. The next one goes when the job has
 *    what it had before, or when it says that nothing comes in its place.
 * 2. Decisive pods are left, waited for or evicted, as the wish says. Where one is evicted the pods that end with it are not moved before.
 *
 * Properties, tested over random schedules: no decisive pod is evicted unless the wish of the plan says so; no pod is evicted twice; at
 * most one pod of a job is out because of us. That the node is closed, and that another one would take the pod, is asked by the drain.
 */
export function departureOf(run: JobRun, own: Readonly<Record<string, StepKind>> = {}): Procedure {
  const kinds = { replica: replicaKind(run), decisive: decisiveKind(run), wait: waitKind(run), ...own };
  // Which cluster and which node it is, is asked by the drain; the job may be gone.
  return new ProcedureOfKinds(kinds, () => Promise.resolve(undefined));
}
