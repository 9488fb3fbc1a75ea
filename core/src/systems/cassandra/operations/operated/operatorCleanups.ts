import { timeAt } from '#core/json.ts';
import { ClusterProblem, type Cluster, type JsonObject } from '#core/live/ports.ts';
import {
  decodeTask,
  taskAddress,
  type TaskNow,
  type TaskTarget,
} from '#core/systems/cassandra/operations/operated/cassandraTask.ts';

/**
 * Cleanups that cass-operator asks itself for after it has added nodes: a CassandraTask `cleanup-SECONDS`, named by the time it was made at, unless the
 * datacenter has the annotation `cassandra.datastax.com/no-cleanup`. Source: cleanupAfterScaling and createTask of its reconciler, 1.15 and later.
 */
export interface OperatorCleanup {
  readonly task: TaskNow;
  readonly madeAt: number;
  /** Undefined while it is not over. */
  readonly endedAt: number | undefined;
}

/** On a datacenter, with any value. */
export const NO_CLEANUP = 'cassandra.datastax.com/no-cleanup';

const NAME = /^cleanup-(\d{9,11})$/;

/** The newest first; none where they may not be listed. @throws ClusterProblem */
export async function operatorCleanups(cluster: Cluster, target: TaskTarget): Promise<readonly OperatorCleanup[]> {
  const found = (await listTasks(cluster, target)).flatMap((object) => read(object, target) ?? []);
  return found.toSorted((a, b) => b.madeAt - a.madeAt);
}

function read(object: JsonObject, { datacenter }: TaskTarget): OperatorCleanup | undefined {
  const task = decodeTask(object);
  const seconds = NAME.exec(task.name)?.[1];
  if (seconds === undefined || task.datacenter !== datacenter || task.command !== 'cleanup') return undefined;
  return { task, madeAt: Number(seconds) * 1000, endedAt: timeAt(object, 'status', 'completionTime') };
}

async function listTasks(cluster: Cluster, { namespace }: TaskTarget): Promise<readonly JsonObject[]> {
  const { name: _, ...kind } = taskAddress(namespace, '');
  try {
    return await cluster.list(kind);
  } catch (error) {
    if (error instanceof ClusterProblem && (error.kind === 'forbidden' || error.kind === 'absent')) return [];
    throw error;
  }
}
