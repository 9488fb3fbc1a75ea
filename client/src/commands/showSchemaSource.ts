import * as vscode from 'vscode';
import { listVersionChoices } from '#client/commands/kubernetesVersions.ts';
import type { Command } from '#client/commands/register.ts';
import { addSchemaEntries, toSchemaEntry } from '#client/commands/schemaEntries.ts';
import { commandIds, EXTENSION_ID, settingName } from '#client/contributions.ts';
import { NEWEST_KUBERNETES_VERSION } from '#core/lint/settings.ts';

interface MenuItem extends vscode.QuickPickItem {
  run(): Promise<void>;
}

/** What decides which schemas are used: the version of Kubernetes, further CRDs, and the settings. */
export function showSchemaSourceCommand(): Command {
  return {
    id: commandIds.showSchemaSource,
    title: 'Change Schemas',
    run: async () => {
      const picked = await vscode.window.showQuickPick(listItems(), {
        placeHolder: 'What to check manifests against',
      });
      await picked?.run();
    },
  };
}

function listItems(): readonly MenuItem[] {
  return [
    {
      label: '$(versions) Kubernetes version',
      description: readVersion() || `newest known, ${NEWEST_KUBERNETES_VERSION}`,
      run: chooseVersion,
    },
    {
      label: '$(server-environment) Cluster to check against...',
      run: async () => {
        await vscode.commands.executeCommand(commandIds.chooseClusterForChecks);
      },
    },
    {
      label: '$(file-add) Add a file of CustomResourceDefinitions...',
      run: async () => addSchemas({ canSelectFiles: true, canSelectFolders: false }),
    },
    {
      label: '$(folder-opened) Add a folder of CustomResourceDefinitions...',
      run: async () => addSchemas({ canSelectFiles: false, canSelectFolders: true }),
    },
    { label: '$(gear) Open the settings', run: openSettings },
  ];
}

async function chooseVersion(): Promise<void> {
  const choices = listVersionChoices(NEWEST_KUBERNETES_VERSION, readVersion());
  const picked = await vscode.window.showQuickPick(choices, {
    placeHolder: 'Kubernetes version of the cluster the manifests are for',
  });
  if (picked) await writeSetting(settingName('kubernetesVersion'), picked.value || undefined);
}

async function addSchemas(
  choice: Pick<vscode.OpenDialogOptions, 'canSelectFiles' | 'canSelectFolders'>,
): Promise<void> {
  const picked = await vscode.window.showOpenDialog({
    ...choice,
    canSelectMany: true,
    openLabel: 'Use as Schemas',
    ...(choice.canSelectFiles === true ? { filters: { CRDs: ['yaml', 'yml', 'json'] } } : {}),
  });
  if (!picked || picked.length === 0) return;
  const folder = singleFolder();
  const added = picked.map((uri) => toSchemaEntry(toSlashes(uri.fsPath), folder));
  const name = settingName('schemas');
  const entries = vscode.workspace.getConfiguration().get<readonly string[]>(name) ?? [];
  await writeSetting(name, addSchemaEntries(entries, added));
  tellAboutTrust();
}

async function openSettings(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openSettings', `@ext:${EXTENSION_ID}`);
}

function readVersion(): string {
  return vscode.workspace.getConfiguration().get<string>(settingName('kubernetesVersion')) ?? '';
}

/** What is chosen here holds for the workspace; without one, for the user. */
async function writeSetting(name: string, value: unknown): Promise<void> {
  const target = vscode.workspace.workspaceFolders
    ? vscode.ConfigurationTarget.Workspace
    : vscode.ConfigurationTarget.Global;
  await vscode.workspace.getConfiguration().update(name, value, target);
}

function tellAboutTrust(): void {
  if (vscode.workspace.isTrusted) return;
  void vscode.window.showInformationMessage('The added schemas are used once this workspace is trusted.');
}

function singleFolder(): string | undefined {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const [folder] = folders;
  return folder && folders.length === 1 ? toSlashes(folder.uri.fsPath) : undefined;
}

function toSlashes(path: string): string {
  return path.replaceAll('\\', '/');
}
