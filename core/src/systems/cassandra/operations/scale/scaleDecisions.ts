import type { LiveContainer } from '#core/live/objects.ts';
import type { KeyspaceReplication } from '#core/systems/cassandra/nodetool/describeCluster.ts';
import type { RingNode } from '#core/systems/cassandra/ring.ts';

/** Keyspaces that want more replicas than there will be nodes, a sentence each. Those of Cassandra itself count: its own decommission refuses. */
export function tooFewNodes(keyspaces: readonly KeyspaceReplication[], left: readonly RingNode[]): readonly string[] {
  return keyspaces.flatMap(({ keyspace, strategy, factors }) => {
    if (strategy === 'LocalStrategy' || strategy === 'EverywhereStrategy') return [];
    const isLocal = strategy === 'NetworkTopologyStrategy';
    return Object.entries(factors).flatMap(([place, factor]) => {
      const nodes = isLocal ? left.filter(({ datacenter }) => datacenter === place) : left;
      // A datacenter that never had nodes here is not made smaller.
      if (factor <= nodes.length) return [];
      return [
        `${keyspace} has ${factor} replicas${isLocal ? ` in ${place}` : ''}, and ${nodes.length} nodes would be left`,
      ];
    });
  });
}

/** Keyspaces that lose the rule "one replica in each rack", because a rack loses its last node; a sentence each. */
export function fewerRacks(
  keyspaces: readonly KeyspaceReplication[],
  before: readonly RingNode[],
  left: readonly RingNode[],
): readonly string[] {
  const racks = (nodes: readonly RingNode[], place: string): number =>
    new Set(nodes.filter(({ datacenter }) => datacenter === place).map(({ rack }) => rack)).size;
  return keyspaces
    .filter(({ strategy }) => strategy === 'NetworkTopologyStrategy')
    .flatMap(({ keyspace, factors }) =>
      Object.entries(factors).flatMap(([place, factor]) => {
        const [then, now] = [racks(before, place), racks(left, place)];
        if (now === then || now >= factor || then < factor) return [];
        return [`${keyspace}: ${now} racks of ${place} are left for ${factor} replicas`];
      }),
    );
}

/** Why a new node would not bootstrap, or may not. */
export interface BootstrapDoubt {
  readonly isSure: boolean;
  readonly text: string;
}

/**
 * A node that is one of its own seeds, or that is told so, joins without being sent what it owns: it is up at once, and reads miss rows.
 * Told by the variables that images know; what a configuration file says is not seen.
 */
export function bootstrapDoubts(
  container: LiveContainer | undefined,
  added: readonly string[],
  services: readonly string[],
): readonly BootstrapDoubt[] {
  const variables = container?.variables ?? {};
  const options = `${variables['JVM_EXTRA_OPTS'] ?? ''} ${variables['JVM_OPTS'] ?? ''} ${container?.command ?? ''}`;
  const isOff =
    /^(?:false|no|0)$/i.test(variables['CASSANDRA_AUTO_BOOTSTRAP'] ?? '') || /auto_bootstrap[=:]\s*false/.test(options);
  const off = isOff ? [{ isSure: true, text: 'auto_bootstrap is false: a new node gets no data' }] : [];
  const seeds = (variables['CASSANDRA_SEEDS'] ?? '')
    .split(',')
    .flatMap((seed) => (seed.trim() === '' ? [] : [seed.trim()]));
  const own = seeds.filter((seed) => added.some((pod) => seed === pod || seed.startsWith(`${pod}.`)));
  const wide = seeds.filter((seed) => services.some((name) => seed === name || seed.startsWith(`${name}.`)));
  const provider = variables['CASSANDRA_SEED_PROVIDER'] ?? '';
  return [
    ...off,
    ...own.map((seed) => ({ isSure: true, text: `${seed} would be its own seed, and a seed gets no data` })),
    ...wide.map((seed) => ({
      isSure: false,
      text: `The seed ${seed} stands for all pods; a node that finds itself there takes itself for a seed and gets no data`,
    })),
    ...(provider.includes('Kubernetes')
      ? [{ isSure: false, text: `${provider} may name the new node as a seed` }]
      : []),
    ...(seeds.length === 0 && provider === ''
      ? [{ isSure: false, text: 'The seeds are not in CASSANDRA_SEEDS, and could not be looked at' }]
      : []),
  ];
}
