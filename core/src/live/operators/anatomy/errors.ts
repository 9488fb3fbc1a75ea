import { readLevel } from '#core/live/logs/lineLevel.ts';
import type { TimedLine } from '#core/live/logs/logMerger.ts';
import { readLog } from '#core/live/logs/readLog.ts';
import { describeLimit, readEach } from '#core/live/operators/anatomy/reading.ts';
import type {
  ControllerPod,
  ErrorAnatomy,
  ErrorLine,
  OperatorSubject,
  ReadAccess,
} from '#core/live/operators/anatomy/model.ts';
import { plainText } from '#core/live/plainText.ts';
import { ClusterProblem } from '#core/live/ports.ts';

/** Lines of each log that are looked at, and logs. */
const TAIL_LINES = 2_000;
const PREVIOUS_LINES = 500;
const MOST_PODS = 3;
/** Errors that are shown, each of at most so many characters. */
const MOST_ERRORS = 20;
const LONGEST_ERROR = 400;

interface PodLog {
  readonly pod: string;
  readonly previous: boolean;
}

/** The errors in the logs of its pods, those that differ by numbers and ids only as one. Bounded whatever the logs hold. */
export async function readErrors(
  cluster: ReadAccess,
  { operator: { namespace } }: OperatorSubject,
  pods: readonly ControllerPod[],
  container: string,
): Promise<ErrorAnatomy> {
  const limits: string[] = [];
  const logs = pods.slice(0, MOST_PODS).flatMap(({ name, restarted }): readonly PodLog[] => {
    const own = { pod: name, previous: false };
    return restarted.includes(container) ? [own, { pod: name, previous: true }] : [own];
  });
  const lines = await readEach(logs, async ({ pod, previous }) => {
    const tailLines = previous ? PREVIOUS_LINES : TAIL_LINES;
    try {
      const read = await readLog(cluster, { namespace, pod, container, previous, tailLines });
      return read.map((line) => ({ pod, line }));
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      // The log of before a restart is often gone, which is nothing to be told.
      if (!previous) limits.push(describeLimit(`The log of ${pod}`, error));
      return [];
    }
  });
  const all = lines.flat();
  return { lines: gatherErrors(all), looked: all.length, limits: [...new Set(limits)] };
}

/** Newest first. */
function gatherErrors(lines: readonly { readonly pod: string; readonly line: TimedLine }[]): readonly ErrorLine[] {
  const found = new Map<string, ErrorLine>();
  for (const { pod, line } of lines) {
    const { level, text } = readLevel(line.text);
    if (level !== 'error') continue;
    const told = plainText(text, LONGEST_ERROR);
    const key = withoutNumbers(told);
    const known = found.get(key);
    const isNewer = known === undefined || (line.at ?? 0) >= (known.at ?? 0);
    const newest = isNewer ? { text: told, pod, at: line.at } : known;
    found.set(key, { ...newest, firstAt: earliest(known?.firstAt, line.at), count: (known?.count ?? 0) + 1 });
  }
  return [...found.values()].toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0)).slice(0, MOST_ERRORS);
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

/** Ids and numbers differ from one time to the next. */
function withoutNumbers(text: string): string {
  return text.replaceAll(/\b[0-9a-f]{8,}\b|\d+/gi, '#');
}
