import type { Command } from '#client/commands/register.ts';
import { commandIds } from '#client/contributions.ts';
import type { LiveContexts } from '#client/live/liveContexts.ts';
import { UserProblem } from '#client/ui/problem.ts';
import type { ClustersView } from '#client/views/clusters/clustersView.ts';
import type { OperatorPanels } from '#client/views/operators/operatorPanels.ts';
import { readTarget } from '#core/live/target.ts';

/** The page about one operator. */
export function operatorCommands(
  view: ClustersView,
  contexts: LiveContexts,
  panels: OperatorPanels,
): readonly Command[] {
  return [
    {
      id: commandIds.showOperator,
      title: 'Show Operator',
      run: async (argument) => {
        const target = readTarget(argument) ?? readTarget(view.selected);
        if (target?.kind !== 'object' || target.apiKind !== 'Deployment') {
          throw new UserProblem('No operator is selected.', 'Select one below Operators in the view of data clusters.');
        }
        await contexts.connect(target.context);
        panels.show(target.context, target.address);
      },
    },
  ];
}
