import { hasCompleted, healthOf, isAtWork } from '#core/live/jobs/judgement.ts';
import { worstLevel, type DataCluster, type Health } from '#core/live/model.ts';
import { describeTroubles, replicaTrouble, troubleEvidence } from '#core/systems/tfjob/live/replicaTrouble.ts';

/** What the pods of a job tell whose resource is deleted or may not be read: how many work, never whether the job has succeeded. */
export function judgeReplicasAlone(cluster: DataCluster, now: number): Health {
  const { members } = cluster;
  const working = members.filter(isAtWork).length;
  const completed = members.filter(hasCompleted).length;
  const troubles = members.flatMap((member) => replicaTrouble(member, [], now) ?? []);
  const counts = `${working} of ${members.length} replicas work${completed === 0 ? '' : `, ${completed} completed`}`;
  const trouble = troubles.length === 0 ? '' : `; ${describeTroubles(troubles)}`;
  const level = worstLevel(['unknown', ...troubles.map((found) => found.level)]);
  const text = `its TFJob is not to be seen: ${counts}${trouble}`;
  return healthOf({ level, text }, [{ level, text, source: 'kubernetes' }, ...troubles.map(troubleEvidence)]);
}
