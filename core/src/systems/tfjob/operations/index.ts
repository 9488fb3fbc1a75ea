import { jobOperations } from '#core/operations/jobs/jobOperations.ts';
import type { SystemOperations } from '#core/operations/systemOperations.ts';
import { trainingDeparture } from '#core/systems/tfjob/operations/nodeDrain/trainingDeparture.ts';

/** By kind; the other operations have no true meaning for a job, and `instead` names what has. */
export const tfjobOperations: SystemOperations = jobOperations({
  title: 'TFJob',
  departure: trainingDeparture,
  tables: {},
  instead: {
    restart: 'A training job is not restarted member by member: Rerun Job runs it once more from its beginning.',
    rebalance:
      'A training job places no data that could be evened out. Change Workers gives an elastic job more or fewer workers; Suspend Job and Resume Job place its pods anew.',
    scale:
      'The members of a training job are its replicas: Change Workers says whether this job can take more or fewer.',
    configure: 'A training job is configured by its manifest: Edit and Resubmit says what an edit does.',
  },
});
