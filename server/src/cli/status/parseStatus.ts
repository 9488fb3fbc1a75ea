import type { ParseArgsConfig } from 'node:util';
import type { SystemId } from '#core/systems/contract.ts';
import { CliError } from '#server/cli/errors.ts';
import { parseStrictly } from '#server/cli/options.ts';

export interface StatusOptions {
  /** Absent: the current one. */
  readonly context: string | undefined;
  /** Empty: all. */
  readonly namespaces: readonly string[];
  /** Empty: all. */
  readonly systems: readonly SystemId[];
  /** Empty: those of KUBECONFIG, else the usual one. */
  readonly kubeconfigs: readonly string[];
  /** Ask the systems themselves too. */
  readonly inside: boolean;
  /** Show the members of healthy data clusters too. */
  readonly members: boolean;
  readonly format: 'text' | 'json';
  readonly watch: boolean;
  /** How long the first answer may take. */
  readonly timeoutMs: number;
}

export const SYSTEM_IDS: readonly SystemId[] = ['cassandra', 'kafka', 'spark', 'tfjob'];

const DEFAULT_TIMEOUT_SECONDS = '30';

const optionTable = {
  context: { type: 'string' },
  namespace: { type: 'string', multiple: true, short: 'n' },
  system: { type: 'string', multiple: true },
  kubeconfig: { type: 'string', multiple: true },
  inside: { type: 'boolean' },
  members: { type: 'boolean' },
  output: { type: 'string', short: 'o' },
  watch: { type: 'boolean', short: 'w' },
  timeout: { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

/** The options of `data-clusters status`. @throws CliError that says what is wrong with them */
export function parseStatus(args: readonly string[]): StatusOptions {
  const { values, positionals } = parseStrictly(args, optionTable, 'status');
  const [extra] = positionals;
  if (extra !== undefined) {
    throw new CliError(`status takes no "${extra}".`, 'Name namespaces with --namespace and systems with --system.');
  }
  return {
    context: values.context,
    namespaces: values.namespace ?? [],
    systems: (values.system ?? []).map(parseSystem),
    kubeconfigs: values.kubeconfig ?? [],
    inside: values.inside ?? false,
    members: values.members ?? false,
    format: parseFormat(values.output ?? 'text'),
    watch: values.watch ?? false,
    timeoutMs: parseSeconds(values.timeout ?? DEFAULT_TIMEOUT_SECONDS) * 1000,
  };
}

function parseSystem(text: string): SystemId {
  const system = SYSTEM_IDS.find((id) => id === text.toLowerCase());
  if (system) return system;
  throw new CliError(`There is no system "${text}".`, `Use one of ${SYSTEM_IDS.join(', ')}.`);
}

function parseFormat(text: string): StatusOptions['format'] {
  if (text === 'text' || text === 'json') return text;
  throw new CliError(`The status cannot be printed as "${text}".`, 'Use --output text or --output json.');
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new CliError(`--timeout cannot be "${text}".`, 'Write a number of seconds, as in --timeout 60.');
}
