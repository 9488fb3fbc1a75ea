import { evidenceOf, healthOf } from '#core/live/jobs/judgement.ts';
import { ownerOf } from '#core/live/jobs/parts.ts';
import { groupBy } from '#core/live/jobs/podIndex.ts';
import { arePodsHidden, unseenHealth } from '#core/live/jobs/unseen.ts';
import type { DataCluster, Health } from '#core/live/model.ts';
import type { LiveWorkload } from '#core/live/objects.ts';
import { makeSparkCluster } from '#core/systems/spark/live/cluster.ts';
import {
  judgeMasterAndWorkers,
  judgeStandaloneMember,
  roleOfWorkload,
  standaloneMembers,
} from '#core/systems/spark/live/masterWorker.ts';
import type { SparkObjects } from '#core/systems/spark/live/pods.ts';

export const STANDALONE_FLAVOUR = 'standalone';

/** Clusters of masters and workers that no operator runs: StatefulSets or Deployments of a chart or written by hand. */
export function gatherStandalone(objects: SparkObjects): readonly DataCluster[] {
  const own = objects.workloads.filter((workload) => !isOperated(workload) && roleOfWorkload(workload) !== undefined);
  return [...groupBy(own, nameOf)].map(([name, workloads]) => gatherCluster(name, workloads, objects));
}

function isOperated({ meta, kind }: LiveWorkload): boolean {
  return kind === 'DaemonSet' || meta.owners.some((owner) => owner.kind === 'SparkCluster');
}

/** Charts label all that belongs together; by hand people write the role at the end of the name. */
function nameOf({ meta, templateLabels }: LiveWorkload): string {
  const instance = meta.labels['app.kubernetes.io/instance'] ?? templateLabels['app.kubernetes.io/instance'];
  return instance ?? (meta.name.replace(/-?(?:masters?|workers?|slaves?)$/, '') || meta.name);
}

function gatherCluster(name: string, workloads: readonly LiveWorkload[], objects: SparkObjects): DataCluster {
  const version = workloads.map(versionOf).find((text) => text !== '') ?? '';
  const members = workloads.flatMap((workload) => {
    const role = roleOfWorkload(workload);
    return role === undefined ? [] : standaloneMembers(workload, role, objects.pods, version);
  });
  const owner = workloads.map(({ meta }) => ownerOf(meta)).find((found) => found !== undefined);
  return makeSparkCluster(objects, {
    name,
    suffix: STANDALONE_FLAVOUR,
    flavour: STANDALONE_FLAVOUR,
    resource: undefined,
    ...(owner === undefined ? {} : { owner }),
    members: members.toSorted((a, b) => (a.role < b.role ? -1 : Number(a.role > b.role))),
    wanted: workloads.reduce((sum, { replicas }) => sum + replicas, 0),
    version,
    workloads,
  });
}

/** From the tag of the image, which the images of Spark begin with their version. */
function versionOf({ containers }: LiveWorkload): string {
  const tags = containers.map(({ image }) => /:v?(\d+\.\d+(?:\.\d+)?)/.exec(image)?.[1] ?? '');
  return tags.find((tag) => tag !== '') ?? '';
}

export function judgeStandalone(cluster: DataCluster, now: number): Health {
  if (arePodsHidden(cluster)) return unseenHealth('master and workers');
  const judgement = judgeMasterAndWorkers(cluster, now);
  const members = cluster.members.map((member) => evidenceOf(member, judgeStandaloneMember(member, now)));
  return healthOf(judgement, [
    { ...judgement, source: 'kubernetes' },
    ...members.filter(({ level }) => level !== 'healthy'),
  ]);
}
