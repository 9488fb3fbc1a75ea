import { requireTarget } from '#client/actions/choose.ts';
import type { Logs } from '#client/actions/logs/logs.ts';
import type { Command } from '#client/commands/register.ts';
import { commandIds } from '#client/contributions.ts';

export function logCommands(logs: Logs): readonly Command[] {
  return [
    { id: commandIds.followLogs, title: 'Follow Logs', run: async (argument) => logs.follow(requireTarget(argument)) },
    {
      id: commandIds.previousLogs,
      title: 'Show Logs Before Last Restart',
      run: async (argument) => logs.showPrevious(requireTarget(argument)),
    },
    {
      id: commandIds.driverLog,
      title: 'Driver Log',
      run: async (argument) => logs.showDeciding(requireTarget(argument)),
    },
    {
      id: commandIds.decidingLog,
      title: 'Log of the Deciding Replica',
      run: async (argument) => logs.showDeciding(requireTarget(argument)),
    },
    { id: commandIds.openLog, title: 'Open Log in Editor', run: async () => logs.openInEditor() },
    { id: commandIds.saveLog, title: 'Save Log', run: async () => logs.save() },
  ];
}
