import type { DataCluster } from '#core/live/model.ts';
import type { LiveClaim, LiveWorkload } from '#core/live/objects.ts';
import type { Finding } from '#core/systems/cassandra/live/findings.ts';
import { forDuration } from '#core/systems/cassandra/live/words.ts';

/** A claim of a class that waits for its first pod is pending for some moments, always. */
const CLAIM_PATIENCE = 60_000;

/** What the StatefulSets and claims of a ring say. */
export function workloadFindings({ workloads, claims }: DataCluster, now: number): readonly Finding[] {
  return [
    ...workloads.flatMap(updateFindings),
    ...workloads.flatMap(stopFindings),
    ...claims.flatMap((claim) => claimFindings(claim, now)),
  ];
}

/** Pods that do not run the newest template. */
function updateFindings(workload: LiveWorkload): readonly Finding[] {
  const { replicas, updatedReplicas, currentRevision, updateRevision, updateStrategy, partition } = workload;
  const isBehind = updateRevision !== '' && currentRevision !== updateRevision && updatedReplicas < replicas;
  if (workload.kind !== 'StatefulSet' || !isBehind) return [];
  const progress = `${updatedReplicas} of ${replicas} pods have the newest template`;
  const finding = { source: 'kubernetes', subject: workload.meta.name } as const;
  if (updateStrategy === 'OnDelete') {
    return [{ ...finding, level: 'warning', said: `waits for pods to be deleted: ${progress}` }];
  }
  if (partition > 0 && updatedReplicas >= replicas - partition) {
    return [{ ...finding, level: 'warning', said: `is held back by its partition ${partition}: ${progress}` }];
  }
  return [{ ...finding, level: 'working', said: `is being updated: ${progress}` }];
}

/** Bitnami's chart without persistence does this: every restart streams the node's data away and makes it leave the ring. */
function stopFindings({ meta, containers }: LiveWorkload): readonly Finding[] {
  if (!containers.some(({ preStop }) => /\bnodetool\b.*\bdecommission\b/.test(preStop))) return [];
  const said = 'has a preStop hook that decommissions: a node whose pod is deleted or restarted leaves the ring';
  return [{ source: 'kubernetes', subject: meta.name, level: 'warning', said }];
}

function claimFindings({ meta, phase }: LiveClaim, now: number): readonly Finding[] {
  const finding = { source: 'kubernetes', subject: `claim ${meta.name}` } as const;
  if (phase === 'Lost') return [{ ...finding, level: 'unhealthy', said: 'has lost its volume' }];
  const isLate = meta.createdAt !== undefined && now - meta.createdAt > CLAIM_PATIENCE;
  if (phase !== 'Pending' || !isLate) return [];
  return [{ ...finding, level: 'warning', said: `has had no volume${forDuration(meta.createdAt, now)}` }];
}
