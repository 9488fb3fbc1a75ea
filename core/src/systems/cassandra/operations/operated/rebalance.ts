import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Plan } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import { findOperators, operatorParameters } from '#core/operations/operated/operatorWatch.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import { textIn, textsIn } from '#core/operations/stepParameters.ts';
import type { UndertakingPorts } from '#core/operations/systemOperations.ts';
import type { RebalanceWish } from '#core/operations/wishes.ts';
import {
  datacenterCheck,
  obstacleOfDatacenter,
  tasksCheck,
} from '#core/systems/cassandra/operations/operated/datacenterNow.ts';
import { GuardedProcedure } from '#core/systems/cassandra/operations/operated/guarded.ts';
import {
  casskopObstacle,
  LABEL_ROUTE,
  labelOperationOf,
  labelTendOf,
  planLabelTend,
} from '#core/systems/cassandra/operations/operated/planLabelTend.ts';
import {
  planTaskTend,
  taskCommandOf,
  taskTargetIn,
  taskTendOf,
} from '#core/systems/cassandra/operations/operated/planTaskTend.ts';
import { taskTargetOf } from '#core/systems/cassandra/operations/operated/ringOperator.ts';
import {
  cassandraRebalanceOf,
  planCassandraRebalance,
} from '#core/systems/cassandra/operations/tending/planTending.ts';

/** Ways that have names in plans; a plan without one is of a ring that no operator runs, or that of one that has no say in it. */
const BY_TASK = 'cass-operator';
const BESIDE_TASKS = 'beside cass-operator';
const BESIDE_LABELS = 'beside casskop';

/**
 * Whose way nodes are gone over. What an operator has a word for is asked of it: cass-operator by CassandraTasks, CassKop by labels of pods. What it has none for, such as a repair,
 * changes nothing that an operator keeps, and is done from here, node by node, while the operator is at rest.
 */
export function rebalanceRefusal({ flavour, name, resource, members }: DataCluster): string | undefined {
  if (flavour === 'cass-operator' && resource === undefined)
    return `The CassandraDatacenter of ${name} may not be read, so cass-operator cannot be asked.`;
  if (members.length === 0) return `No node of ${name} is in sight here.`;
  return undefined;
}

/** @throws ClusterProblem */
export async function planRebalance(wish: RebalanceWish, ports: PlanningPorts): Promise<Plan> {
  const { flavour } = ports.data;
  if (flavour === 'casskop') {
    const operation = labelOperationOf(wish);
    return operation === undefined ? planBesideLabels(wish, ports) : planLabelTend(wish, operation, ports);
  }
  if (flavour !== 'cass-operator') return planCassandraRebalance(wish, ports);
  const command = taskCommandOf(wish);
  return command === undefined ? planBesideTasks(wish, ports) : planTaskTend(wish, command, ports);
}

export function rebalanceProcedureOf(plan: Plan, ports: UndertakingPorts): Procedure {
  const route = textIn(plan.parameters, 'route');
  if (route === BY_TASK) return taskTendOf(plan, ports);
  if (route === LABEL_ROUTE) return labelTendOf(plan, ports);
  const own = cassandraRebalanceOf(plan, ports);
  if (route === BESIDE_LABELS) return new GuardedProcedure(own, () => casskopObstacle(plan, ports.cluster));
  if (route !== BESIDE_TASKS) return own;
  const { target } = plan;
  const question = {
    namespace: target.namespace,
    ref: target.anchor,
    target: taskTargetIn(plan),
    operators: textsIn(plan.parameters, 'operators'),
    isUnreadyExpected: false,
  };
  return new GuardedProcedure(own, () => obstacleOfDatacenter(ports.cluster, question));
}

/** What CassKop has no word for is begun while it is done with everything else. */
async function planBesideLabels(wish: RebalanceWish, ports: PlanningPorts): Promise<Plan> {
  const own = await planCassandraRebalance(wish, ports);
  const operators = await findOperators(ports.cluster, 'casskop', ports.data.namespace);
  return {
    ...own,
    parameters: { ...own.parameters, route: BESIDE_LABELS, ...operatorParameters(operators) },
    steps: own.steps.map((step) => ({ ...step, gate: `CassKop is done with everything else; ${step.gate}` })),
  };
}

/** A repair has no CassandraTask. */
async function planBesideTasks(wish: RebalanceWish, ports: PlanningPorts): Promise<Plan> {
  const { data, cluster } = ports;
  const target = taskTargetOf(data);
  if (!data.resource || !target)
    throw new ClusterProblem('absent', `The CassandraDatacenter of ${data.name} may not be read.`);
  const own = await planCassandraRebalance(wish, ports);
  const operators = await findOperators(cluster, 'cass-operator', data.namespace);
  const preconditions = [
    ...own.preconditions,
    datacenterCheck(data.resource, false),
    await tasksCheck(cluster, target, false),
  ];
  return {
    ...own,
    parameters: {
      ...own.parameters,
      route: BESIDE_TASKS,
      datacenter: target.datacenter,
      clusterName: target.clusterName,
      ...operatorParameters(operators),
    },
    preconditions,
    steps: own.steps.map((step) => ({
      ...step,
      gate: `cass-operator is at rest and no CassandraTask is open; ${step.gate}`,
    })),
    needsTypedName: preconditions.some(({ state }) => state === 'consent'),
  };
}
