import * as vscode from 'vscode';
import type { Command } from '#client/commands/register.ts';
import { commandIds, FIX_ALL_KIND } from '#client/contributions.ts';
import { isServed } from '#client/documents/manifestWatcher.ts';
import type { LanguageServer } from '#client/server/languageServer.ts';
import { UserProblem } from '#client/ui/problem.ts';

/** Makes every preferred fix in the active editor, through the editor's own code actions, so that undo is one step. */
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
      await vscode.commands.executeCommand('editor.action.sourceAction', {
        kind: FIX_ALL_KIND,
        apply: 'first',
      });
    },
  };
}

/** @throws UserProblem when the server does not come up */
export async function requireServer(server: LanguageServer): Promise<void> {
  if (await server.start()) return;
  throw new UserProblem(
    'The language server does not run.',
    'Run "Data Clusters: Restart Language Server" or look at the log.',
  );
}
