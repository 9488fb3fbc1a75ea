import { ordinalOf } from '#core/live/jobs/parts.ts';
import { groupBy } from '#core/live/jobs/podIndex.ts';
import type { DataCluster, LiveMember } from '#core/live/model.ts';
import type { LiveCustom, LivePod, NamespaceObjects } from '#core/live/objects.ts';
import { textAt } from '#core/json.ts';
import { makeJob } from '#core/systems/tfjob/live/cluster.ts';
import { decisiveCondition } from '#core/systems/tfjob/live/conditions.ts';
import {
  compareTypes,
  readReplicaSpecs,
  readRunPolicy,
  roleOfType,
  type ReplicaSpec,
} from '#core/systems/tfjob/live/replicas.ts';

const FLAVOUR = 'kubeflow-training-operator';
const CONTAINER = 'tensorflow';

/** Labels of the pods of a TFJob, newest first. Source: training-operator 1.7 and later, 1.1 to 1.6, tf-operator 0.5, 0.1 to 0.4. */
const eras = [
  {
    job: 'training.kubeflow.org/job-name',
    type: 'training.kubeflow.org/replica-type',
    index: 'training.kubeflow.org/replica-index',
  },
  { job: 'tf-job-name', type: 'tf-replica-type', index: 'tf-replica-index' },
  { job: 'tf_job_name', type: 'tf-replica-type', index: 'tf-replica-index' },
  { job: 'tf_job_name', type: 'job_type', index: 'task_index' },
  { job: 'job-name', type: 'replica-type', index: 'replica-index' },
] as const;

interface Replica {
  readonly pod: LivePod;
  readonly job: string;
  readonly type: string;
  readonly index: number | undefined;
}

/** Other kinds of training jobs carry the same labels, so who controls the pod counts as well, where it says so. */
function readReplica(pod: LivePod): Replica | undefined {
  const { labels, owners } = pod.meta;
  const era = eras.find(({ job, type }) => job in labels && type in labels);
  if (era === undefined) return undefined;
  const controller = owners.find(({ isController }) => isController)?.kind ?? 'TFJob';
  const operator = labels['training.kubeflow.org/operator-name'] ?? 'tfjob-controller';
  if ((controller !== 'TFJob' && controller !== 'Job') || operator !== 'tfjob-controller') return undefined;
  const type = (labels[era.type] ?? '').toLowerCase();
  return { pod, job: labels[era.job] ?? '', type, index: ordinalOf(labels[era.index]) };
}

export function isTfJob({ group, customKind }: LiveCustom): boolean {
  return group === 'kubeflow.org' && customKind === 'TFJob';
}

export function gatherTfJobs(objects: NamespaceObjects): readonly DataCluster[] {
  const replicas = objects.pods.map(readReplica).filter((replica) => replica !== undefined);
  const byJob = groupBy(replicas, ({ job }) => job);
  const resources = objects.customs.filter(isTfJob);
  const named = new Set(resources.map(({ meta }) => meta.name));
  const orphans = [...byJob].filter(([job]) => !named.has(job));
  return [
    ...resources.map((resource) => gatherTfJob(resource, byJob.get(resource.meta.name) ?? [], objects)),
    ...orphans.map(([job, own]) => gatherOrphan(job, own, objects)),
  ];
}

/** Pods of a job that is deleted or may not be read. */
function gatherOrphan(name: string, replicas: readonly Replica[], objects: NamespaceObjects): DataCluster {
  const members = sortMembers(replicas.map(memberOf));
  return makeJob(objects, { name, flavour: FLAVOUR, resource: undefined, members, wanted: undefined });
}

function gatherTfJob(resource: LiveCustom, replicas: readonly Replica[], objects: NamespaceObjects): DataCluster {
  const specs = readReplicaSpecs(resource);
  const present = replicas.map(memberOf);
  const isActive = expectsPods(resource);
  const missing = isActive ? specs.flatMap((spec) => missingMembers(resource.meta.name, spec, present)) : [];
  return makeJob(objects, {
    name: resource.meta.name,
    flavour: FLAVOUR,
    resource,
    members: sortMembers([...present, ...missing]),
    wanted: isActive ? specs.reduce((sum, { replicas: count }) => sum + count, 0) : undefined,
    ...(resource.version === 'v1' ? {} : { successor: 'TFJob v1 of the Kubeflow Training Operator' }),
  });
}

/** Pods that are gone after the end or in suspension are not missing. */
function expectsPods({ status, spec, version }: LiveCustom): boolean {
  const { isSuspended } = readRunPolicy({ spec, version });
  const type = decisiveCondition(status)?.type;
  const isOver =
    type === 'Failed' || type === 'Succeeded' || ['Done', 'Failed', 'CleanUp'].includes(textAt(status, 'phase'));
  return !isSuspended && !isOver && type !== 'Suspended';
}

function memberOf({ pod, type, index }: Replica): LiveMember {
  const { containers, meta } = pod;
  const container = containers.find(({ name }) => name === CONTAINER) ?? containers[0];
  return {
    name: meta.name,
    role: roleOfType(type),
    pod,
    index,
    rack: '',
    group: type,
    container: container?.name ?? CONTAINER,
    version: '',
  };
}

/** More places than anybody can read are not told apart. */
const MAX_PLACES = 1_000;

function missingMembers(
  job: string,
  { type, role, replicas }: ReplicaSpec,
  present: readonly LiveMember[],
): readonly LiveMember[] {
  const seen = new Set(present.filter(({ group }) => group === type).map(({ index }) => index));
  const places = Array.from({ length: Math.min(replicas, MAX_PLACES) }, (_, index) => index);
  return places
    .filter((index) => !seen.has(index))
    .map((index) => ({
      name: `${job}-${type}-${index}`,
      role,
      pod: undefined,
      index,
      rack: '',
      group: type,
      container: CONTAINER,
      version: '',
    }));
}

function sortMembers(members: readonly LiveMember[]): readonly LiveMember[] {
  return members.toSorted((a, b) => compareTypes(a.group, b.group) || (a.index ?? 0) - (b.index ?? 0));
}
