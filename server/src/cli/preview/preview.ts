import { previewFile, type DocumentPreview } from '#core/preview/previewFile.ts';
import type { Preview } from '#core/preview/model.ts';
import { previewText } from '#core/preview/text.ts';
import { LineIndex } from '#core/text/lines.ts';
import { sniffRole } from '#core/lint/role.ts';
import type { LintOptions } from '#server/cli/arguments.ts';
import { diskWorld } from '#server/cli/diskWorld.ts';
import { CliError, EXIT_CLEAN, EXIT_FAILED, EXIT_FINDINGS } from '#server/cli/errors.ts';
import type { LintWorld } from '#server/cli/lint/lint.ts';
import { loadRunSettings, type RunSchemas } from '#server/cli/lint/runSettings.ts';
import { resolveTargets } from '#server/cli/lint/targets.ts';
import { readInputs, type LintText } from '#server/cli/lint/texts.ts';
import type { PreviewOptions } from '#server/cli/preview/parsePreview.ts';
import type { CliWorld } from '#server/cli/world.ts';
import { printable } from '#server/cli/writers/printable.ts';

/** What one file came to. */
interface FilePreviews {
  readonly file: string;
  readonly previews: readonly Preview[];
  /** Lines for stderr, each a reason why something is missing. */
  readonly problems: readonly string[];
  readonly isUnreadable: boolean;
}

/** Runs `data-clusters preview` and returns its exit code. @throws CliError for what keeps it from running */
export async function preview(options: PreviewOptions, cli: CliWorld): Promise<number> {
  const world = diskWorld(cli);
  const { terminal } = world;
  const files = await previewInputs(options, world);
  for (const problem of files.flatMap(({ problems }) => problems)) terminal.err(problem);
  terminal.out(options.format === 'json' ? jsonOf(files) : textOf(files));
  if (files.some(({ isUnreadable }) => isUnreadable)) return EXIT_FAILED;
  const previews = files.flatMap((file) => file.previews);
  if (previews.length === 0 && files.every(({ problems }) => problems.length === 0)) {
    throw new CliError(
      `Nothing in ${options.targets.join(' ')} can be previewed.`,
      'Previews are made of SparkApplication, ScheduledSparkApplication, SparkConnect, SparkCluster, TFJob and TrainJob.',
    );
  }
  return files.some(({ problems }) => problems.length > 0) ? EXIT_FINDINGS : EXIT_CLEAN;
}

async function previewInputs(options: PreviewOptions, world: LintWorld): Promise<readonly FilePreviews[]> {
  const { terminal, files } = world;
  const lintOptions = toLintOptions(options);
  const inputs = await resolveTargets({ ...lintOptions, cwd: terminal.cwd }, files);
  const settings = await loadRunSettings(inputs, lintOptions, world);
  const wanted = inputs.filter((input) => !settings.isIgnored(input));
  if (wanted.length === 0) throw new CliError(`No manifest was found in ${options.targets.join(' ')}.`);
  const texts = await readInputs(wanted, files, terminal);
  const schemas = await settings.loadSchemas(texts);
  for (const problem of schemas.problems) terminal.err(`data-clusters: ${problem}\n`);
  return texts.map((text) => previewOne(text, schemas));
}

function previewOne({ input, content }: LintText, schemas: RunSchemas): FilePreviews {
  const file = input.name;
  if (content.kind === 'problem') {
    const problem = `data-clusters: ${printable(file)} cannot be read: ${content.detail}\n`;
    return { file, previews: [], problems: [problem], isUnreadable: true };
  }
  const engine = schemas.engineFor(input);
  const { text } = content;
  const analysis = engine.analyzeText(text, sniffRole(text, schemas.placeOf(input)));
  const documents = previewFile(text, analysis, engine.context);
  const lines = new LineIndex(text);
  return {
    file,
    previews: documents.flatMap((one) => (one.state === 'preview' ? [one.preview] : [])),
    problems: documents.flatMap((one) => describeProblem(one, file, lines)),
    isUnreadable: false,
  };
}

function describeProblem(one: DocumentPreview, file: string, lines: LineIndex): readonly string[] {
  if (one.state !== 'broken') return [];
  return [`${printable(file)}:${lines.lineOf(one.at) + 1} has no preview: ${printable(one.why)}\n`];
}

function textOf(files: readonly FilePreviews[]): string {
  return files.flatMap(({ previews }) => previews.map(previewText)).join('\n');
}

/** The machine-readable form; its shape is a contract with users. */
function jsonOf(files: readonly FilePreviews[]): string {
  const previews = files.flatMap((file) => file.previews.map((one) => ({ file: file.file, ...one })));
  return `${JSON.stringify({ previews }, undefined, 2)}\n`;
}

function toLintOptions(options: PreviewOptions): LintOptions {
  const { format: _format, ...shared } = options;
  return { ...shared, outputs: [], failOn: 'error', baseline: undefined, writeBaseline: undefined, fix: 'off' };
}
