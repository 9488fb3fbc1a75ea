import type { ParseArgsConfig } from 'node:util';
import { CliError } from '#server/cli/errors.ts';
import { parseStrictly, parseVersion } from '#server/cli/options.ts';

export interface PreviewOptions {
  readonly targets: readonly string[];
  readonly format: 'text' | 'json';
  readonly kubernetesVersion: string | undefined;
  readonly schemas: readonly string[];
  readonly ignore: readonly string[];
  readonly config: string | undefined;
  readonly stdinName: string | undefined;
}

const optionTable = {
  output: { type: 'string', short: 'o' },
  'kubernetes-version': { type: 'string' },
  schemas: { type: 'string', multiple: true },
  ignore: { type: 'string', multiple: true },
  config: { type: 'string', short: 'c' },
  'stdin-filename': { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

/** The options of `data-clusters preview`. @throws CliError that says what is wrong with them */
export function parsePreview(args: readonly string[]): PreviewOptions {
  const { values, positionals } = parseStrictly(args, optionTable, 'preview');
  if (positionals.length === 0) {
    throw new CliError('Nothing is named to preview.', 'Name files or folders, or `-` for stdin.');
  }
  return {
    targets: positionals,
    format: parseFormat(values.output ?? 'text'),
    kubernetesVersion: parseVersion(values['kubernetes-version']),
    schemas: values.schemas ?? [],
    ignore: values.ignore ?? [],
    config: values.config,
    stdinName: values['stdin-filename'],
  };
}

function parseFormat(text: string): 'text' | 'json' {
  if (text === 'text' || text === 'json') return text;
  throw new CliError(`A preview cannot be printed as "${text}".`, 'Use --output text or --output json.');
}
