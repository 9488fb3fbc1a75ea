import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Cancellation, FileQuery } from '#core/ports.ts';

/** Folders that hold other people's files or none at all. */
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(['node_modules', '.git', '.hg', '.svn', '.terraform']);

/** How many folders are read before other work gets its turn. */
const FOLDERS_PER_TURN = 16;

/**
 * Files below the folders, those nearest to the top first, sorted within a folder. Symbolic links are followed,
 * but no folder is entered twice, so loops end. What cannot be read is left out.
 */
export async function walkFiles(query: FileQuery, cancellation: Cancellation): Promise<readonly string[]> {
  const found: string[] = [];
  const entered = new Set<string>();
  let level = [...query.folders];
  let turns = 0;
  while (level.length > 0) {
    const below: string[] = [];
    for (const folder of level) {
      if (cancellation.isCancellationRequested || found.length >= query.limit) return found.slice(0, query.limit);
      if (++turns % FOLDERS_PER_TURN === 0) await nextTurn();
      const listing = await readFolder(folder, entered);
      found.push(...listing.files.filter((file) => query.extensions.some((end) => file.endsWith(end))));
      below.push(...listing.folders);
    }
    level = below;
  }
  return found.slice(0, query.limit);
}

interface FolderListing {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

const EMPTY: FolderListing = { files: [], folders: [] };

async function readFolder(folder: string, entered: Set<string>): Promise<FolderListing> {
  try {
    const real = await realpath(folder);
    if (entered.has(real)) return EMPTY;
    entered.add(real);
    const entries = await readdir(folder, { withFileTypes: true });
    return await sortEntries(folder, entries);
  } catch {
    return EMPTY;
  }
}

async function sortEntries(folder: string, entries: readonly Dirent[]): Promise<FolderListing> {
  const files: string[] = [];
  const folders: string[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    const kind = await kindOfEntry(entry, path);
    if (kind === 'file') files.push(path);
    else if (kind === 'folder' && !SKIPPED_FOLDERS.has(entry.name)) folders.push(path);
  }
  return { files, folders };
}

async function kindOfEntry(entry: Dirent, path: string): Promise<'file' | 'folder' | undefined> {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? kindOfPath(path) : undefined;
}

/** What a path leads to, links followed; undefined for nothing and for devices. */
export async function kindOfPath(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    const found = await stat(path);
    if (found.isFile()) return 'file';
    return found.isDirectory() ? 'folder' : undefined;
  } catch {
    return undefined;
  }
}
