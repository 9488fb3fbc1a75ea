import { rm } from 'node:fs/promises';
import { possibleNodes, type Cluster } from '../cluster.ts';
import type { Progress } from '../progress.ts';
import { controlPlaneProcesses } from './controlPlane.ts';
import { findLeftovers } from './leftovers.ts';
import { restoreMachine } from './machine.ts';
import { removeBridge, removeNodeNetwork } from './network.ts';
import { startedNodes, stopNode } from './nodes.ts';
import { recordedProcesses, stopProcess } from './processes.ts';

export interface DownOptions {
  /** Keep etcd, the disks of nodes and volumes, so that `up` brings the same cluster back. */
  readonly keep: boolean;
}

/**
 * Ends everything that `up` started and removes everything that it made. The caches stay. Throws when anything is left,
 * because what is left would fail the next cluster in ways that nobody understands.
 */
export async function takeDown(cluster: Cluster, options: DownOptions, { stage }: Progress): Promise<void> {
  if (cluster.hasNodes) await stage('nodes', () => stopNodes(cluster));
  await stage('control plane', () => stopControlPlane(cluster));
  if (cluster.hasNodes) await stage('networks and settings', () => restore(cluster));
  await stage('look for left-overs', () => assertNothingLeft(cluster));
  if (!options.keep) await stage('files', () => rm(cluster.folder, { recursive: true, force: true }));
}

async function stopNodes(cluster: Cluster): Promise<void> {
  await Promise.all(startedNodes(cluster).map((node) => stopNode(cluster, node)));
}

async function stopControlPlane(cluster: Cluster): Promise<void> {
  // Asked to end, the API server waits for its watches; nothing of it is needed any more.
  for (const name of controlPlaneProcesses) await stopProcess(cluster, name);
  for (const name of recordedProcesses(cluster)) await stopProcess(cluster, name);
}

async function restore(cluster: Cluster): Promise<void> {
  for (const node of possibleNodes) await removeNodeNetwork(node);
  await removeBridge();
  await restoreMachine(cluster);
}

async function assertNothingLeft(cluster: Cluster): Promise<string> {
  const left = await findLeftovers(cluster);
  if (left.length > 0) throw new Error(`Left over:\n${left.map((text) => `  - ${text}`).join('\n')}`);
  return 'none';
}
