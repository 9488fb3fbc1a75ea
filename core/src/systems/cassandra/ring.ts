import type { NodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import type { VersionGroup } from '#core/systems/cassandra/nodetool/describeCluster.ts';
import type { StreamPlan } from '#core/systems/cassandra/nodetool/netstats.ts';
import type { RingState, StatusRow } from '#core/systems/cassandra/nodetool/status.ts';
import { nameNodes, type Naming, type RingMember } from '#core/systems/cassandra/ringNames.ts';

/**
 * The ring as all of its nodes see it, each node under its Host ID.
 *
 * - A node's own view does not count: after a drain it still calls itself up and normal, and at a start it does so seconds before
 *   its peers do and long before it serves clients. What peers see counts, and its Mode.
 * - Addresses change with every pod. A Host ID stays, so views are joined by it and never by address.
 * - Views that differ are a fact of their own.
 */
export interface RingView {
  /** By datacenter, rack, member and address. */
  readonly nodes: readonly RingNode[];
  /** Members whose view of the others counts. */
  readonly observers: readonly string[];
  /** Versions of the schema, most common first. Empty when nobody could tell. */
  readonly schemas: readonly VersionGroup[];
  /** Addresses whose version of the schema some node could not learn. */
  readonly schemaUnknown: readonly string[];
  readonly hints: readonly RingHint[];
}

export interface RingNode {
  /** Empty while the ring does not know it. */
  readonly hostId: string;
  /** The pod it runs in, where that is known. */
  readonly member: string | undefined;
  readonly memberKnownBy: Naming | undefined;
  readonly datacenter: string;
  readonly rack: string;
  /** Its datacenter has none of the members that were asked: it runs elsewhere. */
  readonly isElsewhere: boolean;
  /** As its peers see it; more than one while it moves to a new address. */
  readonly addresses: readonly string[];
  readonly verdict: NodeVerdict;
  /** What every observer but itself sees. */
  readonly peers: readonly PeerView[];
  /** It calls itself up and normal; undefined when it was not asked. */
  readonly callsItselfUp: boolean | undefined;
  /** Its own Mode: `NORMAL`, `DRAINED`; empty when it was not asked. */
  readonly mode: string;
  readonly isServingClients: boolean | undefined;
  readonly loadBytes: number | undefined;
  /** Percent, as in nodetool status. */
  readonly owns: number | undefined;
  readonly tokens: number | undefined;
  readonly streams: readonly StreamPlan[];
  readonly pendingCompactions: number | undefined;
}

/** What is so, worst reading first: a drained node is drained whatever others see. */
export type NodeVerdict =
  | 'drained'
  | 'joining'
  | 'leaving'
  | 'moving'
  /** Every peer holds it for down. */
  | 'down'
  /** Some peers see it up, some do not. */
  | 'disputed'
  /** Peers see it up, and it does not serve clients. */
  | 'not serving'
  | 'up'
  /** No peer could be asked. */
  | 'unseen';

export interface PeerView {
  readonly observer: string;
  /** `absent`: the observer does not know the Host ID at all. */
  readonly liveness: StatusRow['liveness'] | 'absent';
  readonly state: RingState | undefined;
}

export interface RingHint {
  /** Who keeps them. */
  readonly holder: string;
  /** For which Host ID. */
  readonly hostId: string;
  readonly files: number;
  readonly oldestAt: number | undefined;
}

/** Modes in which a node does not gossip, so that what it knows of others is old. */
const DEAF = new Set(['DRAINED', 'DRAINING', 'DECOMMISSIONED', 'STARTING']);

/** What is known without asking: the Host ID of members, from an operator or from before. */
export interface KnownHost {
  readonly member: string;
  readonly hostId: string;
  readonly by: Naming;
}

export function buildRing(
  answers: readonly NodeAnswer[],
  members: readonly RingMember[],
  known: readonly KnownHost[] = [],
): RingView {
  const observers = answers.filter(
    ({ status, netstats }) => status !== undefined && status.rows.length > 0 && !DEAF.has(netstats?.mode ?? ''),
  );
  const rows = rowsByHost(observers.length > 0 ? observers : answers);
  const asked = answers.flatMap(({ member, info }) =>
    info && info.hostId !== '' ? [{ member, hostId: info.hostId, by: 'itself' as const }] : [],
  );
  for (const answer of answers) addOwnRow(answer, rows);
  const names = nameNodes(
    [...rows].map(([hostId, seen]) => placeOf(hostId, seen)),
    members,
    [...asked, ...known],
  );
  const trusted = withoutIsolated(observers);
  const home = new Set(
    [...rows].filter(([hostId]) => names.has(hostId)).map(([, seen]) => seen[0]?.row.datacenter ?? ''),
  );
  const nodes = [...rows].map(([hostId, seen]) => {
    const name = names.get(hostId);
    const own = answers.find(({ member, info }) => info?.hostId === hostId || member === name?.member);
    const peers = trusted.filter((observer) => !isItself(observer, hostId, seen));
    return toNode({ hostId, seen, name, own, peers, home, isAlone: rows.size === 1 });
  });
  return {
    nodes: nodes.toSorted(byPlace),
    observers: observers.map(({ member }) => member),
    ...schemasOf(observers),
    hints: answers.flatMap(({ member, hints }) => (hints ?? []).map((hint) => ({ holder: member, ...hint }))),
  };
}

interface SeenRow {
  readonly observer: string;
  readonly row: StatusRow;
}

const keyOf = ({ hostId, address }: StatusRow): string => (hostId === '' ? `at ${address}` : hostId);

function rowsByHost(observers: readonly NodeAnswer[]): Map<string, SeenRow[]> {
  const found = new Map<string, SeenRow[]>();
  for (const { member, status } of observers) {
    for (const row of status?.rows ?? []) {
      const seen = found.get(keyOf(row));
      if (seen) seen.push({ observer: member, row });
      else found.set(keyOf(row), [{ observer: member, row }]);
    }
  }
  return found;
}

/** A node nobody else knows is still a node: it may have begun to start, or be cut off. */
function addOwnRow({ member, info, status }: NodeAnswer, rows: Map<string, SeenRow[]>): void {
  const own = status?.rows.find(({ hostId }) => hostId !== '' && hostId === info?.hostId);
  if (own && !rows.has(own.hostId)) rows.set(own.hostId, [{ observer: member, row: own }]);
}

const placeOf = (hostId: string, seen: readonly SeenRow[]): { hostId: string; rack: string } => ({
  hostId,
  rack: seen[0]?.row.rack ?? '',
});

/** Its own view is known by its Host ID; while it does not tell that, a row at its own address may not be counted as a peer's. */
function isItself({ member, info, podIp }: NodeAnswer, hostId: string, seen: readonly SeenRow[]): boolean {
  if (info && info.hostId !== '') return info.hostId === hostId;
  return seen.some(({ observer, row }) => observer === member && row.address === podIp);
}

/** An observer that all others hold for down, two of them at least, is cut off; what it sees tells of it and not of them. */
function withoutIsolated(observers: readonly NodeAnswer[]): readonly NodeAnswer[] {
  return observers.filter(({ info, member }) => {
    const others = observers.filter((other) => other.member !== member);
    const seenDown = others.filter(({ status }) =>
      status?.rows.some(({ hostId, liveness }) => hostId !== '' && hostId === info?.hostId && liveness === 'down'),
    );
    return others.length < 2 || seenDown.length < others.length;
  });
}

interface NodeParts {
  readonly hostId: string;
  readonly seen: readonly SeenRow[];
  readonly name: { readonly member: string; readonly by: Naming } | undefined;
  readonly own: NodeAnswer | undefined;
  readonly peers: readonly NodeAnswer[];
  readonly home: ReadonlySet<string>;
  readonly isAlone: boolean;
}

function toNode(parts: NodeParts): RingNode {
  const { hostId, seen, name, own, home } = parts;
  const peers = parts.peers.map(({ member }): PeerView => viewOf(member, seen));
  const first = seen[0]?.row;
  const ownRow = own?.status?.rows.find((row) => keyOf(row) === hostId);
  const fromPeers = seen.filter(({ observer }) => observer !== own?.member);
  const heard = fromPeers.length > 0 ? fromPeers : seen;
  return {
    hostId: hostId.startsWith('at ') ? '' : hostId,
    member: name?.member,
    memberKnownBy: name?.by,
    datacenter: first?.datacenter ?? '',
    rack: first?.rack ?? '',
    isElsewhere: home.size > 0 && !home.has(first?.datacenter ?? ''),
    addresses: [...new Set(heard.map(({ row }) => row.address))].toSorted(),
    verdict: judgeNode(peers, own, parts.isAlone && isUpAndNormal(ownRow)),
    peers,
    callsItselfUp: ownRow && isUpAndNormal(ownRow),
    mode: own?.netstats?.mode ?? '',
    isServingClients: own?.info?.isServingClients,
    loadBytes: own?.info?.loadBytes ?? firstOf(heard, ({ row }) => row.loadBytes),
    owns: firstOf(heard, ({ row }) => row.owns),
    tokens: firstOf(heard, ({ row }) => row.tokens),
    streams: movingPlans(own?.netstats?.streams ?? []),
    pendingCompactions: own?.compactions?.pending,
  };
}

/**
 * A plan without any session moves nothing. A node that joined a ring without data keeps such a Bootstrap until it is restarted: the plan
 * is over before `StreamManager.registerInitiator` writes it down, so nothing takes it away (Cassandra 5.0.9, seen there).
 */
const movingPlans = (plans: readonly StreamPlan[]): readonly StreamPlan[] =>
  plans.filter(({ sessions }) => sessions.length > 0);

const isUpAndNormal = (row: StatusRow | undefined): boolean => row?.liveness === 'up' && row.state === 'normal';

/** A moved node may be down under its old address and up under the new one in the same view: up counts. */
function viewOf(observer: string, seen: readonly SeenRow[]): PeerView {
  const rows = seen.filter((one) => one.observer === observer).map(({ row }) => row);
  const row = rows.find(({ liveness }) => liveness === 'up') ?? rows[0];
  return { observer, liveness: row?.liveness ?? 'absent', state: row?.state };
}

const CHANGING: Readonly<Record<string, NodeVerdict>> = {
  DRAINED: 'drained',
  DRAINING: 'drained',
  JOINING: 'joining',
  LEAVING: 'leaving',
  DECOMMISSIONED: 'leaving',
  MOVING: 'moving',
};

function judgeNode(peers: readonly PeerView[], own: NodeAnswer | undefined, isAloneAndUp: boolean): NodeVerdict {
  const changing = CHANGING[own?.netstats?.mode ?? ''];
  if (changing) return changing;
  const up = peers.filter(({ liveness }) => liveness === 'up');
  if (peers.length > 0 && up.length === 0) return 'down';
  const state = up.find((view) => view.state !== 'normal')?.state;
  if (state !== undefined && state !== 'normal') return state;
  if (up.length < peers.length) return 'disputed';
  if (peers.length === 0 && !isAloneAndUp) return 'unseen';
  return own?.info?.isServingClients === false ? 'not serving' : 'up';
}

function firstOf<Item, Value>(items: readonly Item[], read: (item: Item) => Value | undefined): Value | undefined {
  for (const item of items) {
    const value = read(item);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Each node tells which version every other has; where they do not agree at the moment, all versions are there. */
function schemasOf(observers: readonly NodeAnswer[]): Pick<RingView, 'schemas' | 'schemaUnknown'> {
  const byVersion = new Map<string, Set<string>>();
  const unknown = new Set<string>();
  for (const { cluster } of observers) {
    for (const address of cluster?.unreachable ?? []) unknown.add(address);
    for (const { version, addresses } of cluster?.schemas ?? []) {
      const known = byVersion.get(version) ?? new Set<string>();
      for (const address of addresses) known.add(address);
      byVersion.set(version, known);
    }
  }
  const schemas = [...byVersion].map(([version, addresses]) => ({ version, addresses: [...addresses].toSorted() }));
  return {
    schemas: schemas.toSorted((a, b) => b.addresses.length - a.addresses.length || compare(a.version, b.version)),
    schemaUnknown: [...unknown].toSorted(),
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function byPlace(a: RingNode, b: RingNode): number {
  return (
    compare(a.datacenter, b.datacenter) ||
    compare(a.rack, b.rack) ||
    compare(a.member ?? '~', b.member ?? '~') ||
    compare(a.addresses[0] ?? '', b.addresses[0] ?? '')
  );
}
