import * as vscode from 'vscode';
import type { Command } from '#client/commands/register.ts';
import { commandIds, EXTENSION_ID, WALKTHROUGH_ID } from '#client/contributions.ts';

/** Opens the way for newcomers. */
export function openWalkthroughCommand(): Command {
  return {
    id: commandIds.openWalkthrough,
    title: 'Get Started',
    run: async () => {
      const id = `${EXTENSION_ID}#${WALKTHROUGH_ID}`;
      await vscode.commands.executeCommand('workbench.action.openWalkthrough', id, false);
    },
  };
}
