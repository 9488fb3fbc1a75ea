import { readTimedLine, type TimedLine } from '#core/live/logs/logMerger.ts';
import type { Cluster, LogRequest, Stoppable } from '#core/live/ports.ts';

/** More than this of one log is not kept, in UTF-16 units. */
const MOST_CHARACTERS = 4_000_000;

/**
 * A log as it is now, with the time of each line. Of a log that is too long its beginning is kept.
 *
 * @throws ClusterProblem `invalid` or `absent` when there is no such log
 */
export function readLog(
  cluster: Pick<Cluster, 'logs'>,
  request: Omit<LogRequest, 'follow' | 'timestamps'>,
): Promise<readonly TimedLine[]> {
  return new Promise((resolve, reject) => {
    const lines: TimedLine[] = [];
    let characters = 0;
    const reading: Stoppable = cluster.logs(
      { ...request, follow: false, timestamps: true },
      {
        lines: (more) => {
          for (const line of more) {
            characters += line.length;
            if (characters <= MOST_CHARACTERS) lines.push(readTimedLine(line));
          }
          if (characters <= MOST_CHARACTERS) return;
          reading.stop();
          resolve(lines);
        },
        ended: (problem) => (problem === undefined ? resolve(lines) : reject(problem)),
      },
    );
  });
}
