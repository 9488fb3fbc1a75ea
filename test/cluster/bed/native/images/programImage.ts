import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { inCluster, type Cluster, type NodeNumber } from '../../cluster.ts';
import { run } from '../../commands.ts';
import { goProgram, goPrograms, type GoProgramName } from '../goPrograms.ts';
import { initOf, startedNodes } from '../nodes.ts';
import { writeLayout } from './layout.ts';

/** The name of the image that holds a program and nothing else. */
export const programImage = (name: GoProgramName): string => `data-clusters.local/${name}:v${goPrograms[name].version}`;

/**
 * Gives every running node an image of a program, as pulling it would. It is not among those that nodes are made with,
 * because only some clusters want it.
 */
export async function ensureProgramImage(cluster: Cluster, name: GoProgramName, entrypoint: string): Promise<string> {
  const missing: NodeNumber[] = [];
  for (const node of startedNodes(cluster)) if (!(await hasImage(cluster, node, name))) missing.push(node);
  if (missing.length === 0) return 'kept';
  const folder = inCluster(cluster, 'images', name);
  try {
    const archive = await makeArchive(folder, name, entrypoint);
    for (const node of missing) await containerd(cluster, node, ['images', 'import', archive]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return `${programImage(name)} on ${missing.length} nodes`;
}

async function makeArchive(folder: string, name: GoProgramName, entrypoint: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  const file = path.join(folder, 'root', entrypoint);
  await mkdir(path.dirname(file), { recursive: true });
  await copyFile(await goProgram(name), file);
  await chmod(file, 0o755);
  const layer = path.join(folder, 'layer.tar');
  await run('tar', ['--owner=0', '--group=0', '--numeric-owner', '-C', path.join(folder, 'root'), '-cf', layer, '.']);
  const layout = path.join(folder, 'layout');
  const image = { name: programImage(name), layers: [layer], entrypoint: [entrypoint], user: '65532', path: '' };
  await writeLayout(layout, [image]);
  const archive = path.join(folder, 'image.tar');
  await run('tar', ['-C', layout, '-cf', archive, '.']);
  return archive;
}

async function hasImage(cluster: Cluster, node: NodeNumber, name: GoProgramName): Promise<boolean> {
  const names = await containerd(cluster, node, ['images', 'list', '-q', `name==${programImage(name)}`]);
  return names.trim() !== '';
}

/** Gives an image of the running nodes one more name. */
export async function nameImage(cluster: Cluster, image: string, name: string): Promise<void> {
  for (const node of startedNodes(cluster)) await containerd(cluster, node, ['images', 'tag', '--force', image, name]);
}

/** Takes such a name away; the image stays as long as it has another. */
export async function forgetImageName(cluster: Cluster, name: string): Promise<void> {
  for (const node of startedNodes(cluster)) await containerd(cluster, node, ['images', 'rm', name]);
}

/** Asks the containerd of a node, whose socket is in the node's own /run. */
async function containerd(cluster: Cluster, node: NodeNumber, args: readonly string[]): Promise<string> {
  const pid = initOf(cluster, node);
  if (pid === undefined || !existsSync(`/proc/${pid}`)) throw new Error(`Node ${node} does not run.`);
  return run('nsenter', [`--mount=/proc/${pid}/ns/mnt`, 'ctr', '-n', 'k8s.io', ...args]);
}
