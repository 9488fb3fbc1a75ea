import type { WorkspaceFiles } from '#core/ports.ts';
import { readTextFile } from '#server/files/readText.ts';
import { kindOfPath, walkFiles } from '#server/files/walk.ts';

/** The files of this computer. */
export const diskFiles: WorkspaceFiles = {
  list: walkFiles,
  read: readTextFile,
  kindOf: kindOfPath,
};
