import { healthOf, hasCompleted, isAtWork, judgeJobPod, type Judgement } from '#core/live/jobs/judgement.ts';
import { groupBy } from '#core/live/jobs/podIndex.ts';
import { ownerOf } from '#core/live/jobs/parts.ts';
import type { DataCluster, Health, LiveMember } from '#core/live/model.ts';
import type { LivePod, NamespaceObjects } from '#core/live/objects.ts';
import { APACHE_FLAVOUR } from '#core/systems/spark/live/apache.ts';
import { makeSparkCluster } from '#core/systems/spark/live/cluster.ts';
import { summarizeExecutors } from '#core/systems/spark/live/executors.ts';
import { KUBEFLOW_FLAVOUR } from '#core/systems/spark/live/kubeflow.ts';
import { driverMember, executorMember, labels, roleOf, sortExecutors } from '#core/systems/spark/live/pods.ts';

/** Labels by which an operator marks its pods, should its resource be gone or not be readable. */
const operatorLabels: readonly { readonly label: string; readonly flavour: string }[] = [
  { label: labels.kubeflowApplication, flavour: KUBEFLOW_FLAVOUR },
  { label: labels.kubeflowConnect, flavour: KUBEFLOW_FLAVOUR },
  { label: labels.apacheApplication, flavour: APACHE_FLAVOUR },
];

/**
 * Applications that only their pods tell of: started by spark-submit, by a driver inside another pod, or by an operator whose resource is
 * not to be seen. `taken` are the names of the pods that belong to a data cluster already.
 */
export function gatherSubmitted(objects: NamespaceObjects, taken: ReadonlySet<string>): readonly DataCluster[] {
  const pods = objects.pods.filter((pod) => !taken.has(pod.meta.name) && isSparkPod(pod));
  const drivers = new Map(pods.filter((pod) => roleOf(pod) === 'driver').map((pod) => [pod.meta.uid, pod]));
  const groups = groupBy(pods, (pod) => applicationOf(pod, drivers));
  return [...groups].map(([application, own]) => gatherGroup(application, own, objects));
}

function isSparkPod(pod: LivePod): boolean {
  const role = roleOf(pod);
  return (role === 'driver' || role === 'executor') && labels.application in pod.meta.labels;
}

/** Executors belong to the driver that owns them; only without one does the id of the application count. */
function applicationOf(pod: LivePod, drivers: ReadonlyMap<string, LivePod>): string {
  const driver = pod.meta.owners.map(({ uid }) => drivers.get(uid)).find((owner) => owner !== undefined);
  return (driver ?? pod).meta.labels[labels.application] ?? '';
}

function gatherGroup(application: string, pods: readonly LivePod[], objects: NamespaceObjects): DataCluster {
  const driver = pods.find((pod) => roleOf(pod) === 'driver') ?? ownerAmong(pods, objects.pods);
  const executors = pods.filter((pod) => roleOf(pod) === 'executor').map(executorMember);
  const first = driver ?? pods[0];
  const operator = operatorLabels.find(({ label }) => first !== undefined && label in first.meta.labels);
  return makeSparkCluster(objects, {
    name: nameOf(application, driver, first),
    suffix: `${application}.pod`,
    flavour: operator?.flavour ?? 'spark-submit',
    resource: undefined,
    ...ownerField(driver),
    members: [...(driver === undefined ? [] : [driverMember(driver)]), ...sortExecutors(executors)],
    version: first?.meta.labels[labels.version] ?? '',
  });
}

/** A driver in client mode runs in a pod that Spark did not make: a notebook, a task of a workflow. */
function ownerAmong(executors: readonly LivePod[], pods: readonly LivePod[]): LivePod | undefined {
  return pods.find(({ meta }) =>
    executors.some((executor) => executor.meta.owners.some(({ uid }) => uid === meta.uid)),
  );
}

function ownerField(driver: LivePod | undefined): { readonly owner?: DataCluster['owner'] } {
  const owner = driver === undefined ? undefined : ownerOf(driver.meta);
  return owner === undefined ? {} : { owner };
}

function nameOf(application: string, driver: LivePod | undefined, first: LivePod | undefined): string {
  if (driver !== undefined) return driver.meta.name.replace(/-driver$/, '');
  return first?.meta.labels[labels.applicationName] ?? application;
}

/** What the pods alone tell. */
export function judgeSubmitted(cluster: DataCluster, now: number): Health {
  const driver = cluster.members.find(({ role }) => role === 'driver');
  const executors = summarizeExecutors(cluster, undefined, now);
  const judged = driver === undefined ? undefined : judgeJobPod(driver, now);
  if (driver === undefined || judged === undefined) {
    const judgement: Judgement = { level: 'unknown', text: `no driver is to be seen, ${executors.text}` };
    return healthOf(judgement, [{ ...judgement, source: 'kubernetes' }, ...executors.evidence]);
  }
  const judgement = judgeDriver(driver, judged, executors);
  return healthOf(judgement, [
    { ...judged, text: `driver ${judged.text}`, source: 'kubernetes', member: driver.name },
    ...executors.evidence,
  ]);
}

function judgeDriver(
  driver: LiveMember,
  judged: Judgement,
  executors: ReturnType<typeof summarizeExecutors>,
): Judgement {
  if (hasCompleted(driver)) return judged;
  if (!isAtWork(driver) || judged.level !== 'healthy') return { level: judged.level, text: `driver ${judged.text}` };
  return { level: executors.hasTrouble ? 'warning' : 'healthy', text: `running: ${executors.text}` };
}
