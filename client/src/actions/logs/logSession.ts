import { LogBuffer, type LogLimits, type LogLine } from '#core/live/logs/logBuffer.ts';
import { LogFollower, type LogSource } from '#core/live/logs/logFollower.ts';
import type { Clock, Cluster, Stoppable } from '#core/live/ports.ts';

/** Lines of each log from before it is followed. */
export const TAIL_LINES = 500;

export interface LogSessionParts {
  readonly cluster: Pick<Cluster, 'logs'>;
  readonly clock: Clock;
  readonly namespace: string;
  /** For people and for the name of a file: `orders`. */
  readonly name: string;
  readonly limits?: LogLimits;
}

/** The log of one or several members while it is followed, and what was read of it. */
export class LogSession implements Stoppable {
  readonly name: string;
  readonly #buffer: LogBuffer;
  readonly #follower: LogFollower;
  readonly #listeners = new Set<(lines: readonly LogLine[]) => void>();

  constructor({ cluster, clock, namespace, name, limits }: LogSessionParts) {
    this.name = name;
    this.#buffer = new LogBuffer(limits);
    this.#follower = new LogFollower({
      cluster,
      clock,
      namespace,
      tailLines: TAIL_LINES,
      emit: (lines) => this.#add(lines),
    });
  }

  /** The members to follow from now on. */
  follow(sources: readonly LogSource[]): void {
    this.#follower.follow(sources);
  }

  onLines(listener: (lines: readonly LogLine[]) => void): Stoppable {
    this.#listeners.add(listener);
    return { stop: () => void this.#listeners.delete(listener) };
  }

  /** What was read so far, as far as it is kept. */
  get lines(): readonly LogLine[] {
    return this.#buffer.lines();
  }

  /** How many older lines are no longer kept. */
  get dropped(): number {
    return this.#buffer.dropped;
  }

  /** What was read stays there to be saved. */
  stop(): void {
    this.#follower.stop();
  }

  #add(lines: readonly LogLine[]): void {
    this.#buffer.add(lines);
    for (const listener of this.#listeners) listener(lines);
  }
}
