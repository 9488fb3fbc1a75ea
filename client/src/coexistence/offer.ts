import * as vscode from 'vscode';
import { settingName } from '#client/contributions.ts';

const OFFERED = 'coexistenceOffered';
const CHECK_ALL = 'Check Everything Here Too';
const OPEN_SETTING = 'Open Setting';

/**
 * Says once in a workspace that another extension checks the other manifests, and how to change that. Only our own
 * setting is changed, and only when the button for it is pressed.
 */
export async function offerCoexistence(memory: vscode.Memento): Promise<void> {
  if (memory.get<boolean>(OFFERED) === true) return;
  await memory.update(OFFERED, true);
  const choice = await vscode.window.showInformationMessage(
    'Another extension checks Kubernetes manifests here. So that nothing is reported twice, Data Clusters checks only what belongs to Cassandra, Kafka, Spark and TFJob.',
    CHECK_ALL,
    OPEN_SETTING,
  );
  const name = settingName('coexistence');
  if (choice === CHECK_ALL) {
    const target = vscode.ConfigurationTarget.Workspace;
    await vscode.workspace.getConfiguration().update(name, 'full', target);
  }
  if (choice === OPEN_SETTING) {
    await vscode.commands.executeCommand('workbench.action.openSettings', name);
  }
}
