import type { CqlAccess, CqlConnection } from '#core/live/cql.ts';
import { ClusterProblem, type JsonObject } from '#core/live/ports.ts';
import type { RingNode, RingSimulation } from './simulation/cassandra/ring.ts';
import { cqlTables } from './simulation/cassandra/cqlTables.ts';
import type { Simulation } from './simulation/simulation.ts';

/** The CQL ports of the simulated rings, for the demo context: what a node would answer over its own protocol. */
export function demoCql(simulation: Simulation): (access: CqlAccess) => Promise<CqlConnection> {
  return async ({ namespace, pod, port }) => {
    const found = nodeOf(simulation, `${namespace}/${pod}`);
    const now = (): number => simulation.world.now();
    requireOpen(found, `CQL of ${pod} at port ${port}`, now());
    let isStopped = false;
    return {
      offers: { CQL_VERSION: ['3.4.7'], PROTOCOL_VERSIONS: ['3/v3', '4/v4', '5/v5'], COMPRESSION: ['lz4'] },
      isEncrypted: false,
      query: async (statement): Promise<readonly JsonObject[]> => {
        if (isStopped) throw new ClusterProblem('cancelled', 'The connection to Cassandra is closed.');
        const { ring, node } = requireOpen(found, `CQL of ${pod} at port ${port}`, now());
        return rowsOf(statement, ring, node, now());
      },
      stop: () => {
        isStopped = true;
      },
    };
  };
}

interface Found {
  readonly ring: RingSimulation;
  readonly node: RingNode;
}

function nodeOf({ members }: Simulation, place: string): Found | undefined {
  for (const ring of members.rings.values()) {
    const node = ring.nodeOf(place);
    if (node) return { ring, node };
  }
  return undefined;
}

function requireOpen(found: Found | undefined, who: string, now: number): Found {
  if (found?.ring.isCqlOpen(found.node, now) === true) return found;
  throw new ClusterProblem('unreachable', `${who} closed the connection without an answer; CQL is not open there.`);
}

/** `SELECT a, b FROM keyspace.table`, and nothing that has a condition. */
function rowsOf(statement: string, ring: RingSimulation, node: RingNode, now: number): readonly JsonObject[] {
  const [, wanted = '', name = ''] = /^SELECT (\*|[\w, ]+) FROM ([\w.]+)$/i.exec(statement.trim()) ?? [];
  const table = cqlTables[name];
  if (!table) throw new ClusterProblem('invalid', `The simulation does not know the statement ${statement}.`);
  const columns = wanted.split(',').map((column) => column.trim());
  return table(ring, node, now).map((row) =>
    wanted === '*' ? row : Object.fromEntries(columns.map((column) => [column, row[column] ?? null])),
  );
}
