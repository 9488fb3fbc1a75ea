import { ruleTable } from '#core/lint/codes.ts';
import { CliError } from '#server/cli/errors.ts';
import type { LintWorld } from '#server/cli/lint/lint.ts';
import type { CliWorld } from '#server/cli/world.ts';
import { diskFiles } from '#server/files/diskFiles.ts';
import { loadBundledSchemas } from '#server/schemas/bundled.ts';

/** The files of this computer and the schemas that came with the program. */
export function diskWorld(world: CliWorld): LintWorld {
  return {
    terminal: world.terminal,
    version: world.version,
    files: diskFiles,
    bundled: async () => (await openStore(world.schemaFolder)).source,
    knownCodes: new Set(ruleTable.map((rule) => rule.id)),
    now: () => performance.now(),
  };
}

async function openStore(folder: string): ReturnType<typeof loadBundledSchemas> {
  try {
    return await loadBundledSchemas(folder);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(
      `The schemas of this program cannot be read: ${reason}.`,
      'Install it again; in a checkout, run `npm run build`.',
    );
  }
}
