import type { PeerView, RingNode, RingView } from '#core/systems/cassandra/ring.ts';

/**
 * What must be so before a node may be stopped, one question each. Stricter than the verdicts of people's eyes: whatever could not be
 * asked does not hold.
 */
export interface RingCheck {
  readonly holds: boolean;
  /** What was found against it, a sentence each; empty when it holds. */
  readonly against: readonly string[];
}

/** Every node is up and normal as every other sees it, all know the same nodes, and every member was asked. */
export function everyNodeUpFromEveryView(ring: RingView, members: readonly string[]): RingCheck {
  const unasked = members.filter((member) => !ring.observers.includes(member));
  const views = ring.nodes.flatMap((node) => node.peers.filter(isBad).map((view) => badView(node, view)));
  const modes = ring.nodes
    .filter(({ mode }) => mode !== '' && mode !== 'NORMAL')
    .map((node) => `${nameOf(node)} is in mode ${node.mode}`);
  const serving = ring.nodes
    .filter(({ isServingClients }) => isServingClients === false)
    .map((node) => `${nameOf(node)} does not serve clients`);
  const nameless = ring.nodes
    .filter(({ member, isElsewhere }) => member === undefined && !isElsewhere)
    .map((node) => `${nameOf(node)} belongs to no member that is known`);
  return check([...unasked.map((member) => `${member} was not asked`), ...views, ...modes, ...serving, ...nameless]);
}

const isBad = ({ liveness, state }: PeerView): boolean => liveness !== 'up' || state !== 'normal';

function badView(node: RingNode, { observer, liveness, state }: PeerView): string {
  if (liveness === 'absent') return `${observer} does not know ${nameOf(node)}`;
  return `${observer} sees ${nameOf(node)} ${liveness}${liveness === 'up' ? ` and ${state ?? ''}` : ''}`;
}

export function oneSchema({ schemas, schemaUnknown }: RingView): RingCheck {
  const versions =
    schemas.length === 1
      ? []
      : [schemas.length === 0 ? 'no node told its schema' : `${schemas.length} versions of the schema`];
  return check([...versions, ...schemaUnknown.map((address) => `the schema of ${address} is not known`)]);
}

/** No data moves between nodes: no bootstrap, rebuild, repair. */
export function noStreams({ nodes }: RingView): RingCheck {
  return check(
    nodes.flatMap((node) =>
      node.streams.map(({ operation, sessions }) => {
        const peers = sessions.map(({ peer }) => peer).join(', ');
        return `${nameOf(node)} streams (${operation}${peers === '' ? '' : ` with ${peers}`})`;
      }),
    ),
  );
}

/** No node that was asked keeps writes for this one. Versions before 4.1 cannot tell and then do not count against it. */
export function noHintsFor({ hints }: RingView, hostId: string): RingCheck {
  const kept = hints.filter((hint) => hint.hostId === hostId && hint.files > 0);
  return check(kept.map(({ holder, files }) => `${holder} keeps ${files} files of hints for it`));
}

const check = (against: readonly string[]): RingCheck => ({ holds: against.length === 0, against });

const nameOf = ({ member, addresses, hostId }: RingNode): string => member ?? addresses[0] ?? hostId;

/** A rack with what its nodes own and hold together; undefined where one of them does not tell. */
export interface RackShare {
  readonly datacenter: string;
  readonly rack: string;
  readonly size: number;
  /** Percent; the racks of a datacenter add up to 100 times its replication factor. */
  readonly owns: number | undefined;
  readonly loadBytes: number | undefined;
}

/** In the order of the nodes. */
export function racksOf({ nodes }: Pick<RingView, 'nodes'>): readonly RackShare[] {
  const keys = [...new Set(nodes.map(({ datacenter, rack }) => JSON.stringify([datacenter, rack])))];
  return keys.flatMap((key) => {
    const own = nodes.filter(({ datacenter, rack }) => JSON.stringify([datacenter, rack]) === key);
    const [first] = own;
    if (first === undefined) return [];
    const sum = (values: readonly (number | undefined)[]): number | undefined =>
      values.reduce((total, value) => (total === undefined || value === undefined ? undefined : total + value), 0);
    const owns = sum(own.map((node) => node.owns));
    const loadBytes = sum(own.map((node) => node.loadBytes));
    return [{ datacenter: first.datacenter, rack: first.rack, size: own.length, owns, loadBytes }];
  });
}

/** How unevenly something is spread: the largest share against the mean. 1 is even. */
export interface RingSkew {
  readonly scope: 'nodes of a datacenter' | 'racks of a datacenter';
  readonly datacenter: string;
  readonly of: 'load' | 'ownership';
  readonly ratio: number;
  /** Node or rack that has the largest share. */
  readonly largest: string;
}

/** Skew of each datacenter whose nodes all tell; unequal racks are its usual cause. */
export function ringSkew({ nodes }: RingView): readonly RingSkew[] {
  const datacenters = [...new Set(nodes.map(({ datacenter }) => datacenter))].toSorted();
  return datacenters.flatMap((datacenter) => {
    const local = nodes.filter((node) => node.datacenter === datacenter);
    return (['load', 'ownership'] as const).flatMap((of) => {
      const shares = local.map((node) => ({ node, share: of === 'load' ? node.loadBytes : node.owns }));
      const known = shares.flatMap(({ node, share }) => (share === undefined ? [] : [{ node, share }]));
      if (known.length < shares.length || known.length < 2) return [];
      const byNode = known.map(({ node, share }) => ({ name: nameOf(node), share }));
      const byRack = [...new Set(local.map(({ rack }) => rack))].map((rack) => ({
        name: rack,
        share: known.reduce((sum, { node, share }) => (node.rack === rack ? sum + share : sum), 0),
      }));
      return [
        ...skewOf('nodes of a datacenter', datacenter, of, byNode),
        ...(byRack.length > 1 ? skewOf('racks of a datacenter', datacenter, of, byRack) : []),
      ];
    });
  });
}

function skewOf(
  scope: RingSkew['scope'],
  datacenter: string,
  of: RingSkew['of'],
  shares: readonly { readonly name: string; readonly share: number }[],
): readonly RingSkew[] {
  const total = shares.reduce((sum, { share }) => sum + share, 0);
  const [largest] = shares.toSorted((a, b) => b.share - a.share);
  if (!largest || total === 0) return [];
  return [{ scope, datacenter, of, ratio: largest.share / (total / shares.length), largest: largest.name }];
}
