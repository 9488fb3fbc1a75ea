import * as vscode from 'vscode';
import type { Command } from '#client/commands/register.ts';
import { commandIds, VIEW_ID } from '#client/contributions.ts';
import type { LiveContexts } from '#client/live/liveContexts.ts';
import { UserProblem } from '#client/ui/problem.ts';
import { inPick } from '#client/ui/untrusted.ts';
import type { ClustersView } from '#client/views/clusters/clustersView.ts';
import { rowIds } from '#core/live/tree/ids.ts';
import type { TreeContext } from '#core/live/tree/input.ts';
import { isTreeElement } from '#core/live/tree/row.ts';

/** Which contexts are watched. */
export function connectionCommands(view: ClustersView, contexts: LiveContexts): readonly Command[] {
  return [
    {
      id: commandIds.connect,
      title: 'Connect',
      run: async (argument) => {
        const name = contextOf(argument) ?? (await pickContext(contexts, 'closed'));
        if (name === undefined) return;
        await contexts.connect(name);
        await view.reveal({ path: [rowIds.context(name)] }, { expand: true });
      },
    },
    {
      id: commandIds.disconnect,
      title: 'Disconnect',
      run: async (argument) => {
        const name = contextOf(argument) ?? (await pickContext(contexts, 'open'));
        if (name !== undefined) contexts.disconnect(name);
      },
    },
    {
      id: commandIds.openDemo,
      title: 'Open Demo Cluster',
      run: async () => {
        const [name] = await contexts.openDemo();
        if (name === undefined) throw new UserProblem('There is no demo cluster in this build.', '');
        await vscode.commands.executeCommand(`${VIEW_ID}.focus`);
        await view.reveal({ path: [rowIds.context(name)] }, { expand: true });
      },
    },
  ];
}

function contextOf(argument: unknown): string | undefined {
  return isTreeElement(argument) ? argument.target.context : undefined;
}

/** @throws UserProblem when there is none to pick from */
async function pickContext(contexts: LiveContexts, wanted: 'closed' | 'open'): Promise<string | undefined> {
  await contexts.open();
  const fitting = contexts.contexts.filter(({ connection }) => (connection === 'closed') === (wanted === 'closed'));
  if (fitting.length === 0) {
    throw wanted === 'open'
      ? new UserProblem('No cluster is connected.', '')
      : new UserProblem('There is no further context to connect.', 'Check the setting dataClusters.kubeconfig.');
  }
  const items = fitting.map((context) => ({ label: inPick(context.summary.name), ...describe(context), context }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: 'Context of a kubeconfig file' });
  return picked?.context.summary.name;
}

function describe({ summary, isProtected, isReadOnly }: TreeContext): { description: string; detail?: string } {
  const marks = [
    summary.isDemo ? 'simulation' : '',
    summary.isCurrent ? 'current' : '',
    isProtected ? 'protected' : '',
    isReadOnly ? 'read-only' : '',
  ];
  const description = marks.filter((mark) => mark !== '').join(', ');
  return summary.problem === undefined ? { description } : { description, detail: inPick(summary.problem) };
}
