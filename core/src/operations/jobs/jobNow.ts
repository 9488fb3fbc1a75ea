import { textAt, type JsonObject } from '#core/json.ts';
import { decodePod } from '#core/live/decode/pod.ts';
import type { LiveCustom, LivePod } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster, type Clock, type ResourceKind } from '#core/live/ports.ts';
import type { Answer, Plan, PlannedStep } from '#core/operations/model.ts';
import type { StepContext } from '#core/operations/procedure.ts';
import { operatorObstacle } from '#core/operations/operated/operatorWatch.ts';
import { readResource, type ResourceNow } from '#core/operations/operated/resource.ts';
import { textsIn } from '#core/operations/stepParameters.ts';

const podKind: ResourceKind = { group: '', version: 'v1', plural: 'pods', namespaced: true };

/** On an object that a run has made anew: the id of its plan. */
export const PLAN_ANNOTATION = 'data-clusters.io/plan';

/** A job as the cluster shows it now. */
export interface JobNow {
  readonly object: JsonObject;
  readonly resource: LiveCustom;
  readonly pods: readonly LivePod[];
}

/** Whether the operator has done what was asked of it. Never `again` or `pause`. */
export type Goal = (now: JobNow, step: PlannedStep) => Answer;

/** What was told against a goal that is still waited for, and will not change by itself; undefined when nothing was. */
export type Refusal = (now: JobNow, context: StepContext) => Promise<Answer | undefined>;

/** What the steps about one kind of job share. */
export interface JobPorts {
  readonly plan: Plan;
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** Label selector of the pods of the job; empty where it has none of its own. */
  readonly selector: string;
  /** Who does it, as people know it: `the training operator`. */
  readonly operator: string;
  /** By the name that a step has in its parameter `goal`. */
  readonly goals: Readonly<Record<string, Goal>>;
  /** Asked while a goal is waited for; may have a memory of this run. */
  readonly refusal?: Refusal;
  /** The operator holds its objects by finalizers: what is deleted is gone only once it has released it. */
  readonly holdsObjects?: boolean;
  /** Why the job may not be deleted now, beside what is asked of every one; undefined when nothing speaks against it. */
  readonly beforeDeletion?: (this: void, now: ResourceNow, context: StepContext) => Answer | undefined;
}

/** Undefined when there is no object of the name. @throws ClusterProblem */
export async function readJob(ports: Pick<JobPorts, 'plan' | 'cluster' | 'selector'>): Promise<JobNow | undefined> {
  const found = await readObject(ports);
  return found && { ...found, pods: await podsOf(ports) };
}

/** The object alone. @throws ClusterProblem */
export async function readObject({
  plan,
  cluster,
}: Pick<JobPorts, 'plan' | 'cluster'>): Promise<ResourceNow | undefined> {
  try {
    return await readResource(cluster, plan.target.namespace, plan.target.anchor);
  } catch (error) {
    if (error instanceof ClusterProblem && error.kind === 'absent') return undefined;
    throw error;
  }
}

/** By name. @throws ClusterProblem */
export async function podsOf({
  plan,
  cluster,
  selector,
}: Pick<JobPorts, 'plan' | 'cluster' | 'selector'>): Promise<readonly LivePod[]> {
  if (selector === '') return [];
  const found = await cluster.list({ ...podKind, namespace: plan.target.namespace, labelSelector: selector });
  return found.flatMap((object) => decodePod(object) ?? []);
}

export const isAnchor = ({ target }: Plan, { resource }: ResourceNow): boolean =>
  resource.meta.uid === target.anchor.uid;

/** Whether the run of the plan has made it. */
export const isAnew = (plan: Plan, now: ResourceNow): boolean =>
  !isAnchor(plan, now) && textAt(now.object, 'metadata', 'annotations', PLAN_ANNOTATION) === plan.id;

/** `TFJob mnist`. */
export const nameOf = ({ target: { anchor } }: Plan): string => `${anchor.kind} ${anchor.name}`;

/** What keeps the operator from doing anything; undefined when it is there, or when that is not known. */
export async function obstacleOf({ plan, cluster, operator }: JobPorts): Promise<Answer | undefined> {
  return operatorObstacle(cluster, textsIn(plan.parameters, 'operators'), operator);
}

/** What is waited for, with what keeps the operator from it. */
export async function waitingFor(
  text: string,
  measure: readonly (number | string)[],
  ports: JobPorts,
): Promise<Answer> {
  const obstacle = await obstacleOf(ports);
  const why = obstacle?.kind === 'wait' ? `; ${obstacle.waitingFor}` : '';
  return { kind: 'wait', waitingFor: `${text}${why}`, measure: [...measure, why], isNear: why === '' };
}

/** The answer of the goal of a step; one that has none is reached at once. */
export async function reached(now: JobNow, context: StepContext, ports: JobPorts): Promise<Answer> {
  const { step } = context;
  const name = String(step.parameters['goal'] ?? '');
  const goal = Object.hasOwn(ports.goals, name) ? ports.goals[name] : undefined;
  if (!goal) return { kind: 'yes', evidence: `${nameOf(ports.plan)} is written` };
  const answer = goal(now, step);
  if (answer.kind !== 'wait') return answer;
  return (await ports.refusal?.(now, context)) ?? waitingFor(answer.waitingFor, answer.measure, ports);
}

/** Why the plan is not of what is there. */
export async function strangerIn(ports: Pick<JobPorts, 'plan' | 'cluster'>): Promise<string | undefined> {
  const { plan, cluster } = ports;
  const { clusterIdentity, anchorGoes } = plan.target;
  const identity = await cluster.identity();
  if (clusterIdentity !== undefined && identity !== undefined && identity !== clusterIdentity)
    return 'The context leads to another cluster than when the plan was made.';
  const now = await readObject(ports);
  if (!now) return anchorGoes === true ? undefined : `${nameOf(plan)} is gone.`;
  if (isAnchor(plan, now) || isAnew(plan, now)) return undefined;
  return `${nameOf(plan)} is another one than when the plan was made.`;
}
