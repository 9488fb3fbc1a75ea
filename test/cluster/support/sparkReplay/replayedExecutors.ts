import { numberAt, textAt, valueAt, type JsonObject } from '#core/json.ts';
import { isDeleted, isOver, isOwnedBy, kinds, labelOf, nameOf, phaseOf, type ReplayApi } from './replayApi.ts';
import { executorOf } from './replayedPods.ts';

export interface ExecutorsWanted {
  readonly count: number;
  /** What the operator puts on every pod of the application. */
  readonly labels: Readonly<Record<string, string>>;
  readonly isDecommissioned?: boolean;
}

/** What a driver does about its executors: as many as are wanted while it runs, none once it has ended. */
export async function playDriver(
  api: ReplayApi,
  pods: readonly JsonObject[],
  driver: JsonObject,
  { count, labels, isDecommissioned = false }: ExecutorsWanted,
): Promise<void> {
  const own = pods.filter((pod) => labelOf(pod, 'spark-role') === 'executor' && isOwnedBy(pod, driver));
  if (isOver(driver)) {
    await Promise.all(own.map((pod) => api.remove(kinds.pod, pod)));
    return;
  }
  const driverIp = textAt(driver, 'status', 'podIP');
  if (phaseOf(driver) !== 'Running' || isDeleted(driver) || driverIp === '') return;
  const living = own.filter((pod) => !isOver(pod) && !isDeleted(pod));
  // Those of a driver of before end with it, and have its names meanwhile.
  const taken = pods.map((pod) => Number(/-exec-(\d+)$/.exec(nameOf(pod))?.[1] ?? 0));
  const last = Math.max(0, ...taken);
  const missing = Array.from({ length: Math.max(0, count - living.length) }, (_, index) => last + index + 1);
  await Promise.all(
    missing.map((id) => api.create(kinds.pod, executorOf({ driver, driverIp, id, labels, isDecommissioned }))),
  );
}

/** What the Kubeflow operator keeps of executors, by their names. */
export const executorStates = (executors: readonly JsonObject[]): JsonObject =>
  Object.fromEntries(
    executors.map((pod) => [nameOf(pod), phaseOf(pod).toUpperCase().replace('SUCCEEDED', 'COMPLETED')]),
  );

export const isRunning = (pod: unknown): boolean =>
  phaseOf(pod) === 'Running' && !isDeleted(pod) && valueAt(pod, 'status', 'podIP') !== undefined;

/** How the first container of a pod ended. */
export const exitCodeOf = (pod: unknown): number => {
  const statuses = valueAt(pod, 'status', 'containerStatuses');
  const [first] = Array.isArray(statuses) ? (statuses as readonly unknown[]) : [];
  return numberAt(first, 'state', 'terminated', 'exitCode') ?? 0;
};
