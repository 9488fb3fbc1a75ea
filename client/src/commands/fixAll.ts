import * as vscode from 'vscode';
import type { Command } from '#client/commands/register.ts';
import { commandIds, FIX_ALL_KIND } from '#client/contributions.ts';
import { isServed } from '#client/documents/manifestWatcher.ts';
import type { LanguageServer } from '#client/server/languageServer.ts';
import { UserProblem } from '#client/ui/problem.ts';

const tries = 5;

/**
 * Makes every preferred fix in the active editor, as one step of undo. The action is asked for and applied here: the editor's own
 * command for source actions drops the answer without a word when the cursor or a finding moves while it waits.
 */
export function fixAllCommand(server: LanguageServer): Command {
  return {
    id: commandIds.fixAll,
    title: 'Fix All Findings',
    run: async () => {
      const editor = vscode.window.activeTextEditor;
      if (!editor || !isServed(editor.document)) {
        throw new UserProblem('The active editor shows no YAML.', 'Open a manifest and try again.');
      }
      await requireServer(server);
      await fixAll(editor.document);
    },
  };
}

/** @throws UserProblem when the file changes faster than it can be repaired */
async function fixAll(document: vscode.TextDocument): Promise<void> {
  for (let tried = 0; tried < tries; tried += 1) {
    const { version } = document;
    const actions = await requestFixAll(document);
    if (document.version !== version) continue;
    const edit = actions.find((action) => action.edit)?.edit;
    if (!edit) {
      void vscode.window.showInformationMessage('There is nothing in this file that a fix exists for.');
      return;
    }
    if (await vscode.workspace.applyEdit(edit)) return;
  }
  throw new UserProblem('The file changes while it is repaired.', 'Run the command again.');
}

async function requestFixAll(document: vscode.TextDocument): Promise<readonly vscode.CodeAction[]> {
  const whole = new vscode.Range(new vscode.Position(0, 0), document.lineAt(document.lineCount - 1).range.end);
  const command = 'vscode.executeCodeActionProvider';
  return await vscode.commands.executeCommand<vscode.CodeAction[]>(command, document.uri, whole, FIX_ALL_KIND);
}

/** @throws UserProblem when the server does not come up */
export async function requireServer(server: LanguageServer): Promise<void> {
  if (await server.start()) return;
  throw new UserProblem(
    'The language server does not run.',
    'Run "Data Clusters: Restart Language Server" or look at the log.',
  );
}
