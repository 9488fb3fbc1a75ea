import type { KeyspaceReplication } from '#core/systems/cassandra/nodetool/describeCluster.ts';
import type { ReplicaRange } from '#core/systems/cassandra/nodetool/describeRing.ts';

/**
 * Which nodes may be away at the same time without a keyspace losing a consistency level.
 *
 * Decided by the replicas of every range, not by counts of nodes: with as many racks as replicas under NetworkTopologyStrategy, two
 * nodes of one rack never keep the same row; with fewer racks any two may. Source: NetworkTopologyStrategy and ConsistencyLevel of
 * Cassandra 3.11 to 5.0; levels of one datacenter count all replicas under any other strategy.
 */

export type ConsistencyLevel = 'ONE' | 'LOCAL_ONE' | 'QUORUM' | 'LOCAL_QUORUM' | 'EACH_QUORUM' | 'ALL';

/** A node as far as replicas go. */
export interface ReplicaPlace {
  /** Whatever names it: a Host ID. */
  readonly id: string;
  readonly datacenter: string;
  readonly rack: string;
}

/** Levels that begin with `LOCAL_` are asked for one datacenter; the others do not look at it. */
export interface ConsistencyNeed {
  readonly level: ConsistencyLevel;
  readonly datacenter: string;
}

export interface ReplicationVerdict {
  /** Every range keeps enough replicas, whatever the tokens are. */
  readonly holds: boolean;
  /** Where it does not: the fewest replicas a range may be left with, and how many are needed. */
  readonly missed: { readonly left: number; readonly needed: number; readonly datacenter: string } | undefined;
}

/** Replicas of one range in one datacenter, or in all. */
interface ReplicaCount {
  readonly datacenter: string;
  /** As the keyspace has it; levels are counted from it even when there are fewer nodes. */
  readonly factor: number;
  readonly left: number;
}

/**
 * Without knowing the ranges: holds only when no placement of tokens can break it. `away` are the ids of nodes that are down and of
 * those that are to be stopped.
 */
export function keepsConsistency(
  keyspace: KeyspaceReplication,
  nodes: readonly ReplicaPlace[],
  away: ReadonlySet<string>,
  need: ConsistencyNeed,
): ReplicationVerdict {
  if (keyspace.strategy === 'LocalStrategy') return HOLDS;
  if (keyspace.strategy !== 'NetworkTopologyStrategy') {
    const isEverywhere = keyspace.strategy === 'EverywhereStrategy';
    const factor = isEverywhere ? nodes.length : (keyspace.factors['replication_factor'] ?? 0);
    const gone = nodes.filter(({ id }) => away.has(id)).length;
    return judge([{ datacenter: '', factor, left: Math.max(0, Math.min(factor, nodes.length) - gone) }], need, false);
  }
  const counts = Object.entries(keyspace.factors).map(([datacenter, factor]) => {
    const local = nodes.filter((node) => node.datacenter === datacenter);
    return { datacenter, factor, left: Math.min(factor, local.length) - mostLost(local, away, factor) };
  });
  return judge(counts, need, true);
}

/** Exact, from the ranges of `nodetool describering`. A replica at an address that `places` does not have counts as away. */
export function rangesKeepConsistency(
  keyspace: KeyspaceReplication,
  ranges: readonly ReplicaRange[],
  places: ReadonlyMap<string, ReplicaPlace>,
  away: ReadonlySet<string>,
  need: ConsistencyNeed,
): ReplicationVerdict {
  const isLocalAware = keyspace.strategy === 'NetworkTopologyStrategy';
  for (const { addresses } of ranges) {
    const left = addresses.flatMap((address) => places.get(address) ?? []).filter(({ id }) => !away.has(id));
    const counts = isLocalAware
      ? Object.entries(keyspace.factors).map(([datacenter, factor]) => ({
          datacenter,
          factor,
          left: left.filter((place) => place.datacenter === datacenter).length,
        }))
      : [{ datacenter: '', factor: keyspace.factors['replication_factor'] ?? addresses.length, left: left.length }];
    const verdict = judge(counts, need, isLocalAware);
    if (!verdict.holds) return verdict;
  }
  return HOLDS;
}

const HOLDS: ReplicationVerdict = { holds: true, missed: undefined };

/**
 * Most replicas of one range that can be away. Racks take turns: no rack gets a second replica while another has none. So with enough
 * racks each holds one at most, and with fewer each holds one at least.
 */
function mostLost(local: readonly ReplicaPlace[], away: ReadonlySet<string>, factor: number): number {
  const gone = local.filter(({ id }) => away.has(id));
  const racks = new Set(local.map(({ rack }) => rack)).size;
  const goneRacks = new Set(gone.map(({ rack }) => rack)).size;
  const replicas = Math.min(factor, local.length);
  if (racks >= replicas) return Math.min(replicas, goneRacks);
  return Math.min(gone.length, replicas - (racks - goneRacks));
}

function judge(
  counts: readonly ReplicaCount[],
  { level, datacenter }: ConsistencyNeed,
  isLocalAware: boolean,
): ReplicationVerdict {
  const isLocal = level === 'LOCAL_QUORUM' || level === 'LOCAL_ONE';
  if (isLocalAware && isLocal)
    return firstMissed(
      counts.filter((one) => one.datacenter === datacenter),
      level,
    );
  if (isLocalAware && level === 'EACH_QUORUM') return firstMissed(counts, level);
  const total = { datacenter: '', factor: 0, left: 0 };
  for (const { factor, left } of counts) {
    total.factor += factor;
    total.left += left;
  }
  return firstMissed([total], level);
}

/** A keyspace without replicas in a datacenter has nothing to lose there. */
function firstMissed(counts: readonly ReplicaCount[], level: ConsistencyLevel): ReplicationVerdict {
  const missed = counts.find(({ factor, left }) => factor > 0 && left < neededOf(level, factor));
  if (!missed) return HOLDS;
  const { datacenter, factor, left } = missed;
  return { holds: false, missed: { datacenter, left, needed: neededOf(level, factor) } };
}

function neededOf(level: ConsistencyLevel, factor: number): number {
  if (level === 'ALL') return factor;
  return level === 'ONE' || level === 'LOCAL_ONE' ? 1 : Math.floor(factor / 2) + 1;
}

/** Keyspaces of Cassandra itself. */
export const isSystemKeyspace = (name: string): boolean => /^(?:system|dse)(?:_|$)/.test(name) || name === 'solr_admin';

/**
 * The keyspace to ask ownership for, when keyspaces are replicated differently: of the user's the one with most replicas, the first
 * by name; undefined when none is replicated.
 */
export function ownershipKeyspace(keyspaces: readonly KeyspaceReplication[]): string | undefined {
  const replicas = ({ factors }: KeyspaceReplication): number =>
    Object.values(factors).reduce((total, factor) => total + factor, 0);
  const own = keyspaces.filter((one) => !isSystemKeyspace(one.keyspace) && replicas(one) > 0);
  const [first] = own.toSorted((a, b) => replicas(b) - replicas(a) || (a.keyspace < b.keyspace ? -1 : 1));
  return first?.keyspace;
}
