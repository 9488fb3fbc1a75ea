import { chmod, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { findOnPath } from '../../../../scripts/editor/commands.mjs';
import { inProject } from '../../../../scripts/editor/paths.mjs';
import { clustersFolder } from '../cluster.ts';
import { run, tryRun } from '../commands.ts';
import { installDefinitions } from '../definitions.ts';
import { applyObjects, type Access } from '../kubectl.ts';
import { markTestCluster } from '../mark.ts';
import { BedUnavailable } from '../native/requirements.ts';
import type { Progress } from '../progress.ts';
import { versions } from '../versions.ts';
import { deployWorkloads, type WorkloadName } from '../workloads/deploy.ts';
import { sharedStorage, sharedVolumeNumbers } from './sharedStorage.ts';

/** Also in the configuration file. */
const clusterName = 'data-clusters';
const configuration = inProject('test', 'cluster', 'bed', 'kind', 'cluster.yaml');
export const kindFolder = (): string => path.join(clustersFolder(), 'kind');
export const kindKubeconfig = (): string => path.join(kindFolder(), 'kubeconfig');

export interface KindOptions {
  readonly strimzi?: string;
  readonly workloads: readonly WorkloadName[];
}

/** The same cluster in containers, for machines with Docker. Images come from their registries. */
export async function bringUpKind(options: KindOptions, progress: Progress): Promise<void> {
  const { stage } = progress;
  await stage('requirements', requirePrograms);
  await stage('cluster', createCluster);
  const access: Access = { program: findOnPath('kubectl') ?? 'kubectl', kubeconfig: kindKubeconfig() };
  await stage('volumes', () => applyObjects(access, sharedStorage()));
  await stage('mark as test cluster', () => markTestCluster(access, { driver: 'kind', hasNodes: true }));
  const stamp = path.join(kindFolder(), 'definitions');
  const definitions = stage('definitions', () => installDefinitions(access, stamp, options.strimzi));
  const place = { access, driver: 'kind', cluster: undefined, definitions } as const;
  await Promise.all([definitions, deployWorkloads(place, options.workloads, progress)]);
}

export async function takeDownKind({ stage }: Progress): Promise<void> {
  await stage('cluster', async () => {
    await run('kind', ['delete', 'cluster', '--name', clusterName]);
  });
  await stage('files', () => rm(kindFolder(), { recursive: true, force: true }));
}

/** Whether a Docker engine answers; its client alone is no use. */
export const dockerAnswers = async (): Promise<boolean> =>
  findOnPath('docker') !== undefined && (await tryRun('docker', ['info'], { timeout: 10_000 })).code === 0;

async function requirePrograms(): Promise<void> {
  const missing = ['kind', 'kubectl', 'openssl'].filter((name) => findOnPath(name) === undefined);
  if (missing.length > 0) throw new BedUnavailable(`Missing on the PATH: ${missing.join(', ')}.`);
  if (!(await dockerAnswers())) throw new BedUnavailable('No Docker engine answers (docker info fails).');
}

async function createCluster(): Promise<string> {
  const folder = kindFolder();
  for (const number of sharedVolumeNumbers) {
    const volume = path.join(folder, 'volumes', String(number));
    await mkdir(volume, { recursive: true });
    await chmod(volume, 0o777);
  }
  const existing = await run('kind', ['get', 'clusters']);
  if (existing.split('\n').includes(clusterName)) {
    await run('kind', ['export', 'kubeconfig', '--name', clusterName, '--kubeconfig', kindKubeconfig()]);
    return 'kept';
  }
  const what = ['--name', clusterName, '--config', configuration, '--image', versions.kindNode];
  await run('kind', ['create', 'cluster', ...what, '--kubeconfig', kindKubeconfig(), '--wait', '180s'], {
    cwd: folder,
  });
  return versions.kindNode;
}
