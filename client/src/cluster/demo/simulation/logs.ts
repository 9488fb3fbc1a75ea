import type { Stoppable } from '#core/live/ports.ts';

export interface LogLine {
  readonly at: number;
  readonly text: string;
}

/** Lines that are kept of one run of a container. */
const KEPT_LINES = 2000;

interface Buffer {
  current: LogLine[];
  previous: LogLine[] | undefined;
  readonly listeners: Set<(line: LogLine) => void>;
}

/** What containers have written, of this run and of the one before. */
export class ContainerLogs {
  readonly #buffers = new Map<string, Buffer>();

  write(uid: string, container: string, line: LogLine): void {
    const buffer = this.#buffer(uid, container);
    buffer.current.push(line);
    if (buffer.current.length > KEPT_LINES) buffer.current.shift();
    for (const listener of buffer.listeners) listener(line);
  }

  restart(uid: string, container: string): void {
    const buffer = this.#buffer(uid, container);
    buffer.previous = buffer.current;
    buffer.current = [];
  }

  current(uid: string, container: string): readonly LogLine[] {
    return this.#buffer(uid, container).current;
  }

  /** Undefined when the container has not been restarted. */
  previous(uid: string, container: string): readonly LogLine[] | undefined {
    return this.#buffer(uid, container).previous;
  }

  follow(uid: string, container: string, listener: (line: LogLine) => void): Stoppable {
    const { listeners } = this.#buffer(uid, container);
    listeners.add(listener);
    return { stop: () => listeners.delete(listener) };
  }

  forget(uid: string): void {
    for (const key of this.#buffers.keys()) if (key.startsWith(`${uid}/`)) this.#buffers.delete(key);
  }

  #buffer(uid: string, container: string): Buffer {
    const key = `${uid}/${container}`;
    let buffer = this.#buffers.get(key);
    if (buffer === undefined) {
      buffer = { current: [], previous: undefined, listeners: new Set() };
      this.#buffers.set(key, buffer);
    }
    return buffer;
  }
}
