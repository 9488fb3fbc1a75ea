import { existsSync } from 'node:fs';
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
  // One that runs already would be missed afterwards.
  if (existsSync(cluster.folder)) await takeDown(cluster, { keep: false }, createProgress());
  for (let round = 1; round <= times; round += 1) {
    const before = await readMachineState();
    await upAndDown(cluster, bringUp);
    const differences = compareStates(before, await readMachineState());
    if (differences.length > 0) leaks += 1;
    process.stdout.write(`cycle ${round} of ${times}: ${verdictOf(differences)}\n`);
  }
  return leaks;
}

function verdictOf(differences: readonly string[]): string {
  if (differences.length === 0) return 'nothing left';
  const shown = 40;
  const more = differences.length > shown ? [`and ${differences.length - shown} more`] : [];
  return ['NOT AS BEFORE', ...differences.slice(0, shown), ...more].join('\n  ');
}

async function upAndDown(cluster: Cluster, bringUp: (progress: Progress) => Promise<void>): Promise<void> {
  const progress = createProgress();
  try {
    await bringUp(progress);
  } finally {
    await takeDown(cluster, { keep: false }, progress);
  }
}
