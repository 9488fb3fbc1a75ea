import { fullCluster } from '../bed/cluster.ts';
import { nodeMinor } from '../bed/versions.ts';
import type { Fault, FaultBed, FaultOptions } from '../faults/fault.ts';
import { applyFault, undoFault } from '../faults/journal.ts';
import type { TestCluster } from './suite.ts';

export const faultBedOf = ({ access }: Pick<TestCluster, 'access'>): FaultBed => ({
  cluster: fullCluster(nodeMinor),
  access,
});

/** Something goes wrong while the work is done, and is undone however the work ends. */
export async function duringFault<T>(
  cluster: Pick<TestCluster, 'access'>,
  fault: Fault,
  target: string,
  options: FaultOptions,
  work: () => Promise<T>,
): Promise<T> {
  const bed = faultBedOf(cluster);
  try {
    await applyFault(bed, fault, target, options);
    return await work();
  } finally {
    await undoFault(bed, fault, target);
  }
}
