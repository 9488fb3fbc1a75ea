import type { InsideFacts } from '#core/live/model.ts';
import type { CassandraInside } from '#core/systems/cassandra/live/inside.ts';
import type { NodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import type { StatusRow } from '#core/systems/cassandra/nodetool/status.ts';
import { buildRing, type KnownHost } from '#core/systems/cassandra/ring.ts';

/** Host ID of the node with this number. */
export const hostId = (index: number): string => `${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`;

const addressOf = (index: number): string => `10.1.0.${10 + index}`;

/** How one node sees the node of each position: `UN`, `DN`, `UJ`, `?N`, or `--` for one it does not know. */
export interface ViewSketch {
  readonly sees: readonly string[];
  readonly mode?: string;
  readonly answer?: Partial<NodeAnswer>;
  readonly isServing?: boolean;
  /** It does not tell who it is. */
  readonly isNameless?: boolean;
}

export interface RingSketch {
  readonly racks?: readonly string[];
  readonly datacenters?: readonly string[];
  /** By the number of the node that was asked. */
  readonly views: Readonly<Record<number, ViewSketch>>;
  readonly schemas?: Readonly<Record<string, readonly number[]>>;
}

/** What nodes `cassandra-0`, `cassandra-1` and so on would answer. */
export function answersOf({ racks = [], datacenters = [], views, schemas }: RingSketch): readonly NodeAnswer[] {
  return Object.entries(views).map(([key, { sees, mode = 'NORMAL', isServing = true, isNameless = false, answer }]) => {
    const index = Number(key);
    const rows = sees.flatMap((state, other): StatusRow[] =>
      state === '--' ? [] : [rowOf(state, other, racks[other] ?? 'r1', datacenters[other] ?? 'dc1')],
    );
    const versions = schemas ?? { [hostId(900)]: rows.map((_, other) => other) };
    return {
      member: `cassandra-${index}`,
      podUid: `uid-${index}`,
      podIp: addressOf(index),
      status: { rows, isOwnershipEffective: true, note: '' },
      info: infoOf(index, isServing, isNameless, racks[index] ?? 'r1'),
      netstats: { mode, streams: [] },
      cluster: {
        name: 'shop',
        snitch: 'GossipingPropertyFileSnitch',
        partitioner: 'Murmur3Partitioner',
        schemas: Object.entries(versions).map(([version, nodes]) => ({ version, addresses: nodes.map(addressOf) })),
        unreachable: [],
        releases: [],
        keyspaces: [{ keyspace: 'shop', strategy: 'NetworkTopologyStrategy', factors: { dc1: 3 } }],
      },
      compactions: { pending: 0, running: [] },
      hints: [],
      failures: [],
      ...answer,
    };
  });
}

const LIVENESS: Readonly<Record<string, StatusRow['liveness']>> = { U: 'up', D: 'down' };
const STATES: Readonly<Record<string, StatusRow['state']>> = { J: 'joining', L: 'leaving', M: 'moving' };

const rowOf = (state: string, index: number, rack: string, datacenter: string): StatusRow => ({
  liveness: LIVENESS[state.charAt(0)] ?? 'unknown',
  state: STATES[state.charAt(1)] ?? 'normal',
  address: addressOf(index),
  datacenter,
  rack,
  hostId: hostId(index),
  loadBytes: 1024 * (index + 1),
  tokens: 16,
  owns: 100,
});

const infoOf = (index: number, isServing: boolean, isNameless: boolean, rack: string): NodeAnswer['info'] => ({
  hostId: isNameless ? '' : hostId(index),
  isGossiping: true,
  isServingClients: isServing,
  loadBytes: 1024 * (index + 1),
  generation: 1,
  uptimeSeconds: 3600,
  heapUsedBytes: 1,
  heapMaxBytes: 2,
  datacenter: 'dc1',
  rack,
  exceptions: 0,
  isJoined: true,
});

export function insideOf(
  sketch: RingSketch,
  members: readonly { readonly name: string; readonly rack: string }[],
  askedAt: number,
  more: Partial<CassandraInside> & {
    readonly problems?: readonly string[];
    readonly known?: readonly KnownHost[];
  } = {},
): InsideFacts<CassandraInside> {
  const { problems = [], known = [], ...facts } = more;
  const answers = answersOf(sketch);
  const ring = buildRing(answers, members, known);
  return {
    askedAt,
    problems,
    facts: { system: 'cassandra', ring, answers, keyspaces: [], ownershipOf: '', since: {}, ...facts },
  };
}
