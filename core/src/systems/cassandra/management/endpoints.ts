import { isObject, listOf, textAt, valueAt, type JsonObject } from '#core/json.ts';
import type { VersionGroup } from '#core/systems/cassandra/nodetool/describeCluster.ts';
import type { InfoAnswer } from '#core/systems/cassandra/nodetool/info.ts';
import type { RingState, StatusAnswer, StatusRow } from '#core/systems/cassandra/nodetool/status.ts';
import { addressOf, oneLine } from '#core/systems/cassandra/nodetool/text.ts';

/**
 * What the management API knows of a ring is what gossip has told the node that is asked: `GET /api/v0/metadata/endpoints`, a map of
 * application states for each address. It stands for `nodetool status`, `info` and the Mode. Gossip keeps addresses that are nobody's any
 * more, which nodetool leaves out; so a Host ID counts once, and what has left does not count.
 */
export interface Endpoint {
  readonly address: string;
  /** Every address it tells of itself: one of them is that of its pod. */
  readonly addresses: readonly string[];
  readonly isAlive: boolean | undefined;
  /** First word of the status: `NORMAL`, `shutdown`, `BOOT`; empty when there is none. */
  readonly status: string;
  readonly hostId: string;
  readonly datacenter: string;
  readonly rack: string;
  readonly release: string;
  readonly isServingClients: boolean | undefined;
  readonly loadBytes: number | undefined;
}

const MOST_ENDPOINTS = 5000;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The addresses of a node, in the order of trust. */
const ADDRESSES = [
  'ENDPOINT_IP',
  'INTERNAL_IP',
  'INTERNAL_ADDRESS_AND_PORT',
  'RPC_ADDRESS',
  'NATIVE_ADDRESS_AND_PORT',
] as const;

/** Undefined when the text is no such answer. */
export function readEndpoints(text: string): readonly Endpoint[] | undefined {
  const list = valueAt(parseJson(text), 'entity');
  if (!Array.isArray(list)) return undefined;
  const endpoints = list.slice(0, MOST_ENDPOINTS).filter(isObject).map(toEndpoint);
  const known = endpoints.filter(({ address }) => address !== '');
  return known.length === 0 ? undefined : known;
}

function toEndpoint(states: JsonObject): Endpoint {
  const told = (name: string): string => oneLine(textAt(states, name)).slice(0, 200);
  const addresses = ADDRESSES.map((name) => addressOf(told(name))).filter((address) => address !== '');
  const [status = ''] = (told('STATUS_WITH_PORT') || told('STATUS')).split(',');
  const hostId = told('HOST_ID');
  return {
    address: addressOf(told('ENDPOINT_IP')),
    addresses: [...new Set(addresses)],
    isAlive: truthOf(told('IS_ALIVE')),
    status,
    hostId: UUID.test(hostId) ? hostId : '',
    datacenter: told('DC'),
    rack: told('RACK'),
    release: told('RELEASE_VERSION'),
    isServingClients: truthOf(told('RPC_READY')),
    loadBytes: bytesOf(told('LOAD')),
  };
}

/** Gossip writes a decimal, with an exponent when it is large: `1.2345678E8`. */
function bytesOf(text: string): number | undefined {
  return /^\d{1,20}(?:\.\d{1,20})?(?:E\d{1,2})?$/i.test(text) ? Math.round(Number(text)) : undefined;
}

function truthOf(text: string): boolean | undefined {
  if (text === 'true') return true;
  return text === 'false' ? false : undefined;
}

/** What nodetool would show. A status that is not here is that of a node which has left, or never was a member. */
const STATES: ReadonlyMap<string, RingState> = new Map([
  ['NORMAL', 'normal'],
  ['shutdown', 'normal'],
  ['hibernate', 'normal'],
  ['LEAVING', 'leaving'],
  ['removing', 'leaving'],
  ['BOOT', 'joining'],
  ['BOOT_REPLACE', 'joining'],
  ['MOVING', 'moving'],
]);

/** As `nodetool status`; without tokens and ownership, which gossip does not tell. */
export function statusFrom(endpoints: readonly Endpoint[]): StatusAnswer {
  const rows = new Map<string, StatusRow>();
  for (const endpoint of endpoints) {
    const state = STATES.get(endpoint.status);
    if (state === undefined) continue;
    const key = endpoint.hostId || `at ${endpoint.address}`;
    const before = rows.get(key);
    // The address of before is kept for a long time, and is not alive.
    if (before === undefined || (before.liveness !== 'up' && endpoint.isAlive === true))
      rows.set(key, rowOf(endpoint, state));
  }
  return { rows: [...rows.values()], isOwnershipEffective: false, note: '' };
}

function rowOf({ isAlive, address, datacenter, rack, hostId, loadBytes }: Endpoint, state: RingState): StatusRow {
  const liveness = isAlive === undefined ? 'unknown' : isAlive ? 'up' : 'down';
  return { liveness, state, address, datacenter, rack, hostId, loadBytes, tokens: undefined, owns: undefined };
}

/** The row of the node that was asked. */
export const ownEndpoint = (endpoints: readonly Endpoint[], podIp: string): Endpoint | undefined =>
  endpoints.find(({ address }) => address === podIp) ?? endpoints.find(({ addresses }) => addresses.includes(podIp));

/** As `nodetool info`, as far as gossip tells. */
export const infoFrom = ({ hostId, status, isServingClients, loadBytes, datacenter, rack }: Endpoint): InfoAnswer => ({
  hostId,
  isGossiping: status === 'shutdown' ? false : undefined,
  isServingClients,
  loadBytes,
  generation: undefined,
  uptimeSeconds: undefined,
  heapUsedBytes: undefined,
  heapMaxBytes: undefined,
  datacenter,
  rack,
  exceptions: undefined,
  isJoined: status === 'NORMAL' ? true : undefined,
});

/** A node that announces its shutdown and still answers is being drained, or has been: gossip does not tell which. */
const MODES: ReadonlyMap<string, string> = new Map([
  ['NORMAL', 'NORMAL'],
  ['shutdown', 'DRAINING'],
  ['LEAVING', 'LEAVING'],
  ['LEFT', 'DECOMMISSIONED'],
  ['BOOT', 'JOINING'],
  ['BOOT_REPLACE', 'JOINING'],
  ['MOVING', 'MOVING'],
]);

/** The Mode that nodetool would show; empty when the node does not say. */
export const modeFrom = (own: Endpoint | undefined): string => MODES.get(own?.status ?? '') ?? '';

/** As in `nodetool describecluster`. */
export function releasesFrom(endpoints: readonly Endpoint[]): readonly VersionGroup[] {
  const groups = new Map<string, string[]>();
  for (const { release, address, status } of endpoints) {
    if (release === '' || !STATES.has(status)) continue;
    groups.set(release, [...(groups.get(release) ?? []), address]);
  }
  return [...groups].map(([version, addresses]) => ({ version, addresses }));
}

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Texts of a list, cleaned and without repetition. */
export const addressesIn = (value: unknown): readonly string[] => [
  ...new Set(
    listOf(value)
      .filter((one) => typeof one === 'string')
      .slice(0, MOST_ENDPOINTS)
      .map((one) => addressOf(oneLine(one).slice(0, 200)))
      .filter((address) => address !== ''),
  ),
];
