import type { LogLine } from '#core/live/logs/logBuffer.ts';
import type { Clock, Stoppable } from '#core/live/ports.ts';
import { parseTime } from '#core/live/reading.ts';

/** How long a line waits for older ones of other members, in milliseconds: what connections usually differ by. */
export const REORDER_MS = 300;

interface WaitingLine {
  readonly line: LogLine;
  /** What it is sorted by: its own time, or that of the line before it in the same log. */
  readonly at: number;
  readonly nanoseconds: string;
  readonly order: number;
}

/**
 * Puts lines of several logs into the order of their times. A line is held back for a moment, because the log of another member may
 * have an older one on its way; what comes later than that stands where it arrives.
 */
export class LogMerger {
  readonly #clock: Clock;
  readonly #emit: (lines: readonly LogLine[]) => void;
  #waiting: WaitingLine[] = [];
  #timer: Stoppable | undefined;
  #order = 0;
  readonly #lastOf = new Map<string, Pick<WaitingLine, 'at' | 'nanoseconds'>>();

  constructor(clock: Clock, emit: (lines: readonly LogLine[]) => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  /** Lines of one member as they came, in its order. */
  add(lines: readonly TimedLine[], source: string): void {
    for (const { at, nanoseconds, text } of lines) {
      const last = this.#lastOf.get(source);
      const key = at === undefined ? (last ?? { at: 0, nanoseconds: '' }) : { at, nanoseconds };
      this.#lastOf.set(source, key);
      this.#waiting.push({ line: { at, source, text }, ...key, order: this.#order++ });
    }
    this.#timer ??= this.#clock.after(REORDER_MS, () => this.flush());
  }

  /** What we have to say ourselves, behind everything that waits. */
  say(text: string): void {
    this.flush();
    this.#emit([{ at: undefined, source: undefined, text }]);
  }

  flush(): void {
    this.#timer?.stop();
    this.#timer = undefined;
    const lines = this.#waiting.toSorted(compareLines);
    this.#waiting = [];
    if (lines.length > 0) this.#emit(lines.map(({ line }) => line));
  }
}

/** By their times, to the nanosecond; of the same time in the order of arrival. */
function compareLines(a: WaitingLine, b: WaitingLine): number {
  return a.at - b.at || a.nanoseconds.localeCompare(b.nanoseconds) || a.order - b.order;
}

export interface TimedLine {
  readonly at: number | undefined;
  /** Decimals of the second, nine digits. */
  readonly nanoseconds: string;
  readonly text: string;
  /** The time as it was written; empty when there is none. */
  readonly stamp: string;
}

/** Takes the time off a line that the server was asked to begin with one. */
export function readTimedLine(line: string): TimedLine {
  const [stamp = '', decimals = ''] =
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d{1,9}))?(?:Z|[+-]\d\d:\d\d)(?= |$)/.exec(line) ?? [];
  if (stamp === '') return { at: undefined, nanoseconds: '', text: line, stamp };
  return { at: parseTime(stamp), nanoseconds: decimals.padEnd(9, '0'), text: line.slice(stamp.length + 1), stamp };
}
