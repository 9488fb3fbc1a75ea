import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Cancellation, WorkspaceFiles } from '#core/ports.ts';

/** Bounds of one reading of a workspace, so that a huge one costs no more than a large one. */
const FILE_LIMIT = 5_000;
const CHARACTER_LIMIT = 64 * 1024 * 1024;

const EXTENSIONS: readonly string[] = ['.yaml', '.yml'];

/** Work may hold the event loop this long before editing gets its turn. */
const SLICE_MS = 8;

export interface ScanResult {
  readonly files: number;
  /** Whether files were left out because there are too many. */
  readonly isPartial: boolean;
}

/** Reads every YAML file below the folders and gives it to the visitor, in slices, so that requests are answered in between. */
export async function scanFolders(
  folders: readonly string[],
  files: WorkspaceFiles,
  visit: (path: string, text: string) => void,
  cancellation: Cancellation,
): Promise<ScanResult> {
  const paths = await files.list({ folders, extensions: EXTENSIONS, limit: FILE_LIMIT }, cancellation);
  let characters = 0;
  let visited = 0;
  let sliceEnd = performance.now() + SLICE_MS;
  for (const path of paths) {
    if (cancellation.isCancellationRequested || characters > CHARACTER_LIMIT) break;
    const content = await files.read(path);
    if (content.kind === 'text') {
      characters += content.text.length;
      visit(path, content.text);
    }
    visited++;
    if (performance.now() < sliceEnd) continue;
    await nextTurn();
    sliceEnd = performance.now() + SLICE_MS;
  }
  return { files: visited, isPartial: visited < paths.length || paths.length === FILE_LIMIT };
}
