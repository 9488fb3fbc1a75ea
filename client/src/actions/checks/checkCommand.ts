import * as vscode from 'vscode';
import { tellMissing } from '#client/actions/allowed.ts';
import { describeCheck } from '#client/actions/checks/describeCheck.ts';
import { checkFile } from '#client/actions/checks/checkFile.ts';
import { chooseContext } from '#client/actions/checks/chooseClusterCommand.ts';
import type { ChosenCluster } from '#client/actions/checks/chosenCluster.ts';
import type { ActionDeps } from '#client/actions/deps.ts';
import type { RefusalDiagnostics } from '#client/actions/refusalDiagnostics.ts';
import type { Command } from '#client/commands/register.ts';
import { commandIds } from '#client/contributions.ts';
import { isServed } from '#client/documents/manifestWatcher.ts';
import { UserProblem } from '#client/ui/problem.ts';
import { inNotification } from '#client/ui/untrusted.ts';

/** Lets the chosen cluster try the objects of the active file, and shows what it refuses at its place. */
export function checkAgainstClusterCommand(
  deps: ActionDeps,
  chosen: ChosenCluster,
  refusals: RefusalDiagnostics,
): Command {
  return {
    id: commandIds.checkAgainstCluster,
    title: 'Check Against Cluster',
    run: async () => {
      const document = activeManifest();
      const context = chosen.context ?? (await chooseContext(deps, undefined))?.name;
      if (context === undefined) return;
      const text = document.getText();
      const { version } = document;
      const options = { location: vscode.ProgressLocation.Notification, cancellable: true };
      const title = `${inNotification(context)} tries the objects of this file; nothing is kept`;
      const check = await vscode.window.withProgress({ ...options, title }, async (_progress, token) =>
        checkFile(text, await deps.clusterOf(context), token),
      );
      if (document.version !== version)
        throw new UserProblem('The file was changed in the meantime.', 'Run the command again.');
      refusals.set(document.uri, text, check.refusals);
      if (check.missing.length > 0) void tellMissing('check', check.missing, context);
      if (check.asked > 0 || check.missing.length === 0)
        void vscode.window.showInformationMessage(inNotification(describeCheck(check, context)));
    },
  };
}

export function activeManifest(): vscode.TextDocument {
  const document = vscode.window.activeTextEditor?.document;
  if (document && isServed(document)) return document;
  throw new UserProblem('The active editor shows no YAML.', 'Open a manifest and try again.');
}
