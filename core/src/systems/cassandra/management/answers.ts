import { isObject, numberAt, textAt, valueAt, type JsonObject } from '#core/json.ts';
import { addressesIn, parseJson } from '#core/systems/cassandra/management/endpoints.ts';
import type { CompactionAnswer, RunningCompaction } from '#core/systems/cassandra/nodetool/compactionStats.ts';
import type {
  ClusterDescription,
  KeyspaceReplication,
  VersionGroup,
} from '#core/systems/cassandra/nodetool/describeCluster.ts';
import type { ReplicaRange } from '#core/systems/cassandra/nodetool/describeRing.ts';
import type { StreamPlan, StreamProgress, StreamSession } from '#core/systems/cassandra/nodetool/netstats.ts';
import { addressOf, oneLine, wholeNumberOf } from '#core/systems/cassandra/nodetool/text.ts';

/** What the management API answers, as the answers of nodetool that tell the same. Whatever a node sends, nothing here throws. */

/** Of anything that is counted by a node: streams, compactions, keyspaces. */
const MOST = 10_000;

const textIn = (object: unknown, name: string): string => oneLine(textAt(object, name)).slice(0, 300);

/** `GET /api/v1/ops/node/schema/versions`: addresses by version, as in `nodetool describecluster`. */
export function readSchemas(text: string): Pick<ClusterDescription, 'schemas' | 'unreachable'> | undefined {
  const versions = parseJson(text);
  if (!isObject(versions)) return undefined;
  const groups = Object.entries(versions)
    .slice(0, MOST)
    .map(([version, list]): VersionGroup => ({
      version: oneLine(version).slice(0, 60),
      addresses: addressesIn(list),
    }));
  const isUnknown = ({ version }: VersionGroup): boolean => version === 'UNREACHABLE' || version === 'UNKNOWN';
  const schemas = groups.filter((group) => !isUnknown(group) && group.addresses.length > 0);
  if (schemas.length === 0) return undefined;
  return { schemas, unreachable: groups.filter(isUnknown).flatMap(({ addresses }) => addresses) };
}

/** `GET /api/v0/ops/node/streaminfo`: a list of `{planId: [session]}`; undefined when it is none, which is not the same as no streams. */
export function readStreams(text: string): readonly StreamPlan[] | undefined {
  const plans = valueAt(parseJson(text), 'entity');
  if (!Array.isArray(plans)) return undefined;
  return plans
    .slice(0, MOST)
    .filter(isObject)
    .flatMap((plan) => Object.entries(plan).map(([planId, sessions]) => toPlan(planId, sessions)));
}

function toPlan(planId: string, value: unknown): StreamPlan {
  const sessions = (Array.isArray(value) ? value : []).slice(0, MOST).filter(isObject);
  return {
    operation: textIn(sessions[0], 'STREAM_OPERATION'),
    planId: oneLine(planId).slice(0, 60),
    sessions: sessions.map(toSession),
  };
}

function toSession(session: JsonObject): StreamSession {
  return {
    peer: addressOf(textIn(session, 'PEER')),
    receiving: progressOf(session, 'RECEIVE', 'RECEIVED'),
    sending: progressOf(session, 'SEND', 'SENT'),
  };
}

/** Undefined where nothing goes that way. */
function progressOf(session: JsonObject, wanted: string, done: string): StreamProgress | undefined {
  const count = (name: string): number => wholeNumberOf(textIn(session, name)) ?? 0;
  const progress = {
    files: count(`TOTAL_FILES_TO_${wanted}`),
    bytes: count(`TOTAL_SIZE_TO_${wanted}`),
    doneFiles: count(`TOTAL_FILES_${done}`),
    doneBytes: count(`TOTAL_SIZE_${done}`),
  };
  return progress.files === 0 && progress.doneFiles === 0 ? undefined : progress;
}

/** `GET /api/v1/ops/tables/compactions`: those that run. How many wait is not told. */
export function readCompactions(text: string): CompactionAnswer | undefined {
  const list = parseJson(text);
  if (!Array.isArray(list)) return undefined;
  return { pending: undefined, running: list.slice(0, MOST).filter(isObject).map(toCompaction) };
}

function toCompaction(row: JsonObject): RunningCompaction {
  const completed = Math.max(0, numberAt(row, 'completed') ?? 0);
  const total = Math.max(0, numberAt(row, 'total') ?? 0);
  return {
    id: textIn(row, 'compactionId') || textIn(row, 'operationId') || textIn(row, 'id'),
    // DSE has another name for it.
    type: textIn(row, 'taskType') || textIn(row, 'operationType'),
    keyspace: textIn(row, 'keyspace'),
    table: textIn(row, 'columnfamily'),
    completed,
    total,
    unit: textIn(row, 'unit'),
    percent: total === 0 ? undefined : Math.min(100, (completed / total) * 100),
  };
}

/** `GET /api/v0/ops/keyspace`: names. */
export function readKeyspaces(text: string): readonly string[] | undefined {
  const list = parseJson(text);
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const names = list.filter((name) => typeof name === 'string' && /^\w{1,100}$/.test(name)) as readonly string[];
  // One that is left out would be one that is not looked at.
  return names.length === list.length ? names : undefined;
}

/** `GET /api/v0/ops/keyspace/replication`: the class and, for each datacenter, a factor. */
export function readReplication(keyspace: string, text: string): KeyspaceReplication | undefined {
  const options = parseJson(text);
  const strategy = textIn(options, 'class');
  if (!isObject(options) || strategy === '') return undefined;
  const factors = Object.entries(options).flatMap(([key, value]) => {
    // `3/1` is three replicas, one of them transient.
    const factor = typeof value === 'string' ? wholeNumberOf(value.split('/')[0] ?? '') : undefined;
    return key === 'class' || key === '__proto__' || factor === undefined ? [] : [[oneLine(key), factor] as const];
  });
  return { keyspace, strategy: strategy.slice(strategy.lastIndexOf('.') + 1), factors: Object.fromEntries(factors) };
}

/** `GET /api/v2/tokens/rangetoendpoint`: the replicas of every range of a keyspace. Tokens stay texts: they have more digits than numbers do. */
export function readRanges(text: string): readonly ReplicaRange[] {
  const list = valueAt(
    parseJson(text.replaceAll(/(?<=[[,]\s*)-?\d{15,20}(?=\s*[\],])/g, '"$&"')),
    'token_range_to_endpoints',
  );
  if (!Array.isArray(list)) return [];
  return list.filter(isObject).flatMap((range) => {
    const [start, end] = tokensOf(range['tokens']);
    const addresses = addressesIn(range['endpoints']);
    return start === undefined || end === undefined || addresses.length === 0 ? [] : [{ start, end, addresses }];
  });
}

const tokensOf = (value: unknown): readonly (string | undefined)[] =>
  (Array.isArray(value) ? value.slice(0, 2) : []).map((token) => {
    const text = typeof token === 'number' || typeof token === 'string' ? String(token) : '';
    return /^-?\d{1,40}$/.test(text) ? text : undefined;
  });
