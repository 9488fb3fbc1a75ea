import * as vscode from 'vscode';
import type { Command } from '#client/commands/register.ts';
import { commandIds, VIEW_ID } from '#client/contributions.ts';
import type { LiveContexts } from '#client/live/liveContexts.ts';
import type { OpenContext } from '#client/live/openContext.ts';
import { UserProblem } from '#client/ui/problem.ts';
import type { ClustersView } from '#client/views/clusters/clustersView.ts';
import { isTreeElement } from '#core/live/tree/row.ts';

/** Questions to the systems themselves. */
export function insideCommands(view: ClustersView, contexts: LiveContexts): readonly Command[] {
  const run =
    (act: (context: OpenContext, key: string) => void | Promise<void>) =>
    async (argument: unknown): Promise<void> => {
      const { context, key } = dataClusterOf(isTreeElement(argument) ? argument : view.selected);
      await act(await contexts.connect(context), key);
    };
  return [
    {
      id: commandIds.askInside,
      title: 'Ask the System Itself',
      run: run(async ({ watch }, key) => {
        await vscode.window.withProgress({ location: { viewId: VIEW_ID } }, () => watch.inspect(key));
      }),
    },
    {
      id: commandIds.keepAsking,
      title: 'Keep Asking the System Itself',
      run: run((context, key) => context.keepAsking(key, 'user')),
    },
    {
      id: commandIds.stopAsking,
      title: 'Stop Asking the System Itself',
      run: run((context, key) => context.stopAsking(key)),
    },
  ];
}

/** @throws UserProblem when it is no row of a data cluster */
function dataClusterOf(element: unknown): { readonly context: string; readonly key: string } {
  const target = isTreeElement(element) ? element.target : undefined;
  if (target?.kind === 'dataCluster') return target;
  throw new UserProblem('No data cluster is selected.', 'Select one in the view of data clusters.');
}
