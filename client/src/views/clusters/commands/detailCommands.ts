import type { Command } from '#client/commands/register.ts';
import { commandIds } from '#client/contributions.ts';
import type { LiveContexts } from '#client/live/liveContexts.ts';
import { UserProblem } from '#client/ui/problem.ts';
import type { ClustersView } from '#client/views/clusters/clustersView.ts';
import type { DetailPanels } from '#client/views/detail/detailPanels.ts';
import { readTarget } from '#core/live/target.ts';

/** The page about one data cluster. */
export function detailCommands(view: ClustersView, contexts: LiveContexts, panels: DetailPanels): readonly Command[] {
  return [
    {
      id: commandIds.showDetail,
      title: 'Show Details',
      run: async (argument) => {
        const target = readTarget(argument) ?? readTarget(view.selected);
        if (target?.kind !== 'dataCluster') {
          throw new UserProblem('No data cluster is selected.', 'Select one in the view of data clusters.');
        }
        await contexts.connect(target.context);
        panels.show(target.context, target.key);
      },
    },
  ];
}
