import type { InsideFacts } from '#core/live/model.ts';
import type { NodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import type { KeyspaceReplication } from '#core/systems/cassandra/nodetool/describeCluster.ts';
import type { NodeVerdict, RingView } from '#core/systems/cassandra/ring.ts';

/** What a ring says of itself: the answers of its nodes and the ring they make together. */
export interface CassandraInside {
  readonly system: 'cassandra';
  readonly ring: RingView;
  readonly answers: readonly NodeAnswer[];
  /** From 4.0; empty when no node could tell. */
  readonly keyspaces: readonly KeyspaceReplication[];
  /** The keyspace whose ownership the nodes show, because keyspaces are replicated differently; empty for all. */
  readonly ownershipOf: string;
  /** By Host ID. */
  readonly since: Readonly<Record<string, VerdictSince>>;
}

export interface VerdictSince {
  readonly verdict: NodeVerdict;
  /** When it was first seen so after something else; undefined when it was so from the first question on. */
  readonly since: number | undefined;
}

/** The facts of Cassandra; undefined when there are none or when they are of another system. */
export function cassandraFacts(inside: InsideFacts | undefined): CassandraInside | undefined {
  const facts = inside?.facts;
  return isCassandraInside(facts) ? facts : undefined;
}

function isCassandraInside(facts: unknown): facts is CassandraInside {
  return (
    typeof facts === 'object' && facts !== null && 'system' in facts && facts.system === 'cassandra' && 'ring' in facts
  );
}

/** Goes on counting while a node stays as it was. */
export function verdictsSince(
  ring: RingView,
  previous: CassandraInside | undefined,
  now: number,
): CassandraInside['since'] {
  const since: Record<string, VerdictSince> = {};
  for (const { hostId, verdict } of ring.nodes) {
    if (hostId === '') continue;
    const before = previous?.since[hostId];
    since[hostId] = before?.verdict === verdict ? before : { verdict, since: before ? now : undefined };
  }
  return since;
}
