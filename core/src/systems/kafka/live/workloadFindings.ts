import type { DataCluster } from '#core/live/model.ts';
import type { LiveWorkload } from '#core/live/objects.ts';
import type { Finding } from '#core/systems/kafka/live/findings.ts';
import { oneLine } from '#core/systems/kafka/live/json.ts';
import { count } from '#core/systems/kafka/live/words.ts';

/** Changes of the workloads that are under way or wait. */
export function workloadFindings({ workloads, members, resource }: DataCluster): readonly Finding[] {
  return workloads.flatMap((workload) => [
    ...unobserved(workload),
    ...rollout(workload, { isOperated: resource !== undefined, old: oldPods(workload, members) }),
    ...failedConditions(workload),
  ]);
}

function of({ kind, meta }: LiveWorkload): string {
  return `${kind} ${meta.name}`;
}

function unobserved(workload: LiveWorkload): readonly Finding[] {
  const { meta, observedGeneration } = workload;
  if (meta.generation === undefined || observedGeneration === undefined) return [];
  if (observedGeneration >= meta.generation) return [];
  const text = `Kubernetes has not yet acted on the last change of ${of(workload)}`;
  return [{ level: 'working', text, short: 'a change is not yet taken up', source: 'kubernetes' }];
}

/** Names of pods that still have the revision before; by their label, which StatefulSets set. */
function oldPods(workload: LiveWorkload, members: DataCluster['members']): readonly string[] {
  const { kind, updateRevision, meta } = workload;
  if (kind !== 'StatefulSet' || updateRevision === '') return [];
  return members.flatMap(({ pod, name }) => {
    const revision = pod?.meta.labels['controller-revision-hash'];
    const isOwn = pod?.meta.owners.some(({ uid }) => uid === meta.uid) === true;
    return isOwn && revision !== undefined && revision !== updateRevision ? [name] : [];
  });
}

function rollout(
  workload: LiveWorkload,
  { isOperated, old }: { readonly isOperated: boolean; readonly old: readonly string[] },
): readonly Finding[] {
  const { kind, replicas, updatedReplicas, currentRevision, updateRevision, updateStrategy, partition } = workload;
  if (kind !== 'StatefulSet') return deploymentRollout(workload);
  if (updateRevision === '' || currentRevision === updateRevision || replicas === 0) return [];
  const waiting = old.length > 0 ? old.length : replicas - updatedReplicas;
  if (waiting <= 0) return [];
  const pods = `${count(waiting, 'pod')} of ${of(workload)} still ${waiting === 1 ? 'has' : 'have'} the revision before`;
  if (updateStrategy === 'OnDelete') {
    const text = `${pods}; its update strategy is OnDelete, so pods change only when they are deleted`;
    const short = `${count(waiting, 'pod')} not yet on the new revision (OnDelete)`;
    return [{ level: isOperated ? 'working' : 'warning', text, short, source: 'kubernetes' }];
  }
  if (partition > 0) {
    const text = `${pods}; its update is held at partition ${partition}`;
    return [{ level: 'warning', text, short: `rollout held at partition ${partition}`, source: 'kubernetes' }];
  }
  const short = `rollout: ${replicas - waiting} of ${replicas} pods updated`;
  return [{ level: 'working', text: `${pods}: a rollout is under way`, short, source: 'kubernetes' }];
}

function deploymentRollout(workload: LiveWorkload): readonly Finding[] {
  const { kind, replicas, updatedReplicas } = workload;
  if (kind !== 'Deployment' || updatedReplicas >= replicas) return [];
  const short = `rollout: ${updatedReplicas} of ${replicas} pods updated`;
  return [
    { level: 'working', text: `A rollout of ${of(workload)} is under way: ${short}`, short, source: 'kubernetes' },
  ];
}

/** `ReplicaFailure` is how a quota or an admission controller that refuses pods shows. */
function failedConditions(workload: LiveWorkload): readonly Finding[] {
  return workload.conditions.flatMap(({ type, status, reason, message }): Finding[] => {
    const isFailure = type === 'ReplicaFailure' && status === 'True';
    const isStuck = type === 'Progressing' && status === 'False';
    if (!isFailure && !isStuck) return [];
    const text = `${of(workload)}: ${oneLine(message === '' ? reason : message)}`;
    return [
      {
        level: 'unhealthy',
        text,
        short: isFailure ? 'pods are refused' : 'the rollout is stuck',
        source: 'kubernetes',
      },
    ];
  });
}
