import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { inProject } from '../../../../scripts/editor/paths.mjs';
import { bedFolder } from '../cluster.ts';
import { run } from '../commands.ts';
import { versions } from '../versions.ts';
import { finish, sweepUnfinished, unfinishedName } from './unfinished.ts';

/** A program that is no part of Kubernetes, built from its own Go module when something needs it. */
interface GoProgram {
  readonly version: string;
  readonly module: string;
  /** The package of its `main`, below the module; that of the module itself when left out. */
  readonly main?: string;
  /** The variable in which it keeps its own version. */
  readonly versionVariable?: string;
  /** A folder of the module that is kept beside the program. */
  readonly files?: string;
}

export const goPrograms = {
  'training-operator': {
    version: versions.trainingOperator,
    module: 'github.com/kubeflow/training-operator',
    main: 'cmd/training-operator.v1',
    files: 'manifests',
  },
  'trainer-controller-manager': {
    version: versions.trainer,
    module: 'github.com/kubeflow/trainer/v2',
    main: 'cmd/trainer-controller-manager',
    files: 'manifests',
  },
  jobset: {
    version: versions.jobset,
    module: 'sigs.k8s.io/jobset',
    versionVariable: 'sigs.k8s.io/jobset/pkg/version.GitVersion',
    files: 'config',
  },
  helm: {
    version: versions.helm,
    module: 'helm.sh/helm/v3',
    main: 'cmd/helm',
    versionVariable: 'helm.sh/helm/v3/internal/version.version',
  },
} as const satisfies Record<string, GoProgram>;

export type GoProgramName = keyof typeof goPrograms;

/** The folder of the Go module that pins a program and everything it depends on. */
const goModuleFolder = (name: GoProgramName): string => inProject('test', 'cluster', 'bed', 'programs', name);

/** Where a program is once it is built. */
export const goProgram = async (name: GoProgramName): Promise<string> => path.join(await folderOf(name), name);

/** The files of its module that a program comes with. */
export const goProgramFiles = async (name: GoProgramName): Promise<string> => path.join(await folderOf(name), 'files');

export const isBuilt = async (name: GoProgramName): Promise<boolean> => existsSync(await folderOf(name));

/** Builds a program unless it is in the cache; says what it did. */
export async function ensureGoProgram(name: GoProgramName): Promise<string> {
  const folder = await folderOf(name);
  if (existsSync(folder)) return 'cached';
  await sweepUnfinished(path.dirname(folder));
  const unfinished = unfinishedName(folder);
  await mkdir(unfinished, { recursive: true });
  try {
    await build(name, unfinished);
    await finish(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return `built ${name} ${goPrograms[name].version}`;
}

async function build(name: GoProgramName, folder: string): Promise<void> {
  const program: GoProgram = goPrograms[name];
  const cwd = goModuleFolder(name);
  const env = { ...process.env, CGO_ENABLED: '0' };
  const args = ['build', '-trimpath', '-ldflags', linkerFlags(program), '-o', path.join(folder, name)];
  await run('nice', ['-n', '10', 'go', ...args, goPackage(program)], { cwd, env });
  if (program.files === undefined) return;
  const module = (await run('go', ['list', '-m', '-f', '{{.Dir}}', program.module], { cwd, env })).trim();
  await cp(path.join(module, program.files), path.join(folder, 'files'), { recursive: true });
  // Files of the module cache may not be written to, and nobody could remove a copy that is so.
  await run('chmod', ['-R', 'u+w', path.join(folder, 'files')]);
}

/** The package whose `main` is built. */
export const goPackage = ({ module, main }: GoProgram): string => (main === undefined ? module : `${module}/${main}`);

const linkerFlags = ({ version, versionVariable }: GoProgram): string =>
  ['-s', '-w', ...(versionVariable === undefined ? [] : [`-X ${versionVariable}=v${version}`])].join(' ');

/** Named by what it is made from, so that a change of that makes another one. */
async function folderOf(name: GoProgramName): Promise<string> {
  const hash = createHash('sha256').update(process.arch).update(JSON.stringify(goPrograms[name]));
  for (const file of ['go.mod', 'go.sum']) hash.update(await readFile(path.join(goModuleFolder(name), file)));
  return path.join(bedFolder(), 'bin', `${name}-${goPrograms[name].version}-${hash.digest('hex').slice(0, 12)}`);
}
