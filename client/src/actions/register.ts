import * as vscode from 'vscode';
import { checkAgainstClusterCommand } from '#client/actions/checks/checkCommand.ts';
import { chooseClusterCommand } from '#client/actions/checks/chooseClusterCommand.ts';
import { ChosenCluster } from '#client/actions/checks/chosenCluster.ts';
import { compareWithClusterCommand } from '#client/actions/checks/compareCommand.ts';
import { LiveLenses } from '#client/actions/checks/liveLenses.ts';
import {
  copyConnectionCommand,
  copyKubectlCommandCommand,
  copyNameCommand,
} from '#client/actions/copy/copyCommands.ts';
import type { ActionDeps } from '#client/actions/deps.ts';
import { forwardCommands } from '#client/actions/forwards/forwardCommands.ts';
import { Forwards } from '#client/actions/forwards/forwards.ts';
import { logCommands } from '#client/actions/logs/logCommands.ts';
import { Logs } from '#client/actions/logs/logs.ts';
import { ObjectDocuments } from '#client/actions/objectDocuments.ts';
import { RefusalDiagnostics } from '#client/actions/refusalDiagnostics.ts';
import { openShellCommand } from '#client/actions/shell/shellCommand.ts';
import { describeCommand, showEventsCommand } from '#client/actions/show/describeCommands.ts';
import { compareRevisionsCommand, showReleaseCommand } from '#client/actions/show/releaseCommands.ts';
import { compareReleaseCommand, showHistoryCommand } from '#client/actions/show/releaseReports.ts';
import type { VirtualTexts } from '#client/actions/virtualTexts.ts';
import { openYamlCommand, reloadFromClusterCommand, showSecretValuesCommand } from '#client/actions/yamlCommands.ts';
import { registerCommands, type Command } from '#client/commands/register.ts';
import { groupsNamedIn } from '#core/live/clusterDefinitions.ts';
import { clusterSchemasNotification } from '#core/protocol.ts';

/** Everything that can be done with live objects, and what clusters say of manifests. Nothing of it connects before it is used. */
export function registerActions(deps: ActionDeps, texts: VirtualTexts): vscode.Disposable {
  const refusals = new RefusalDiagnostics();
  const documents = new ObjectDocuments(deps, texts, refusals);
  const logs = new Logs(deps, texts);
  const forwards = new Forwards(deps);
  const chosen = chosenCluster(deps);
  const commands: readonly Command[] = [
    openYamlCommand(deps, documents),
    reloadFromClusterCommand(deps, documents),
    showSecretValuesCommand(deps, documents),
    describeCommand(deps, texts),
    showEventsCommand(deps, texts),
    showReleaseCommand(deps, texts),
    compareRevisionsCommand(deps, texts),
    showHistoryCommand(deps, texts),
    compareReleaseCommand(deps, texts),
    openShellCommand(deps),
    copyNameCommand(deps),
    copyKubectlCommandCommand(deps),
    copyConnectionCommand(deps),
    ...logCommands(logs),
    ...forwardCommands(forwards),
    chooseClusterCommand(deps, chosen),
    checkAgainstClusterCommand(deps, chosen, refusals),
    compareWithClusterCommand(deps, chosen, texts),
  ];
  return vscode.Disposable.from(
    registerCommands(commands, deps.log),
    deps.server.onDidChangeState(({ kind }) => {
      if (kind === 'running') void chosen.tellAgain();
    }),
    new vscode.Disposable(() => chosen.stop()),
    new LiveLenses(deps),
    logs,
    forwards,
    documents,
    refusals,
  );
}

function chosenCluster(deps: ActionDeps): ChosenCluster {
  return new ChosenCluster({
    access: deps,
    state: deps.workspaceState,
    groups: () => new Set(vscode.workspace.textDocuments.flatMap((document) => groupsIn(document))),
    tell: async (schemas) => deps.server.notify(clusterSchemasNotification, { schemas }),
    log: deps.log,
  });
}

function groupsIn(document: vscode.TextDocument): readonly string[] {
  return document.languageId === 'yaml' ? groupsNamedIn(document.getText()) : [];
}
