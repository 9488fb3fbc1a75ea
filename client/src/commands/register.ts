import * as vscode from 'vscode';
import { commandIds, type CommandId } from '#client/contributions.ts';
import { inNotification } from '#client/ui/untrusted.ts';
import { describeProblem } from '#client/ui/problem.ts';
import type { Log } from '#core/ports.ts';

export interface Command {
  readonly id: CommandId;
  /** As it is called in a message when it fails. */
  readonly title: string;
  /** What the editor hands over: the row of a menu, the arguments of a lens; nothing from the palette. */
  run(...args: readonly unknown[]): Promise<void> | void;
}

/** The only door for commands: whatever one throws is logged, and told with its reason and a way to the log. */
export function registerCommands(commands: readonly Command[], log: Log): vscode.Disposable {
  const registered = commands.map((command) =>
    vscode.commands.registerCommand(command.id, (...args: readonly unknown[]) => runCommand(command, args, log)),
  );
  return vscode.Disposable.from(...registered);
}

async function runCommand(command: Command, args: readonly unknown[], log: Log): Promise<void> {
  try {
    await command.run(...args);
  } catch (error) {
    log.error(`The command ${command.id} failed.`, error);
    void offerLog(inNotification(describeProblem(command.title, error)));
  }
}

const SHOW_LOG = 'Show Log';

async function offerLog(message: string): Promise<void> {
  const choice = await vscode.window.showErrorMessage(message, SHOW_LOG);
  if (choice === SHOW_LOG) await vscode.commands.executeCommand(commandIds.showLog);
}
