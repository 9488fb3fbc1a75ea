import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import type { Answer, Plan, PlannedStep, Precondition } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import {
  findOperators,
  operatorCheck,
  operatorObstacle,
  operatorParameters,
} from '#core/operations/operated/operatorWatch.ts';
import { readResource } from '#core/operations/operated/resource.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import { KIND, ProcedureOfKinds } from '#core/operations/stepKinds.ts';
import { textsIn } from '#core/operations/stepParameters.ts';
import type { UndertakingPorts } from '#core/operations/systemOperations.ts';
import type { RebalanceWish } from '#core/operations/wishes.ts';
import { waiting } from '#core/systems/cassandra/operations/answers.ts';
import { labelPod, LabelTend, operationNames } from '#core/systems/cassandra/operations/operated/labelTend.ts';
import { unrestOf } from '#core/systems/cassandra/operations/operated/unrest.ts';
import { planCassandraRebalance } from '#core/systems/cassandra/operations/tending/planTending.ts';
import { otherKubernetes, ringTargetOf } from '#core/systems/cassandra/operations/tending/ringTarget.ts';
import { GOES_ON, isTendingMode, verbs } from '#core/systems/cassandra/operations/tending/verbs.ts';
import { operatorNames } from '#core/systems/operatorNames.ts';

export const LABEL_ROUTE = 'casskop';
const LABEL = 'label';
const TITLE = operatorNames.casskop;

/** What CassKop calls a mode; undefined where it has no word, as for a repair. */
export function labelOperationOf({ mode }: RebalanceWish): string | undefined {
  return isTendingMode(mode) ? operationNames[mode] : undefined;
}

/** The plan of our own way, whose work is asked of CassKop, one pod after the other. @throws ClusterProblem as our own way does */
export async function planLabelTend(wish: RebalanceWish, operation: string, ports: PlanningPorts): Promise<Plan> {
  const { data, cluster } = ports;
  const own = await planCassandraRebalance(wish, ports);
  const { mode } = wish;
  const stop = isTendingMode(mode) ? verbs[mode].stop : undefined;
  const risks = isTendingMode(mode) ? verbs[mode].risks.filter((risk) => risk !== GOES_ON) : [];
  const operators = await findOperators(cluster, 'casskop', data.namespace);
  const unrest = data.resource && unrestOf([data.resource]);
  const rest = { id: 'operator-rest', title: `${TITLE} is done with everything else` };
  const preconditions: readonly Precondition[] = [
    ...own.preconditions,
    operatorCheck(TITLE, data.namespace, operators),
    unrest
      ? {
          ...rest,
          state: 'fails',
          evidence: [unrest.text],
          fix: 'It looks at such questions only then: wait until it is over.',
        }
      : { ...rest, state: 'holds', evidence: ['By its own account'] },
    await labelsCheck(cluster, data.namespace, own.steps[0], operation),
    ...(operation === 'cleanup' && data.resource?.spec['autoPilot'] === true ? [autoPilot()] : []),
  ];
  const undo =
    stop === undefined
      ? 'taken back as long as CassKop has not begun; afterwards it goes on to its end'
      : `taken back as long as CassKop has not begun; afterwards nodetool stop ${stop} ends it there`;
  return {
    ...own,
    title: `${own.title}, by ${TITLE}`,
    parameters: { ...own.parameters, route: LABEL_ROUTE, ...operatorParameters(operators) },
    preconditions,
    steps: own.steps.map((step) => ({
      ...step,
      gate: `${TITLE} is there and done with everything else, no pod is asked for; ${step.gate}`,
      effect: `the pod gets the labels operation-name=${operation} and operation-status=ToDo: ${step.effect}`,
      done: `${TITLE} has labelled ${step.id} Done, and nothing of the kind runs there`,
      undo,
      parameters: { ...step.parameters, [KIND]: LABEL },
    })),
    risks: [...risks, 'CassKop tells of failures by a label only: the reason is in its log.'],
    needsTypedName: preconditions.some(({ state }) => state === 'consent'),
  };
}

export function labelTendOf(plan: Plan, ports: UndertakingPorts): Procedure {
  const target = ringTargetOf(plan, ports);
  const kind = new LabelTend(target, () => casskopObstacle(plan, ports.cluster));
  return new ProcedureOfKinds({ [LABEL]: kind }, () => otherKubernetes(target));
}

/** Why CassKop would not look at a question now. */
export async function casskopObstacle({ parameters, target }: Plan, cluster: Cluster): Promise<Answer | undefined> {
  const missing = await operatorObstacle(cluster, textsIn(parameters, 'operators'), TITLE);
  if (missing) return missing;
  const unrest = unrestOf([(await readResource(cluster, target.namespace, target.anchor)).resource]);
  if (!unrest) return undefined;
  if (unrest.kind === 'refuses') return { kind: 'stop', reason: `${unrest.text}.`, fix: unrest.fix };
  return waiting(`${TITLE} to be done: ${unrest.text}`, [unrest.text], false);
}

async function labelsCheck(
  cluster: Cluster,
  namespace: string,
  step: PlannedStep | undefined,
  operation: string,
): Promise<Precondition> {
  const id = { id: 'label-rights', title: 'Pods may be labelled' };
  try {
    const labels = { 'operation-name': operation, 'operation-status': 'ToDo' };
    await labelPod({ cluster, namespace }, step?.id ?? '', labels, {}, { dryRun: true });
    return { ...id, state: 'holds', evidence: ['Tried without effect'] };
  } catch (error) {
    if (!(error instanceof ClusterProblem) || error.kind === 'unreachable') throw error;
    return { ...id, state: 'fails', evidence: [error.message], fix: 'Ask for the right to patch pods.' };
  }
}

function autoPilot(): Precondition {
  return {
    id: 'operator-cleanup',
    title: 'Whether CassKop cleans up by itself',
    state: 'warns',
    evidence: ['It does after it has added nodes (autoPilot)'],
    fix: 'Look at the labels operation-end of the pods; another cleanup finds nothing to drop, and costs little.',
  };
}
