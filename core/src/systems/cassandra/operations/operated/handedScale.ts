import type { Plan } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import {
  findOperators,
  operatorCheck,
  operatorObstacle,
  operatorParameters,
} from '#core/operations/operated/operatorWatch.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import { textIn, textsIn } from '#core/operations/stepParameters.ts';
import type { UndertakingPorts } from '#core/operations/systemOperations.ts';
import type { ScaleWish } from '#core/operations/wishes.ts';
import { keptElsewhere, sizeTaken } from '#core/systems/cassandra/operations/operated/askedScaleChecks.ts';
import {
  CustomSizes,
  fieldParameters,
  fieldText,
  sizeFieldOf,
} from '#core/systems/cassandra/operations/operated/customSizes.ts';
import { GuardedProcedure } from '#core/systems/cassandra/operations/operated/guarded.ts';
import { scalings } from '#core/systems/cassandra/operations/operated/operators.ts';
import { ringOperatorOf } from '#core/systems/cassandra/operations/operated/ringOperator.ts';
import { cassandraScaleOf, planCassandraScale } from '#core/systems/cassandra/operations/scale/planScale.ts';

export const HANDED_ROUTE = 'handed on';

/** Of the StatefulSet, which the operator writes. */
const ANSWERED_BY_RESOURCE = new Set(['size', 'keepers']);

/**
 * Our own way for operators that hand a size on to the StatefulSet and decommission nobody: a node is decommissioned from here, and only then the resource
 * gets its new size; the StatefulSet is never touched, because the operator would put its size back.
 * @throws ClusterProblem as our own way does
 */
export async function planHandedScale(wish: ScaleWish, ports: PlanningPorts): Promise<Plan> {
  const { data, cluster } = ports;
  const own = await planCassandraScale(wish, ports);
  const field = await sizeFieldOf(data, undefined, cluster);
  const title = ringOperatorOf(data)?.title ?? data.flavour;
  const sizes = new CustomSizes(cluster, field, own.target);
  const now = await sizes.read();
  const [first] = own.steps;
  const operators = await findOperators(cluster, data.flavour, data.namespace);
  const preconditions = [
    ...own.preconditions.filter(({ id }) => !ANSWERED_BY_RESOURCE.has(id)),
    operatorCheck(title, data.namespace, operators),
    await sizeTaken(sizes, now, Number(first?.parameters['to'] ?? now.replicas)),
    keptElsewhere(field, now),
  ];
  return {
    ...own,
    title: `${own.title}, by ${fieldText(field)}`,
    parameters: {
      ...own.parameters,
      route: HANDED_ROUTE,
      operator: title,
      ...fieldParameters(field),
      ...operatorParameters(operators),
    },
    preconditions,
    steps: own.steps.map((step) => ({
      ...step,
      effect: `${step.effect}; the size is written to ${fieldText(field)}, from where the operator hands it on`,
      parameters: { ...step.parameters, uid: now.uid },
    })),
    risks: [...own.risks, ...(scalings[data.flavour]?.risks ?? [])],
    needsTypedName: own.needsTypedName || preconditions.some(({ state }) => state === 'consent'),
  };
}

export function handedScaleOf(plan: Plan, ports: UndertakingPorts): Procedure {
  const operators = textsIn(plan.parameters, 'operators');
  const title = textIn(plan.parameters, 'operator');
  const own = cassandraScaleOf(plan, ports, CustomSizes.of(plan, ports.cluster));
  return new GuardedProcedure(own, () => operatorObstacle(ports.cluster, operators, title));
}
