import { ordinalOf } from '#core/live/jobs/parts.ts';
import { indexPods, type PodIndex } from '#core/live/jobs/podIndex.ts';
import type { LiveMember, LiveMemberRole } from '#core/live/model.ts';
import type { LivePod, NamespaceObjects } from '#core/live/objects.ts';

/** Labels of the pods of Spark, by who sets them. */
export const labels = {
  /** Spark itself: `driver`, `executor`; the operators: `connect-server`, `master`, `worker`. */
  role: 'spark-role',
  /** Spark itself: the id of the application; up to Spark 2.4 driver and executors may differ in it (SPARK-25922). */
  application: 'spark-app-selector',
  /** Spark itself since 3.3. */
  applicationName: 'spark-app-name',
  executor: 'spark-exec-id',
  version: 'spark-version',
  kubeflowApplication: 'sparkoperator.k8s.io/app-name',
  kubeflowConnect: 'sparkoperator.k8s.io/connect-name',
  schedule: 'sparkoperator.k8s.io/scheduled-app-name',
  apacheApplication: 'spark.operator/spark-app-name',
  apacheCluster: 'spark.operator/spark-cluster-name',
} as const;

/** Name of the driver's container, unless a pod template names another. */
export const DRIVER_CONTAINER = 'spark-kubernetes-driver';
/** Spark 3 and later, and before. */
const EXECUTOR_CONTAINERS = ['spark-kubernetes-executor', 'executor'];

/** A namespace with its pods by the labels that name what they belong to. */
export interface SparkObjects extends NamespaceObjects {
  readonly podsLabelled: PodIndex;
}

export function indexSparkPods(objects: NamespaceObjects): SparkObjects {
  const { kubeflowApplication, kubeflowConnect, apacheApplication, apacheCluster } = labels;
  const owners = [kubeflowApplication, kubeflowConnect, apacheApplication, apacheCluster];
  return { ...objects, podsLabelled: indexPods(objects.pods, owners) };
}

export function roleOf({ meta }: LivePod): string {
  return meta.labels[labels.role] ?? '';
}

export function driverMember(pod: LivePod): LiveMember {
  return sparkMember(pod, 'driver', containerAmong(pod, [DRIVER_CONTAINER]));
}

/** A driver that has no pod. */
export function absentDriver(name: string, version: string): LiveMember {
  return absentMember(name, 'driver', DRIVER_CONTAINER, version);
}

export function executorMember(pod: LivePod): LiveMember {
  return sparkMember(pod, 'executor', containerAmong(pod, EXECUTOR_CONTAINERS));
}

/** An executor that somebody remembers and that has no pod. */
export function absentExecutor(name: string, version: string): LiveMember {
  const member = absentMember(name, 'executor', EXECUTOR_CONTAINERS[0] ?? '', version);
  return { ...member, index: executorNumber(name) };
}

export function sparkMember(pod: LivePod, role: LiveMemberRole, container: string): LiveMember {
  const { name, labels: own } = pod.meta;
  return {
    name,
    role,
    pod,
    index: role === 'executor' ? (ordinalOf(own[labels.executor]) ?? executorNumber(name)) : undefined,
    rack: '',
    group: '',
    container,
    version: own[labels.version] ?? '',
  };
}

export function absentMember(name: string, role: LiveMemberRole, container: string, version: string): LiveMember {
  return { name, role, pod: undefined, index: undefined, rack: '', group: '', container, version };
}

/** By number, those without one last, then by name. */
export function sortExecutors(members: readonly LiveMember[]): readonly LiveMember[] {
  return members.toSorted((a, b) => (a.index ?? Infinity) - (b.index ?? Infinity) || compareNames(a.name, b.name));
}

/** The first of the names the pod has a container of, else its first container. */
export function containerAmong({ containers, states }: LivePod, names: readonly string[]): string {
  const own =
    containers.length > 0
      ? containers.map(({ name }) => name)
      : states.filter(({ isInit }) => !isInit).map(({ name }) => name);
  return names.find((name) => own.includes(name)) ?? own[0] ?? names[0] ?? '';
}

/** Spark ends the names of executors with `-exec-7`. */
function executorNumber(name: string): number | undefined {
  return ordinalOf(/-exec-(\d+)$/.exec(name)?.[1]);
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
