import process from 'node:process';
import type { Cluster } from '../cluster.ts';
import { createProgress, type Progress } from '../progress.ts';
import { takeDown } from './down.ts';
import { compareStates, readMachineState } from './machineState.ts';

/**
 * Brings the cluster up and takes it down again and again, and looks each time whether the machine is as it was.
 * Returns how many times it was not.
 */
export async function runCycles(
  cluster: Cluster,
  times: number,
  bringUp: (progress: Progress) => Promise<void>,
): Promise<number> {
  let leaks = 0;
  for (let round = 1; round <= times; round += 1) {
    const before = await readMachineState();
    await upAndDown(cluster, bringUp);
    const differences = compareStates(before, await readMachineState());
    if (differences.length > 0) leaks += 1;
    const verdict = differences.length === 0 ? 'nothing left' : `NOT AS BEFORE\n  ${differences.join('\n  ')}`;
    process.stdout.write(`cycle ${round} of ${times}: ${verdict}\n`);
  }
  return leaks;
}

async function upAndDown(cluster: Cluster, bringUp: (progress: Progress) => Promise<void>): Promise<void> {
  const progress = createProgress();
  try {
    await bringUp(progress);
  } finally {
    await takeDown(cluster, { keep: false }, progress);
  }
}
