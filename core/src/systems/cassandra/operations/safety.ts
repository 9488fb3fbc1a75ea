import type { KeyspaceReplication } from '#core/systems/cassandra/nodetool/describeCluster.ts';
import type { ReplicaRange } from '#core/systems/cassandra/nodetool/describeRing.ts';
import {
  isSystemKeyspace,
  keepsConsistency,
  rangesKeepConsistency,
  type ConsistencyNeed,
  type ReplicaPlace,
} from '#core/systems/cassandra/replication.ts';
import type { RingView } from '#core/systems/cassandra/ring.ts';

/**
 * `fully replicated`: every node is up before one goes, and those that were away have got the writes that were kept for them.
 * `min-ISR safe`, the name that all systems share: every range keeps a QUORUM of its replicas, and nothing more; nodes that are down
 * already are put up with where that holds.
 */
export type RestartLevel = 'fully replicated' | 'min-ISR safe';

/** A keyspace that would have too few replicas of some range for QUORUM, or may have. */
export interface QuorumLoss {
  readonly keyspace: string;
  /** `1 of 2 replicas are left where 2 are needed`. */
  readonly text: string;
  /** Its ranges were looked at; otherwise only no placement of tokens was found that rules it out. */
  readonly isExact: boolean;
}

export type RangesOf = ReadonlyMap<string, readonly ReplicaRange[]>;

/**
 * Keyspaces of users that lose QUORUM, over all datacenters or in one of them, while the nodes with these Host IDs are away. Ranges are
 * needed only for what cannot be told from racks and factors; without them it counts as lost.
 */
export function quorumLosses(
  ring: RingView,
  keyspaces: readonly KeyspaceReplication[],
  away: ReadonlySet<string>,
  ranges: RangesOf = new Map(),
): readonly QuorumLoss[] {
  const nodes = ring.nodes.map(({ hostId, datacenter, rack }): ReplicaPlace => ({ id: hostId, datacenter, rack }));
  const byAddress = placesByAddress(ring);
  const needs = needsOf(nodes, away);
  return keyspaces
    .filter(({ keyspace }) => !isSystemKeyspace(keyspace))
    .flatMap((keyspace): QuorumLoss[] => {
      const found = ranges.get(keyspace.keyspace);
      for (const need of needs) {
        const verdict = keepsConsistency(keyspace, nodes, away, need);
        const exact = !verdict.holds && found ? rangesKeepConsistency(keyspace, found, byAddress, away, need) : verdict;
        if (exact.holds || !exact.missed) continue;
        const { left, needed, datacenter } = exact.missed;
        const where = datacenter === '' ? '' : ` in ${datacenter}`;
        const text = `${left} replicas would be left${where} where ${need.level} needs ${needed}`;
        return [{ keyspace: keyspace.keyspace, text, isExact: found !== undefined }];
      }
      return [];
    });
}

/** Nothing is lost elsewhere by who is away here; only the datacenters of those that are away are looked at by themselves. */
function needsOf(nodes: readonly ReplicaPlace[], away: ReadonlySet<string>): readonly ConsistencyNeed[] {
  const datacenters = new Set(nodes.filter(({ id }) => away.has(id)).map(({ datacenter }) => datacenter));
  return [
    { level: 'QUORUM', datacenter: '' },
    ...[...datacenters].map((datacenter) => ({ level: 'LOCAL_QUORUM', datacenter }) as const),
  ];
}

function placesByAddress({ nodes }: RingView): ReadonlyMap<string, ReplicaPlace> {
  return new Map(
    nodes.flatMap(({ addresses, hostId, datacenter, rack }) =>
      addresses.map((address) => [address, { id: hostId, datacenter, rack }] as const),
    ),
  );
}

/** Replicas of the users and roles: a login needs one of them, as a rule at LOCAL_ONE, of `cassandra` itself at QUORUM. */
export function loginReplicas(keyspaces: readonly KeyspaceReplication[]): number | undefined {
  const auth = keyspaces.find(({ keyspace }) => keyspace === 'system_auth');
  if (!auth || auth.strategy === 'EverywhereStrategy') return undefined;
  return Math.min(...Object.values(auth.factors));
}
