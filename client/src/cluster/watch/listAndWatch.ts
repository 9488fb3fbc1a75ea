import type { Clock, ClusterProblem, Stoppable, WatchEvent, WatchQuery } from '#core/live/ports.ts';
import { pause } from '../systemClock.ts';
import { problemOfFailure } from '../transport/networkProblems.ts';
import type { Transport } from '../transport/transport.ts';
import { backoff } from './backoff.ts';
import { listPages } from './listPages.ts';
import type { Pulse } from './pulse.ts';
import { readWatch, type WatchLine } from './watchStream.ts';

/** API servers send a bookmark every minute; a watch that is silent for so long is taken for dead. */
export const silenceMs = 150_000;
/** A watch that the server ends sooner than this counts as failed, so that it is not opened again and again. */
const shortestMs = 1_000;

export interface WatchOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly chance: () => number;
  readonly pulse: Pulse;
  /** The listener threw, which is our own fault. */
  readonly failed: (error: unknown) => void;
}

/**
 * Keeps a listener informed of a kind:
 * 1. List all pages. `reset` comes with the first, so that a failing server takes nothing away.
 * 2. Watch from there, and remember the version of every event and bookmark.
 * 3. When the connection ends, watch again from that version; when it is too old (410), list again.
 * 4. When something breaks, say so and wait: twice as long each time, or as long as the server asks.
 * 5. After sleep or long silence, connect again at once.
 * 6. Forbidden, absent and without a login there is nothing to wait for: the end.
 */
export function listAndWatch(
  query: WatchQuery,
  options: WatchOptions,
  listener: (event: WatchEvent) => void,
): Stoppable {
  const watch = new ObjectWatch(query, options, listener);
  void watch.run();
  return { stop: () => watch.stop() };
}

const finalKinds: readonly ClusterProblem['kind'][] = [
  'configuration',
  'login',
  'unauthenticated',
  'forbidden',
  'absent',
  'invalid',
  'cancelled',
];

class ObjectWatch {
  readonly #query: WatchQuery;
  readonly #options: WatchOptions;
  readonly #listener: (event: WatchEvent) => void;
  readonly #stopped = new AbortController();
  #round = new AbortController();
  #version: string | undefined;
  #failures = 0;
  #lists = 0;
  #isInterrupted = false;
  #lastSign: number;

  constructor(query: WatchQuery, options: WatchOptions, listener: (event: WatchEvent) => void) {
    this.#query = query;
    this.#options = options;
    this.#listener = listener;
    this.#lastSign = options.clock.now();
  }

  stop(): void {
    this.#stopped.abort();
    this.#round.abort();
  }

  async run(): Promise<void> {
    const beats = this.#options.pulse.onBeat(({ now, hasSlept }) => {
      if (hasSlept || now - this.#lastSign > silenceMs) this.#startOver(now);
    });
    try {
      while (!this.#stopped.signal.aborted) await this.#runOnce();
    } catch (error) {
      this.#options.failed(error);
    } finally {
      beats.stop();
    }
  }

  /** Gives up what goes on, a wait too, without calling it a failure. */
  #startOver(now: number): void {
    this.#lastSign = now;
    this.#failures = 0;
    this.#round.abort();
  }

  async #runOnce(): Promise<void> {
    this.#round = new AbortController();
    const { signal } = this.#round;
    const started = this.#options.clock.now();
    try {
      this.#version ??= await this.#list(signal);
      await this.#watch(this.#version, signal);
      if (this.#options.clock.now() - started < shortestMs) await this.#wait(this.#failures + 1, undefined, signal);
    } catch (error) {
      if (this.#stopped.signal.aborted || signal.aborted) return;
      await this.#handle(problemOfFailure(error, this.#options.transport.server), signal);
    }
  }

  async #list(signal: AbortSignal): Promise<string> {
    this.#lists += 1;
    const version = await listPages(this.#options.transport, this.#query, signal, (objects, isFirst) => {
      this.#lastSign = this.#options.clock.now();
      if (isFirst) this.#tell({ type: 'reset' });
      for (const object of objects) this.#tell({ type: 'put', object });
    });
    this.#isInterrupted = false;
    this.#tell({ type: 'synced' });
    return version;
  }

  #watch(version: string, signal: AbortSignal): Promise<void> {
    const { transport, chance, clock } = this.#options;
    return readWatch({
      transport,
      query: this.#query,
      version,
      chance,
      signal,
      opened: () => {
        this.#lastSign = clock.now();
        if (this.#isInterrupted) this.#tell({ type: 'synced' });
        this.#isInterrupted = false;
      },
      alive: () => {
        this.#lastSign = clock.now();
      },
      line: (line) => this.#take(line),
    });
  }

  #take({ type, object, version }: WatchLine): void {
    this.#failures = 0;
    this.#lists = 0;
    if (version !== undefined) this.#version = version;
    if (type !== 'bookmark') this.#tell({ type, object });
  }

  async #handle(problem: ClusterProblem, signal: AbortSignal): Promise<void> {
    if (problem.status === 410) {
      this.#version = undefined;
      // The first list after a gap is the cure; lists that are too old themselves are a failure like others.
      if (this.#lists < 2) return;
    }
    if (finalKinds.includes(problem.kind)) {
      this.#tell({ type: 'ended', problem });
      this.stop();
      return;
    }
    await this.#wait(this.#failures + 1, problem, signal);
  }

  async #wait(failures: number, problem: ClusterProblem | undefined, signal: AbortSignal): Promise<void> {
    const { chance, clock } = this.#options;
    this.#failures = failures;
    const retryInMs = backoff(failures, chance(), problem?.retryAfterMs);
    if (problem !== undefined) {
      this.#isInterrupted = true;
      this.#tell({ type: 'interrupted', problem, retryInMs });
    }
    await pause(clock, retryInMs, signal);
  }

  #tell(event: WatchEvent): void {
    if (this.#stopped.signal.aborted) return;
    try {
      this.#listener(event);
    } catch (error) {
      this.#options.failed(error);
    }
  }
}
