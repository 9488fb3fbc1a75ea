import type { DataCluster } from '#core/live/model.ts';
import type { Precondition } from '#core/operations/model.ts';
import { OUT_OF_REACH, type Elsewhere } from '#core/operations/nodeDrain/elsewhere.ts';
import { shown } from '#core/operations/nodeDrain/parts.ts';
import type { NodePod, Residents } from '#core/operations/nodeDrain/residents.ts';
import type { SystemTable } from '#core/operations/systemOperations.ts';

/**
 * What else can be done with members whose volumes keep them on the node, by data cluster: such a pod would stay pending wherever it was
 * evicted to. Nothing where there is none, or where their system has nothing to say.
 */
export function pinnedChoices(
  members: Residents['members'],
  elsewhere: ReadonlyMap<NodePod, Elsewhere>,
  systems: SystemTable,
): readonly Precondition[] {
  return members.flatMap(({ data, pods }): readonly Precondition[] => {
    const pinned = pods.filter((pod) => isPinned(elsewhere.get(pod)));
    const choices = pinned.length === 0 ? [] : choicesOf(data, pinned, systems);
    if (choices.length === 0) return [];
    return [
      {
        id: `${data.key}/pinned`,
        title: `${shown(data)}: what can be done with members whose volume is on this node`,
        state: 'warns',
        evidence: choices,
        fix: 'Choose by how long the node will be away.',
      },
    ];
  });
}

const isPinned = (place: Elsewhere | undefined): boolean =>
  place?.kind === 'nowhere' && place.reasons.some((reason) => reason.endsWith(OUT_OF_REACH));

function choicesOf(data: DataCluster, pods: readonly NodePod[], systems: SystemTable): readonly string[] {
  const names = pods.map(({ live }) => live.meta.name);
  return systems[data.system]?.pinned?.(data, names) ?? [];
}
