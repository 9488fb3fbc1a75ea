import type { LogOutputChannel } from 'vscode';
import type { Log } from '#core/ports.ts';

/** The output channel as the log of the product: levels are chosen by the user in the Output view. */
export function logTo(channel: LogOutputChannel): Log {
  return {
    error: (message, cause) =>
      cause === undefined ? channel.error(message) : channel.error(message, describeCause(cause)),
    warn: (message) => channel.warn(message),
    info: (message) => channel.info(message),
    debug: (message) => channel.debug(message),
  };
}

function describeCause(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
