import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { Cluster, KubernetesModule } from '../../../core/src/live/ports.ts';
import { inProject } from '../../../scripts/editor/paths.mjs';
import { control, type TestCluster } from './suite.ts';

/** Opens the cluster with what is built in dist, as the product does, and closes it after. */
export async function withOpened<T>(kubeconfig: string, use: (cluster: Cluster) => Promise<T>): Promise<T> {
  const { createClusterDirectory } = await load();
  const quiet = (): void => undefined;
  const directory = createClusterDirectory({
    kubeconfigPaths: () => [kubeconfig],
    environment: process.env,
    log: { error: quiet, warn: quiet, info: quiet, debug: quiet },
    watchFiles: false,
  });
  try {
    const contexts = await directory.contexts();
    const current = contexts.find(({ isCurrent }) => isCurrent) ?? contexts[0];
    if (current === undefined) throw new Error(`${kubeconfig} has no context.`);
    return await use(await directory.open(current.name));
  } finally {
    directory.stop();
  }
}

export const withCluster = <T>({ access }: TestCluster, use: (cluster: Cluster) => Promise<T>): Promise<T> =>
  withOpened(access.kubeconfig, use);

/** The same as a service account of the namespace `default` that may do nothing but what it is given. */
export async function asServiceAccount<T>(
  cluster: TestCluster,
  name: string,
  use: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'data-clusters-'));
  await control(cluster, '-n', 'default', 'create', 'serviceaccount', name);
  try {
    const token = (await control(cluster, '-n', 'default', 'create', 'token', name)).trim();
    const kubeconfig = path.join(folder, 'config');
    writeFileSync(kubeconfig, await control(cluster, 'config', 'view', '--raw', '--minify', '--flatten', '-o', 'json'));
    const restricted = { ...cluster, access: { ...cluster.access, kubeconfig } };
    await control(restricted, 'config', 'set-credentials', name, `--token=${token}`);
    await control(restricted, 'config', 'set-context', '--current', `--user=${name}`);
    return await withOpened(kubeconfig, use);
  } finally {
    await control(cluster, '-n', 'default', 'delete', 'serviceaccount', name, '--wait=false');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function load(): Promise<KubernetesModule> {
  const file = inProject('dist', 'kubernetes.cjs');
  if (!existsSync(file)) throw new Error(`${file} is not there. Build it first: npm run build`);
  const loaded: unknown = await import(pathToFileURL(file).href);
  if (!isKubernetesModule(loaded)) throw new Error(`${file} exports no createClusterDirectory.`);
  return loaded;
}

const isKubernetesModule = (value: unknown): value is KubernetesModule =>
  typeof value === 'object' && value !== null && 'createClusterDirectory' in value;
