import { diskWorld } from '#server/cli/diskWorld.ts';
import { migrate } from '#server/cli/migrate/migrate.ts';
import type { MigrateOptions } from '#server/cli/migrate/parseMigrate.ts';
import type { CliWorld } from '#server/cli/world.ts';

/** The migrate command on the files of this computer. */
export function migrateFromDisk(options: MigrateOptions, world: CliWorld): Promise<number> {
  return migrate(options, diskWorld(world));
}
