import * as vscode from 'vscode';
import type { Command } from '#client/commands/register.ts';
import { commandIds, SAMPLES_FOLDER } from '#client/contributions.ts';
import { UserProblem } from '#client/ui/problem.ts';

/** Opens a copy of a sample manifest, not saved yet, so that a newcomer can change it without harm. */
export function openSampleCommand(extensionUri: vscode.Uri): Command {
  return {
    id: commandIds.openSample,
    title: 'Open Sample Manifest',
    run: async () => {
      const folder = vscode.Uri.joinPath(extensionUri, SAMPLES_FOLDER);
      const name = await vscode.window.showQuickPick(listSamples(folder), {
        placeHolder: 'Sample to open as a new file',
      });
      if (name === undefined) return;
      const content = await readText(vscode.Uri.joinPath(folder, name));
      const document = await vscode.workspace.openTextDocument({ language: 'yaml', content });
      await vscode.window.showTextDocument(document);
    },
  };
}

async function listSamples(folder: vscode.Uri): Promise<readonly string[]> {
  const entries = await vscode.workspace.fs.readDirectory(folder);
  const names = entries.map(([name]) => name).filter((name) => /\.ya?ml$/.test(name));
  if (names.length > 0) return names.toSorted((a, b) => a.localeCompare(b));
  throw new UserProblem('There are no samples in this installation.', 'Install the extension again.');
}

/** The text of a file that comes with the extension. */
export async function readText(file: vscode.Uri): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
}
