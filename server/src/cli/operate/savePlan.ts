import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Plan } from '#core/operations/model.ts';
import { describePlan } from '#core/operations/report.ts';
import { CliError } from '#server/cli/errors.ts';
import type { OperateOptions } from '#server/cli/operate/options.ts';
import type { CliWorld } from '#server/cli/world.ts';
import { printable } from '#server/cli/writers/printable.ts';

/** Writes the plan and the files that go with it into the folder that is named, if one is. @throws CliError when it cannot */
export async function savePlan(plan: Plan, { save, format }: OperateOptions, world: CliWorld): Promise<void> {
  if (save === undefined) return;
  const { terminal, clusters } = world;
  const folder = resolve(terminal.cwd, save);
  const files = [{ name: 'plan.md', text: describePlan(plan) }, ...clusters.operations().files(plan)];
  try {
    await mkdir(folder, { recursive: true });
    for (const { name, text } of files) await writeFile(join(folder, name), text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(`The plan cannot be saved: ${reason}.`, 'Name another folder with --save.');
  }
  if (format === 'text') terminal.out(`Saved in ${printable(save)}: ${files.map(({ name }) => name).join(', ')}\n\n`);
}
