/** One line of a log and where it comes from. */
export interface LogLine {
  /** Milliseconds since 1970, as the container runtime noted it; undefined when the line has no time. */
  readonly at: number | undefined;
  /** Which member wrote it; for what we say ourselves, undefined. */
  readonly source: string | undefined;
  readonly text: string;
}

export interface LogLimits {
  readonly lines: number;
  /** UTF-16 units of all texts together. */
  readonly characters: number;
}

export const defaultLogLimits: LogLimits = { lines: 50_000, characters: 20_000_000 };

/** The newest lines, so many and not more; older ones are dropped and counted. */
export class LogBuffer {
  readonly #limits: LogLimits;
  #lines: LogLine[] = [];
  /** Lines at the beginning of the list that are dropped; they are cut off from time to time, not one by one. */
  #start = 0;
  #characters = 0;
  #dropped = 0;

  constructor(limits: LogLimits = defaultLogLimits) {
    this.#limits = limits;
  }

  /** How many lines are no longer there. */
  get dropped(): number {
    return this.#dropped;
  }

  get size(): number {
    return this.#lines.length - this.#start;
  }

  add(lines: readonly LogLine[]): void {
    for (const line of lines) {
      this.#lines.push(line);
      this.#characters += line.text.length;
    }
    while (this.size > this.#limits.lines || (this.size > 1 && this.#characters > this.#limits.characters))
      this.#drop();
    if (this.#start < 1_000 || this.#start < this.#lines.length / 2) return;
    this.#lines = this.#lines.slice(this.#start);
    this.#start = 0;
  }

  lines(): readonly LogLine[] {
    return this.#lines.slice(this.#start);
  }

  #drop(): void {
    this.#characters -= this.#lines[this.#start]?.text.length ?? 0;
    this.#start += 1;
    this.#dropped += 1;
  }
}
