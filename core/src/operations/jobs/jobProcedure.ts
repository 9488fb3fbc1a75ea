import { CREATE, CreateAnew } from '#core/operations/jobs/createKind.ts';
import { DELETE, DeleteJob } from '#core/operations/jobs/deleteKind.ts';
import { strangerIn, type JobPorts } from '#core/operations/jobs/jobNow.ts';
import { KEEP, KeepManifest } from '#core/operations/jobs/keepKind.ts';
import { PATCH, PatchJob } from '#core/operations/jobs/patchKind.ts';
import { ProcedureOfKinds, type StepKind } from '#core/operations/stepKinds.ts';

/** What does the steps of jobSteps.ts; `more` are kinds of step that a system has besides. */
export function jobProcedure(ports: JobPorts, more: Readonly<Record<string, StepKind>> = {}): ProcedureOfKinds {
  const kinds = {
    [PATCH]: new PatchJob(ports),
    [KEEP]: new KeepManifest(ports),
    [DELETE]: new DeleteJob(ports),
    [CREATE]: new CreateAnew(ports),
    ...more,
  };
  return new ProcedureOfKinds(kinds, () => strangerIn(ports));
}
