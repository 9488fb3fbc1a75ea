import type { RestartWish } from '#core/operations/wishes.ts';
import { isSystemKeyspace } from '#core/systems/cassandra/replication.ts';
import type { RingNode } from '#core/systems/cassandra/ring.ts';
import type { OperatedRack } from '#core/systems/cassandra/operations/operated/ringOperator.ts';
import { named, type RingReading } from '#core/systems/cassandra/operations/reading.ts';

/**
 * Whether the nodes of a ring may be left to an operator rack by rack, or go pod by pod under gates of our own, which is called strict.
 * Between two pods of a rack an operator asks for readiness alone, so that two may be out for a while. Under NetworkTopologyStrategy with as
 * many racks as replicas two nodes of one rack never keep the same range; then, and only then, that breaks no QUORUM.
 */
export type Route =
  | { readonly kind: 'racks'; readonly racks: readonly OperatedRack[]; readonly evidence: string }
  /** Why, a sentence each without a full stop; at least one. */
  | { readonly kind: 'pods'; readonly reasons: readonly string[] };

export function routeOf(wish: RestartWish, reading: RingReading, racks: readonly OperatedRack[]): Route {
  const filled = racks.filter(({ pods }) => pods.length > 0);
  const reasons = [...wishedStrict(wish), ...notAllUp(reading), ...racksInTheWay(reading, filled)];
  if (reasons.length > 0) return { kind: 'pods', reasons };
  const factor = greatestFactor(reading);
  const evidence = `${filled.length} racks, and no keyspace has more than ${factor} replicas in a datacenter`;
  return { kind: 'racks', racks: inOrder(filled, reading), evidence };
}

function wishedStrict({ strict, only, order }: RestartWish): readonly string[] {
  return [
    ...(strict === true ? ['That was asked for'] : []),
    ...(only ? ['Some nodes are to be restarted, and an operator restarts whole racks'] : []),
    ...(order ? ['An order of pods was chosen, and an operator has its own'] : []),
  ];
}

/** Who is away or drained is dealt with by itself, and no operator at rest has one. */
function notAllUp({ ring }: RingReading): readonly string[] {
  const away = ring.nodes.filter(({ verdict }) => verdict !== 'up').map(nameOf);
  return away.length === 0 ? [] : [`Not every node is up for all: ${named(away)}`];
}

/** Why all nodes of one of these racks may not be away at once; empty when they may. */
export function racksInTheWay(reading: RingReading, racks: readonly Pick<OperatedRack, 'pods'>[]): readonly string[] {
  return [...strategiesInTheWay(reading), ...placesInTheWay(reading, racks), ...fewRacks(reading, racks)];
}

function strategiesInTheWay({ keyspaces }: RingReading): readonly string[] {
  if (!keyspaces) return ['Versions before 4.0 do not tell how keyspaces are replicated'];
  const others = keyspaces.filter(
    ({ keyspace, strategy }) => !isSystemKeyspace(keyspace) && strategy !== 'NetworkTopologyStrategy',
  );
  const simple = others.filter(({ strategy }) => strategy !== 'LocalStrategy' && strategy !== 'EverywhereStrategy');
  if (simple.length === 0) return [];
  return [`${named(simple.map(({ keyspace, strategy }) => `${keyspace} (${strategy})`))} takes no notice of racks`];
}

/** The racks of the operator have to be those of the ring, by which replicas are placed. */
function placesInTheWay({ ring }: RingReading, racks: readonly Pick<OperatedRack, 'pods'>[]): readonly string[] {
  const against: string[] = [];
  for (const { pods } of racks) {
    const nodes = ring.nodes.filter(({ member }) => member !== undefined && pods.includes(member));
    const places = new Set(nodes.map(placeOf));
    if (nodes.length < pods.length) against.push(`Which nodes of the ring run in ${named(pods)} is not known`);
    else if (places.size > 1)
      against.push(`${named(pods)} are one rack for the operator and ${places.size} for the ring`);
  }
  return against;
}

/** Of the datacenters of these racks; others lose nothing. */
function fewRacks(reading: RingReading, going: readonly Pick<OperatedRack, 'pods'>[]): readonly string[] {
  const { nodes } = reading.ring;
  const leaving = nodes.filter(({ member }) => member !== undefined && going.some(({ pods }) => pods.includes(member)));
  const datacenters = [...new Set(leaving.map(({ datacenter }) => datacenter))].toSorted();
  return datacenters.flatMap((datacenter) => {
    const local = nodes.filter((node) => node.datacenter === datacenter);
    const racks = new Set(local.map(({ rack }) => rack)).size;
    const most = Math.min(greatestFactor(reading, datacenter), local.length);
    if (racks >= most) return [];
    return [`${datacenter} has ${racks === 1 ? 'one rack' : `${racks} racks`} for up to ${most} replicas of a range`];
  });
}

function greatestFactor({ keyspaces = [] }: RingReading, datacenter?: string): number {
  const factors = keyspaces
    .filter(({ keyspace, strategy }) => !isSystemKeyspace(keyspace) && strategy === 'NetworkTopologyStrategy')
    .flatMap(({ factors: own }) => (datacenter === undefined ? Object.values(own) : (own[datacenter] ?? 0)));
  return Math.max(0, ...factors);
}

/** Datacenter by datacenter, rack by rack, by the names that the ring has. */
function inOrder(racks: readonly OperatedRack[], { ring }: RingReading): readonly OperatedRack[] {
  const place = ({ pods, name }: OperatedRack): string => {
    const node = ring.nodes.find(({ member }) => member !== undefined && pods.includes(member));
    return node ? placeOf(node) : JSON.stringify(['', name]);
  };
  return racks.toSorted((a, b) => (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0));
}

const placeOf = ({ datacenter, rack }: RingNode): string => JSON.stringify([datacenter, rack]);

const nameOf = ({ member, addresses, hostId }: RingNode): string => member ?? addresses[0] ?? hostId;
