import { ClusterProblem } from '#core/live/ports.ts';
import type { PodHttp } from '#core/live/podHttp.ts';
import {
  readCompactions,
  readKeyspaces,
  readRanges,
  readReplication,
  readSchemas,
  readStreams,
} from '#core/systems/cassandra/management/answers.ts';
import {
  infoFrom,
  modeFrom,
  ownEndpoint,
  readEndpoints,
  releasesFrom,
  statusFrom,
  type Endpoint,
} from '#core/systems/cassandra/management/endpoints.ts';
import type { AskedNode, NodeAnswer } from '#core/systems/cassandra/nodetool/answer.ts';
import type { BatchCommand } from '#core/systems/cassandra/nodetool/batch.ts';
import type { ClusterDescription, KeyspaceReplication } from '#core/systems/cassandra/nodetool/describeCluster.ts';
import type { ReplicaRange } from '#core/systems/cassandra/nodetool/describeRing.ts';
import type { CommandFailure, CommandResult } from '#core/systems/cassandra/nodetool/failure.ts';
import { oneLine } from '#core/systems/cassandra/nodetool/text.ts';

/**
 * The management API as a second way to ask a node: each command of nodetool that is asked for becomes the requests that tell the same, and
 * the answers become a NodeAnswer. What the API does not tell stays undefined: how many compactions wait, pending hints, ownership,
 * the version of the snitch. Source: management-api-for-apache-cassandra 0.1.125.
 */

/** As long as a command of nodetool gets; the API itself gives up after half a minute. */
const TIMEOUT_MS = 35_000;
/** Replication is asked for keyspace by keyspace; who has more is not told by this way. */
const MOST_KEYSPACES = 300;

const paths = {
  endpoints: '/api/v0/metadata/endpoints',
  schemas: '/api/v1/ops/node/schema/versions',
  streams: '/api/v0/ops/node/streaminfo',
  compactions: '/api/v1/ops/tables/compactions',
  keyspaces: '/api/v0/ops/keyspace',
  replication: '/api/v0/ops/keyspace/replication',
  ranges: '/api/v2/tokens/rangetoendpoint',
  drain: '/api/v0/ops/node/drain',
} as const;

/** @throws ClusterProblem when the port cannot be reached; an answer that says nothing is a failure of its command */
export async function askByManagement(
  http: PodHttp,
  node: AskedNode,
  commands: readonly BatchCommand[],
): Promise<NodeAnswer> {
  const asking = new Asking(http);
  const wants = new Set(commands.map(({ args: [command = ''] }) => command));
  const { member, podUid, podIp } = node;
  const endpoints = needsEndpoints(wants) ? await asking.endpoints() : undefined;
  const own = endpoints && ownEndpoint(endpoints, podIp);
  if (endpoints && !own) asking.fail('info', `no address that gossip knows is that of ${member}`);
  // A node that does not tell this tells nothing.
  const isOver = needsEndpoints(wants) && endpoints === undefined;
  const asks = (command: string): boolean => wants.has(command) && !isOver;
  const streams = asks('netstats') ? await asking.read('netstats', paths.streams, readStreams) : undefined;
  return {
    member,
    podUid,
    podIp,
    info: asks('info') && own ? infoFrom(own) : undefined,
    status: asks('status') && endpoints ? statusFrom(endpoints) : undefined,
    netstats: streams && own ? { mode: modeFrom(own), streams } : undefined,
    cluster: asks('describecluster') && endpoints ? await asking.cluster(endpoints) : undefined,
    compactions: asks('compactionstats')
      ? await asking.read('compactions', paths.compactions, readCompactions)
      : undefined,
    hints: undefined,
    failures: asking.failures,
  };
}

const needsEndpoints = (wants: ReadonlySet<string>): boolean =>
  ['info', 'status', 'netstats', 'describecluster'].some((command) => wants.has(command));

/** A failure of the node itself. */
const failed = (kind: CommandFailure['kind'], text: string): CommandFailure => ({
  kind,
  text: oneLine(text).slice(0, 300),
});

class Asking {
  readonly failures: { readonly command: string; readonly failure: CommandFailure }[] = [];
  readonly #http: PodHttp;

  constructor(http: PodHttp) {
    this.#http = http;
  }

  endpoints(): Promise<readonly Endpoint[] | undefined> {
    return this.read('status', paths.endpoints, readEndpoints);
  }

  async cluster(endpoints: readonly Endpoint[]): Promise<ClusterDescription | undefined> {
    const schemas = await this.read('cluster', paths.schemas, readSchemas);
    if (!schemas) return undefined;
    const keyspaces = await this.#keyspaces();
    return { name: '', snitch: '', partitioner: '', ...schemas, releases: releasesFrom(endpoints), keyspaces };
  }

  /** All of them or none: one that is missing would be one that nobody looks at. */
  async #keyspaces(): Promise<readonly KeyspaceReplication[] | undefined> {
    const names = await this.read('cluster', paths.keyspaces, readKeyspaces);
    if (names && names.length > MOST_KEYSPACES) this.fail('cluster', `it has more than ${MOST_KEYSPACES} keyspaces`);
    if (!names || names.length > MOST_KEYSPACES) return undefined;
    const found: KeyspaceReplication[] = [];
    for (const name of names) {
      const path = `${paths.replication}?keyspaceName=${encodeURIComponent(name)}`;
      const replication = await this.read('cluster', path, (text) => readReplication(name, text));
      if (!replication) return undefined;
      found.push(replication);
    }
    return found;
  }

  fail(command: string, text: string, kind: CommandFailure['kind'] = 'server'): void {
    this.failures.push({ command, failure: failed(kind, text) });
  }

  /** Undefined when the answer is an error or cannot be read; then it is among the failures. @throws ClusterProblem */
  async read<Answer>(
    command: string,
    path: string,
    parse: (text: string) => Answer | undefined,
  ): Promise<Answer | undefined> {
    const { status, text } = await this.#http.request({ method: 'GET', path, timeoutMs: TIMEOUT_MS });
    if (status !== 200) {
      this.failures.push({ command, failure: failureOfStatus(status, text) });
      return undefined;
    }
    const answer = parse(text);
    if (answer === undefined) this.fail(command, 'the management API answers with something else than it should');
    return answer;
  }
}

/** The API runs before Cassandra does, and says of a process that is starting, stopping or drained that it is closed. */
function failureOfStatus(status: number, text: string): CommandFailure {
  if (status === 401 || status === 403) return failed('login', `the management API answers ${status}`);
  if (status === 404 || status === 405) return failed('refused', `this management API cannot tell (${status})`);
  const isClosed = /connection to Cassandra closed|node ?available|Connection refused|could not reach/i.test(text);
  return failed(isClosed ? 'unreachable' : 'server', text || `the management API answers ${status}`);
}

/** The replicas of every range of a keyspace; undefined when it does not tell. @throws ClusterProblem */
export async function rangesByManagement(
  http: PodHttp,
  keyspace: string,
): Promise<readonly ReplicaRange[] | undefined> {
  const path = `${paths.ranges}?keyspaceName=${encodeURIComponent(keyspace)}`;
  const { status, text } = await http.request({ method: 'GET', path, timeoutMs: TIMEOUT_MS });
  const ranges = status === 200 ? readRanges(text) : [];
  return ranges.length === 0 ? undefined : ranges;
}

/** Whether this way can carry out such a command. */
export const isManagementOrder = ({ args }: BatchCommand): boolean => args.length === 1 && args[0] === 'drain';

/**
 * Drains the node, and answers as nodetool would. A drain that takes longer than the API waits for it goes on in the node.
 * @throws ClusterProblem when the port cannot be reached
 */
export async function drainByManagement(http: PodHttp): Promise<CommandResult> {
  try {
    const { status, text } = await http.request({ method: 'POST', path: paths.drain, timeoutMs: TIMEOUT_MS });
    if (status >= 200 && status < 300) return { exitCode: 0, stdout: '', stderr: '' };
    if (/timed? ?out/i.test(text)) return TIMED_OUT;
    return { exitCode: 2, stdout: '', stderr: `error: ${failureOfStatus(status, text).text}` };
  } catch (error) {
    if (error instanceof ClusterProblem && error.message.includes('did not answer in time')) return TIMED_OUT;
    throw error;
  }
}

/** As `timeout` ends. */
const TIMED_OUT: CommandResult = { exitCode: 124, stdout: '', stderr: '' };
