import { healthOf, judgeJobPod, type Judgement } from '#core/live/jobs/judgement.ts';
import { arePodsHidden, unseenMember } from '#core/live/jobs/unseen.ts';
import type { DataCluster, Health, LiveMember, LiveSystem } from '#core/live/model.ts';
import type { LiveCustom, NamespaceObjects } from '#core/live/objects.ts';
import { gatherApache, isApacheApplication, isApacheCluster, judgeApache } from '#core/systems/spark/live/apache.ts';
import { gatherConnects, isConnect, judgeConnect } from '#core/systems/spark/live/connect.ts';
import { judgeAbsentExecutor } from '#core/systems/spark/live/executors.ts';
import {
  gatherKubeflowApplications,
  isKubeflowApplication,
  judgeKubeflowApplication,
} from '#core/systems/spark/live/kubeflow.ts';
import { judgeStandaloneMember } from '#core/systems/spark/live/masterWorker.ts';
import { gatherStandalone, judgeStandalone, STANDALONE_FLAVOUR } from '#core/systems/spark/live/standalone.ts';
import { indexSparkPods } from '#core/systems/spark/live/pods.ts';
import { gatherSchedules, isSchedule, judgeSchedule } from '#core/systems/spark/live/schedules.ts';
import { tellSpark } from '#core/systems/spark/live/story.ts';
import { gatherSubmitted, judgeSubmitted } from '#core/systems/spark/live/submitted.ts';

export { sparkUiTarget, type SparkUiTarget } from '#core/systems/spark/live/webUi.ts';

/** Spark alive: applications, schedules, Connect servers and standalone clusters. Nobody asks Spark itself. */
export const sparkLive: LiveSystem = {
  gather: gatherSpark,
  health: (cluster, _, now) => judgeSpark(cluster, now),
  memberHealth: (member, cluster, _, now) => judgeMember(member, cluster, now),
  story: tellSpark,
};

function gatherSpark(namespace: NamespaceObjects): readonly DataCluster[] {
  const objects = indexSparkPods(namespace);
  const defined = [
    ...gatherKubeflowApplications(objects),
    ...gatherSchedules(objects),
    ...gatherConnects(objects),
    ...gatherApache(objects),
    ...gatherStandalone(objects),
  ];
  const taken = new Set(defined.flatMap(({ members }) => members.map(({ name }) => name)));
  const all = [...defined, ...gatherSubmitted(objects, taken)];
  return all.toSorted((a, b) => compare(a.name, b.name) || compare(a.key, b.key));
}

interface Judge {
  readonly meets: (resource: LiveCustom) => boolean;
  readonly judge: (cluster: DataCluster, resource: LiveCustom, now: number) => Health;
}

const judges: readonly Judge[] = [
  { meets: isKubeflowApplication, judge: judgeKubeflowApplication },
  { meets: isSchedule, judge: judgeSchedule },
  { meets: isConnect, judge: judgeConnect },
  { meets: (resource) => isApacheApplication(resource) || isApacheCluster(resource), judge: judgeApache },
];

function judgeSpark(cluster: DataCluster, now: number): Health {
  const { resource } = cluster;
  if (cluster.flavour === STANDALONE_FLAVOUR) return judgeStandalone(cluster, now);
  if (resource === undefined) return judgeSubmitted(cluster, now);
  const found = judges.find(({ meets }) => meets(resource));
  return found === undefined ? judgeSubmitted(cluster, now) : found.judge(cluster, resource, now);
}

function judgeMember(member: LiveMember, cluster: DataCluster, now: number): Health {
  const judgement = judgeJobPod(member, now) ?? judgeAbsent(member, cluster, now);
  return healthOf(judgement, [
    { ...judgement, source: member.pod === undefined ? 'operator' : 'kubernetes', member: member.name },
  ]);
}

function judgeAbsent(member: LiveMember, cluster: DataCluster, now: number): Judgement {
  if (arePodsHidden(cluster)) return unseenMember;
  if (member.role === 'executor') return judgeAbsentExecutor(cluster, member);
  if (member.role === 'master' || member.role === 'worker') return judgeStandaloneMember(member, now);
  return { level: 'working', text: 'there is no such pod yet, or no longer' };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
