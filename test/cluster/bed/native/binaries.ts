import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { inProject } from '../../../../scripts/editor/paths.mjs';
import { bedFolder, type Cluster } from '../cluster.ts';
import { run } from '../commands.ts';
import { versions, type KubernetesMinor } from '../versions.ts';
import { sweepUnfinished, unfinishedName } from './unfinished.ts';

const controlPlanePrograms = ['kube-apiserver', 'kube-controller-manager', 'kubectl'] as const;
const nodePrograms = ['kube-scheduler', 'kubelet', 'kube-proxy', 'coredns'] as const;
export type Program = (typeof controlPlanePrograms)[number] | (typeof nodePrograms)[number];

const versionPackage = 'k8s.io/component-base/version';

/** The folder of one minor's Go module, which pins every dependency. */
const moduleFolder = (minor: KubernetesMinor): string => inProject('test', 'cluster', 'bed', 'kubernetes', minor);

/** Where the programs of a cluster are once they are built. */
export async function binariesFolder(minor: KubernetesMinor): Promise<string> {
  return path.join(bedFolder(), 'bin', `${versions.kubernetes[minor]}-${await sourceKey(minor)}`);
}

/** Builds the programs that a cluster needs and that are not there yet; says what it did. */
export async function ensureBinaries(cluster: Cluster): Promise<string> {
  const folder = await binariesFolder(cluster.minor);
  const missing = missingPrograms(cluster, folder);
  if (missing.length === 0) return 'cached';
  await buildPrograms(cluster.minor, missing, folder);
  return `built ${missing.join(', ')}`;
}

export function missingPrograms(cluster: Cluster, folder: string): Program[] {
  const needed = cluster.hasNodes ? [...controlPlanePrograms, ...nodePrograms] : controlPlanePrograms;
  return needed.filter((program) => !existsSync(path.join(folder, program)));
}

/**
 * One invocation for all, so that what they share is compiled once. Programs move to their place when complete: a build
 * that is cut short leaves nothing that looks finished, and Go's own cache lets the next one go on from there.
 */
async function buildPrograms(minor: KubernetesMinor, programs: readonly Program[], folder: string): Promise<void> {
  await sweepUnfinished(path.dirname(folder));
  const unfinished = unfinishedName(folder);
  await mkdir(unfinished, { recursive: true });
  const args = ['build', '-trimpath', '-ldflags', linkerFlags(minor), '-o', `${unfinished}/`];
  const env = { ...process.env, CGO_ENABLED: '0' };
  const packages = programs.map(packageOf);
  await run('nice', ['-n', '10', 'go', ...args, ...packages], { cwd: moduleFolder(minor), env });
  await mkdir(folder, { recursive: true });
  for (const program of programs) await rename(path.join(unfinished, program), path.join(folder, program));
  await rm(unfinished, { recursive: true });
}

const packageOf = (program: Program): string =>
  program === 'coredns' ? './coredns' : `k8s.io/kubernetes/cmd/${program}`;

/** Without these the server calls itself v0.0.0-master and clients disable what depends on its version. */
function linkerFlags(minor: KubernetesMinor): string {
  const [major, minorNumber] = minor.split('.');
  const facts = { gitVersion: `v${versions.kubernetes[minor]}`, gitMajor: major, gitMinor: minorNumber };
  const assignments = Object.entries(facts).map(([name, value]) => `-X ${versionPackage}.${name}=${value}`);
  return ['-s', '-w', ...assignments].join(' ');
}

async function sourceKey(minor: KubernetesMinor): Promise<string> {
  const files = ['go.mod', 'go.sum', 'coredns/main.go'].map((name) => path.join(moduleFolder(minor), name));
  const present = files.filter((file) => existsSync(file));
  const hash = createHash('sha256').update(process.arch);
  for (const file of present) hash.update(await readFile(file));
  return hash.digest('hex').slice(0, 12);
}
