import type { JudgedCluster } from '#core/live/view.ts';
import { until } from '../bed/commands.ts';
import type { LiveContext } from './liveContext.ts';

/** What the product says of data clusters of one kind, by their names. */
export interface Tellings {
  /** What is said now: `healthy: running for 3 s: 1 of 1 chief`; empty while it is not seen. */
  said(this: void, live: LiveContext, name: string): string;
  /** Waits until something is said; returns it. */
  untilSaid(this: void, live: LiveContext, name: string, pattern: RegExp, seconds?: number): Promise<string>;
  /** Everything that is said from now on, times left out and each once in a row; ends when `stop` is called. */
  followSentences(
    this: void,
    live: LiveContext,
    name: string,
  ): { readonly all: readonly string[]; readonly stop: () => void };
}

/** @param find the data cluster of that name; undefined while it is not seen */
export function tellingsOf(find: (live: LiveContext, name: string) => JudgedCluster | undefined): Tellings {
  const said = (live: LiveContext, name: string): string => {
    const health = find(live, name)?.health;
    return health === undefined ? '' : `${health.level}: ${health.sentence}`;
  };
  return {
    said,
    untilSaid: async (live, name, pattern, seconds = 90) => {
      const ask = async (): Promise<string | false> => {
        const text = said(live, name);
        return pattern.test(text) && text;
      };
      return until(`${name} to be told as ${String(pattern)}`, seconds, ask, 50).catch((error: unknown) => {
        throw new Error(`${String(error)} Told: ${said(live, name)}`);
      });
    },
    followSentences: (live, name) => {
      const all: string[] = [];
      const look = (): void => {
        const text = withoutTimes(said(live, name));
        if (text !== '' && text !== all.at(-1)) all.push(text);
      };
      look();
      const listening = live.watch.onDidChange(look);
      return { all, stop: () => listening.stop() };
    },
  };
}

/** `running for 3 s` and `3 s ago` differ from run to run. */
export const withoutTimes = (text: string): string =>
  text.replaceAll(/\d+ (?:s|min)\b/g, 'T').replaceAll('just now', 'T ago');
