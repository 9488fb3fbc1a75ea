import type { Clock, Stoppable } from '#core/live/ports.ts';

interface Timer {
  readonly at: number;
  readonly milliseconds: number;
  readonly call: () => void;
}

/** Time that passes when a test says so. */
export class ManualClock implements Clock {
  #now = 1_800_000_000_000;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, call: () => void): Stoppable {
    const timer = { at: this.#now + milliseconds, milliseconds, call };
    this.#timers.add(timer);
    return { stop: () => void this.#timers.delete(timer) };
  }

  /** Whether somebody waits for a time of this length. */
  isWaiting(milliseconds: number): boolean {
    return [...this.#timers].some((timer) => timer.milliseconds === milliseconds);
  }

  /** Lets time pass: every timer rings at its time. What it starts gets a turn before the next one. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (let timer = this.#next(end); timer !== undefined; timer = this.#next(end)) {
      this.#now = Math.max(this.#now, timer.at);
      this.#timers.delete(timer);
      timer.call();
      await turn();
    }
    this.#now = end;
    await turn();
  }

  /** Time goes on and nothing rings, as while no timer happens to be due. */
  skip(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** The computer sleeps: time jumps, and then every timer rings that was due. */
  async sleep(milliseconds: number): Promise<void> {
    this.skip(milliseconds);
    for (const timer of this.#timers) {
      if (timer.at > this.#now || !this.#timers.delete(timer)) continue;
      timer.call();
      await turn();
    }
  }

  #next(end: number): Timer | undefined {
    return [...this.#timers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
