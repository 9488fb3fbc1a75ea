import { parseArgs, type ParseArgsConfig } from 'node:util';
import { normalizeKubernetesVersion } from '#core/lint/levels.ts';
import { CliError } from '#server/cli/errors.ts';

/** Reads the options of one command. @throws CliError for one that it does not have */
export function parseStrictly<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
  command: string,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : String(error);
    throw new CliError(`${reason}.`, `Run \`data-clusters ${command} --help\` for the options.`);
  }
}

/** @throws CliError for what is no version */
export function parseVersion(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const version = normalizeKubernetesVersion(text);
  if (version !== undefined) return version;
  throw new CliError(
    `"${text}" is no version of Kubernetes.`,
    'Write its minor version, as in --kubernetes-version 1.34.',
  );
}
