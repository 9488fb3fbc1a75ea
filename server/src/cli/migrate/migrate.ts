import { basename, join, resolve } from 'node:path';
import { checkFile } from '#core/lint/check.ts';
import { migrateText, type MigratedDocument } from '#core/migrate/migrateText.ts';
import { LineIndex } from '#core/text/lines.ts';
import type { LintOptions } from '#server/cli/arguments.ts';
import { CliError, EXIT_CLEAN, EXIT_FAILED, EXIT_FINDINGS } from '#server/cli/errors.ts';
import type { LintWorld } from '#server/cli/lint/lint.ts';
import { writeTextFile } from '#server/cli/lint/outputs.ts';
import { loadRunSettings, type RunSchemas } from '#server/cli/lint/runSettings.ts';
import { showDiff } from '#server/cli/lint/showDiff.ts';
import { resolveTargets } from '#server/cli/lint/targets.ts';
import { readInputs, type LintText } from '#server/cli/lint/texts.ts';
import { writeFixedText } from '#server/cli/lint/writeFixed.ts';
import type { MigrateOptions } from '#server/cli/migrate/parseMigrate.ts';
import { printable } from '#server/cli/writers/printable.ts';

/** What one file came to. */
interface Outcome {
  readonly isChanged: boolean;
  /** Something is left that a person has to see to: a refusal, or an error in what was written. */
  readonly isOpen: boolean;
  readonly isUnreadable: boolean;
}

/** Runs `data-clusters migrate` and returns its exit code. @throws CliError for what keeps it from running */
export async function migrate(options: MigrateOptions, world: LintWorld): Promise<number> {
  const { terminal, files } = world;
  const lintOptions = toLintOptions(options);
  const inputs = await resolveTargets({ ...lintOptions, cwd: terminal.cwd }, files);
  const settings = await loadRunSettings(inputs, lintOptions, world);
  const wanted = inputs.filter((input) => !settings.isIgnored(input));
  if (wanted.length === 0) throw new CliError(`No manifest was found in ${options.targets.join(' ')}.`);
  if (options.mode === 'out') rejectSameNames(wanted.map(({ path }) => path));
  const texts = await readInputs(wanted, files, terminal);
  const schemas = await settings.loadSchemas(texts);
  for (const problem of schemas.problems) terminal.err(`data-clusters: ${problem}\n`);
  const outcomes: Outcome[] = [];
  for (const text of texts) outcomes.push(await migrateOne(text, schemas, options, world));
  if (outcomes.every(({ isChanged, isOpen }) => !isChanged && !isOpen)) terminal.err('Nothing is left to migrate.\n');
  return exitCode(outcomes, options);
}

function exitCode(outcomes: readonly Outcome[], { mode }: MigrateOptions): number {
  if (outcomes.some(({ isUnreadable }) => isUnreadable)) return EXIT_FAILED;
  const isOpen = outcomes.some((outcome) => outcome.isOpen || (mode === 'preview' && outcome.isChanged));
  return isOpen ? EXIT_FINDINGS : EXIT_CLEAN;
}

function toLintOptions(options: MigrateOptions): LintOptions {
  return {
    ...options,
    outputs: [],
    failOn: 'error',
    baseline: undefined,
    writeBaseline: undefined,
    fix: 'off',
  };
}

function rejectSameNames(paths: readonly string[]): void {
  const seen = new Set<string>();
  for (const path of paths) {
    const name = basename(path);
    if (seen.has(name)) throw new CliError(`Two files are called ${name}, and --out puts all into one folder.`);
    seen.add(name);
  }
}

async function migrateOne(
  source: LintText,
  schemas: RunSchemas,
  options: MigrateOptions,
  world: LintWorld,
): Promise<Outcome> {
  const { input, content } = source;
  const { terminal } = world;
  if (content.kind === 'problem') {
    terminal.err(`data-clusters: ${input.name} cannot be read: ${content.detail}\n`);
    return { isChanged: false, isOpen: true, isUnreadable: true };
  }
  const engine = schemas.engineFor(input);
  const { catalog } = engine.context;
  const { text, documents } = migrateText(content.text, { catalog, to: options.to, cluster: options.cluster });
  const isChanged = text !== content.text;
  await deliver(source, content.text, text, options, world);
  for (const document of documents) terminal.err(describe(input.name, document));
  const errors = isChanged ? newErrors(text, schemas, source) : [];
  for (const error of errors) terminal.err(error);
  const isOpen = errors.length > 0 || documents.some(({ refusal }) => refusal !== undefined);
  return { isChanged, isOpen, isUnreadable: false };
}

async function deliver(
  { input }: LintText,
  before: string,
  after: string,
  { mode, out }: MigrateOptions,
  { terminal }: LintWorld,
): Promise<void> {
  if (mode === 'out' && out !== undefined) {
    if (before !== after) await writeTextFile(join(resolve(terminal.cwd, out), basename(input.path)), after);
  } else if (input.origin === 'stdin') terminal.out(after);
  else if (mode === 'preview') terminal.out(showDiff(input.name, before, after));
  else if (before !== after) await writeFixedText(input.path, before, after);
}

/** Goes to stderr, so that diffs and texts on stdout stay as they are. */
function describe(file: string, { resource, migration, refusal, steps, lost }: MigratedDocument): string {
  const what = `${printable(file)}: ${printable(`${resource.kind}/${resource.name}`)}`;
  if (refusal !== undefined) return `${what} stays as it is: ${printable(refusal)}.\n`;
  const open = [count(steps.length, 'step', 'to do by hand'), count(lost.length, 'field', 'not carried over')];
  const told = open.filter((part) => part !== '').join(', ');
  return `${what} becomes ${migration.makes}${told === '' ? '' : `; ${told}, named in comments`}.\n`;
}

function count(number: number, noun: string, what: string): string {
  if (number === 0) return '';
  return `${number} ${noun}${number === 1 ? '' : 's'} ${what}`;
}

/** Errors of the manifests as they are now: what a person has to add. */
function newErrors(text: string, schemas: RunSchemas, { input }: LintText): readonly string[] {
  const lines = new LineIndex(text);
  return checkFile(text, schemas.engineFor(input), schemas.placeOf(input))
    .findings.filter(({ severity }) => severity === 'error')
    .map(({ code, message, range }) => {
      const { line, character } = lines.positionAt(range.start);
      return `${printable(input.name)}:${line + 1}:${character + 1} (as migrated) ${code} ${printable(message)}\n`;
    });
}
