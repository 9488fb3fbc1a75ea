import type { ParseArgsConfig } from 'node:util';
import type { SystemId } from '#core/systems/contract.ts';
import type { RestartWish } from '#core/operations/wishes.ts';
import { CliError } from '#server/cli/errors.ts';
import { parseStrictly } from '#server/cli/options.ts';
import { SYSTEM_IDS } from '#server/cli/status/parseStatus.ts';

/** Which data cluster is meant, and how one gets to it. */
export interface WhereOptions {
  readonly system: SystemId;
  readonly name: string;
  /** Absent: that of the context. */
  readonly namespace: string | undefined;
  /** Absent: the current one. */
  readonly context: string | undefined;
  /** Empty: those of KUBECONFIG, else the usual one. */
  readonly kubeconfigs: readonly string[];
  readonly timeoutMs: number;
}

export interface RunOptions extends WhereOptions {
  readonly format: 'text' | 'json';
  /** Do not ask. */
  readonly yes: boolean;
  /** The name of the data cluster, typed by whoever agrees to what it costs. */
  readonly confirm: string | undefined;
}

export interface RestartOptions extends RunOptions {
  readonly wish: RestartWish;
  readonly dryRun: boolean;
}

const DEFAULT_TIMEOUT_SECONDS = '30';

const whereTable = {
  context: { type: 'string' },
  namespace: { type: 'string', short: 'n' },
  kubeconfig: { type: 'string', multiple: true },
  timeout: { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

const runTable = {
  ...whereTable,
  output: { type: 'string', short: 'o' },
  yes: { type: 'boolean', short: 'y' },
  confirm: { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

const restartTable = {
  ...runTable,
  only: { type: 'string', multiple: true },
  'pending-only': { type: 'boolean' },
  level: { type: 'string' },
  'dry-run': { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

const levels = new Map<string, RestartWish['level']>([
  ['fully-replicated', 'fully replicated'],
  ['min-isr', 'min-ISR safe'],
]);

/** @throws CliError that says what is wrong with them */
export function parseRestart(args: readonly string[]): RestartOptions {
  const { values, positionals } = parseStrictly(args, restartTable, 'restart');
  const level = levels.get(values.level ?? 'fully-replicated');
  if (!level)
    throw new CliError(`There is no level "${values.level}".`, `Use one of ${[...levels.keys()].join(', ')}.`);
  const only = values.only?.flatMap((names) => names.split(',')).filter((name) => name !== '');
  const pendingOnly = values['pending-only'] ?? false;
  const wish: RestartWish = { operation: 'restart', level, ...(only ? { only } : {}), pendingOnly };
  return { ...runOptions('restart', positionals, values), wish, dryRun: values['dry-run'] ?? false };
}

/** @throws CliError that says what is wrong with them */
export function parseResume(args: readonly string[]): RunOptions {
  const { values, positionals } = parseStrictly(args, runTable, 'resume');
  return runOptions('resume', positionals, values);
}

/** @throws CliError that says what is wrong with them */
export function parseReport(args: readonly string[]): WhereOptions {
  const { values, positionals } = parseStrictly(args, whereTable, 'report');
  return whereOptions('report', positionals, values);
}

interface WhereValues {
  readonly context?: string | undefined;
  readonly namespace?: string | undefined;
  readonly kubeconfig?: string[] | undefined;
  readonly timeout?: string | undefined;
}

interface RunValues extends WhereValues {
  readonly output?: string | undefined;
  readonly yes?: boolean | undefined;
  readonly confirm?: string | undefined;
}

function runOptions(command: string, positionals: readonly string[], values: RunValues): RunOptions {
  const format = values.output ?? 'text';
  if (format !== 'text' && format !== 'json')
    throw new CliError(`A ${command} cannot be told as "${format}".`, 'Use --output text or --output json.');
  return {
    ...whereOptions(command, positionals, values),
    format,
    yes: values.yes ?? false,
    confirm: values.confirm,
  };
}

function whereOptions(command: string, positionals: readonly string[], values: WhereValues): WhereOptions {
  const usage = `Write the system and the name of one, as in \`data-clusters ${command} kafka/orders -n shop\`.`;
  const [target, extra] = positionals;
  if (target === undefined) throw new CliError(`${command} must be told which data cluster.`, usage);
  if (extra !== undefined)
    throw new CliError(`${command} takes one data cluster at a time, not "${extra}" too.`, usage);
  const [systemText = '', name = '', rest] = target.split('/');
  const system = SYSTEM_IDS.find((id) => id === systemText.toLowerCase());
  if (!system || name === '' || rest !== undefined) throw new CliError(`"${target}" names no data cluster.`, usage);
  return {
    system,
    name,
    namespace: values.namespace,
    context: values.context,
    kubeconfigs: values.kubeconfig ?? [],
    timeoutMs: parseSeconds(values.timeout ?? DEFAULT_TIMEOUT_SECONDS) * 1000,
  };
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new CliError(`--timeout cannot be "${text}".`, 'Write a number of seconds, as in --timeout 60.');
}
