import { jobOperations } from '#core/operations/jobs/jobOperations.ts';
import type { SystemOperations } from '#core/operations/systemOperations.ts';
import { sparkDeparture } from '#core/systems/spark/operations/nodeDrain/sparkDeparture.ts';

/** By kind; the other operations have no true meaning for an application, and `instead` names what has. */
export const sparkOperations: SystemOperations = jobOperations({
  title: 'Spark',
  departure: sparkDeparture,
  tables: {},
  instead: {
    drain: 'Pods of an application leave a Kubernetes node one by one with Move off This Node, or all with Drain Node.',
    restart: 'An application is not restarted member by member: Rerun Job runs it once more from its beginning.',
    rebalance:
      'Spark places no data that could be evened out. Change Workers gives an application more or fewer executors, and Rerun Job places all of them anew.',
    scale: 'The executors of an application are its workers: Change Workers says what this application can take.',
    configure: 'Settings of an application are read when it is submitted: Edit and Resubmit says what an edit does.',
  },
});
