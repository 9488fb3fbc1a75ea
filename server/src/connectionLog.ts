import type { RemoteConsole } from 'vscode-languageserver';
import type { Log } from '#core/ports.ts';

/** Writes to the log of the client, which shows it in its output channel. */
export class ConnectionLog implements Log {
  readonly #console: Pick<RemoteConsole, 'error' | 'warn' | 'info' | 'debug'>;

  constructor(console: Pick<RemoteConsole, 'error' | 'warn' | 'info' | 'debug'>) {
    this.#console = console;
  }

  error(message: string, cause?: unknown): void {
    this.#write('error', cause === undefined ? message : `${message}: ${describeCause(cause)}`);
  }

  warn(message: string): void {
    this.#write('warn', message);
  }

  info(message: string): void {
    this.#write('info', message);
  }

  debug(message: string): void {
    this.#write('debug', message);
  }

  /** A client that has left reads no log, and work it began may still end. */
  #write(level: 'error' | 'warn' | 'info' | 'debug', text: string): void {
    try {
      this.#console[level](text);
    } catch {
      // Nobody is there to be told.
    }
  }
}

function describeCause(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
