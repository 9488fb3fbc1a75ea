import type { ParseArgsConfig } from 'node:util';
import type { Severity } from '#core/lint/finding.ts';
import { nearestName } from '#core/text/distance.ts';
import { CliError } from '#server/cli/errors.ts';
import { parseMigrate, type MigrateOptions } from '#server/cli/migrate/parseMigrate.ts';
import type { CancelOptions, OperateOptions, RunOptions, WhereOptions } from '#server/cli/operate/options.ts';
import { parseCancel, parseReport, parseResume } from '#server/cli/operate/parseOperate.ts';
import { OPERATIONS, parseOperation, parsePlan } from '#server/cli/operate/parseWish.ts';
import { parseStrictly, parseVersion } from '#server/cli/options.ts';
import { parsePreview, type PreviewOptions } from '#server/cli/preview/parsePreview.ts';
import { parseStatus, type StatusOptions } from '#server/cli/status/parseStatus.ts';

const OUTPUT_FORMATS = ['text', 'json', 'sarif', 'junit', 'github'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** Where one rendering of the report goes; without a file it is stdout. */
export interface OutputTarget {
  readonly format: OutputFormat;
  readonly file: string | undefined;
}

const FAIL_LEVELS = ['error', 'warning', 'hint', 'never'] as const;
export type FailLevel = Severity | 'never';

export type FixMode = 'off' | 'write' | 'preview';

export interface LintOptions {
  /** Files, folders, globs, or `-` for stdin, as the user wrote them. */
  readonly targets: readonly string[];
  readonly outputs: readonly OutputTarget[];
  readonly failOn: FailLevel;
  readonly kubernetesVersion: string | undefined;
  readonly schemas: readonly string[];
  readonly config: string | undefined;
  readonly baseline: string | undefined;
  readonly writeBaseline: string | undefined;
  readonly ignore: readonly string[];
  readonly fix: FixMode;
  /** What to call the text from stdin. */
  readonly stdinName: string | undefined;
}

export type Command =
  | { readonly name: 'help'; readonly topic: string | undefined }
  | { readonly name: 'version' }
  | { readonly name: 'rules'; readonly format: 'text' | 'json' }
  | { readonly name: 'server' }
  | { readonly name: 'lint'; readonly options: LintOptions }
  | { readonly name: 'migrate'; readonly options: MigrateOptions }
  | { readonly name: 'preview'; readonly options: PreviewOptions }
  | { readonly name: 'status'; readonly options: StatusOptions }
  | { readonly name: 'operate'; readonly options: OperateOptions }
  | { readonly name: 'resume'; readonly options: RunOptions }
  | { readonly name: 'cancel'; readonly options: CancelOptions }
  | { readonly name: 'report'; readonly options: WhereOptions };

const COMMAND_NAMES = [
  'lint',
  'migrate',
  'preview',
  'status',
  'plan',
  ...OPERATIONS,
  'resume',
  'cancel',
  'report',
  'rules',
  'server',
  'help',
  'version',
] as const;

/** Reads the command line. @throws CliError that says what is wrong with it */
export function parseCommand(args: readonly string[]): Command {
  const [first, ...rest] = args;
  if (first === undefined || first === '--help' || first === '-h') return { name: 'help', topic: undefined };
  if (first === '--version' || first === '-v') return { name: 'version' };
  const parse = commandParsers[first];
  if (parse) return asksForHelp(rest) ? { name: 'help', topic: first } : parse(rest);
  const near = nearestName(first, COMMAND_NAMES);
  throw new CliError(
    `There is no command "${first}".`,
    near === undefined ? 'Run `data-clusters --help` for the list.' : `Did you mean \`data-clusters ${near}\`?`,
  );
}

const commandParsers: Readonly<Record<string, (args: readonly string[]) => Command>> = {
  lint: (args) => ({ name: 'lint', options: parseLint(args) }),
  migrate: (args) => ({ name: 'migrate', options: parseMigrate(args) }),
  preview: (args) => ({ name: 'preview', options: parsePreview(args) }),
  status: (args) => ({ name: 'status', options: parseStatus(args) }),
  plan: (args) => ({ name: 'operate', options: parsePlan(args) }),
  ...Object.fromEntries(
    OPERATIONS.map((name) => [
      name,
      (args: readonly string[]) => ({ name: 'operate', options: parseOperation(name, args) }) as const,
    ]),
  ),
  resume: (args) => ({ name: 'resume', options: parseResume(args) }),
  cancel: (args) => ({ name: 'cancel', options: parseCancel(args) }),
  report: (args) => ({ name: 'report', options: parseReport(args) }),
  rules: parseRules,
  server: parseServer,
  help: ([topic]) => ({ name: 'help', topic }),
  version: () => ({ name: 'version' }),
};

const lintOptionTable = {
  output: { type: 'string', multiple: true, short: 'o' },
  'fail-on': { type: 'string' },
  'kubernetes-version': { type: 'string' },
  schemas: { type: 'string', multiple: true },
  config: { type: 'string', short: 'c' },
  baseline: { type: 'string' },
  'write-baseline': { type: 'string' },
  ignore: { type: 'string', multiple: true },
  fix: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  'stdin-filename': { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

function parseLint(args: readonly string[]): LintOptions {
  const { values, positionals } = parseStrictly(args, lintOptionTable, 'lint');
  const fixMode = values['dry-run'] ? 'preview' : 'write';
  if (values['dry-run'] && !values.fix)
    throw new CliError('--dry-run only makes sense with --fix.', 'Add --fix to see what it would change.');
  return {
    targets: positionals.length === 0 ? ['.'] : positionals,
    outputs: parseOutputs(values.output ?? ['text']),
    failOn: parseFailLevel(values['fail-on'] ?? 'error'),
    kubernetesVersion: parseVersion(values['kubernetes-version']),
    schemas: values.schemas ?? [],
    config: values.config,
    baseline: values.baseline,
    writeBaseline: values['write-baseline'],
    ignore: values.ignore ?? [],
    fix: values.fix ? fixMode : 'off',
    stdinName: values['stdin-filename'],
  };
}

function parseRules(args: readonly string[]): Command {
  const { values } = parseStrictly(args, { output: { type: 'string', short: 'o' } }, 'rules');
  const format = values.output ?? 'text';
  if (format === 'text' || format === 'json') return { name: 'rules', format };
  throw new CliError(`Rules cannot be printed as "${format}".`, 'Use --output text or --output json.');
}

/** The transport options are read by the language server library itself; they are only let through here. */
function parseServer(args: readonly string[]): Command {
  const known = args.every((arg) => /^--(?:stdio|node-ipc|socket=\d+|pipe=.+|clientProcessId=\d+)$/.test(arg));
  if (known && args.length > 0) return { name: 'server' };
  throw new CliError('The language server must be told how to talk.', 'Run `data-clusters server --stdio`.');
}

function parseOutputs(texts: readonly string[]): readonly OutputTarget[] {
  const outputs = texts.map((text): OutputTarget => {
    const [name = '', ...rest] = text.split('=');
    const format = OUTPUT_FORMATS.find((known) => known === name);
    if (!format)
      throw new CliError(
        `There is no output format "${name}".`,
        `Use one of ${OUTPUT_FORMATS.join(', ')}, as in --output sarif=report.sarif.`,
      );
    const file = rest.length === 0 ? undefined : rest.join('=');
    if (file === '')
      throw new CliError(
        `--output ${text} names no file.`,
        `Write --output ${format}=FILE, or --output ${format} for stdout.`,
      );
    return { format, file };
  });
  const toStdout = outputs.filter((output) => output.file === undefined);
  if (toStdout.length > 1)
    throw new CliError(
      'Two outputs would be mixed on stdout.',
      'Send all but one to a file, as in --output junit=report.xml.',
    );
  return outputs;
}

function parseFailLevel(text: string): FailLevel {
  const level = FAIL_LEVELS.find((known) => known === text);
  if (level) return level;
  throw new CliError(`--fail-on cannot be "${text}".`, `Use one of ${FAIL_LEVELS.join(', ')}.`);
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  return own.includes('--help') || own.includes('-h');
}
