import { ClusterProblem } from '#core/live/ports.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { OperationName, Plan } from '#core/operations/model.ts';
import type { Offer, PlanningPorts } from '#core/operations/operations.ts';
import type { SystemOperations } from '#core/operations/systemOperations.ts';
import type { OperationWish, Wishes } from '#core/operations/wishes.ts';
import type { OperationTable } from '#core/systems/cassandra/operations/cassandraOperation.ts';
import { byFlavour, flavourOf } from '#core/systems/cassandra/operations/operated/byFlavour.ts';
import {
  planRebalance,
  rebalanceProcedureOf,
  rebalanceRefusal,
} from '#core/systems/cassandra/operations/operated/rebalance.ts';
import { planScale, scaleProcedureOf, scaleRefusalOf } from '#core/systems/cassandra/operations/operated/scale.ts';
import { pinnedNodes } from '#core/systems/cassandra/operations/pinnedNodes.ts';
import { planCassandraDrain } from '#core/systems/cassandra/operations/planMaintenance.ts';
import { planCassandraRestart, refusalOf } from '#core/systems/cassandra/operations/planRestart.ts';
import {
  cassandraReplaceOf,
  planCassandraReplace,
  replaceRefusal,
} from '#core/systems/cassandra/operations/replace/planReplace.ts';
import { cassandraMaintenanceOf, cassandraRestartOf } from '#core/systems/cassandra/operations/restartOf.ts';

/** Of rings that no operator runs. What is missing cannot be done. */
const table: OperationTable = {
  restart: { refusal: refusalOf, plan: planCassandraRestart, procedure: cassandraRestartOf },
  drain: { refusal: refusalOf, plan: planCassandraDrain, procedure: cassandraMaintenanceOf },
  rebalance: { refusal: rebalanceRefusal, plan: planRebalance, procedure: rebalanceProcedureOf },
  scale: { refusal: scaleRefusalOf, plan: planScale, procedure: scaleProcedureOf },
  replace: { refusal: replaceRefusal, plan: planCassandraReplace, procedure: cassandraReplaceOf },
};

function operationOf<Name extends OperationName>(flavour: string, name: Name): OperationTable[Name] {
  return byFlavour[flavour]?.[name] ?? table[name];
}

/** In the order of a menu. */
const names: readonly OperationName[] = ['restart', 'drain', 'rebalance', 'scale', 'replace'];

export const cassandraOperations: SystemOperations = {
  offers: (data) => names.flatMap((operation) => offerOf(operation, data)),
  pinned: pinnedNodes,
  plan: (wish, ports) => planAs(wish.operation, wish, ports),
  undertake: (plan, ports) => {
    const operation = operationOf(flavourOf(plan), plan.operation);
    if (!operation) throw unknownOperation(plan.operation);
    return { procedure: operation.procedure(plan, ports), close: () => Promise.resolve() };
  },
};

function offerOf(operation: OperationName, data: DataCluster): readonly Offer[] {
  const refusal = operationOf(data.flavour, operation)?.refusal(data);
  return [{ operation, ...(refusal === undefined ? {} : { refusal }) }];
}

async function planAs<Name extends OperationName>(
  name: Name,
  wish: Wishes[Name] & OperationWish,
  ports: PlanningPorts,
): Promise<Plan> {
  const operation: OperationTable[Name] = operationOf(ports.data.flavour, name);
  if (!operation) throw unknownOperation(name);
  const refusal = operation.refusal(ports.data);
  if (refusal !== undefined) throw new ClusterProblem('invalid', refusal);
  return operation.plan(wish, ports);
}

function unknownOperation(name: OperationName): ClusterProblem {
  return new ClusterProblem('invalid', `Cassandra has no operation ${name} yet.`);
}
