import { decodePod } from '#core/live/decode/pod.ts';
import type { LivePod } from '#core/live/objects.ts';
import { pods as podKind } from '#core/operations/nodeDrain/kinds.ts';
import { hasEnded, isEnding, readPod } from '#core/operations/nodeDrain/departure/leavingPod.ts';
import type { JobRun } from '#core/operations/nodeDrain/departure/jobRun.ts';
import { labels, roleOf } from '#core/systems/spark/live/pods.ts';

/** Executors of the application as the API server has them now, and whether their driver goes on. */
export interface ExecutorsNow {
  /** Undefined when it is gone, has ended or is ending, or when it was never to be seen. */
  readonly driver: LivePod | undefined;
  readonly running: readonly LivePod[];
  readonly pending: readonly LivePod[];
  readonly ending: readonly LivePod[];
}

/** Parameters of the plan: the pod of the driver or the server, and the id of the application as Spark labels its pods. */
export const DRIVER = 'driver';
export const DRIVER_UID = 'driverUid';
export const APPLICATION = 'application';

/** @throws ClusterProblem */
export async function executorsNow(run: JobRun): Promise<ExecutorsNow> {
  const { namespace, cluster } = run;
  const found = await cluster.list({ ...podKind, namespace, labelSelector: `${labels.role}=executor` });
  const own = found.flatMap((raw) => decodePod(raw) ?? []).filter((pod) => isOwn(pod, run));
  const living = own.filter((pod) => !hasEnded(pod));
  return {
    driver: await driverNow(run),
    running: living.filter((pod) => pod.phase === 'Running' && pod.isReady && !isEnding(pod)),
    pending: living.filter((pod) => !(pod.phase === 'Running' && pod.isReady) && !isEnding(pod)),
    ending: living.filter(isEnding),
  };
}

/** Executors are owned by their driver; without one in sight the id of the application counts. */
function isOwn({ meta }: LivePod, { plan: { parameters } }: JobRun): boolean {
  const uid = parameters[DRIVER_UID];
  if (typeof uid === 'string' && uid !== '' && meta.owners.some((owner) => owner.uid === uid)) return true;
  const application = parameters[APPLICATION];
  return typeof application === 'string' && application !== '' && meta.labels[labels.application] === application;
}

async function driverNow(run: JobRun): Promise<LivePod | undefined> {
  const name = String(run.plan.parameters[DRIVER] ?? '');
  if (name === '') return undefined;
  const pod = await readPod(run.cluster, run.namespace, name);
  if (pod?.meta.uid !== run.plan.parameters[DRIVER_UID]) return undefined;
  return pod && !hasEnded(pod) && !isEnding(pod) ? pod : undefined;
}

/** Whether the pod is what the plan took it for; names of pods are never trusted with an eviction. */
export const isExecutor = (pod: LivePod): boolean => roleOf(pod) === 'executor';
