import type { JsonObject } from '#core/json.ts';
import type { CqlConnection } from '#core/live/cql.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Cancellation } from '#core/ports.ts';

/** What a node tells of itself by CQL, at no cost of a Java machine but with a login where one is wanted. */
export type SystemTable =
  'local' | 'peers' | 'clients' | 'settings' | 'tasks' | 'gossip' | 'hints' | 'streams' | 'snapshots';

interface TableRow {
  readonly name: string;
  /** First version that has it. Source: `system_virtual_schema.tables` of 4.0, 4.1 and 5.0. */
  readonly since: readonly [major: number, minor: number];
}

/** The first that a version has. */
const tables: Readonly<Record<SystemTable, readonly TableRow[]>> = {
  local: [{ name: 'system.local', since: [0, 0] }],
  peers: [
    { name: 'system.peers_v2', since: [4, 0] },
    { name: 'system.peers', since: [0, 0] },
  ],
  clients: [{ name: 'system_views.clients', since: [4, 0] }],
  settings: [{ name: 'system_views.settings', since: [4, 0] }],
  tasks: [{ name: 'system_views.sstable_tasks', since: [4, 0] }],
  gossip: [{ name: 'system_views.gossip_info', since: [4, 1] }],
  hints: [{ name: 'system_views.pending_hints', since: [4, 1] }],
  streams: [{ name: 'system_views.streaming', since: [4, 1] }],
  snapshots: [{ name: 'system_views.snapshots', since: [5, 0] }],
};

/**
 * Every row of a table, as the node has it; undefined where its version has no such table. `version` is as a node tells it (`5.0.9`); an
 * empty one is taken for the newest, and the node then says itself what it has not.
 * @throws ClusterProblem, of kind `unauthenticated` where a login is wanted and not known
 */
export async function readSystemTable(
  connection: CqlConnection,
  table: SystemTable,
  version: string,
  cancellation?: Cancellation,
): Promise<readonly JsonObject[] | undefined> {
  const found = tables[table].find(({ since }) => isFrom(version, since));
  if (!found) return undefined;
  try {
    return await connection.query(`SELECT * FROM ${found.name}`, cancellation);
  } catch (error) {
    if (error instanceof ClusterProblem && error.kind === 'invalid') return undefined;
    throw error;
  }
}

function isFrom(version: string, [major, minor]: TableRow['since']): boolean {
  const [, ownMajor, ownMinor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  if (ownMajor === undefined) return true;
  return Number(ownMajor) > major || (Number(ownMajor) === major && Number(ownMinor) >= minor);
}
