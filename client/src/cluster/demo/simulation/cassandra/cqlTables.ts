import type { JsonObject } from '#core/live/ports.ts';
import type { RingNode, RingSimulation } from './ring.ts';

/** System tables of a node, by name. */
export const cqlTables: Readonly<
  Record<string, (ring: RingSimulation, node: RingNode, now: number) => readonly JsonObject[]>
> = {
  'system.local': ({ plan, schemaVersion }, node) => [
    {
      key: 'local',
      cluster_name: plan.clusterName,
      data_center: plan.datacenter,
      rack: node.plan.rack,
      host_id: node.hostId,
      release_version: plan.version,
      schema_version: schemaVersion,
      rpc_address: node.address,
      bootstrapped: 'COMPLETED',
    },
  ],
  'system.peers_v2': (ring, node, now) =>
    ring.nodes.flatMap((other) => {
      const view = other === node ? undefined : ring.view(node, other, now);
      if (!view) return [];
      return [
        {
          peer: view.address,
          host_id: other.hostId,
          data_center: ring.plan.datacenter,
          rack: other.plan.rack,
          release_version: ring.plan.version,
          schema_version: ring.schemaVersion,
        },
      ];
    }),
  'system_views.pending_hints': (ring, { hints }) =>
    [...hints].map(([hostId, { files, oldestAt, newestAt }]) => ({
      host_id: hostId,
      address: ring.nodes.find((node) => node.hostId === hostId)?.address ?? '',
      files,
      oldest: oldestAt,
      newest: newestAt,
    })),
};
