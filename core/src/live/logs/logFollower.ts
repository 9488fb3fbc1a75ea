import { LogMerger, readTimedLine, type TimedLine } from '#core/live/logs/logMerger.ts';
import type { LogLine } from '#core/live/logs/logBuffer.ts';
import { plainText } from '#core/live/plainText.ts';
import type { Clock, Cluster, ClusterProblem, Stoppable } from '#core/live/ports.ts';

/** A container whose log is followed. */
export interface LogSource {
  readonly pod: string;
  readonly container: string;
}

export interface LogFollowerParts {
  readonly cluster: Pick<Cluster, 'logs'>;
  readonly clock: Clock;
  readonly namespace: string;
  /** Lines of each log from before now. */
  readonly tailLines: number;
  readonly emit: (lines: readonly LogLine[]) => void;
}

/** Follows the logs of several members as one. A log that ends is taken up again where it ended, also when its pod was replaced. */
export class LogFollower implements Stoppable {
  readonly #parts: LogFollowerParts;
  readonly #merger: LogMerger;
  readonly #logs = new Map<string, FollowedLog>();

  constructor(parts: LogFollowerParts) {
    this.#parts = parts;
    this.#merger = new LogMerger(parts.clock, parts.emit);
  }

  /** The members that exist now. A new one is followed from its beginning; one that is gone is no longer asked for. */
  follow(sources: readonly LogSource[]): void {
    const isFirst = this.#logs.size === 0;
    const names = new Set(sources.map(keyOf));
    for (const source of sources) {
      if (this.#logs.has(keyOf(source))) continue;
      this.#logs.set(keyOf(source), new FollowedLog(source, this.#parts, this.#merger, isFirst));
    }
    for (const [key, log] of this.#logs) {
      if (names.has(key) || !log.isWaiting) continue;
      log.stop();
      this.#logs.delete(key);
      this.#merger.say(`${plainText(key)} is gone.`);
    }
  }

  stop(): void {
    for (const log of this.#logs.values()) log.stop();
    this.#merger.flush();
  }
}

function keyOf({ pod, container }: LogSource): string {
  return `${pod}/${container}`;
}

/** Time before the next try, in milliseconds; the last one counts for all that follow. */
const RETRY_MS = [1_000, 2_000, 5_000, 10_000];

/** How much the clock of a node may be behind or ahead of ours, in seconds. */
const SKEW_SECONDS = 60;

class FollowedLog implements Stoppable {
  readonly #source: LogSource;
  readonly #parts: LogFollowerParts;
  readonly #merger: LogMerger;
  #seen = new SeenLines();
  #connection: Stoppable | undefined;
  #retry: Stoppable | undefined;
  #failures = 0;
  #told = '';
  #isStopped = false;

  constructor(source: LogSource, parts: LogFollowerParts, merger: LogMerger, wantsTail: boolean) {
    this.#source = source;
    this.#parts = parts;
    this.#merger = merger;
    this.#connect(wantsTail ? { tailLines: parts.tailLines } : {});
  }

  /** There is nothing to read now. */
  get isWaiting(): boolean {
    return this.#retry !== undefined;
  }

  stop(): void {
    this.#isStopped = true;
    this.#connection?.stop();
    this.#retry?.stop();
  }

  #connect(from: { readonly tailLines?: number; readonly sinceSeconds?: number }): void {
    const { cluster, namespace } = this.#parts;
    this.#seen.connectionBegins();
    const request = { ...this.#source, ...from, namespace, follow: true, timestamps: true };
    this.#connection = cluster.logs(request, {
      lines: (lines) => this.#receive(lines),
      ended: (problem) => this.#ended(problem),
    });
  }

  #receive(lines: readonly string[]): void {
    if (this.#isStopped) return;
    const fresh = lines.map(readTimedLine).filter((line) => this.#seen.isNew(line));
    if (fresh.length === 0) return;
    this.#failures = 0;
    this.#told = '';
    this.#merger.add(fresh, this.#source.pod);
  }

  #ended(problem: ClusterProblem | undefined): void {
    if (this.#isStopped) return;
    this.#tell(problem);
    if (problem && FINAL.has(problem.kind)) return;
    // What comes back under the name is another pod, whose clock owes nothing to the old one.
    if (problem?.kind === 'absent') this.#seen = new SeenLines();
    const delay = RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)] ?? 0;
    this.#failures += 1;
    this.#retry = this.#parts.clock.after(delay, () => {
      this.#retry = undefined;
      this.#connect(this.#resumeFrom());
    });
  }

  #resumeFrom(): { readonly sinceSeconds?: number } {
    const { lastAt } = this.#seen;
    if (lastAt === undefined) return {};
    const seconds = Math.ceil((this.#parts.clock.now() - lastAt) / 1_000);
    return { sinceSeconds: Math.max(1, seconds + SKEW_SECONDS) };
  }

  /** The same thing is said once, however often it is tried again. */
  #tell(problem: ClusterProblem | undefined): void {
    const { pod } = this.#source;
    const text =
      problem?.kind === 'absent'
        ? `${pod} is not there; its log goes on when it is back.`
        : problem
          ? `The log of ${pod} is interrupted: ${problem.message}`
          : `The log of ${pod} ended; it goes on when the container runs again.`;
    if (text !== this.#told) this.#merger.say(plainText(text, 500));
    this.#told = text;
  }
}

/** What no further try will change. */
const FINAL: ReadonlySet<ClusterProblem['kind']> = new Set(['forbidden', 'configuration', 'login', 'unauthenticated']);

/** Remembers where a log was read to, so that what is sent again after a break is not shown again. */
class SeenLines {
  #last: TimedLine | undefined;
  /** Texts with the last time, and how often each was shown. */
  #shown = new Map<string, number>();
  /** The same as this connection sends them. */
  #sent = new Map<string, number>();

  get lastAt(): number | undefined {
    return this.#last?.at;
  }

  connectionBegins(): void {
    this.#sent = new Map();
  }

  isNew(line: TimedLine): boolean {
    if (line.at === undefined) return true;
    const order = this.#last === undefined ? 1 : compareTimes(line, this.#last);
    if (order < 0) return false;
    if (order > 0) {
      this.#last = line;
      this.#shown = new Map();
      this.#sent = new Map();
    }
    const sent = (this.#sent.get(line.text) ?? 0) + 1;
    this.#sent.set(line.text, sent);
    if (sent <= (this.#shown.get(line.text) ?? 0)) return false;
    this.#shown.set(line.text, sent);
    return true;
  }
}

function compareTimes(a: TimedLine, b: TimedLine): number {
  return (a.at ?? 0) - (b.at ?? 0) || a.nanoseconds.localeCompare(b.nanoseconds);
}
