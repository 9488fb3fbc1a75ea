import { CREATE, CreateAnew } from '#core/operations/jobs/createKind.ts';
import { DELETE, DeleteJob } from '#core/operations/jobs/deleteKind.ts';
import { strangerIn, type JobPorts } from '#core/operations/jobs/jobNow.ts';
import { KEEP, KeepManifest } from '#core/operations/jobs/keepKind.ts';
import { PATCH, PatchJob } from '#core/operations/jobs/patchKind.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import { KIND, ProcedureOfKinds, type StepKind } from '#core/operations/stepKinds.ts';

/**
 * What does the steps of jobSteps.ts; `more` are kinds of step that a system has besides. Only where something is kept is anything put back,
 * and Secrets read.
 */
export function jobProcedure(
  ports: JobPorts,
  more: Readonly<Record<string, StepKind>> = {},
  verifyIdentity: Procedure['verifyIdentity'] = () => strangerIn(ports),
): ProcedureOfKinds {
  const isKept = ports.plan.steps.some(({ parameters }) => parameters[KIND] === KEEP);
  const kinds = {
    [PATCH]: new PatchJob(ports),
    [DELETE]: new DeleteJob(ports),
    ...(isKept ? { [KEEP]: new KeepManifest(ports), [CREATE]: new CreateAnew(ports) } : {}),
    ...more,
  };
  return new ProcedureOfKinds(kinds, verifyIdentity);
}
