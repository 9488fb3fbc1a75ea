import { evidenceOf, healthOf, judge, judgeJobPod, judgeUnknownState } from '#core/live/jobs/judgement.ts';
import { arePodsHidden, unseenHealth } from '#core/live/jobs/unseen.ts';
import type { DataCluster, Evidence, Health, LiveMember } from '#core/live/model.ts';
import type { LiveCustom } from '#core/live/objects.ts';
import { numberAt, textAt } from '#core/live/reading.ts';
import { apacheClusterStates, apacheStates, executorsOf } from '#core/systems/spark/live/apacheStates.ts';
import { apacheExecutors, viewApache } from '#core/systems/spark/live/apacheView.ts';
import { roleOfWorkload, standaloneMembers } from '#core/systems/spark/live/masterWorker.ts';
import { makeSparkCluster } from '#core/systems/spark/live/cluster.ts';
import {
  absentDriver,
  driverMember,
  executorMember,
  labels,
  roleOf,
  sortExecutors,
  type SparkObjects,
} from '#core/systems/spark/live/pods.ts';

const GROUP = 'spark.apache.org';
export const APACHE_FLAVOUR = 'apache-spark-operator';

const statesWithDriver: ReadonlySet<string> = new Set([
  'DriverRequested',
  'DriverStarted',
  'DriverReady',
  'InitializedBelowThresholdExecutors',
  'RunningHealthy',
  'RunningWithPartialCapacity',
  'RunningWithBelowThresholdExecutors',
]);

export function isApacheApplication({ group, customKind }: LiveCustom): boolean {
  return group === GROUP && customKind === 'SparkApplication';
}

export function isApacheCluster({ group, customKind }: LiveCustom): boolean {
  return group === GROUP && customKind === 'SparkCluster';
}

export function gatherApache(objects: SparkObjects): readonly DataCluster[] {
  return objects.customs.flatMap((resource) => {
    if (isApacheApplication(resource)) return [gatherApplication(resource, objects)];
    return isApacheCluster(resource) ? [gatherCluster(resource, objects)] : [];
  });
}

function gatherApplication(resource: LiveCustom, objects: SparkObjects): DataCluster {
  const { name } = resource.meta;
  const pods = objects.podsLabelled(labels.apacheApplication, name);
  const driver = pods.find((pod) => roleOf(pod) === 'driver');
  const version = versionOf(resource);
  const isActive = statesWithDriver.has(textAt(resource.status, 'currentState', 'currentStateSummary'));
  const absent = isActive ? [absentDriver(`${name}-${attemptId(resource)}-driver`, version)] : [];
  const executors = apacheExecutors(resource);
  return makeSparkCluster(objects, {
    name,
    suffix: `sparkapplication.${GROUP}`,
    flavour: APACHE_FLAVOUR,
    resource,
    members: [
      ...(driver === undefined ? absent : [driverMember(driver)]),
      ...sortExecutors(pods.filter((pod) => roleOf(pod) === 'executor').map(executorMember)),
    ],
    wanted: isActive && executors !== undefined ? executors + 1 : undefined,
    version,
  });
}

/** The operator names what it makes for an attempt by the application and the number of the attempt. */
function attemptId({ status }: LiveCustom): number {
  return numberAt(status, 'currentAttemptSummary', 'attemptInfo', 'id') ?? 0;
}

function gatherCluster(resource: LiveCustom, objects: SparkObjects): DataCluster {
  const { name, uid } = resource.meta;
  const workloads = objects.workloads.filter(
    ({ kind, meta }) => kind === 'StatefulSet' && meta.owners.some((owner) => owner.uid === uid),
  );
  const members = (['master', 'worker'] as const).flatMap((role) => {
    const pods = objects.podsLabelled(labels.apacheCluster, name).filter((pod) => roleOf(pod) === role);
    const sets = workloads.filter((workload) => roleOfWorkload(workload) === role);
    return sets.flatMap((set) => standaloneMembers(set, role, pods, versionOf(resource)));
  });
  return makeSparkCluster(objects, {
    name,
    suffix: `sparkcluster.${GROUP}`,
    flavour: APACHE_FLAVOUR,
    resource,
    members,
    wanted: workloads.length === 0 ? undefined : workloads.reduce((sum, { replicas }) => sum + replicas, 0),
    version: versionOf(resource),
    workloads,
  });
}

function versionOf({ spec }: LiveCustom): string {
  return textAt(spec, 'runtimeVersions', 'sparkVersion');
}

export function judgeApache(cluster: DataCluster, resource: LiveCustom, now: number): Health {
  const view = viewApache(cluster, resource, now);
  const isToldByPods = statesWithDriver.has(view.current.summary);
  if (arePodsHidden(cluster) && isToldByPods) return unseenHealth(view.current.summary);
  const row = (isApacheCluster(resource) ? apacheClusterStates : apacheStates).get(view.current.summary);
  const judgement =
    row === undefined ? judgeUnknownState(view.current.summary, view.current.message) : judge(row, view);
  const running = isToldByPods ? executorsOf(view).evidence : [];
  return healthOf(judgement, [
    { ...judgement, source: 'operator' },
    ...cluster.members.filter(({ role }) => role !== 'executor').flatMap((member) => memberEvidence(member, now)),
    ...running,
  ]);
}

function memberEvidence(member: LiveMember, now: number): readonly Evidence[] {
  const judged = judgeJobPod(member, now);
  return judged === undefined ? [] : [evidenceOf(member, judged)];
}
