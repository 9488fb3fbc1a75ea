import type { ParseArgsConfig } from 'node:util';
import { MIGRATION_TARGETS, type MigrationTarget } from '#core/migrate/job.ts';
import { CliError } from '#server/cli/errors.ts';
import { parseStrictly, parseVersion } from '#server/cli/options.ts';

export interface MigrateOptions {
  readonly targets: readonly string[];
  /** Absent for the usual successor of each manifest. */
  readonly to: MigrationTarget | undefined;
  readonly cluster: string | undefined;
  readonly mode: 'preview' | 'write' | 'out';
  /** Folder of the new files in the mode `out`. */
  readonly out: string | undefined;
  readonly kubernetesVersion: string | undefined;
  readonly schemas: readonly string[];
  readonly ignore: readonly string[];
  readonly config: string | undefined;
  readonly stdinName: string | undefined;
}

const optionTable = {
  to: { type: 'string' },
  cluster: { type: 'string' },
  write: { type: 'boolean' },
  out: { type: 'string' },
  'kubernetes-version': { type: 'string' },
  schemas: { type: 'string', multiple: true },
  ignore: { type: 'string', multiple: true },
  config: { type: 'string', short: 'c' },
  'stdin-filename': { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

/** The options of `data-clusters migrate`. @throws CliError that says what is wrong with them */
export function parseMigrate(args: readonly string[]): MigrateOptions {
  const { values, positionals } = parseStrictly(args, optionTable, 'migrate');
  const { write = false, out } = values;
  if (positionals.length === 0) {
    throw new CliError('Nothing is named to migrate.', 'Name files or folders, or `-` for stdin.');
  }
  if (write && out !== undefined) {
    throw new CliError('--write and --out exclude each other.', 'Write into the files, or into another folder.');
  }
  return {
    targets: positionals,
    to: parseTarget(values.to),
    cluster: values.cluster,
    mode: out === undefined ? (write ? 'write' : 'preview') : 'out',
    out,
    kubernetesVersion: parseVersion(values['kubernetes-version']),
    schemas: values.schemas ?? [],
    ignore: values.ignore ?? [],
    config: values.config,
    stdinName: values['stdin-filename'],
  };
}

function parseTarget(text: string | undefined): MigrationTarget | undefined {
  if (text === undefined) return undefined;
  const target = MIGRATION_TARGETS.find((known) => known === text);
  if (target) return target;
  throw new CliError(`Nothing can be migrated to "${text}".`, `Use one of ${MIGRATION_TARGETS.join(', ')}.`);
}
