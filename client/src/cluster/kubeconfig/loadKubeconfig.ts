import { readFile, stat } from 'node:fs/promises';
import type { Kubeconfig } from './entries.ts';
import { readKubeconfig } from './readKubeconfig.ts';

/** Real ones with hundreds of contexts stay far below; in bytes. */
const maximumSize = 20_000_000;

/** What was read, by file, so that a text is parsed once although every connection asks for it. */
export type ReadFiles = Map<string, { readonly text: string; readonly config: Kubeconfig }>;

/**
 * All files as one, by the rules of kubectl: of equal names the first file's entry counts, the first file that names a
 * current context decides it, and a file that is not there is no problem. Never rejects.
 *
 * @param known keeps what was read, for the next call
 */
export async function loadKubeconfig(files: readonly string[], known: ReadFiles = new Map()): Promise<Kubeconfig> {
  const configs = await Promise.all(files.map((file) => loadFile(file, known)));
  for (const file of known.keys()) if (!files.includes(file)) known.delete(file);
  return mergeKubeconfigs(configs);
}

function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
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

async function loadFile(file: string, known: ReadFiles): Promise<Kubeconfig> {
  try {
    if ((await stat(file)).size > maximumSize) return unusable(file, 'It is too large.');
    return parseOnce((await readFile(file, 'utf8')).replace(/^\uFEFF/, ''), file, known);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return mergeKubeconfigs([]);
    if (code !== undefined) return unusable(file, readProblems[code] ?? `It cannot be read (${code}).`);
    return unusable(file, error instanceof Error ? error.message : String(error));
  }
}

function parseOnce(text: string, file: string, known: ReadFiles): Kubeconfig {
  const last = known.get(file);
  if (last?.text === text) return last.config;
  const config = readKubeconfig(text, file);
  known.set(file, { text, config });
  return config;
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
