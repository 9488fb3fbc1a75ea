import { rm } from 'node:fs/promises';
import type { Cluster } from '../cluster.ts';
import type { Progress } from '../progress.ts';
import { controlPlaneProcesses } from './controlPlane.ts';
import { recordedProcesses, stopProcess } from './processes.ts';

export interface DownOptions {
  /** Keep etcd, the disks of nodes and volumes, so that `up` brings the same cluster back. */
  readonly keep: boolean;
}

/** Ends everything that `up` started and removes everything that it made. The caches stay. */
export async function takeDown(cluster: Cluster, options: DownOptions, { stage }: Progress): Promise<void> {
  await stage('control plane', () => stopControlPlane(cluster));
  if (!options.keep) await stage('files', () => rm(cluster.folder, { recursive: true, force: true }));
}

async function stopControlPlane(cluster: Cluster): Promise<void> {
  for (const name of controlPlaneProcesses) await stopProcess(cluster, name);
  // Nothing should be left, but a record of an earlier version may be.
  for (const name of recordedProcesses(cluster)) await stopProcess(cluster, name);
}
