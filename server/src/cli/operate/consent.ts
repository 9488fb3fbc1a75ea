import type { Plan } from '#core/operations/model.ts';
import { CliError } from '#server/cli/errors.ts';
import type { RunOptions } from '#server/cli/operate/parseOperate.ts';
import type { Terminal } from '#server/cli/terminal.ts';
import { printable } from '#server/cli/writers/printable.ts';

/** Somebody agrees to the plan, here or by options. @throws CliError when nobody does */
export async function requireConsent(plan: Plan, options: RunOptions, terminal: Terminal): Promise<void> {
  const { name } = plan.target;
  if (options.confirm !== undefined && options.confirm !== name)
    throw new CliError(`--confirm says "${options.confirm}", and the data cluster is ${printable(name)}.`);
  if (plan.needsTypedName && options.confirm === undefined) return askForName(name, options, terminal);
  if (options.yes || options.confirm !== undefined) return;
  if (!terminal.canAsk)
    throw new CliError('Nobody is there to agree to this plan.', 'Add --yes when it may be run without asking.');
  const answer = await terminal.ask('Run this plan? [y/N] ');
  if (!/^y(?:es)?$/i.test(answer.trim())) throw new CliError('Nothing was done.');
}

async function askForName(name: string, { yes }: RunOptions, terminal: Terminal): Promise<void> {
  const advice = `Add --confirm ${printable(name)} when that is agreed to.`;
  if (yes || !terminal.canAsk) throw new CliError('Part of this plan needs the consent of a person.', advice);
  const answer = await terminal.ask(`Part of this plan needs your consent. Type ${printable(name)} to run it: `);
  if (answer.trim() !== name) throw new CliError('Nothing was done.');
}
