import { jobOperations, outOfPlace, type JobOperation, type JobTable } from '#core/operations/jobs/jobOperations.ts';
import type { Plan } from '#core/operations/model.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import type { SystemOperations, UndertakingPorts } from '#core/operations/systemOperations.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import { sparkDeparture } from '#core/systems/spark/operations/nodeDrain/sparkDeparture.ts';
import type { Wishes } from '#core/operations/wishes.ts';
import { offerOf, type JobVerb } from '#core/systems/spark/operations/knowledge/verbs.ts';
import { planRerun, planSuspend, planUnsuspend } from '#core/systems/spark/operations/plans/ask.ts';
import { planConnectRerun } from '#core/systems/spark/operations/plans/connect.ts';
import { driverStopOf, planDriverStop } from '#core/systems/spark/operations/plans/driver.ts';
import { planRecreatingRerun, planStop } from '#core/systems/spark/operations/plans/remove.ts';
import { planConnectWorkers, planResubmit } from '#core/systems/spark/operations/plans/resubmit.ts';
import { planSchedule } from '#core/systems/spark/operations/plans/schedule.ts';
import { planClusterWorkers } from '#core/systems/spark/operations/plans/workers.ts';
import { sparkProcedureOf, workersOf } from '#core/systems/spark/operations/procedures.ts';
import { ClusterProblem } from '#core/live/ports.ts';

type Planner<Name extends JobVerb> = (wish: Wishes[Name], ports: PlanningPorts) => Promise<Plan>;

function operation<Name extends JobVerb>(
  name: Name,
  plan: Planner<Name>,
  procedure: (plan: Plan, ports: UndertakingPorts) => Procedure = sparkProcedureOf,
): JobOperation<Name> {
  return { offer: (data) => offerOf(data, name), plan, procedure };
}

/** What the table of verbs refuses whatever the state is; the offer says why. */
function never<Name extends JobVerb>(name: Name): JobOperation<Name> {
  return operation(name, (_, { data }) =>
    Promise.reject(new ClusterProblem('invalid', offerOf(data, name).refusal ?? '')),
  );
}

const kubeflowApplication: JobTable = {
  rerun: operation('rerun', planRerun),
  suspend: operation('suspend', planSuspend),
  unsuspend: operation('unsuspend', planUnsuspend),
  resubmit: operation('resubmit', planResubmit),
  workers: never('workers'),
  stop: operation('stop', planStop),
};

const kubeflowSchedule: JobTable = {
  schedule: operation('schedule', planSchedule),
  resubmit: operation('resubmit', planResubmit),
  rerun: never('rerun'),
  suspend: never('suspend'),
  unsuspend: never('unsuspend'),
  workers: never('workers'),
  stop: never('stop'),
};

const connect: JobTable = {
  rerun: operation('rerun', planConnectRerun),
  resubmit: operation('resubmit', planResubmit),
  workers: operation('workers', planConnectWorkers),
  suspend: never('suspend'),
  stop: operation('stop', planStop),
};

const apacheApplication: JobTable = {
  rerun: operation('rerun', planRecreatingRerun),
  suspend: operation('suspend', planSuspend),
  unsuspend: operation('unsuspend', planUnsuspend),
  resubmit: operation('resubmit', planResubmit),
  workers: never('workers'),
  stop: operation('stop', planStop),
};

const apacheCluster: JobTable = {
  workers: operation('workers', planClusterWorkers, workersOf),
  suspend: operation('suspend', planSuspend),
  unsuspend: operation('unsuspend', planUnsuspend),
  resubmit: operation('resubmit', planResubmit),
  rerun: never('rerun'),
  stop: operation('stop', planStop),
};

const driver: JobTable = {
  stop: operation('stop', planDriverStop, driverStopOf),
  rerun: never('rerun'),
  resubmit: never('resubmit'),
  workers: never('workers'),
  suspend: never('suspend'),
};

/** Masters and workers that no operator runs: only their number can be changed from here. */
const standalone: JobTable = {
  workers: {
    offer: (data) => (data.members.some(({ role }) => role === 'worker') ? {} : outOfPlace('It has no workers.')),
    plan: planClusterWorkers,
    procedure: workersOf,
  },
};

/** By kind; the other operations have no true meaning for an application, and `instead` names what has. */
export const sparkOperations: SystemOperations = jobOperations({
  departure: sparkDeparture,
  tables: {
    'sparkoperator.k8s.io/SparkApplication': kubeflowApplication,
    'sparkoperator.k8s.io/ScheduledSparkApplication': kubeflowSchedule,
    'sparkoperator.k8s.io/SparkConnect': connect,
    'spark.apache.org/SparkApplication': apacheApplication,
    'spark.apache.org/SparkCluster': apacheCluster,
    'apps/StatefulSet': standalone,
    'apps/Deployment': standalone,
    Pod: driver,
  },
  instead: {
    drain: 'Pods of an application leave a Kubernetes node one by one with Move off This Node, or all with Drain Node.',
    restart: 'An application is not restarted member by member: Rerun Job runs it once more from its beginning.',
    rebalance:
      'Change Workers gives an application more or fewer executors, and Rerun Job places all of them anew: Spark has no data that could be evened out.',
    scale: 'The executors of an application are its workers: Change Workers says what this application can take.',
    configure: 'Settings of an application are read when it is submitted: Edit and Resubmit says what an edit does.',
  },
});
