import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import { neverCancelled, type WorkspaceFiles } from '#core/ports.ts';
import { CliError } from '#server/cli/errors.ts';
import { compareText } from '#server/cli/writers/report.ts';
import { globPath, matchesGlobs } from '#server/files/globs.ts';

/** One text to check. */
export interface LintInput {
  /** As reports show it: from the current folder, with forward slashes. */
  readonly name: string;
  /** Absolute. For stdin the path its name stands for, which need not exist. */
  readonly path: string;
  readonly origin: 'file' | 'stdin';
}

export interface TargetQuery {
  readonly targets: readonly string[];
  readonly ignore: readonly string[];
  readonly cwd: string;
  readonly stdinName: string | undefined;
}

/** What a folder is searched for. Other endings are checked when they are named. */
const MANIFEST_EXTENSIONS: readonly string[] = ['.yaml', '.yml'];

const FILE_LIMIT = 1_000_000;

/** Every file the user means, each once, sorted by name. @throws CliError for a target that is not there */
export async function resolveTargets(query: TargetQuery, files: WorkspaceFiles): Promise<readonly LintInput[]> {
  const inputs = new Map<string, LintInput>();
  for (const target of query.targets) {
    if (target === '-') {
      const input = stdinInput(query);
      inputs.set(input.path, input);
      continue;
    }
    for (const path of await expandTarget(target, query.cwd, files)) {
      if (matchesGlobs(globPath(query.cwd, path), query.ignore) || inputs.has(path)) continue;
      inputs.set(path, { name: displayName(query.cwd, path), path, origin: 'file' });
    }
  }
  return [...inputs.values()].toSorted((a, b) => compareText(a.name, b.name));
}

/** A path as reports show it. */
export function displayName(cwd: string, path: string): string {
  const shown = relative(cwd, path);
  return (shown === '' ? path : shown).split(sep).join('/');
}

async function expandTarget(target: string, cwd: string, files: WorkspaceFiles): Promise<readonly string[]> {
  const path = resolve(cwd, target);
  const kind = await files.kindOf(path);
  if (kind === 'file') return [path];
  if (kind === 'folder') return listManifests([path], files);
  if (picomatch.scan(toGlob(target)).isGlob) return expandGlob(target, cwd, files);
  throw new CliError(
    `There is no file or folder "${target}".`,
    'Check the path, or quote a glob so that the shell leaves it alone.',
  );
}

async function expandGlob(target: string, cwd: string, files: WorkspaceFiles): Promise<readonly string[]> {
  const glob = toGlob(isAbsolute(target) ? target : join(cwd, target));
  const { base } = picomatch.scan(glob);
  const extensions = /\.\w+$/.test(glob) ? [''] : MANIFEST_EXTENSIONS;
  const isMeant = picomatch(glob, { dot: false });
  const candidates = await files.list(
    { folders: [base === '' ? cwd : base], extensions, limit: FILE_LIMIT },
    neverCancelled,
  );
  return candidates.filter((path) => isMeant(toGlob(path)));
}

function listManifests(folders: readonly string[], files: WorkspaceFiles): Promise<readonly string[]> {
  return files.list({ folders, extensions: MANIFEST_EXTENSIONS, limit: FILE_LIMIT }, neverCancelled);
}

/** Globs are written with forward slashes; a backslash is a separator only where the system says so. */
function toGlob(path: string): string {
  return sep === '\\' ? path.replaceAll('\\', '/') : path;
}

function stdinInput(query: TargetQuery): LintInput {
  const name = query.stdinName ?? '<stdin>';
  return {
    name: name.split(sep).join('/'),
    path: resolve(query.cwd, query.stdinName ?? 'stdin.yaml'),
    origin: 'stdin',
  };
}
