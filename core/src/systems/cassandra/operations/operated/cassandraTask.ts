import {
  listAt,
  numberAt,
  objectAt,
  textAt as rawTextAt,
  textMapOf,
  timeAt,
  valueAt,
  type JsonObject,
} from '#core/json.ts';
import {
  ClusterProblem,
  type Cluster,
  type ObjectAddress,
  type ResourceKind,
  type WriteOptions,
} from '#core/live/ports.ts';
import { textAt } from '#core/systems/cassandra/live/reading.ts';

/**
 * CassandraTask, by which cass-operator is asked for work on the nodes of one datacenter. Source: cass-operator 1.32, its controller of
 * tasks.
 *
 * - It runs one task of a datacenter at a time (concurrencyPolicy Forbid); the others wait without a word in their status.
 * - `Complete` is also True when pods failed: `Failed` and `status.failed` tell.
 * - A finished task is deleted after a day. A task that is deleted ends no work that a StatefulSet or a node has begun.
 */
const taskKind: ResourceKind = {
  group: 'control.k8ssandra.io',
  version: 'v1alpha1',
  plural: 'cassandratasks',
  namespaced: true,
};

/** On tasks of ours: the id of the plan, and the step. */
const RUN_LABEL = 'data-clusters.io/run';
const STEP_ANNOTATION = 'data-clusters.io/step';

const CLUSTER_LABEL = 'cassandra.datastax.com/cluster';

export type TaskCommand =
  | 'restart'
  | 'cleanup'
  | 'rebuild'
  | 'upgradesstables'
  | 'compact'
  | 'flush'
  | 'garbagecollect'
  | 'scrub'
  | 'replacenode';

/** What a command is told. A restart takes no notice of `pod_name`, and restarts every rack when there is no rack of the name. */
export interface TaskArguments {
  readonly rack?: string;
  readonly pod_name?: string;
  readonly keyspace_name?: string;
  readonly tables?: readonly string[];
  readonly source_datacenter?: string;
  /** Threads of a node, 0 for all. */
  readonly jobs?: number;
}

/** The datacenter that a task is for. */
export interface TaskTarget {
  readonly namespace: string;
  /** Name of the CassandraDatacenter. */
  readonly datacenter: string;
  /** `spec.clusterName` of it; empty when it is not known. */
  readonly clusterName: string;
}

export interface TaskWanted {
  readonly target: TaskTarget;
  readonly planId: string;
  readonly stepId: string;
  readonly command: TaskCommand;
  readonly args: TaskArguments;
  /** What the name ends with, for people: the rack or the pod. */
  readonly scope: string;
  /** Of each rack; the operator takes one when absent. */
  readonly maxConcurrentPods?: number;
}

/** How a pod fared. `unknown` for words that the operator has not had yet. */
export type TaskPodState = 'waiting' | 'running' | 'completed' | 'error' | 'unknown';

export interface TaskPod {
  readonly pod: string;
  readonly state: TaskPodState;
  readonly jobId: string;
  /** Plain text; empty when there is none. */
  readonly error: string;
}

/** A task as it is now. */
export interface TaskNow {
  readonly name: string;
  readonly uid: string;
  readonly datacenter: string;
  readonly command: string;
  readonly rack: string;
  /** Of the plan and the step it was made for; empty for tasks of others. */
  readonly planId: string;
  readonly stepId: string;
  /** `waiting`: the operator has not begun; `failed`: over, and pods failed, whatever else it says. */
  readonly state: 'waiting' | 'running' | 'completed' | 'failed';
  readonly succeeded: number;
  readonly failed: number;
  /** Why it failed, plain text; empty when it did not or does not say. */
  readonly error: string;
  /** Nothing for a restart, which is counted by StatefulSets. */
  readonly pods: readonly TaskPod[];
}

/** The same for everybody who goes on with the plan, so that no step is ever asked for twice. At most 63 characters. */
export function taskNameOf({ planId, command, scope }: Pick<TaskWanted, 'planId' | 'command' | 'scope'>): string {
  const [id = '', part = ''] = planId.split('.');
  const texts = ['data-clusters', command, id.slice(0, 8), part, scope].map(nameable);
  return texts
    .filter((text) => text !== '')
    .join('-')
    .slice(0, 63)
    .replace(/-+$/, '');
}

const nameable = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');

export function taskAddress(namespace: string, name: string): ObjectAddress {
  return { ...taskKind, namespace, name };
}

export function taskManifest(wanted: TaskWanted): JsonObject {
  const { target, planId, stepId, command, args, maxConcurrentPods } = wanted;
  return {
    apiVersion: `${taskKind.group}/${taskKind.version}`,
    kind: 'CassandraTask',
    metadata: {
      namespace: target.namespace,
      name: taskNameOf(wanted),
      labels: { [RUN_LABEL]: planId },
      annotations: { [STEP_ANNOTATION]: stepId },
    },
    spec: {
      datacenter: { namespace: target.namespace, name: target.datacenter },
      concurrencyPolicy: 'Forbid',
      restartPolicy: 'Never',
      ...(maxConcurrentPods === undefined ? {} : { maxConcurrentPods }),
      jobs: [{ name: nameable(`${command}-${wanted.scope}`).slice(0, 63), command, args }],
    },
  };
}

/** One that is there already is as good: only we give such names. @throws ClusterProblem */
export async function createTask(cluster: Cluster, wanted: TaskWanted, options: WriteOptions = {}): Promise<void> {
  try {
    await cluster.create(taskKind, taskManifest(wanted), options);
  } catch (error) {
    if (!(error instanceof ClusterProblem) || error.kind !== 'conflict') throw error;
    if (options.dryRun === true || (await ownTask(cluster, wanted))) return;
    throw new ClusterProblem('invalid', `There is another CassandraTask of the name ${taskNameOf(wanted)}.`);
  }
}

/** The task of a step; undefined while there is none, or when the one of its name was made for something else. @throws ClusterProblem */
export async function ownTask(cluster: Cluster, wanted: TaskWanted): Promise<TaskNow | undefined> {
  const task = await readTask(cluster, wanted.target.namespace, taskNameOf(wanted));
  return task?.planId === wanted.planId && task.stepId === wanted.stepId ? task : undefined;
}

/** @throws ClusterProblem */
async function readTask(cluster: Cluster, namespace: string, name: string): Promise<TaskNow | undefined> {
  try {
    return decodeTask(await cluster.get(taskAddress(namespace, name)));
  } catch (error) {
    if (error instanceof ClusterProblem && error.kind === 'absent') return undefined;
    throw error;
  }
}

/** This very one. One that is gone is no problem. @throws ClusterProblem */
export async function deleteTask(
  cluster: Cluster,
  namespace: string,
  { name, uid }: Pick<TaskNow, 'name' | 'uid'>,
): Promise<void> {
  try {
    await cluster.delete(taskAddress(namespace, name), { uid });
  } catch (error) {
    if (error instanceof ClusterProblem && (error.kind === 'absent' || error.kind === 'conflict')) return;
    throw error;
  }
}

/**
 * Tasks that are not over, of this datacenter or of another one of the same Cassandra cluster: begun or waiting, whoever made them. Those of
 * K8ssandraTasks and ScheduledTasks are CassandraTasks as well. @throws ClusterProblem
 */
export async function openTasks(cluster: Cluster, target: TaskTarget): Promise<readonly TaskNow[]> {
  const found = await cluster.list({ ...taskKind, namespace: target.namespace });
  return found
    .filter((object) => isFor(object, target) && timeAt(object, 'status', 'completionTime') === undefined)
    .map(decodeTask);
}

function isFor(object: JsonObject, { datacenter, clusterName }: TaskTarget): boolean {
  if (rawTextAt(object, 'spec', 'datacenter', 'name') === datacenter) return true;
  const label = textMapOf(valueAt(object, 'metadata', 'labels'))[CLUSTER_LABEL];
  return clusterName !== '' && label === clusterName;
}

const POD_STATES: Readonly<Record<string, TaskPodState>> = {
  WAITING: 'waiting',
  RUNNING: 'running',
  COMPLETED: 'completed',
  ERROR: 'error',
};

export function decodeTask(object: JsonObject): TaskNow {
  const status = objectAt(object, 'status');
  const [job] = listAt(object, 'spec', 'jobs');
  const failed = numberAt(status, 'failed') ?? 0;
  const pods = Object.entries(objectAt(status, 'podStatuses')).map(([pod, state]): TaskPod => ({
    pod,
    state: POD_STATES[rawTextAt(state, 'status')] ?? 'unknown',
    jobId: textAt(state, 'jobId'),
    error: textAt(state, 'error'),
  }));
  const isFailed = failed > 0 || isTrue(status, 'Failed') || pods.some(({ state }) => state === 'error');
  return {
    name: rawTextAt(object, 'metadata', 'name'),
    uid: rawTextAt(object, 'metadata', 'uid'),
    datacenter: rawTextAt(object, 'spec', 'datacenter', 'name'),
    command: textAt(job, 'command'),
    rack: rawTextAt(job, 'args', 'rack'),
    planId: textMapOf(valueAt(object, 'metadata', 'labels'))[RUN_LABEL] ?? '',
    stepId: textMapOf(valueAt(object, 'metadata', 'annotations'))[STEP_ANNOTATION] ?? '',
    state: stateOf(status, isFailed),
    succeeded: numberAt(status, 'succeeded') ?? 0,
    failed: Math.max(failed, pods.filter(({ state }) => state === 'error').length),
    error: messageOf(status, 'Failed') || (pods.find(({ error }) => error !== '')?.error ?? ''),
    pods,
  };
}

/** A failure of one pod does not end a task: the others are gone on with. */
function stateOf(status: JsonObject, isFailed: boolean): TaskNow['state'] {
  const isOver = timeAt(status, 'completionTime') !== undefined || isTrue(status, 'Complete');
  if (isOver) return isFailed ? 'failed' : 'completed';
  const isBegun = isTrue(status, 'Running') || timeAt(status, 'startTime') !== undefined;
  return isBegun || (numberAt(status, 'active') ?? 0) > 0 ? 'running' : 'waiting';
}

const isTrue = (status: JsonObject, type: string): boolean => conditionOf(status, type)?.status === 'True';

const messageOf = (status: JsonObject, type: string): string => {
  const condition = conditionOf(status, type);
  return condition?.status === 'True' ? condition.message : '';
};

function conditionOf(status: JsonObject, type: string): { status: string; message: string } | undefined {
  const found = listAt(status, 'conditions').find((one) => rawTextAt(one, 'type') === type);
  return found === undefined ? undefined : { status: rawTextAt(found, 'status'), message: textAt(found, 'message') };
}

/** A sentence without a full stop about a task that is in the way or under way. */
export function describeTask({ name, command, rack, state }: TaskNow): string {
  const where = rack === '' ? '' : ` of rack ${rack}`;
  return `CassandraTask ${name} (${command}${where}) ${state === 'waiting' ? 'waits for its turn' : 'runs'}`;
}
