import type { Plan } from '#core/operations/model.ts';
import { CliError } from '#server/cli/errors.ts';
import type { RunOptions } from '#server/cli/operate/options.ts';
import { isProtected, refuseReadOnly } from '#server/cli/operate/policy.ts';
import type { CliWorld } from '#server/cli/world.ts';
import { printable } from '#server/cli/writers/printable.ts';

/** Somebody agrees to the plan, here or by options. @throws CliError when nobody does */
export async function requireConsent(
  plan: Plan,
  options: RunOptions,
  { terminal, environment }: CliWorld,
): Promise<void> {
  const { name, context, namespace } = plan.target;
  refuseReadOnly(context, environment);
  if (options.confirm !== undefined && options.confirm !== name)
    throw new CliError(`--confirm says "${options.confirm}", and the plan is for ${printable(name)}.`);
  const why = plan.needsTypedName
    ? 'Part of this plan needs the consent of a person'
    : isProtected(context, environment)
      ? `The context ${printable(context)} is protected`
      : undefined;
  if (options.confirm !== undefined) return;
  if (why === undefined && options.yes) return;
  const where = `in namespace ${printable(namespace)} of context ${printable(context)}`;
  if (!terminal.canAsk || (why !== undefined && options.yes))
    throw why === undefined
      ? new CliError('Nobody is there to agree to this plan.', 'Add --yes when it may be run without asking.')
      : new CliError(`${why}.`, `Add --confirm ${printable(name)} when that is agreed to.`);
  if (why === undefined) {
    const answer = await terminal.ask(`Run this plan ${where}? [y/N] `);
    if (!/^y(?:es)?$/i.test(answer.trim())) throw new CliError('Nothing was done.');
    return;
  }
  const answer = await terminal.ask(`${why}. Type ${printable(name)} to run it ${where}: `);
  if (answer.trim() !== name) throw new CliError('Nothing was done.');
}
