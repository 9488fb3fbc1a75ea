import { evidenceOf, healthOf, judge, judgeUnknownState, judgeJobPod } from '#core/live/jobs/judgement.ts';
import { arePodsHidden, unseenHealth } from '#core/live/jobs/unseen.ts';
import type { DataCluster, Evidence, Health, LiveMember } from '#core/live/model.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import { objectAt, textAt } from '#core/json.ts';
import { makeSparkCluster } from '#core/systems/spark/live/cluster.ts';
import { summarizeExecutors } from '#core/systems/spark/live/executors.ts';
import { describeExpiry, kubeflowStates } from '#core/systems/spark/live/kubeflowStates.ts';
import {
  driverPodName,
  scheduleOf,
  staticExecutors,
  viewKubeflowApplication,
  type KubeflowApplication,
} from '#core/systems/spark/live/kubeflowView.ts';
import {
  absentDriver,
  absentExecutor,
  driverMember,
  executorMember,
  labels,
  roleOf,
  sortExecutors,
  type SparkObjects,
} from '#core/systems/spark/live/pods.ts';

export const KUBEFLOW_GROUP = 'sparkoperator.k8s.io';
export const KUBEFLOW_FLAVOUR = 'kubeflow-spark-operator';

const CURRENT_VERSION = 'v1beta2';

/** States in which there is or should be a driver. */
const statesWithDriver: ReadonlySet<string> = new Set(['SUBMITTED', 'RUNNING', 'FAILING', 'SUCCEEDING', 'UNKNOWN']);

/** States that say nothing without a look at the pods. */
const statesToldByPods: ReadonlySet<string> = new Set(['SUBMITTED', 'RUNNING']);

export function gatherKubeflowApplications(objects: SparkObjects): readonly DataCluster[] {
  return objects.customs.filter(isKubeflowApplication).map((resource) => gatherApplication(resource, objects));
}

export function isKubeflowApplication({ group, customKind }: LiveCustom): boolean {
  return group === KUBEFLOW_GROUP && customKind === 'SparkApplication';
}

function gatherApplication(resource: LiveCustom, objects: SparkObjects): DataCluster {
  const { name } = resource.meta;
  const version = textAt(resource.spec, 'sparkVersion');
  const state = textAt(resource.status, 'applicationState', 'state');
  const isActive = statesWithDriver.has(state);
  const instances = staticExecutors(resource);
  const schedule = scheduleOf(resource);
  return makeSparkCluster(objects, {
    name,
    flavour: KUBEFLOW_FLAVOUR,
    resource,
    members: gatherMembers(resource, objects, version, isActive),
    wanted: isActive && instances !== undefined ? instances + 1 : undefined,
    version,
    customs: objects.customs.filter(
      ({ group, customKind, meta }) =>
        group === KUBEFLOW_GROUP && customKind === 'ScheduledSparkApplication' && meta.name === schedule,
    ),
    ...(resource.version === CURRENT_VERSION
      ? {}
      : { successor: `SparkApplication ${CURRENT_VERSION} of the Kubeflow Spark Operator` }),
  });
}

function gatherMembers(
  resource: LiveCustom,
  objects: SparkObjects,
  version: string,
  isActive: boolean,
): readonly LiveMember[] {
  const pods = objects.podsLabelled(labels.kubeflowApplication, resource.meta.name);
  const podName = driverPodName(resource);
  const driver = pods.find((pod) => roleOf(pod) === 'driver') ?? objects.pods.find(({ meta }) => meta.name === podName);
  const drivers = driver !== undefined ? [driverMember(driver)] : isActive ? [absentDriver(podName, version)] : [];
  const executors = pods.filter((pod) => roleOf(pod) === 'executor').map(executorMember);
  const seen = new Set(executors.map(({ name }) => name));
  const remembered = Object.keys(objectAt(resource.status, 'executorState')).filter((name) => !seen.has(name));
  return [...drivers, ...sortExecutors([...executors, ...remembered.map((name) => absentExecutor(name, version))])];
}

export function judgeKubeflowApplication(cluster: DataCluster, resource: LiveCustom, now: number): Health {
  const view = viewKubeflowApplication(cluster, resource, now);
  if (arePodsHidden(cluster) && statesToldByPods.has(view.state)) return unseenHealth(view.state);
  const row = kubeflowStates.get(view.state);
  const judgement = row === undefined ? judgeUnknownState(view.state) : judge(row, view);
  return healthOf(judgement, [{ ...judgement, source: 'operator' }, ...applicationEvidence(view)]);
}

function applicationEvidence(view: KubeflowApplication): readonly Evidence[] {
  const { cluster, driver, now, state } = view;
  const judged = driver === undefined ? undefined : judgeJobPod(driver, now);
  const evidence: Evidence[] = driver === undefined || judged === undefined ? [] : [evidenceOf(driver, judged)];
  if (state === 'RUNNING') {
    evidence.push(...summarizeExecutors(cluster, view.executorsWanted, now).evidence, ...failedBefore(view));
  }
  const expiry = state === 'COMPLETED' || state === 'FAILED' ? describeExpiry(view) : undefined;
  if (expiry !== undefined) evidence.push({ level: 'done', text: expiry, source: 'operator' });
  return evidence;
}

/** Executors whose pods are gone and which the operator saw fail while the driver ran. */
function failedBefore({ cluster, resource }: KubeflowApplication): readonly Evidence[] {
  const states = objectAt(resource.status, 'executorState');
  const absent = cluster.members.filter(({ role, pod }) => role === 'executor' && pod === undefined);
  const failed = absent.filter(({ name }) => states[name] === 'FAILED');
  if (failed.length === 0) return [];
  const text = failed.length === 1 ? '1 executor failed earlier' : `${failed.length} executors failed earlier`;
  return [{ level: 'warning', text, source: 'operator' }];
}
