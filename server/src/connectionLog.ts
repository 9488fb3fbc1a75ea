import type { RemoteConsole } from 'vscode-languageserver';
import type { Log } from '#core/ports.ts';

/** Writes to the log of the client, which shows it in its output channel. */
export class ConnectionLog implements Log {
  readonly #console: Pick<RemoteConsole, 'error' | 'warn' | 'info' | 'debug'>;

  constructor(console: Pick<RemoteConsole, 'error' | 'warn' | 'info' | 'debug'>) {
    this.#console = console;
  }

  error(message: string, cause?: unknown): void {
    this.#console.error(cause === undefined ? message : `${message}: ${describeCause(cause)}`);
  }

  warn(message: string): void {
    this.#console.warn(message);
  }

  info(message: string): void {
    this.#console.info(message);
  }

  debug(message: string): void {
    this.#console.debug(message);
  }
}

function describeCause(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
