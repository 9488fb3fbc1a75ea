import { relative, sep } from 'node:path';
import picomatch from 'picomatch';
import type { GlobMatcher } from '#core/lint/config.ts';

/**
 * Whether a path is meant by any of the globs. A glob without a slash means a name at any depth,
 * and one that names a folder means everything in it, as in ignore files.
 */
export const matchesGlobs: GlobMatcher = (path, globs) => globs.length > 0 && matcherOf(globs)(path);

/** A path from a folder, with forward slashes, as globs expect it. */
export function globPath(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}

const matchers = new Map<string, (path: string) => boolean>();

function matcherOf(globs: readonly string[]): (path: string) => boolean {
  const key = globs.join('\n');
  const known = matchers.get(key);
  if (known) return known;
  const matcher = picomatch(globs.flatMap(widen), { dot: true });
  matchers.set(key, matcher);
  return matcher;
}

function widen(glob: string): string[] {
  const plain = glob.replace(/^\.\//, '').replace(/\/+$/, '');
  const anchored = plain.includes('/') ? plain.replace(/^\//, '') : `**/${plain}`;
  return [anchored, `${anchored}/**`];
}
