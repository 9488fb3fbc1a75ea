import { readFile, stat } from 'node:fs/promises';
import type { Kubeconfig } from './entries.ts';
import { readKubeconfig } from './readKubeconfig.ts';

/** Real ones with hundreds of contexts stay far below; in bytes. */
const maximumSize = 20_000_000;

/**
 * All files as one, by the rules of kubectl: of equal names the first file's entry counts, the first file that names a
 * current context decides it, and a file that is not there is no problem. Never rejects.
 */
export async function loadKubeconfig(files: readonly string[]): Promise<Kubeconfig> {
  return mergeKubeconfigs(await Promise.all(files.map(loadFile)));
}

export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  return {
    current: configs.find(({ current }) => current !== undefined)?.current,
    contexts: firstOfEach(configs.map(({ contexts }) => contexts)),
    clusters: firstOfEach(configs.map(({ clusters }) => clusters)),
    users: firstOfEach(configs.map(({ users }) => users)),
    problems: configs.flatMap(({ problems }) => problems),
  };
}

function firstOfEach<T>(maps: readonly ReadonlyMap<string, T>[]): ReadonlyMap<string, T> {
  const merged = new Map<string, T>();
  for (const map of maps) for (const [name, entry] of map) if (!merged.has(name)) merged.set(name, entry);
  return merged;
}

async function loadFile(file: string): Promise<Kubeconfig> {
  try {
    if ((await stat(file)).size > maximumSize) return unusable(file, 'It is too large.');
    return readKubeconfig((await readFile(file, 'utf8')).replace(/^\uFEFF/, ''), file);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return mergeKubeconfigs([]);
    if (code !== undefined) return unusable(file, readProblems[code] ?? `It cannot be read (${code}).`);
    return unusable(file, error instanceof Error ? error.message : String(error));
  }
}

const readProblems: Readonly<Record<string, string>> = {
  EACCES: 'You may not read it.',
  EPERM: 'You may not read it.',
  EISDIR: 'It is a folder.',
};

const unusable = (file: string, why: string): Kubeconfig => ({
  ...mergeKubeconfigs([]),
  problems: [{ file, problem: `The kubeconfig ${file} cannot be used. ${why} Correct the file or choose another.` }],
});

export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
