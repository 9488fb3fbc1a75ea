import { healthOf, judgeJobPod, type Judgement } from '#core/live/jobs/judgement.ts';
import { arePodsHidden, unseenMember } from '#core/live/jobs/unseen.ts';
import type { DataCluster, Health, LiveMember, LiveSystem } from '#core/live/model.ts';
import type { NamespaceObjects } from '#core/live/objects.ts';
import { gatherTfJobs, isTfJob } from '#core/systems/tfjob/live/gatherTfJobs.ts';
import { judgeReplicasAlone } from '#core/systems/tfjob/live/judgeReplicasAlone.ts';
import { judgeTfJob } from '#core/systems/tfjob/live/judgeTfJob.ts';
import { readReplicaSpecs } from '#core/systems/tfjob/live/replicas.ts';
import { replicaTrouble } from '#core/systems/tfjob/live/replicaTrouble.ts';
import { tellTraining } from '#core/systems/tfjob/live/story.ts';
import { gatherTrainJobs, isTrainJob, judgeTrainJob } from '#core/systems/tfjob/live/trainJob.ts';

/** Training jobs alive: TFJobs of every version, and TrainJobs. Nobody asks TensorFlow itself. */
export const tfjobLive: LiveSystem = {
  gather: gatherJobs,
  health: (cluster, _, now) => judgeTraining(cluster, now),
  memberHealth: (member, cluster, _, now) => judgeMember(member, cluster, now),
  story: (cluster, events) => tellTraining(cluster, events),
};

function gatherJobs(objects: NamespaceObjects): readonly DataCluster[] {
  const all = [...gatherTfJobs(objects), ...gatherTrainJobs(objects)];
  return all.toSorted((a, b) => compare(a.name, b.name) || compare(a.key, b.key));
}

function judgeTraining(cluster: DataCluster, now: number): Health {
  const { resource } = cluster;
  if (resource !== undefined && isTfJob(resource)) return judgeTfJob(cluster, resource, now);
  if (resource !== undefined && isTrainJob(resource)) return judgeTrainJob(cluster, resource, now);
  return judgeReplicasAlone(cluster, now);
}

function judgeMember(member: LiveMember, cluster: DataCluster, now: number): Health {
  const judgement = judgeReplica(member, cluster, now);
  const source = member.pod === undefined ? 'operator' : 'kubernetes';
  return healthOf(judgement, [{ ...judgement, source, member: member.name }]);
}

/** The restart policy of the job says what a failure means, so it comes before what the pod alone tells. */
function judgeReplica(member: LiveMember, cluster: DataCluster, now: number): Judgement {
  const { resource } = cluster;
  if (member.pod === undefined && arePodsHidden(cluster)) return unseenMember;
  const specs = resource !== undefined && isTfJob(resource) ? readReplicaSpecs(resource) : [];
  const trouble = replicaTrouble(member, specs, now);
  if (trouble !== undefined) return { level: trouble.level, text: trouble.text };
  return judgeJobPod(member, now) ?? { level: 'warning', text: 'has no pod' };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
