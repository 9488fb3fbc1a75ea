import { existsSync, readdirSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

/** The name under which something is made. It gets its real one when it is complete, so nothing half made is ever used. */
export const unfinishedName = (finished: string): string => `${finished}.${process.pid}.part`;

/** Gives it that name. Somebody else may have made the same meanwhile; then theirs is as good. */
export async function finish(unfinished: string, finished: string): Promise<void> {
  try {
    await rename(unfinished, finished);
  } catch (error) {
    if (!existsSync(finished)) throw error;
  }
}

/** Removes what programs that were killed left half made. */
export async function sweepUnfinished(folder: string): Promise<void> {
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const maker = /\.(\d+)\.part(\.root)?$/.exec(name)?.[1];
    if (maker !== undefined && !existsSync(`/proc/${maker}`)) {
      await rm(path.join(folder, name), { recursive: true, force: true });
    }
  }
}
