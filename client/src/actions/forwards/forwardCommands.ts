import { requireTarget } from '#client/actions/choose.ts';
import type { Forwards } from '#client/actions/forwards/forwards.ts';
import type { Command } from '#client/commands/register.ts';
import { commandIds } from '#client/contributions.ts';

export function forwardCommands(forwards: Forwards): readonly Command[] {
  return [
    {
      id: commandIds.forwardPort,
      title: 'Forward Port',
      run: async (argument) => forwards.forward(requireTarget(argument)),
    },
    { id: commandIds.forwards, title: 'Port Forwards', run: async () => forwards.choose() },
    {
      id: commandIds.openSparkUi,
      title: 'Open Spark UI',
      run: async (argument) => forwards.openSparkUi(requireTarget(argument)),
    },
  ];
}
