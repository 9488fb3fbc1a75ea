import { listAt, textAt, timeAt } from '#core/json.ts';
import { ago } from '#core/live/durations.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import type { Plan, PlannedStep, Precondition } from '#core/operations/model.ts';
import type { PlanningPorts } from '#core/operations/operations.ts';
import { findOperators, operatorCheck, operatorParameters } from '#core/operations/operated/operatorWatch.ts';
import type { Procedure } from '#core/operations/procedure.ts';
import { KIND, ProcedureOfKinds } from '#core/operations/stepKinds.ts';
import { textIn, textsIn } from '#core/operations/stepParameters.ts';
import type { UndertakingPorts } from '#core/operations/systemOperations.ts';
import type { RebalanceWish } from '#core/operations/wishes.ts';
import {
  createTask,
  type TaskCommand,
  type TaskTarget,
  type TaskWanted,
} from '#core/systems/cassandra/operations/operated/cassandraTask.ts';
import { datacenterCheck, tasksCheck } from '#core/systems/cassandra/operations/operated/datacenterNow.ts';
import { NO_CLEANUP, operatorCleanups } from '#core/systems/cassandra/operations/operated/operatorCleanups.ts';
import { taskTargetOf } from '#core/systems/cassandra/operations/operated/ringOperator.ts';
import { argumentsOf, commands, heedsPod, TaskTend } from '#core/systems/cassandra/operations/operated/taskTend.ts';
import { planCassandraRebalance } from '#core/systems/cassandra/operations/tending/planTending.ts';
import { otherKubernetes, ringTargetOf } from '#core/systems/cassandra/operations/tending/ringTarget.ts';
import { GOES_ON, isTendingMode, verbs, type Verb } from '#core/systems/cassandra/operations/tending/verbs.ts';

const TASK = 'task';
const TITLE = 'cass-operator';
/** cass-operator looks at a task every ten seconds. */
const ROUND_MS = 15_000;

/** The word of a mode in a CassandraTask; undefined where there is none, as for a repair. */
export function taskCommandOf({ mode }: RebalanceWish): TaskCommand | undefined {
  return isTendingMode(mode) ? commands[mode] : undefined;
}

/**
 * The plan of our own way, whose work is asked of cass-operator: the same questions to the ring and to the disks, and those to the operator beside them.
 * @throws ClusterProblem as our own way does, and for a choice of nodes that a CassandraTask cannot express
 */
export async function planTaskTend(wish: RebalanceWish, command: TaskCommand, ports: PlanningPorts): Promise<Plan> {
  const { data, cluster, clock } = ports;
  const { resource, namespace } = data;
  const target = taskTargetOf(data);
  if (!resource || !target)
    throw new ClusterProblem('absent', `The CassandraDatacenter of ${data.name} may not be read.`);
  if (wish.members !== undefined && !heedsPod(command))
    throw new ClusterProblem(
      'invalid',
      `cass-operator goes over all nodes of a datacenter with ${command}, whatever nodes it is told; leave the choice out.`,
    );
  const own = await planCassandraRebalance(wish, ports);
  const verb = verbIn(own.parameters);
  const operators = await findOperators(cluster, TITLE, namespace);
  const steps = heedsPod(command) ? own.steps.map(onePod(command)) : [wholeDatacenter(own, target, command, verb)];
  const hasUnready = data.members.some(({ pod }) => pod?.isReady !== true);
  const checks = [
    operatorCheck(TITLE, namespace, operators),
    datacenterCheck(resource, hasUnready),
    await tasksCheck(cluster, target, true),
    await rightsCheck(cluster, { target, planId: own.id, command, ...wantedIn(steps[0], command) }),
    ...(command === 'cleanup' ? [await cleanupCheck(cluster, target, resource, clock.now())] : []),
  ];
  const preconditions = [...own.preconditions, ...checks];
  return {
    ...own,
    title: `${verb.title} the nodes of Cassandra ${data.name} by ${TITLE}`,
    parameters: {
      ...own.parameters,
      route: TITLE,
      datacenter: target.datacenter,
      clusterName: target.clusterName,
      ...operatorParameters(operators),
    },
    preconditions,
    steps,
    risks: [...verb.risks.filter((risk) => risk !== GOES_ON), ...risksOf(command, verb)],
    needsTypedName: preconditions.some(({ state }) => state === 'consent'),
  };
}

/** What asks cass-operator for the steps of a plan, on whatever machine. */
export function taskTendOf(plan: Plan, ports: UndertakingPorts): Procedure {
  const { parameters, target, id, madeAt } = plan;
  const ring = ringTargetOf(plan, ports);
  const kind = new TaskTend(ring, {
    planId: id,
    madeAt,
    ref: target.anchor,
    target: taskTargetIn(plan),
    operators: textsIn(parameters, 'operators'),
  });
  return new ProcedureOfKinds({ [TASK]: kind }, () => otherKubernetes(ring));
}

export function taskTargetIn({ target: { namespace }, parameters }: Plan): TaskTarget {
  return { namespace, datacenter: textIn(parameters, 'datacenter'), clusterName: textIn(parameters, 'clusterName') };
}

function verbIn(parameters: Plan['parameters']): Verb {
  const mode = textIn(parameters, 'mode');
  if (isTendingMode(mode)) return verbs[mode];
  throw new ClusterProblem('invalid', `There is no mode ${mode}.`);
}

const GATE =
  'cass-operator is there and at rest, no other CassandraTask is open; every node is up and normal for every other, on one schema; nothing joins, leaves, streams or is repaired';

/** A name that is cut off stays one of its own by the number in front. */
const onePod =
  (command: TaskCommand) =>
  (step: PlannedStep, place: number): PlannedStep => ({
    ...step,
    gate: GATE,
    effect: `a CassandraTask with the command ${command} for the pod ${step.id}: ${step.effect}`,
    done: `the task is over without a failure`,
    undo: undoText(verbIn(step.parameters)),
    expectedMs: step.expectedMs + ROUND_MS,
    parameters: { ...step.parameters, [KIND]: TASK, pods: [step.id], scope: `${place}-${step.id}` },
  });

function wholeDatacenter({ steps }: Plan, { datacenter }: TaskTarget, command: TaskCommand, verb: Verb): PlannedStep {
  const pods = steps.map(({ id }) => id);
  const [first] = steps;
  return {
    id: `datacenter-${datacenter}`,
    title: `${verb.title} the ${pods.length} nodes of ${datacenter}, rack after rack and node after node`,
    gate: GATE,
    effect: `a CassandraTask with the command ${command} and maxConcurrentPods 1, which cass-operator does on ${pods.join(', ')}: ${verb.effect}`,
    done: 'the task is over, no node has failed, and every one of them is told of',
    undo: undoText(verb),
    expectedMs: pods.length * (verb.expectedMs + ROUND_MS),
    parameters: { ...first?.parameters, [KIND]: TASK, pod: '', pods, scope: datacenter },
  };
}

function undoText({ stop }: Verb): string {
  const task = 'cancelled meanwhile, the task is deleted and no further node is begun';
  return stop === undefined
    ? `${task}; the node that is at it goes on to its end`
    : `${task}; in the node that is at it, nodetool stop ${stop} ends it`;
}

function risksOf(command: TaskCommand, verb: Verb): readonly string[] {
  const whole = `cass-operator goes over the whole datacenter by itself once it is asked: between its nodes nobody looks at the ring. A node that fails does not keep it from going on with the next.`;
  return [
    ...(heedsPod(command) ? [] : [whole]),
    `Deleting the task ends it between two nodes. ${verb.stop === undefined ? 'What a node is at cannot be cancelled, and goes on to its end.' : 'What a node is at is stopped by nodetool, where nodetool may be used there.'}`,
    'While the task is open, cass-operator does no other task of this datacenter.',
  ];
}

function wantedIn(step: PlannedStep | undefined, command: TaskCommand): Pick<TaskWanted, 'stepId' | 'scope' | 'args'> {
  const parameters = step?.parameters ?? {};
  const args = argumentsOf(command, textsIn(parameters, 'pods'), textIn(parameters, 'source'));
  return { stepId: step?.id ?? '', scope: textIn(parameters, 'scope'), args };
}

/** The server tries without effect to create it; and whether it may be found again and taken back is asked. */
async function rightsCheck(cluster: Cluster, wanted: TaskWanted): Promise<Precondition> {
  const id = { id: 'task-rights', title: 'CassandraTasks may be made, found again and deleted' };
  const evidence: string[] = [];
  try {
    await createTask(cluster, { ...wanted, maxConcurrentPods: 1 }, { dryRun: true });
  } catch (error) {
    if (!(error instanceof ClusterProblem) || error.kind === 'unreachable') throw error;
    evidence.push(error.message);
  }
  const { namespace } = wanted.target;
  for (const verb of ['get', 'list', 'delete']) {
    const question = { verb, group: 'control.k8ssandra.io', resource: 'cassandratasks', namespace };
    if (!(await cluster.can(question)).isAllowed) evidence.push(`No right to ${verb} cassandratasks in ${namespace}`);
  }
  if (evidence.length === 0) return { ...id, state: 'holds', evidence: ['Tried without effect'] };
  return { ...id, state: 'fails', evidence, fix: 'Ask for the rights, or see to what refuses it.' };
}

/** What cass-operator does by itself after it has added nodes need not be done twice. */
async function cleanupCheck(
  cluster: Cluster,
  target: TaskTarget,
  resource: LiveCustom,
  now: number,
): Promise<Precondition> {
  const id = { id: 'operator-cleanup', title: 'Whether cass-operator has cleaned up already' };
  const [last] = await operatorCleanups(cluster, target);
  const scaledAt = lastScaledUp(resource);
  if (last?.endedAt !== undefined && last.task.state === 'completed' && last.endedAt >= (scaledAt ?? 0)) {
    const evidence = `CassandraTask ${last.task.name} of cass-operator ended well ${ago(now - last.endedAt)}, and no node was added since`;
    return { ...id, state: 'warns', evidence: [evidence], fix: 'Another one finds nothing to drop, and costs little.' };
  }
  if (last?.task.state === 'failed')
    return { ...id, state: 'holds', evidence: [`CassandraTask ${last.task.name} of cass-operator has failed`] };
  if (Object.hasOwn(resource.meta.annotations, NO_CLEANUP))
    return { ...id, state: 'holds', evidence: [`It does none by itself (annotation ${NO_CLEANUP})`] };
  const evidence = ['None of its tasks cleanup-SECONDS is left; it deletes them a day after their end'];
  return { ...id, state: 'unknown', evidence };
}

/** When the condition ScalingUp became what it is. */
function lastScaledUp({ status }: LiveCustom): number | undefined {
  const found = listAt(status, 'conditions').find((one) => textAt(one, 'type') === 'ScalingUp');
  return timeAt(found, 'lastTransitionTime');
}
