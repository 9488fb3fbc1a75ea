import type { Clock, Cluster } from '#core/live/ports.ts';
import type { PlannedNode } from '#core/systems/cassandra/operations/reading.ts';
import type { RestartLevel } from '#core/systems/cassandra/operations/safety.ts';

/** What a plan says of its ring, and the ports that lead to it. */
export interface RestartTarget {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly clusterIdentity: string | undefined;
  readonly namespace: string;
  /** What the ring calls itself; empty when it was not known. */
  readonly ringName: string;
  /** Every member, those that are restarted and the others. */
  readonly nodes: readonly PlannedNode[];
  readonly level: RestartLevel;
  /** Keyspaces whose loss of QUORUM was agreed to, because no order of restarts avoids it. */
  readonly consented: ReadonlySet<string>;
  /** Id of the last step; absent where no step follows another. */
  readonly lastStep?: string;
}
