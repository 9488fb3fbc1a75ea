import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Plan } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import { textIn } from '#core/operations/stepParameters.ts';
import type { UndertakingPorts } from '#core/operations/systemOperations.ts';
import type { ScaleWish } from '#core/operations/wishes.ts';
import {
  HANDED_ROUTE,
  handedScaleOf,
  planHandedScale,
} from '#core/systems/cassandra/operations/operated/handedScale.ts';
import { scalings } from '#core/systems/cassandra/operations/operated/operators.ts';
import {
  ASKED_ROUTE,
  askedScaleOf,
  planAskedScale,
} from '#core/systems/cassandra/operations/operated/planAskedScale.ts';
import {
  cassandraScaleOf,
  planCassandraScale,
  scaleRefusal,
} from '#core/systems/cassandra/operations/scale/planScale.ts';

/** Whose way the number of nodes is changed: our own, that of an operator, or ours with an operator that only hands the number on. */
export function scaleRefusalOf(data: DataCluster): string | undefined {
  const { flavour, name, resource } = data;
  if (flavour === 'kubernetes' && resource === undefined) return scaleRefusal(data);
  if (flavour === 'sky')
    return `${name} is run by the operator of Sky, which decommissions nobody when a rack gets smaller, and whose webhook refuses to take a rack away or to change the datacenter. Move the data to a ring of cass-operator instead.`;
  if (!scalings[flavour] || data.workloads.length === 0)
    return `${name} is run by an operator (${flavour}), and its nodes are not in sight here. Change the size in its custom resource.`;
  if (resource === undefined)
    return `The resource by which ${name} is run may not be read, and its size is kept there.`;
  return undefined;
}

/** @throws ClusterProblem */
export function planScale(wish: ScaleWish, ports: PlanningPorts): Promise<Plan> {
  const { flavour, resource } = ports.data;
  if (flavour === 'kubernetes' && resource === undefined) return planCassandraScale(wish, ports);
  const scaling = scalings[flavour];
  if (!scaling) return Promise.reject(new ClusterProblem('invalid', `${flavour} is not known.`));
  return scaling.decommissions === 'operator' ? planAskedScale(wish, ports) : planHandedScale(wish, ports);
}

export function scaleProcedureOf(plan: Plan, ports: UndertakingPorts): Procedure {
  const route = textIn(plan.parameters, 'route');
  if (route === ASKED_ROUTE) return askedScaleOf(plan, ports);
  return route === HANDED_ROUTE ? handedScaleOf(plan, ports) : cassandraScaleOf(plan, ports);
}
