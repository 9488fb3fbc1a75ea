import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inProject } from '../../../../../scripts/editor/paths.mjs';
import { bedFolder } from '../../cluster.ts';
import { run } from '../../commands.ts';
import { versions } from '../../versions.ts';
import { finish, sweepUnfinished, unfinishedName } from '../unfinished.ts';
import { applications, contents, kafkaTools, pomOf, type Application } from './contents.ts';

const sources = inProject('test', 'cluster', 'bed', 'native', 'images');
const pauseSource = path.join(sources, 'pause.c');
const layersFolder = (): string => path.join(bedFolder(), 'layers');
const reproducible = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--format=gnu'];

/** Users of the official images, so that manifests which name them by number fit. */
const users = [
  { name: 'appuser', id: 1000 },
  { name: 'cassandra', id: 999 },
] as const;

const packages = [`openjdk-${versions.java}-jre-headless`, 'procps', 'iproute2', 'netcat-openbsd', 'python3'];

// Every layer is named by what it is made from, so that a change of that makes another one.
const baseName = (): string =>
  `base-${digest([versions.debian, ...packages, ...users.map(({ name, id }) => `${name} ${id}`)])}.tar`;
const pauseName = (): string => `pause-${digest([readFileSync(pauseSource, 'utf8')])}.tar`;
const applicationName = (application: Application): string =>
  `${application}-${digest([pomOf(application), JSON.stringify(kafkaTools), ...filesBelow(path.join(sources, application))])}.tar`;

/** Those layers that are not in the cache. */
export const missingLayers = (): string[] =>
  [baseName(), pauseName(), ...applications.map(applicationName)].filter(
    (name) => !existsSync(path.join(layersFolder(), name)),
  );

/** The layer that all applications stand on: a small Debian with a JVM and Python. */
export async function baseLayer(): Promise<string> {
  return makeOnce(baseName(), async (file) => {
    const root = `${file}.root`;
    const how = ['--variant=minbase', `--include=${packages.join(',')}`];
    await run('nice', ['-n', '10', 'debootstrap', ...how, versions.debian, root]);
    for (const { name, id } of users) addUser(root, name, id);
    const left = ['usr/share/doc', 'usr/share/man', 'usr/share/locale', 'var/cache/apt', 'var/lib/apt/lists'];
    const exclude = [...left, 'proc/*', 'sys/*', 'dev/*'].map((name) => `--exclude=./${name}`);
    await run('tar', ['--sort=name', '--numeric-owner', '--format=gnu', '-C', root, ...exclude, '-cf', file, '.']);
    await rm(root, { recursive: true });
  });
}

/** The jars of an application, if it has any, and the files that make it start as in its official image. */
export async function applicationLayer(application: Application): Promise<string> {
  return makeOnce(applicationName(application), async (file) => {
    const root = `${file}.root`;
    const home = path.join(root, 'opt', application);
    await cp(path.join(sources, application), root, { recursive: true });
    if (application === 'kafka') await writeKafkaTools(path.join(home, 'bin'));
    if (contents[application].artifacts.length > 0)
      await run('cp', ['-al', await mavenJars(application, pomOf(application)), path.join(home, 'libs')]);
    await run('tar', [...reproducible, '-C', root, '-cf', file, '.']);
    await rm(root, { recursive: true });
  });
}

/** The process that holds a pod's namespaces. */
export async function pauseLayer(): Promise<string> {
  return makeOnce(pauseName(), async (file) => {
    const root = `${file}.root`;
    await mkdir(root);
    await run('gcc', ['-Os', '-static', '-s', '-o', path.join(root, 'pause'), pauseSource]);
    await run('tar', [...reproducible, '-C', root, '-cf', file, 'pause']);
    await rm(root, { recursive: true });
  });
}

const jarsName = (name: string, pom: string): string => `jars-${name}-${digest([pom])}`;

/** Whether Maven need not be asked for the jars of a project file any more. */
export const hasJars = (name: string, pom: string): boolean =>
  existsSync(path.join(layersFolder(), jarsName(name, pom)));

/** The folder of jars, by what the project file says. */
export async function mavenJars(name: string, pom: string): Promise<string> {
  return makeOnce(jarsName(name, pom), async (folder) => {
    await mkdir(folder);
    const project = path.join(folder, 'pom.xml');
    await writeFile(project, pom);
    const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${folder}`];
    await run('nice', ['-n', '10', 'mvn', '-q', '-B', '-f', project, ...goal]);
    await rm(project);
  });
}

/** Makes a file or folder of the cache unless it is there. It gets its name when it is complete. */
export async function makeOnce(name: string, make: (unfinished: string) => Promise<void>): Promise<string> {
  const finished = path.join(layersFolder(), name);
  if (existsSync(finished)) return finished;
  await mkdir(layersFolder(), { recursive: true });
  await sweepUnfinished(layersFolder());
  const unfinished = unfinishedName(finished);
  try {
    await make(unfinished);
    await finish(unfinished, finished);
  } finally {
    for (const left of [unfinished, `${unfinished}.root`]) await rm(left, { recursive: true, force: true });
  }
  return finished;
}

async function writeKafkaTools(folder: string): Promise<void> {
  for (const [name, className] of Object.entries(kafkaTools)) {
    const script = `#!/bin/bash\nexec /opt/kafka/bin/kafka-run-class.sh ${className} "$@"\n`;
    await writeFile(path.join(folder, `${name}.sh`), script, { mode: 0o755 });
  }
}

function addUser(root: string, name: string, id: number): void {
  appendFileSync(path.join(root, 'etc', 'passwd'), `${name}:x:${id}:${id}::/home/${name}:/bin/bash\n`);
  appendFileSync(path.join(root, 'etc', 'group'), `${name}:x:${id}:\n`);
}

function filesBelow(folder: string): string[] {
  const files = globSync('**/*', { cwd: folder }).toSorted();
  return files
    .filter((file) => statSync(path.join(folder, file)).isFile())
    .flatMap((file) => [file, read(folder, file)]);
}

const read = (folder: string, file: string): string => readFileSync(path.join(folder, file), 'utf8');

export const digest = (parts: readonly string[]): string =>
  createHash('sha256')
    .update([process.arch, ...parts].join('\n'))
    .digest('hex')
    .slice(0, 12);
