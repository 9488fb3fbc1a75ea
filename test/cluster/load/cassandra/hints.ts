import { glob, stat } from 'node:fs/promises';
import { everyInterval } from '../pace.ts';

/** Writes that nodes keep for one that is away, as they lie in files. What waits in memory for its file, ten seconds at most, is not seen. */
export interface HintSummary {
  /** Everything that files were seen to grow by. */
  readonly writtenBytes: number;
  /** Files at once, in all nodes. */
  readonly mostFiles: number;
  /** Files when the restart said that it was done: writes that some node had not got by then. */
  readonly filesWhenDone: number;
  readonly filesAtEnd: number;
}

/** Bytes by file. */
export type HintFiles = ReadonlyMap<string, number>;

export interface HintClock {
  add(this: void, files: HintFiles): void;
  markDone(this: void): void;
  summarize(this: void): HintSummary;
}

/** Adds up what is written; the first sample is only what was there before. */
export function createHintClock(): HintClock {
  let last: HintFiles | undefined;
  let [writtenBytes, mostFiles, filesWhenDone] = [0, 0, 0];
  return {
    add(files) {
      for (const [file, bytes] of last ? files : []) writtenBytes += Math.max(0, bytes - (last?.get(file) ?? 0));
      mostFiles = Math.max(mostFiles, files.size);
      last = files;
    },
    markDone() {
      filesWhenDone = last?.size ?? 0;
    },
    summarize: () => ({ writtenBytes, mostFiles, filesWhenDone, filesAtEnd: last?.size ?? 0 }),
  };
}

export interface HintWatch {
  /** The restart says that it is done. */
  markDone(this: void): Promise<void>;
  /** May be called again. */
  end(this: void): Promise<HintSummary>;
}

/** Milliseconds. A file stays for seconds: it is flushed and sent every ten. */
const interval = 1000;

/** Looks at the hints of all nodes until it is ended. `volumes` is the folder in which the bed keeps what pods store. */
export async function watchHints(volumes: string): Promise<HintWatch> {
  const clock = createHintClock();
  const over = new AbortController();
  let looking: Promise<void> | undefined;
  const look = async (): Promise<void> => clock.add(await readHintFiles(volumes));
  await look();
  const watching = everyInterval(interval, over.signal, () => {
    looking ??= look().finally(() => (looking = undefined));
  });
  return {
    async markDone() {
      await looking;
      await look();
      clock.markDone();
    },
    async end() {
      over.abort();
      await watching;
      await looking;
      return clock.summarize();
    },
  };
}

/** Every file of hints in a volume of the bed. */
export async function readHintFiles(volumes: string): Promise<HintFiles> {
  const files = new Map<string, number>();
  for await (const file of glob(`${volumes}/*/*/hints/*.hints`)) {
    // It may have been sent and removed meanwhile.
    const found = await stat(file).catch(() => undefined);
    if (found !== undefined) files.set(file, found.size);
  }
  return files;
}
