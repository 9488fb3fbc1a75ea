import type { DataCluster } from '#core/live/model.ts';
import { named } from '#core/systems/cassandra/operations/reading.ts';

/**
 * What can be done with nodes of Cassandra whose volumes are on a machine that has to go, each with its cost: nothing moves them as they
 * are. Source: max_hint_window of Cassandra, three hours unless it is set otherwise; deleteStuckNodes of cass-operator.
 */
export function pinnedNodes({ flavour, members }: DataCluster, pods: readonly string[]): readonly string[] {
  const names = named(pods);
  const soon = soonDeleted[flavour] ?? '';
  return [
    `For work that is over within three hours: cordon the node, drain ${names} for maintenance, do the work, uncordon it, and restart ${names}. Others keep the writes for so long (max_hint_window); after that it has to be repaired${soon}`,
    `When the node is gone for good: replace ${names}. A new node streams all its data from the others, and the old claim is deleted, which cannot be taken back`,
    `When it goes on purpose and others have the room: scale down to ${members.length - pods.length} first, so that its data is streamed to them before it leaves; it costs that much disk and traffic`,
  ];
}

const soonDeleted: Readonly<Record<string, string>> = {
  'cass-operator':
    '. cass-operator deletes a pod that has not been ready for ten minutes; with the node cordoned it then waits, pending, until it is uncordoned',
};
