import type { Terminal } from '#server/cli/terminal.ts';

/** Shorter runs need no progress. */
const QUIET_MS = 800;
const INTERVAL_MS = 100;

/** One line on stderr that says how far a long run is; it writes nothing unless a person watches. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #total: number;
  readonly #now: () => number;
  #nextAt: number;
  #done = 0;
  #shown = false;

  constructor(terminal: Terminal, total: number, now: () => number) {
    this.#terminal = terminal;
    this.#total = total;
    this.#now = now;
    this.#nextAt = now() + QUIET_MS;
  }

  step(): void {
    this.#done++;
    if (!this.#terminal.showsProgress || this.#now() < this.#nextAt) return;
    this.#nextAt = this.#now() + INTERVAL_MS;
    this.#shown = true;
    this.#terminal.err(`\r${this.#done} of ${this.#total} files checked`);
  }

  /** Takes the line away. */
  finish(): void {
    if (this.#shown) this.#terminal.err('\r\u001B[K');
  }
}
