// Where things are: the checkout, and the cache that lies outside of it.
import { homedir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** The folder of the checkout. */
export const projectRoot = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** An absolute path inside the checkout. */
export const inProject = (/** @type {string[]} */ ...parts) => path.join(projectRoot, ...parts);

const cacheBases = {
  darwin: () => path.join(homedir(), 'Library', 'Caches'),
  win32: () => process.env.LOCALAPPDATA ?? path.join(homedir(), 'AppData', 'Local'),
};

/**
 * The folder for downloads and editor profiles. It is outside of the checkout, so that `git clean` and a second
 * clone do not cost another installation. DATA_CLUSTERS_CACHE and XDG_CACHE_HOME move it.
 */
export function cacheFolder() {
  const own = process.env.DATA_CLUSTERS_CACHE;
  if (own) return path.resolve(own);
  const base = process.env.XDG_CACHE_HOME || (cacheBases[process.platform]?.() ?? path.join(homedir(), '.cache'));
  return path.join(base, 'data-clusters');
}
