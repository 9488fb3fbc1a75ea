import * as vscode from 'vscode';
import type { Command } from '#client/commands/register.ts';
import { commandIds } from '#client/contributions.ts';
import type { LiveContexts } from '#client/live/liveContexts.ts';
import type { ClustersView } from '#client/views/clusters/clustersView.ts';
import { isTreeElement } from '#core/live/tree/row.ts';

/** What is shown in the view and in which order. */
export function treeCommands(view: ClustersView, contexts: LiveContexts): readonly Command[] {
  const setLevels = (onlyUnhealthy: boolean): void => view.setFilter({ ...view.filter, onlyUnhealthy });
  const setFavourite = (argument: unknown, isFavourite: boolean): void => {
    const element = isTreeElement(argument) ? argument : view.selected;
    if (element) view.setFavourite(element.id, isFavourite);
  };
  return [
    { id: commandIds.refreshClusters, title: 'Refresh Clusters', run: () => contexts.refresh() },
    { id: commandIds.filterClusters, title: 'Filter Clusters', run: () => askForFilter(view) },
    {
      id: commandIds.clearFilter,
      title: 'Clear Filter',
      run: () => view.setFilter({ ...view.filter, text: '' }),
    },
    { id: commandIds.showOnlyUnhealthy, title: 'Show Only What Needs Attention', run: () => setLevels(true) },
    { id: commandIds.showAllLevels, title: 'Show All Clusters', run: () => setLevels(false) },
    { id: commandIds.addFavourite, title: 'Put First', run: (argument) => setFavourite(argument, true) },
    {
      id: commandIds.removeFavourite,
      title: 'Do Not Put First',
      run: (argument) => setFavourite(argument, false),
    },
  ];
}

/** The rows follow what is typed; Escape brings back what was before. */
async function askForFilter(view: ClustersView): Promise<void> {
  const before = view.filter;
  const input = vscode.window.createInputBox();
  input.title = 'Filter Data Clusters';
  input.placeholder = 'Words of a name, a namespace, a system or what is wrong';
  input.prompt = 'Rows that have all of these words are shown. Leave it empty to show all.';
  input.value = before.text;
  input.onDidChangeValue((text) => view.setFilter({ ...view.filter, text }));
  const isAccepted = await new Promise<boolean>((resolve) => {
    input.onDidAccept(() => resolve(true));
    input.onDidHide(() => resolve(false));
    input.show();
  });
  if (!isAccepted) view.setFilter({ ...view.filter, text: before.text });
  input.dispose();
}
