import type { LivePod, LiveWorkload, NamespaceObjects } from '#core/live/objects.ts';
import { byName, isSelected } from '#core/systems/kafka/live/parts.ts';
import { groupBy } from '#core/systems/kafka/live/groupBy.ts';

/** The pods of a StatefulSet or DaemonSet by their owner; of a Deployment by its ReplicaSets, which are not read themselves. */
export function podsOfWorkload(workload: LiveWorkload, objects: NamespaceObjects): readonly LivePod[] {
  const owned = ownedPods(objects.pods);
  if (workload.kind !== 'Deployment') return byName(owned.get(workload.meta.uid) ?? []);
  const candidates = owned.get(`ReplicaSet/${workload.meta.name}`) ?? [];
  return byName(candidates.filter(({ meta }) => isSelected(workload.selector, meta.labels)));
}

const known = new WeakMap<readonly LivePod[], ReadonlyMap<string, readonly LivePod[]>>();

/** By the uid of the controller, or by the name of the Deployment that a ReplicaSet's name begins with. */
function ownedPods(pods: readonly LivePod[]): ReadonlyMap<string, readonly LivePod[]> {
  const before = known.get(pods);
  if (before) return before;
  const groups = groupBy(pods, ({ meta }) => {
    const owner = meta.owners.find(({ isController }) => isController);
    return owner?.kind === 'ReplicaSet' ? `ReplicaSet/${owner.name.replace(/-[^-]+$/, '')}` : owner?.uid;
  });
  known.set(pods, groups);
  return groups;
}
