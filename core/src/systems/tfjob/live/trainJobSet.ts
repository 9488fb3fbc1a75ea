import { isObject, isSetAt, listAt, numberAt, textAt, timeAt } from '#core/json.ts';
import { ago } from '#core/live/durations.ts';
import { describeSuspension, type Judgement } from '#core/live/jobs/judgement.ts';
import { podsLeft } from '#core/live/jobs/podsLeft.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { LiveCustom } from '#core/live/objects.ts';

/** The JobSet of a TrainJob; undefined where there is none, or none that may be seen. */
export function jobSetOf({ customs }: Pick<DataCluster, 'customs'>): LiveCustom | undefined {
  return customs.find(({ group, customKind }) => group === 'jobset.x-k8s.io' && customKind === 'JobSet');
}

/** The counts of its jobs; trainer 2.0 leaves them to the JobSet, whose own have the same fields. */
export function jobCounts(cluster: DataCluster, { status }: LiveCustom): readonly unknown[] {
  const counts = listAt(status, 'jobsStatus');
  return counts.length > 0 ? counts : listAt(jobSetOf(cluster)?.status, 'replicatedJobsStatus');
}

/** `, begun anew 1 of 2 times`; empty where it is in its first run. Its pods and their logs go each time. Source: JobSet v1alpha2. */
export function describeRestarts(cluster: DataCluster): string {
  const jobSet = jobSetOf(cluster);
  const restarts = numberAt(jobSet?.status, 'restarts') ?? 0;
  const most = numberAt(jobSet?.spec, 'failurePolicy', 'maxRestarts') ?? 0;
  return restarts > 0 ? `, begun anew ${restarts} of ${most} times` : '';
}

/** How long JobSet and the pods may take to follow; longer means that something holds them. */
const FOLLOW_MS = 60_000;

/**
 * Why a JobSet does not follow its TrainJob. The trainer applies it whole, as job and runtime are then, and the webhook of JobSet takes little
 * more than suspend of it. The condition of the TrainJob is written all the same. Seen with trainer 2.0.0 and JobSet 0.8.2; trainer #3008.
 */
const REFUSED = 'a JobSet refuses to be changed once its job or its runtime has been edited';

/** What is so of a job that the trainer says is suspended: it says so before its JobSet is, and also when that never comes to it. */
export function judgeSuspended(
  cluster: DataCluster,
  resource: LiveCustom,
  since: number | undefined,
  now: number,
): Judgement {
  if (!isSetAt(resource.spec, 'suspend')) return { level: 'working', text: 'about to be resumed' };
  const jobSet = jobSetOf(cluster);
  const isTaken = jobSet === undefined || isSetAt(jobSet.spec, 'suspend');
  const left = countLeft(cluster);
  if (isTaken && left === 0) return describeSuspension(resource.meta);
  const pods = `${left} of its pods ${left === 1 ? 'is' : 'are'} still there`;
  const facts = [...(isTaken ? [] : ['its JobSet is not']), ...(left === 0 ? [] : [pods])].join(', and ');
  if (since === undefined || now - since < FOLLOW_MS) return { level: 'working', text: `being suspended: ${facts}` };
  return { level: 'warning', text: `said to be suspended, but ${facts}${isTaken ? '' : `: ${REFUSED}`}` };
}

/** What is so of a job that should run while its JobSet is suspended and none of its pods is there; undefined of any other. */
export function judgeHeldBack(cluster: DataCluster, { status }: LiveCustom, now: number): Judgement | undefined {
  const jobSet = jobSetOf(cluster);
  if (jobSet === undefined || !isSetAt(jobSet.spec, 'suspend') || countLeft(cluster) > 0) return undefined;
  const resumed = listAt(status, 'conditions').find(
    (one) => isObject(one) && textAt(one, 'type') === 'Suspended' && textAt(one, 'status') === 'False',
  );
  // Kueue may hold the JobSet itself.
  if (resumed === undefined) return { ...describeSuspension(jobSet.meta), level: 'working' };
  const at = timeAt(resumed, 'lastTransitionTime');
  if (at === undefined || now - at < FOLLOW_MS)
    return { level: 'working', text: 'being resumed: its JobSet is still suspended' };
  return { level: 'warning', text: `resumed ${ago(now - at)}, but its JobSet is still suspended: ${REFUSED}` };
}

const countLeft = ({ members }: DataCluster): number => podsLeft(members.flatMap(({ pod }) => pod ?? [])).length;
