import { ClusterProblem } from '#core/live/ports.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { Plan } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import type { UndertakingPorts } from '#core/operations/systemOperations.ts';
import type { DrainWish, RestartWish } from '#core/operations/wishes.ts';
import type { CassandraOperation, OperationTable } from '#core/systems/cassandra/operations/cassandraOperation.ts';
import { cassOperator, umbrellaRefusal } from '#core/systems/cassandra/operations/operated/cassOperator.ts';
import { casskop } from '#core/systems/cassandra/operations/operated/casskop.ts';
import { endedOperators } from '#core/systems/cassandra/operations/operated/endedOperators.ts';
import { Strict } from '#core/systems/cassandra/operations/operated/strict.ts';
import type { OperatedFlavour } from '#core/systems/cassandra/operations/operated/operatedFlavour.ts';
import {
  extended,
  FLAVOUR,
  rackPlan,
  refusePending,
  ROUTE,
  strictPlan,
} from '#core/systems/cassandra/operations/operated/operatedPlan.ts';
import { RackRoll } from '#core/systems/cassandra/operations/operated/rackRoll.ts';
import { ringOperatorOf, type RingOperator } from '#core/systems/cassandra/operations/operated/ringOperator.ts';
import { routeOf } from '#core/systems/cassandra/operations/operated/routeOf.ts';
import { planCassandraDrain } from '#core/systems/cassandra/operations/planMaintenance.ts';
import { lookAtRestart, restartPlan } from '#core/systems/cassandra/operations/planRestart.ts';
import { replaceByTask } from '#core/systems/cassandra/operations/replace/planByTask.ts';
import { cassandraMaintenanceOf, cassandraRestartOf } from '#core/systems/cassandra/operations/restartOf.ts';

/** Operators whose rings are restarted and drained from here, by flavour. */
const flavours: Readonly<Record<string, OperatedFlavour>> = {
  'cass-operator': cassOperator,
  casskop,
  ...endedOperators,
};

/** The operations of rings that an operator runs; what is missing is done as without one, or refused. */
export const byFlavour: Readonly<Record<string, OperationTable>> = {
  ...Object.fromEntries(
    Object.entries(flavours).map(([name, flavour]) => [name, { restart: restartBy(flavour), drain: drainBy(flavour) }]),
  ),
  'cass-operator': { restart: restartBy(cassOperator), drain: drainBy(cassOperator), replace: replaceByTask },
  'k8ssandra-operator': {
    restart: refusing(umbrellaRefusal),
    drain: refusing(umbrellaRefusal),
    replace: refusing(umbrellaRefusal),
  },
};

/** Of a plan of such a ring; empty for the others. */
export const flavourOf = ({ parameters }: Plan): string => String(parameters[FLAVOUR] ?? '');

function restartBy(flavour: OperatedFlavour): CassandraOperation<'restart'> {
  return {
    refusal: flavour.refusal,
    plan: (wish, ports) => planRestart(flavour, wish, ports),
    procedure: (plan, ports) => restartOf(flavour, plan, ports),
  };
}

async function planRestart(flavour: OperatedFlavour, wish: RestartWish, ports: PlanningPorts): Promise<Plan> {
  const operator = requireOperator(ports.data);
  const words = flavour.hasRacks?.(ports.data) === false ? undefined : flavour.words;
  if (flavour.words) refusePending(wish, operator.title);
  const look = await lookAtRestart(wish, ports);
  const route = words
    ? routeOf(wish, look.examination.reading, operator.racks)
    : { kind: 'pods' as const, reasons: [`${operator.title} has no word for a restart of this ring`] };
  const findings = await flavour.look(operator, ports, route.kind);
  if (words && route.kind === 'racks') return rackPlan(wish, ports, look, { operator, route, findings, words });
  return strictPlan(restartPlan(wish, ports, look), operator, findings, route.kind === 'pods' ? route.reasons : []);
}

function restartOf(flavour: OperatedFlavour, plan: Plan, ports: UndertakingPorts): Procedure {
  if (flavour.rackRoute && plan.parameters[ROUTE] === 'racks')
    return new RackRoll(plan, flavour.rackRoute(plan, ports), ports);
  return new Strict(plan, ports.cluster, { guard: flavour.guard(plan, ports), inner: cassandraRestartOf(plan, ports) });
}

function drainBy(flavour: OperatedFlavour): CassandraOperation<'drain'> {
  return {
    refusal: flavour.refusal,
    plan: (wish, ports) => planDrain(flavour, wish, ports),
    procedure: (plan, ports) =>
      new Strict(plan, ports.cluster, {
        guard: flavour.guard(plan, ports),
        inner: cassandraMaintenanceOf(plan, ports),
      }),
  };
}

async function planDrain(flavour: OperatedFlavour, wish: DrainWish, ports: PlanningPorts): Promise<Plan> {
  const operator = requireOperator(ports.data);
  const plan = await planCassandraDrain(wish, ports);
  return extended(plan, operator, await flavour.look(operator, ports, 'maintenance'));
}

function requireOperator(data: DataCluster): RingOperator {
  const operator = ringOperatorOf(data);
  if (operator) return operator;
  throw new ClusterProblem('invalid', `Nobody is known who runs ${data.name} (${data.flavour}).`);
}

function refusing(refusal: (data: DataCluster) => string): CassandraOperation<never> {
  const refuse = (): never => {
    throw new ClusterProblem('invalid', 'There is nothing here to operate on.');
  };
  return { refusal, plan: refuse, procedure: refuse };
}
