import { unwatchFile, watchFile, type Stats } from 'node:fs';
import type { Clock, Stoppable } from '#core/live/ports.ts';

/** A login command writes its file in several steps; what it leaves is read once. */
const settleMs = 200;

export interface FileWatch extends Stoppable {
  /** From now on these files, and no others. */
  follow(files: readonly string[]): void;
}

/**
 * Notices files that change, appear, vanish or are replaced, also through links and on network disks. Their state is
 * asked at intervals, because the notices of the system are about a folder entry and lose the file when it is replaced.
 */
export function watchFiles(clock: Clock, intervalMs: number, changed: () => void): FileWatch {
  const followed = new Map<string, (now: Stats, before: Stats) => void>();
  let settling: Stoppable | undefined;
  const notice = (now: Stats, before: Stats): void => {
    if (now.mtimeMs === before.mtimeMs && now.size === before.size && now.ino === before.ino) return;
    settling?.stop();
    settling = clock.after(settleMs, changed);
  };
  const forget = (file: string): void => {
    const listener = followed.get(file);
    if (listener !== undefined) unwatchFile(file, listener);
    followed.delete(file);
  };
  return {
    follow(files) {
      for (const file of followed.keys()) if (!files.includes(file)) forget(file);
      for (const file of files) {
        if (followed.has(file)) continue;
        const listener = (now: Stats, before: Stats): void => notice(now, before);
        followed.set(file, listener);
        watchFile(file, { interval: intervalMs, persistent: false }, listener);
      }
    },
    stop() {
      settling?.stop();
      for (const file of followed.keys()) forget(file);
    },
  };
}
