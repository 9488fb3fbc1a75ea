import { textAt, valueAt, type JsonObject } from '#core/json.ts';
import { readManagers } from '#core/live/edit/ownership.ts';
import { plainText } from '#core/live/plainText.ts';
import { ClusterProblem, type Clock, type Cluster } from '#core/live/ports.ts';
import { isAnchor, isAnew } from '#core/operations/jobs/jobNow.ts';
import type { Answer, OperationTarget, Plan } from '#core/operations/model.ts';
import { operatorObstacle } from '#core/operations/operated/operatorWatch.ts';
import { readResource, type ResourceNow } from '#core/operations/operated/resource.ts';
import { textsIn } from '#core/operations/stepParameters.ts';
import type { UndertakingPorts } from '#core/operations/systemOperations.ts';
import { operatedKindOfPlan, type OperatedKind } from '#core/systems/spark/operations/knowledge/kinds.ts';
import { stateOf, underOf, type Under } from '#core/systems/spark/operations/knowledge/states.ts';

/** The resource as it is now. */
export interface JobNow extends ResourceNow {
  readonly state: string;
  readonly under: Under;
  /** Told anew for every submission; empty where the operator has none such, or has not submitted yet. */
  readonly submission: string;
}

/** @throws ClusterProblem; of kind `absent` when it is gone */
export async function readJob(
  cluster: Cluster,
  namespace: string,
  anchor: OperationTarget['anchor'],
  kind: OperatedKind,
): Promise<JobNow> {
  return jobOf(await readResource(cluster, namespace, anchor), kind);
}

/** What its operator says in the status that was read. */
export function jobOf({ object, resource }: ResourceNow, { machine }: OperatedKind): JobNow {
  const state = stateOf(machine, resource.status);
  return { object, resource, state, under: underOf(machine, state), submission: submissionOf(resource.status) };
}

/** The Kubeflow operator gives every submission an id, the Apache one counts attempts. */
function submissionOf(status: JsonObject): string {
  const id = textAt(status, 'submissionID');
  if (id !== '') return id;
  const attempt = valueAt(status, 'currentAttemptSummary', 'attemptInfo', 'id');
  return typeof attempt === 'number' ? String(attempt) : '';
}

/** What a plan is about, as the steps of its run ask for it. */
export class SparkJob {
  readonly kind: OperatedKind;
  readonly target: OperationTarget;
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** `namespace/name` of the Deployments of the operator; empty when it is not known where it runs. */
  readonly operators: readonly string[];
  readonly plan: Plan;

  constructor(plan: Plan, { cluster, clock }: UndertakingPorts) {
    this.plan = plan;
    this.kind = operatedKindOfPlan(plan);
    this.target = plan.target;
    this.cluster = cluster;
    this.clock = clock;
    this.operators = textsIn(plan.parameters, 'operators');
  }

  /** `the Kubeflow Spark Operator (spark-operator/controller)`. */
  get operator(): string {
    const where = this.operators.length === 0 ? '' : ` (${this.operators.join(', ')})`;
    return `the ${this.kind.operator}${where}`;
  }

  /** Undefined when it is gone; another one of the same name is returned. @throws ClusterProblem */
  async now(): Promise<JobNow | undefined> {
    try {
      return await readJob(this.cluster, this.target.namespace, this.target.anchor, this.kind);
    } catch (error) {
      if (error instanceof ClusterProblem && error.kind === 'absent') return undefined;
      throw error;
    }
  }

  /** As of the plan; undefined when it is gone or when another one has its name. @throws ClusterProblem */
  async own(): Promise<JobNow | undefined> {
    const now = await this.now();
    return now?.resource.meta.uid === this.target.anchor.uid ? now : undefined;
  }

  /** A wait while no operator is there; undefined when one is, or when it is not known where they are. */
  operatorMissing(): Promise<Answer | undefined> {
    return operatorObstacle(this.cluster, this.operators, this.kind.operator);
  }

  /** Why it is no longer what the plan was made for; that it is gone is for the steps to judge. */
  async stranger(): Promise<string | undefined> {
    const other = await otherCluster(this.cluster, this.target);
    if (other !== undefined) return other;
    const now = await this.now();
    if (!now || isAnchor(this.plan, now) || isAnew(this.plan, now)) return undefined;
    return `The ${this.target.anchor.kind} ${this.target.anchor.name} is another one than when the plan was made.`;
  }
}

/** Why a context does not lead to the cluster of a plan. */
export async function otherCluster(
  cluster: Cluster,
  { clusterIdentity }: OperationTarget,
): Promise<string | undefined> {
  const identity = clusterIdentity === undefined ? undefined : await cluster.identity();
  if (identity === undefined || identity === clusterIdentity) return undefined;
  return 'The context leads to another cluster than when the plan was made.';
}

/** Who has last written something else than a status, as far as the server says: ` by argocd-controller`. */
export function lastWriter(object: JsonObject): string {
  const writers = readManagers(object).filter(({ subresource }) => subresource === '');
  const last = writers.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0)).at(-1);
  return last === undefined || last.name === '' ? '' : ` by ${plainText(last.name, 60)}`;
}
