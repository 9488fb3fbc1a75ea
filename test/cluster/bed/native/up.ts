import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { inProject } from '../../../../scripts/editor/paths.mjs';
import { inCluster, kubeconfigOf, type Cluster } from '../cluster.ts';
import { installDefinitions } from '../definitions.ts';
import { kubectl, serverSide } from '../kubectl.ts';
import { markTestCluster } from '../mark.ts';
import type { Progress } from '../progress.ts';
import { deployWorkloads, programsOf, type WorkloadName } from '../workloads/deploy.ts';
import { accessTo } from './access.ts';
import { binariesFolder, ensureBinaries, missingPrograms } from './binaries.ts';
import { ensureCertificates } from './certificates.ts';
import { startControlPlane } from './controlPlane.ts';
import { startDns } from './dns.ts';
import { missingLayers } from './images/layers.ts';
import { ensureSeed } from './images/seed.ts';
import { ensureGoProgram, isBuilt } from './goPrograms.ts';
import { ensureBridge } from './network.ts';
import { startNodes } from './nodes.ts';
import { hasSparkFiles } from './spark/files.ts';
import { ensureRequirements } from './requirements.ts';
import { provideVolumes } from './volumes.ts';

export interface UpOptions {
  /** Install missing Debian packages. */
  readonly install: boolean;
  /** Release of Strimzi whose definitions are installed. */
  readonly strimzi?: string;
  /** What runs on the nodes. */
  readonly workloads: readonly WorkloadName[];
}

/** A cluster with all definitions, marked as one for tests. Every stage does only what is not done yet. */
export async function bringUp(cluster: Cluster, options: UpOptions, progress: Progress): Promise<void> {
  const { stage } = progress;
  await makePrograms(cluster, options, progress);
  await mkdir(cluster.folder, { recursive: true, mode: 0o700 });
  await stage('certificates', () => makeCertificates(cluster));
  if (cluster.hasNodes) await stage('bridge', ensureBridge);
  await stage('control plane', () => startControlPlane(cluster));
  if (cluster.hasNodes) await bringUpNodes(cluster, progress);
  const access = await accessTo(cluster);
  await stage('mark as test cluster', () => markTestCluster(access, { driver: 'native', hasNodes: cluster.hasNodes }));
  // Definitions and workloads want nothing of each other, and Cassandra spends most of its start waiting.
  const stamp = inCluster(cluster, 'definitions');
  const definitions = stage('definitions', () => installDefinitions(access, stamp, options.strimzi));
  const place = { access, driver: 'native', cluster, definitions } as const;
  await Promise.all([definitions, ...(cluster.hasNodes ? [deployWorkloads(place, options.workloads, progress)] : [])]);
}

/** What the first start makes and later ones find: compiling and making images go side by side. */
async function makePrograms(cluster: Cluster, { install, workloads }: UpOptions, progress: Progress): Promise<void> {
  const { stage, note } = progress;
  const folder = await binariesFolder(cluster.minor);
  const programs = cluster.hasNodes ? programsOf(workloads) : [];
  const built = await Promise.all(programs.map(isBuilt));
  const wanted = {
    binaries: missingPrograms(cluster, folder).length > 0 || built.includes(false),
    images: cluster.hasNodes && (missingLayers().length > 0 || (workloads.includes('spark') && !hasSparkFiles())),
  };
  await stage('requirements', () => ensureRequirements(cluster, wanted, install));
  if (wanted.binaries) note('Building programs from their Go modules. The first time takes minutes.');
  await Promise.all([
    stage('binaries', () => ensureBinaries(cluster)),
    ...(cluster.hasNodes ? [stage('images', ensureSeed)] : []),
  ]);
  // One after the other: each keeps every core busy.
  for (const program of programs) await stage(program, () => ensureGoProgram(program));
}

async function makeCertificates(cluster: Cluster): Promise<string | undefined> {
  const kept = existsSync(kubeconfigOf(cluster));
  await ensureCertificates(cluster);
  return kept ? 'kept' : undefined;
}

async function bringUpNodes(cluster: Cluster, { stage }: Progress): Promise<void> {
  const base = inProject('test', 'cluster', 'bed', 'manifests', 'base.yaml');
  await stage('rights and storage classes', async () => {
    await kubectl(await accessTo(cluster), ['apply', ...serverSide, '-f', base]);
  });
  await stage('names', () => startDns(cluster));
  await stage('nodes', () => startNodes(cluster));
  await stage('volumes', () => provideVolumes(cluster));
}
