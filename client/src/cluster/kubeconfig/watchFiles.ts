import { stat } from 'node:fs/promises';
import type { Clock, Stoppable } from '#core/live/ports.ts';

/** How often the files are looked at. */
export const lookEveryMs = 2_000;
/** A login command writes its file in several steps; what it leaves is read once. */
export const settleMs = 200;

export interface FileWatch extends Stoppable {
  /** From now on these files, as they are now, and no others. Resolves when their state is known. */
  follow(files: readonly string[]): Promise<void>;
}

/**
 * Notices files that change, appear, vanish or are replaced, also through links and on network disks. Their state is
 * asked at intervals, because the notices of the system are about a folder entry and lose the file when it is replaced.
 */
export function watchFiles(clock: Clock, changed: () => void): FileWatch {
  const states = new Map<string, string>();
  let looking: Stoppable | undefined;
  let settling: Stoppable | undefined;
  let isStopped = false;

  const look = async (): Promise<void> => {
    const known = [...states];
    const now = await Promise.all(known.map(([file]) => stateOf(file)));
    const isSame = known.every(([file, state], index) => now[index] === state || !states.has(file));
    known.forEach(([file], index) => states.has(file) && states.set(file, now[index] ?? ''));
    if (isStopped) return;
    if (!isSame) {
      settling?.stop();
      settling = clock.after(settleMs, changed);
    }
    schedule();
  };
  const schedule = (): void => {
    looking = clock.after(lookEveryMs, () => void look());
  };
  return {
    async follow(files) {
      for (const file of states.keys()) if (!files.includes(file)) states.delete(file);
      const added = files.filter((file) => !states.has(file));
      const found = await Promise.all(added.map(stateOf));
      if (isStopped) return;
      added.forEach((file, index) => states.set(file, found[index] ?? ''));
      if (looking === undefined) schedule();
    },
    stop() {
      isStopped = true;
      looking?.stop();
      settling?.stop();
      states.clear();
    },
  };
}

/** Equal as long as nobody has written or replaced the file. Empty when it is not there. */
async function stateOf(file: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(file);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return '';
  }
}
