import type { ParseArgsConfig } from 'node:util';
import type { SubjectId } from '#core/operations/model.ts';
import type { NodeDrainWish, OperationWish, RollbackWish } from '#core/operations/wishes.ts';
import { CliError } from '#server/cli/errors.ts';
import { SYSTEM_IDS } from '#server/cli/status/parseStatus.ts';

/** Which data cluster or node is meant, and how one gets to it. */
export interface WhereOptions {
  readonly system: SubjectId;
  readonly name: string;
  /** Of its object, in any case, where several kinds of one system have the name: `TrainJob`. */
  readonly kind?: string;
  /** Absent: that of the context. */
  readonly namespace: string | undefined;
  /** Absent: the current one. */
  readonly context: string | undefined;
  /** Empty: those of KUBECONFIG, else the usual one. */
  readonly kubeconfigs: readonly string[];
  readonly timeoutMs: number;
}

export interface RunOptions extends WhereOptions {
  readonly format: (typeof formats)[number];
  /** Do not ask. */
  readonly yes: boolean;
  /** The name of the data cluster, typed by whoever agrees to what it costs. */
  readonly confirm: string | undefined;
  /** What a run that is paused before something that cannot be taken back is told, where nobody can be asked then. */
  readonly confirmAgain: string | undefined;
}

/** What is to be done: with a data cluster, with a node, or with a Helm release. What it is for `undo` stands in the journal. */
export type Wish =
  | { readonly kind: 'data cluster'; readonly wish: OperationWish }
  | { readonly kind: 'undo' }
  | { readonly kind: 'node'; readonly wish: NodeDrainWish }
  /** In the namespace that is named, else in that of the context. */
  | { readonly kind: 'release'; readonly wish: Omit<RollbackWish, 'namespace'> };

export interface OperateOptions extends RunOptions {
  readonly wish: Wish;
  readonly dryRun: boolean;
  /** A file of kafka-reassign-partitions to carry out instead of planning moves, or the changed manifest of a job. */
  readonly file?: string;
  /** A folder for the plan and the files that go with it. */
  readonly save: string | undefined;
}

export interface CancelOptions extends WhereOptions {
  readonly ask: 'cancel' | 'pause';
}

const DEFAULT_TIMEOUT_SECONDS = '30';

const formats = ['text', 'json', 'markdown'] as const;

export const whereTable = {
  context: { type: 'string' },
  namespace: { type: 'string', short: 'n' },
  kind: { type: 'string' },
  kubeconfig: { type: 'string', multiple: true },
  timeout: { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

export const runTable = {
  ...whereTable,
  output: { type: 'string', short: 'o' },
  yes: { type: 'boolean', short: 'y' },
  confirm: { type: 'string' },
  'confirm-again': { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

export const operateTable = {
  ...runTable,
  'dry-run': { type: 'boolean' },
  save: { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

export interface WhereValues {
  readonly context?: string | undefined;
  readonly namespace?: string | undefined;
  readonly kind?: string | undefined;
  readonly kubeconfig?: string[] | undefined;
  readonly timeout?: string | undefined;
}

export interface RunValues extends WhereValues {
  readonly output?: string | undefined;
  readonly yes?: boolean | undefined;
  readonly confirm?: string | undefined;
  readonly 'confirm-again'?: string | undefined;
}

export interface OperateValues extends RunValues {
  readonly 'dry-run'?: boolean | undefined;
  readonly save?: string | undefined;
}

/** @throws CliError that says what is wrong with them */
export function runOptions(command: string, positionals: readonly string[], values: RunValues): RunOptions {
  const format = formats.find((known) => known === (values.output ?? 'text'));
  if (!format)
    throw new CliError(
      `A ${command} cannot be told as "${values.output}".`,
      'Use --output text or --output json; a plan can be markdown too.',
    );
  return {
    ...whereOptions(command, positionals, values),
    format,
    yes: values.yes ?? false,
    confirm: values.confirm,
    confirmAgain: values['confirm-again'],
  };
}

export interface OperateValues extends RunValues {
  readonly 'dry-run'?: boolean | undefined;
  readonly save?: string | undefined;
}

export function operateOptions(run: RunOptions, values: OperateValues, wish: Wish): OperateOptions {
  return { ...run, wish, dryRun: values['dry-run'] ?? false, save: values.save };
}

/** @throws CliError that says what is wrong with them */
export function whereOptions(command: string, positionals: readonly string[], values: WhereValues): WhereOptions {
  const usage = `Write the system and the name of one, as in \`data-clusters ${command} kafka/orders -n shop\`.`;
  const [target, extra] = positionals;
  if (target === undefined) throw new CliError(`${command} must be told which data cluster.`, usage);
  if (extra !== undefined)
    throw new CliError(`${command} takes one data cluster at a time, not "${extra}" too.`, usage);
  const [systemText = '', name = '', rest] = target.split('/');
  const system = subjectOf(systemText.toLowerCase());
  if (!system || name === '' || rest !== undefined) throw new CliError(`"${target}" names no data cluster.`, usage);
  return {
    system,
    name,
    namespace: values.namespace,
    ...(values.kind === undefined ? {} : { kind: values.kind }),
    context: values.context,
    kubeconfigs: values.kubeconfig ?? [],
    timeoutMs: parseSeconds(values.timeout ?? DEFAULT_TIMEOUT_SECONDS) * 1000,
  };
}

/** How a target is written on the command line. */
export function targetText({ system, name }: Pick<WhereOptions, 'system' | 'name'>): string {
  return `${system === 'kubernetes' ? 'node' : system}/${name}`;
}

function subjectOf(text: string): SubjectId | undefined {
  if (text === 'node') return 'kubernetes';
  return text === 'helm' ? text : SYSTEM_IDS.find((id) => id === text);
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new CliError(`--timeout cannot be "${text}".`, 'Write a number of seconds, as in --timeout 60.');
}
