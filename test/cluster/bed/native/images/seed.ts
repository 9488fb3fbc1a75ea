import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readdirSync } from 'node:fs';
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { once } from 'node:events';
import { bedFolder } from '../../cluster.ts';
import { run, tryRun, until } from '../../commands.ts';
import { finish, sweepUnfinished, unfinishedName } from '../unfinished.ts';
import { applications, contents } from './contents.ts';
import { applicationLayer, baseLayer, pauseLayer } from './layers.ts';
import { writeLayout, type Image } from './layout.ts';

const seedsFolder = (): string => path.join(bedFolder(), 'seeds');

/** Makes the images and a store of containerd that holds them, from which nodes get theirs; says what it did. */
export async function ensureSeed(): Promise<string> {
  const images = await makeImages();
  const folder = seedOf(images);
  if (existsSync(folder)) return 'cached';
  await sweepUnfinished(seedsFolder());
  const unfinished = unfinishedName(folder);
  await mkdir(unfinished, { recursive: true });
  try {
    await importImages(images, unfinished);
    await finish(path.join(unfinished, 'store'), folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return images.map(({ name }) => name).join(', ');
}

/**
 * Gives a node its images, once. Layers are read only, so hard links do: no time and no disk. The databases are copied,
 * because containerd writes to them.
 */
export async function seedNode(nodeFolder: string): Promise<void> {
  const store = path.join(nodeFolder, 'var', 'lib', 'containerd');
  if (existsSync(store) && readdirSync(store).length > 0) return;
  const seed = seedOf(await makeImages());
  const unfinished = `${store}.part`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(path.dirname(store), { recursive: true });
  await run('cp', ['-al', seed, unfinished]);
  for (const file of globSync('**/*.db', { cwd: seed })) {
    await rm(path.join(unfinished, file));
    await copyFile(path.join(seed, file), path.join(unfinished, file));
  }
  await rm(store, { recursive: true, force: true });
  await rename(unfinished, store);
}

async function makeImages(): Promise<Image[]> {
  // One after the other: each keeps a core busy, and the other is compiling Kubernetes.
  const base = await baseLayer();
  const images: Image[] = [await pauseImage()];
  for (const application of applications) {
    const { user, entrypoint, path: searchPath } = contents[application];
    const layers = [base, await applicationLayer(application)];
    images.push({ name: `data-clusters.local/${application}:bed`, layers, entrypoint, user, path: searchPath });
  }
  return images;
}

async function pauseImage(): Promise<Image> {
  const layers = [await pauseLayer()];
  return { name: 'data-clusters.local/pause:bed', layers, entrypoint: ['/pause'], user: '65535', path: '' };
}

const seedOf = (images: readonly Image[]): string =>
  path.join(seedsFolder(), createHash('sha256').update(JSON.stringify(images)).digest('hex').slice(0, 12));

/** A containerd that runs only for this. */
async function importImages(images: readonly Image[], folder: string): Promise<void> {
  const socket = path.join(folder, 'socket');
  const layout = path.join(folder, 'layout');
  await writeLayout(layout, images);
  await writeFile(path.join(folder, 'config.toml'), configuration(folder, socket));
  const containerd = spawn('containerd', ['-c', path.join(folder, 'config.toml')], { stdio: 'ignore' });
  try {
    const answers = async (): Promise<boolean> => (await tryRun('ctr', ['-a', socket, 'version'])).code === 0;
    await until('containerd to answer', 30, answers);
    const archive = path.join(folder, 'images.tar');
    await run('tar', ['-C', layout, '-cf', archive, '.']);
    await run('nice', ['-n', '10', 'ctr', '-a', socket, '-n', 'k8s.io', 'images', 'import', archive]);
  } finally {
    await end(containerd);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

const configuration = (folder: string, socket: string): string => `version = 2
root = "${folder}/store"
state = "${folder}/state"
disabled_plugins = [
  "io.containerd.grpc.v1.cri",
  "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.aufs",
  "io.containerd.snapshotter.v1.zfs",
  "io.containerd.snapshotter.v1.devmapper",
]

[grpc]
  address = "${socket}"
`;
