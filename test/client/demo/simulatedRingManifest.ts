import type { CassandraKeyspace, CassandraPace } from '#client/cluster/demo/simulation/cassandra/ring.ts';
import type { RingSets } from './ringSets.ts';

export const namespace = 'shop';
export const ringName = 'catalog';

export interface RingWanted {
  readonly size: number;
  /** Nodes take turns. */
  readonly racks: number;
  readonly keyspaces?: readonly CassandraKeyspace[];
  readonly pace?: Partial<CassandraPace>;
  readonly seed?: number;
  /** `tcp` asks for CQL, `status` the node itself, which goes on calling itself up after a drain. */
  readonly probe?: 'tcp' | 'status';
  readonly preStop?: string;
  /** Of each node; a gigabyte when absent. */
  readonly loadBytes?: number;
  /** By ordinal: what it holds and does not own, as a share of what it owns. */
  readonly unowned?: readonly number[];
  /** How its StatefulSets are laid out; one of nobody's when absent. */
  readonly sets?: RingSets;
  /** Ports of pods may not be forwarded, or lead nowhere because nodes listen at the address of their pod only. */
  readonly tunnel?: 'forbidden' | 'leads nowhere';
}
