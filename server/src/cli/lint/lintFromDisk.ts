import type { LintOptions } from '#server/cli/arguments.ts';
import { diskWorld } from '#server/cli/diskWorld.ts';
import { lint } from '#server/cli/lint/lint.ts';
import type { CliWorld } from '#server/cli/world.ts';

/** The lint command on the files of this computer. */
export function lintFromDisk(options: LintOptions, world: CliWorld): Promise<number> {
  return lint(options, diskWorld(world));
}
