import * as vscode from 'vscode';
import { withRights } from '#client/actions/allowed.ts';
import { requireObject, requireTarget } from '#client/actions/choose.ts';
import type { LiveAccess } from '#client/actions/deps.ts';
import { uriOf, type ObjectDocuments } from '#client/actions/objectDocuments.ts';
import type { Command } from '#client/commands/register.ts';
import { commandIds } from '#client/contributions.ts';
import { UserProblem } from '#client/ui/problem.ts';
import type { SecretDisplay } from '#core/live/edit/secretValues.ts';
import { readTarget, type ObjectTarget } from '#core/live/target.ts';

/** Opens the object of a row as a document that can be edited and saved. */
export function openYamlCommand(access: LiveAccess, documents: ObjectDocuments): Command {
  return {
    id: commandIds.openYaml,
    title: 'Open YAML',
    run: async (argument) => {
      await open(access, documents, requireObject(access, requireTarget(argument)));
    },
  };
}

async function open(access: LiveAccess, documents: ObjectDocuments, target: ObjectTarget): Promise<boolean> {
  const { context, address } = target;
  const opened = await withRights(access, { action: 'view', context, address }, async () => documents.open(target));
  return opened !== undefined;
}

/** Reads the object of the active document again, also after a restart of the editor. */
export function reloadFromClusterCommand(access: LiveAccess, documents: ObjectDocuments): Command {
  return {
    id: commandIds.reloadFromCluster,
    title: 'Reload from Cluster',
    run: async () => {
      const { uri, target } = activeObject(documents);
      const { context, address } = target;
      await withRights(access, { action: 'view', context, address }, async () => documents.reload(uri));
      const isShown = vscode.window.activeTextEditor?.document.uri.toString() === uri.toString();
      // A document the editor could not show after a restart has no text editor yet.
      if (!isShown) await vscode.window.showTextDocument(uri);
    },
  };
}

interface DisplayItem extends vscode.QuickPickItem {
  readonly display: SecretDisplay;
}

const displays: readonly DisplayItem[] = [
  { label: 'As text', description: 'decoded, where they are text', display: 'decoded' },
  { label: 'As kept', description: 'base64', display: 'encoded' },
  { label: 'Hidden', display: 'hidden' },
];

/** Shows the values of a Secret because somebody asks for it; they are hidden again when the document is closed. */
export function showSecretValuesCommand(access: LiveAccess, documents: ObjectDocuments): Command {
  return {
    id: commandIds.showSecretValues,
    title: 'Show Secret Values',
    run: async (argument) => {
      const row = readTarget(argument);
      if (row && !(await open(access, documents, requireObject(access, row)))) return;
      const { uri, target } = row
        ? { uri: uriOf(requireObject(access, row)), target: requireObject(access, row) }
        : activeObject(documents);
      if (target.apiKind !== 'Secret')
        throw new UserProblem('This document is no Secret.', 'Open the YAML of a Secret first.');
      const picked = await vscode.window.showQuickPick(displays, { placeHolder: 'How to show the values' });
      if (picked) await documents.display(uri, picked.display);
    },
  };
}

/** The live object whose document is shown, also where the editor could not read it. */
function activeObject(documents: ObjectDocuments): { readonly uri: vscode.Uri; readonly target: ObjectTarget } {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const uri =
    vscode.window.activeTextEditor?.document.uri ?? (input instanceof vscode.TabInputText ? input.uri : undefined);
  const target = uri && documents.targetOf(uri);
  if (uri && target) return { uri, target };
  throw new UserProblem(
    'The active editor shows no object of a live cluster.',
    'Open the YAML of one from the Data Clusters view.',
  );
}
