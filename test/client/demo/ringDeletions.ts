import {
  ClusterProblem,
  type ClusterProblemKind,
  type Clock,
  type ObjectAddress,
  type WriteOptions,
} from '#core/live/ports.ts';
import { ApiError } from '#client/cluster/demo/simulation/apiError.ts';
import type { RingSimulation } from '#client/cluster/demo/simulation/cassandra/ring.ts';
import { deleteClaim } from '#client/cluster/demo/simulation/claims.ts';
import { kindByPlural } from '#client/cluster/demo/simulation/kinds.ts';
import type { Simulation } from '#client/cluster/demo/simulation/simulation.ts';

/** Something that was deleted in a simulated ring. */
export interface Deletion {
  readonly name: string;
  readonly uid: string;
  /** Some other node saw the node of it up at that moment. */
  readonly wasUp: boolean;
}

/** Where something is deleted, and what was. */
export interface DeletionPlace {
  readonly simulation: Simulation;
  readonly ring: RingSimulation;
  readonly clock: Clock;
  readonly deleted: Deletion[];
}

/** As the server does it: claims that are used stay until their pod is gone. @throws ClusterProblem */
export function deleteIn(
  ring: DeletionPlace,
  { plural, group, version, namespace: where, name }: ObjectAddress,
  { dryRun = false, uid }: WriteOptions & { readonly uid?: string },
): void {
  const { world } = ring.simulation;
  const kind = kindByPlural(group, version, plural);
  const found = kind && world.store.get(kind, where, name);
  if (!kind || !found) throw new ClusterProblem('absent', `There is no ${plural} ${name}.`);
  if (uid !== undefined && found.metadata.uid !== uid) throw new ClusterProblem('conflict', 'another uid');
  if (dryRun || found.metadata.deletionTimestamp !== undefined) return;
  ring.deleted.push({ name, uid: found.metadata.uid, wasUp: isUp(ring, name) });
  if (kind.kind === 'PersistentVolumeClaim') deleteClaim(world, found);
  const pod = kind.kind === 'Pod' ? world.pod(where, name) : undefined;
  if (pod) world.deletePod(pod);
}

function isUp({ ring, clock }: DeletionPlace, name: string): boolean {
  const now = clock.now();
  const node = ring.nodeOf(`shop/${name.replace(/^data-/, '')}`);
  if (!node || node.isNew) return false;
  return ring.nodes.some((other) => other !== node && ring.view(other, node, now)?.isUp === true);
}

const kinds = new Map<number, ClusterProblemKind>([
  [404, 'absent'],
  [409, 'conflict'],
  [422, 'invalid'],
]);

/** @throws ClusterProblem for what the server refuses */
export function answered<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new ClusterProblem(kinds.get(error.code) ?? 'server', error.message, { causes: error.causes });
  }
}
