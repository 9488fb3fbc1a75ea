import type { LogOutputChannel } from 'vscode';
import type { Command } from '#client/commands/register.ts';
import { commandIds } from '#client/contributions.ts';
import type { LanguageServer } from '#client/server/languageServer.ts';

/** Shows the log without taking the focus from the editor. */
export function showLogCommand(channel: LogOutputChannel): Command {
  return { id: commandIds.showLog, title: 'Show Log', run: () => channel.show(true) };
}

/** Ends the server when it runs, and starts a new one. A server that cannot start is reported by its state. */
export function restartServerCommand(server: LanguageServer): Command {
  return {
    id: commandIds.restartServer,
    title: 'Restart Language Server',
    run: async () => {
      await server.restart();
    },
  };
}
