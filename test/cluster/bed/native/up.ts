import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { kubeconfigOf, type Cluster } from '../cluster.ts';
import { installDefinitions } from '../definitions.ts';
import { markTestCluster } from '../mark.ts';
import type { Progress } from '../progress.ts';
import { binariesFolder, ensureBinaries, missingPrograms } from './binaries.ts';
import { ensureCertificates } from './certificates.ts';
import { startControlPlane } from './controlPlane.ts';
import { ensureRequirements } from './requirements.ts';

export interface UpOptions {
  /** Install missing Debian packages. */
  readonly install: boolean;
  /** Release of Strimzi whose definitions are installed. */
  readonly strimzi?: string;
}

/** An API server with controllers and all definitions. Every stage does only what is not done yet. */
export async function bringUpControlPlane(cluster: Cluster, options: UpOptions, progress: Progress): Promise<void> {
  const { stage } = progress;
  const folder = await binariesFolder(cluster.minor);
  const wanted = { binaries: missingPrograms(cluster, folder).length > 0, images: false };
  await stage('requirements', () => ensureRequirements(cluster, wanted, options.install));
  if (wanted.binaries) progress.note('Building Kubernetes from its Go modules. The first time takes minutes.');
  await stage('binaries', () => ensureBinaries(cluster));
  await startCluster(cluster, progress);
  await stage('definitions', () => installDefinitions(cluster, options.strimzi));
  await stage('mark as test cluster', () => markTestCluster(cluster, 'native'));
}

async function startCluster(cluster: Cluster, { stage }: Progress): Promise<void> {
  await mkdir(cluster.folder, { recursive: true, mode: 0o700 });
  const fresh = !existsSync(kubeconfigOf(cluster));
  await stage('certificates', async () => {
    await ensureCertificates(cluster);
    return fresh ? undefined : 'kept';
  });
  await stage('control plane', () => startControlPlane(cluster));
}
