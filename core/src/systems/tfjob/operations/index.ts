import { jobOperations, type JobTable } from '#core/operations/jobs/jobOperations.ts';
import { trainingDeparture } from '#core/systems/tfjob/operations/nodeDrain/trainingDeparture.ts';
import type { SystemOperations } from '#core/operations/systemOperations.ts';
import { rerunOf, stopOf } from '#core/systems/tfjob/operations/rerun.ts';
import { resubmitOf } from '#core/systems/tfjob/operations/resubmit.ts';
import { suspendOf, unsuspendOf } from '#core/systems/tfjob/operations/suspend.ts';
import { tfJob, trainJob, type TrainingKind } from '#core/systems/tfjob/operations/trainingKind.ts';
import { workersOfTfJob, workersOfTrainJob } from '#core/systems/tfjob/operations/workers.ts';

/** What both kinds have, each in its own way. */
const tableOf = (training: TrainingKind): JobTable => ({
  rerun: rerunOf(training),
  suspend: suspendOf(training),
  unsuspend: unsuspendOf(training),
  resubmit: resubmitOf(training),
  stop: stopOf(training),
});

/** By kind; the other operations have no true meaning for a job, and `instead` names what has. */
export const tfjobOperations: SystemOperations = jobOperations({
  departure: trainingDeparture,
  tables: {
    'kubeflow.org/TFJob': { ...tableOf(tfJob), workers: workersOfTfJob },
    'trainer.kubeflow.org/TrainJob': { ...tableOf(trainJob), workers: workersOfTrainJob },
  },
  instead: {
    drain: 'Pods of a training job leave a Kubernetes node one by one with Move off This Node, or all with Drain Node.',
    restart: 'A training job is not restarted member by member: Rerun Job runs it once more from its beginning.',
    rebalance:
      'Change Workers gives an elastic job more or fewer workers; Suspend Job and Resume Job place its pods anew. There is no data that could be evened out.',
    scale:
      'The members of a training job are its replicas: Change Workers says whether this job can take more or fewer.',
    configure: 'A training job is configured by its manifest: Edit and Resubmit says what an edit does.',
  },
});
