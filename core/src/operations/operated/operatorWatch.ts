import { decodeDeployment } from '#core/live/decode/workload.ts';
import { recognizeOperator, watchedNamespaces } from '#core/live/operators/recognize.ts';
import type { LiveWorkload } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster, type ResourceKind } from '#core/live/ports.ts';
import type { Answer, Precondition, StepValue } from '#core/operations/model.ts';

const deployments: ResourceKind = { group: 'apps', version: 'v1', plural: 'deployments', namespaced: true };

/** The Deployments that run an operator of one kind and may watch a namespace. */
export interface FoundOperators {
  readonly workloads: readonly LiveWorkload[];
  /** Deployments of other namespaces may not be listed, so one may run there. */
  readonly isPartial: boolean;
}

/** @param flavour as in the tables of kinds. @throws ClusterProblem when not even the namespace itself can be looked into */
export async function findOperators(cluster: Cluster, flavour: string, namespace: string): Promise<FoundOperators> {
  const everywhere = await listDeployments(cluster, undefined);
  const found = everywhere ?? (await listDeployments(cluster, namespace)) ?? [];
  const workloads = found.filter((workload) => {
    const operator = recognizeOperator(workload);
    if (operator?.operator.flavour !== flavour) return false;
    const watched = watchedNamespaces(operator.operator.watches, operator.container);
    // What does not say which ones it watches may watch this one.
    return watched === undefined || watched.length === 0 || watched.includes(namespace);
  });
  return { workloads, isPartial: everywhere === undefined };
}

/** Undefined when they may not be listed there. */
async function listDeployments(
  cluster: Cluster,
  namespace: string | undefined,
): Promise<readonly LiveWorkload[] | undefined> {
  try {
    const found = await cluster.list({ ...deployments, ...(namespace === undefined ? {} : { namespace }) });
    return found.flatMap((object) => decodeDeployment(object) ?? []);
  } catch (error) {
    if (error instanceof ClusterProblem && error.kind === 'forbidden') return undefined;
    throw error;
  }
}

/** Whether somebody is there who would do what is asked. */
export function operatorCheck(
  title: string,
  namespace: string,
  { workloads, isPartial }: FoundOperators,
): Precondition {
  const id = { id: 'operator', title: `${title} runs and watches ${namespace}` };
  const alive = workloads.filter(isAlive);
  if (alive.length > 0) return { ...id, state: 'holds', evidence: alive.map(describe) };
  if (workloads.length > 0) {
    return { ...id, state: 'fails', evidence: workloads.map(describe), fix: 'Bring the operator back first.' };
  }
  if (isPartial) {
    const evidence = ['None is in this namespace, and Deployments of other namespaces may not be listed'];
    return { ...id, state: 'unknown', evidence, fix: 'When nobody reacts, the run pauses after some minutes.' };
  }
  const evidence = ['No Deployment of it that watches this namespace was found'];
  return { ...id, state: 'fails', evidence, fix: 'Install it, or let it watch the namespace.' };
}

/** Parameters of a plan by which its operators are found again; none where none was found. */
export function operatorParameters({ workloads }: FoundOperators): Readonly<Record<string, StepValue>> {
  return { operators: workloads.map(({ meta }) => `${meta.namespace}/${meta.name}`) };
}

/** Waits for an operator of the plan to be there; undefined when one is, or when it is not known where they are. */
export async function operatorObstacle(
  cluster: Cluster,
  operators: readonly string[],
  title: string,
): Promise<Answer | undefined> {
  if (operators.length === 0) return undefined;
  const found = await Promise.all(operators.map((place) => readDeployment(cluster, place)));
  if (found.includes('hidden') || found.some((one) => typeof one === 'object' && isAlive(one))) return undefined;
  const texts = found.map((one, place) => (typeof one === 'object' ? describe(one) : `${operators[place]} is gone`));
  return { kind: 'wait', waitingFor: `${title} to run again: ${texts.join(', ')}`, measure: texts, isNear: false };
}

async function readDeployment(cluster: Cluster, place: string): Promise<LiveWorkload | 'hidden' | undefined> {
  const [namespace = '', name = ''] = place.split('/');
  try {
    return decodeDeployment(await cluster.get({ ...deployments, namespace, name }));
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    if (error.kind === 'forbidden') return 'hidden';
    if (error.kind === 'absent') return undefined;
    throw error;
  }
}

const isAlive = ({ replicas, readyReplicas }: LiveWorkload): boolean => replicas > 0 && readyReplicas > 0;

const describe = ({ meta, replicas, readyReplicas }: LiveWorkload): string =>
  `${meta.namespace}/${meta.name} has ${readyReplicas} of ${replicas} ready`;
