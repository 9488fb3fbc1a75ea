import * as vscode from 'vscode';
import { commandIds } from '#client/contributions.ts';
import type { ServerState } from '#client/server/supervisor.ts';
import type { Log } from '#core/ports.ts';

const SHOW_LOG = 'Show Log';
const RESTART = 'Restart Server';

/** Logs what happens to the server; once it is given up, says so with a way to the log and a way back. */
export function reportServerState(state: ServerState, log: Log): void {
  if (state.kind === 'starting') log.info('Starting the language server.');
  if (state.kind === 'running') log.info('The language server runs.');
  if (state.kind === 'waiting') {
    log.warn(`${state.reason} Restart ${state.attempt} follows in ${state.delayMs} ms.`);
  }
  if (state.kind !== 'failed') return;
  log.error(`${state.reason} It ended ${state.ends} times within minutes and is not restarted.`);
  void offerRestart(state.ends);
}

async function offerRestart(ends: number): Promise<void> {
  const choice = await vscode.window.showErrorMessage(
    `The language server of Data Clusters ended ${ends} times within minutes, so there is no completion and there are no findings. The log says why; a restart tries again.`,
    SHOW_LOG,
    RESTART,
  );
  if (choice === SHOW_LOG) await vscode.commands.executeCommand(commandIds.showLog);
  if (choice === RESTART) await vscode.commands.executeCommand(commandIds.restartServer);
}
