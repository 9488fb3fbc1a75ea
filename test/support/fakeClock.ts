import type { Clock, Stoppable } from '#core/live/ports.ts';

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly call: () => void;
}

/** A moment for tests that do not care which. */
export const START = Date.UTC(2026, 0, 1, 12, 0, 0);

/** Time that passes when a test says so. */
export class FakeClock implements Clock {
  private time: number;
  private order = 0;
  private readonly timers = new Set<Timer>();

  constructor(time = START) {
    this.time = time;
  }

  now(): number {
    return this.time;
  }

  after(milliseconds: number, call: () => void): Stoppable {
    const timer: Timer = { due: this.time + Math.max(0, milliseconds), order: this.order++, call };
    this.timers.add(timer);
    return { stop: () => void this.timers.delete(timer) };
  }

  /** Timers that wait; a program that has stopped leaves none. */
  get waiting(): number {
    return this.timers.size;
  }

  /** Runs what is due, in the order of time, also what those calls ask for. */
  advance(milliseconds: number): void {
    const end = this.time + milliseconds;
    for (let timer = this.next(end); timer; timer = this.next(end)) this.run(timer);
    this.time = end;
  }

  /** As `advance`, and promises get their turn before the first timer and after each. */
  async pass(milliseconds = 0): Promise<void> {
    const end = this.time + milliseconds;
    await settle();
    for (let timer = this.next(end); timer; timer = this.next(end)) {
      this.run(timer);
      await settle();
    }
    this.time = end;
  }

  private run(timer: Timer): void {
    this.timers.delete(timer);
    this.time = Math.max(this.time, timer.due);
    timer.call();
  }

  private next(end: number): Timer | undefined {
    const due = [...this.timers].filter((timer) => timer.due <= end);
    return due.toSorted((a, b) => a.due - b.due || a.order - b.order)[0];
  }
}

/** Lets promises that wait for nothing but each other come to their end. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
