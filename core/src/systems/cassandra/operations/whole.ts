import type { NodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import type { StatusRow } from '#core/systems/cassandra/nodetool/status.ts';
import type { CqlWord } from '#core/systems/cassandra/operations/cqlDoor.ts';
import type { RestartLevel } from '#core/systems/cassandra/operations/safety.ts';

/** A node that comes back, and what is seen of it. */
export interface Returning {
  readonly pod: string;
  /** What it was before, and has to be again. */
  readonly hostId: string;
  /** Its own answer; undefined while its container runs nothing that answers. */
  readonly own: NodeAnswer | undefined;
  /** What other nodes see that gossip. */
  readonly peers: readonly NodeAnswer[];
  /** Nodes that run and did not answer. */
  readonly silent: readonly string[];
  readonly level: RestartLevel;
  /** What its CQL port says; absent where it was not asked. */
  readonly cql?: CqlWord;
  /** Of pods, by Host ID. */
  readonly names?: ReadonlyMap<string, string>;
}

export type Missing =
  | { readonly kind: 'wait'; readonly text: string; readonly measure: readonly (number | string)[] }
  /** It is another node now. */
  | { readonly kind: 'stranger'; readonly hostId: string };

/**
 * What a node that was restarted still lacks, the first in the order in which it comes; undefined when it is back. In between, each
 * may be true before the one above it: a node calls itself up and normal seconds before its peers see it, and long before CQL is open.
 */
export function firstMissing(returning: Returning): Missing | undefined {
  for (const test of tests) {
    const missing = test(returning);
    if (missing) return missing;
  }
  return undefined;
}

/** What the node says of itself before its peers need to be asked: CQL opens after they have seen it. */
export function notUpYet(returning: Returning): Missing | undefined {
  return answers(returning) ?? isItself(returning) ?? isNormal(returning);
}

/** The same, and that it serves clients. */
export function notOpenYet(returning: Returning): Missing | undefined {
  return notUpYet(returning) ?? servesClients(returning);
}

type Test = (returning: Returning) => Missing | undefined;

const tests: readonly Test[] = [answers, isItself, isNormal, seenByPeers, seesPeers, servesClients, agreesOnSchema];

function answers({ pod, own }: Returning): Missing | undefined {
  return own?.netstats ? undefined : wait(`nodetool of ${pod} to answer`);
}

/** A volume that is not the old one makes a new node, which takes tokens and leaves the old one behind. */
function isItself({ hostId, own }: Returning): Missing | undefined {
  const now = own?.info?.hostId ?? '';
  return now === '' || hostId === '' || now === hostId ? undefined : { kind: 'stranger', hostId: now };
}

function isNormal({ pod, own }: Returning): Missing | undefined {
  const mode = own?.netstats?.mode ?? '';
  return mode === 'NORMAL' ? undefined : wait(`${pod} to be NORMAL; it is ${mode || 'in no mode yet'}`, mode);
}

function seenByPeers(returning: Returning): Missing | undefined {
  const { pod, hostId, peers } = returning;
  const silent = returning.silent.filter((name) => !isPutUpWith(returning, name));
  if (silent.length > 0) return wait(`${silent.join(', ')} to answer`, ...silent);
  const blind = peers.filter(({ status }) => !isUp(rowOf(status?.rows, hostId)));
  if (blind.length === 0) return undefined;
  const names = blind.map(({ member }) => member);
  return wait(`${names.join(', ')} to see ${pod} up and normal`, names.length);
}

/** A node that is down for everybody need not answer, where that is put up with. */
function isPutUpWith({ level, names = new Map(), peers }: Returning, pod: string): boolean {
  const [hostId = ''] = [...names].find(([, name]) => name === pod) ?? [];
  const isUpSomewhere = peers.some(({ status }) => isUp(rowOf(status?.rows, hostId)));
  return level !== 'fully replicated' && hostId !== '' && !isUpSomewhere;
}

/** Gossip may reach one way only. */
function seesPeers({ pod, hostId, own, peers, level, names }: Returning): Missing | undefined {
  const rows = own?.status?.rows ?? [];
  const unseen = new Set(
    peers
      .flatMap(({ status }) => status?.rows ?? [])
      .filter((row) => row.hostId !== '' && row.hostId !== hostId && !isUp(rowOf(rows, row.hostId)))
      // Who is down for everybody need not be up for this one, where that is put up with.
      .filter(
        (row) => level === 'fully replicated' || peers.some(({ status }) => isUp(rowOf(status?.rows, row.hostId))),
      )
      .map((row) => names?.get(row.hostId) ?? row.address),
  );
  return unseen.size === 0 ? undefined : wait(`${pod} to see ${[...unseen].join(', ')} up`, unseen.size);
}

/** Its port is asked where it can be; its own word counts only where it cannot. */
function servesClients({ pod, own, cql }: Returning): Missing | undefined {
  const isOpen = cql?.kind === 'open' ? own?.info?.isServingClients !== false : own?.info?.isServingClients === true;
  return isOpen && cql?.kind !== 'closed' ? undefined : wait(`${pod} to open CQL`);
}

function agreesOnSchema({ pod, own, peers }: Returning): Missing | undefined {
  const { schemas = [], unreachable = [] } = own?.cluster ?? {};
  const current = new Set(peers.flatMap(({ status }) => status?.rows.map(({ address }) => address) ?? []));
  // What gossip keeps of addresses that are nobody's any more is no node; nor is one that is down for all.
  const unknown = unreachable.filter((address) => current.has(address) && isUpAnywhere(peers, address));
  if (schemas.length === 1 && unknown.length === 0) return undefined;
  return wait(`${pod} to have the schema of the others`, schemas.length, unknown.length);
}

const isUpAnywhere = (peers: readonly NodeAnswer[], address: string): boolean =>
  peers.some(({ status }) => status?.rows.some((row) => row.address === address && row.liveness === 'up'));

/** The one that is up, where an old address of the same node is left over. */
export function rowOf(rows: readonly StatusRow[] | undefined, hostId: string): StatusRow | undefined {
  const found = (rows ?? []).filter((row) => row.hostId === hostId);
  return found.find(({ liveness }) => liveness === 'up') ?? found[0];
}

export const isUp = (row: StatusRow | undefined): boolean => row?.liveness === 'up' && row.state === 'normal';

const wait = (text: string, ...measure: readonly (number | string)[]): Missing => ({ kind: 'wait', text, measure });
