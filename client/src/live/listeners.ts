import type { Stoppable } from '#core/live/ports.ts';

/** Who wants to hear of something. A listener that throws keeps no other from hearing it. */
export class Listeners<Args extends readonly unknown[]> {
  readonly #listeners = new Set<(...args: Args) => void>();
  readonly #failed: (error: unknown) => void;

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  add(listener: (...args: Args) => void): Stoppable {
    this.#listeners.add(listener);
    return { stop: () => void this.#listeners.delete(listener) };
  }

  tell(...args: Args): void {
    for (const listener of this.#listeners) {
      try {
        listener(...args);
      } catch (error) {
        this.#failed(error);
      }
    }
  }
}
