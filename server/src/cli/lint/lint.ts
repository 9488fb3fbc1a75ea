import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { CHART_FILE, SCHEMA_FILE } from '#core/charts/chartFiles.ts';
import { formatBaseline, parseBaseline, splitByBaseline, type BaselineEntry } from '#core/lint/baseline.ts';
import type { WorkspaceFiles } from '#core/ports.ts';
import type { KindSource } from '#core/schema/catalog.ts';
import type { FailLevel, LintOptions } from '#server/cli/arguments.ts';
import { CliError, EXIT_CLEAN, EXIT_FAILED, EXIT_FINDINGS } from '#server/cli/errors.ts';
import { checkTexts, type CheckRun } from '#server/cli/lint/checkTexts.ts';
import { applyFixes } from '#server/cli/lint/fixTexts.ts';
import { loadRunSettings } from '#server/cli/lint/runSettings.ts';
import { displayName, resolveTargets, type LintInput } from '#server/cli/lint/targets.ts';
import { readInputs } from '#server/cli/lint/texts.ts';
import { writeOutputs, writeTextFile } from '#server/cli/lint/outputs.ts';
import { failsAt } from '#server/cli/lint/failLevel.ts';
import type { Terminal } from '#server/cli/terminal.ts';
import {
  compareReported,
  compareText,
  countSeverities,
  type LintReport,
  type ReportedFinding,
} from '#server/cli/writers/report.ts';

/** What the lint command needs besides its options. */
export interface LintWorld {
  readonly terminal: Terminal;
  readonly files: WorkspaceFiles;
  readonly bundled: () => Promise<KindSource>;
  readonly knownCodes: ReadonlySet<string>;
  readonly version: string;
  readonly now: () => number;
}

/** Runs `data-clusters lint` and returns its exit code. @throws CliError for what keeps it from running */
export async function lint(options: LintOptions, world: LintWorld): Promise<number> {
  const { terminal, files } = world;
  const inputs = await withChartSchemas(
    await resolveTargets({ ...options, cwd: terminal.cwd }, files),
    files,
    terminal,
  );
  const settings = await loadRunSettings(inputs, options, world);
  const wanted = inputs.filter((input) => !settings.isIgnored(input));
  if (wanted.length === 0) throw nothingToLint('no manifest was found', options);
  const texts = await readInputs(wanted, files, terminal);
  const schemas = await settings.loadSchemas(texts);
  const fixed = await applyFixes(texts, schemas, options.fix, terminal);
  const run = checkTexts(fixed.texts, schemas, world);
  for (const problem of [...schemas.problems, ...run.unreadable]) terminal.err(`data-clusters: ${problem}\n`);
  if (run.report.summary.documents === 0 && run.report.findings.length === 0 && run.unreadable.length === 0) {
    throw nothingToLint('none of the files holds a Kubernetes object', options);
  }
  const report = await settleBaseline(run.report, options, world);
  await writeOutputs(report, options, world, fixed.stdoutIsTaken);
  return exitCode(run, report, options.failOn, fixed.wouldChange);
}

/** The schema of values is checked with the chart it belongs to, although it is no YAML. */
async function withChartSchemas(
  inputs: readonly LintInput[],
  files: WorkspaceFiles,
  { cwd }: Terminal,
): Promise<readonly LintInput[]> {
  const known = new Set(inputs.map(({ path }) => path));
  const found: LintInput[] = [...inputs];
  for (const { path, origin } of inputs) {
    const schema = join(dirname(path), SCHEMA_FILE);
    if (origin !== 'file' || basename(path) !== CHART_FILE || known.has(schema)) continue;
    if ((await files.kindOf(schema)) === 'file') found.push({ name: displayName(cwd, schema), path: schema, origin });
  }
  return found.toSorted((a, b) => compareText(a.name, b.name));
}

function exitCode(run: CheckRun, report: LintReport, failOn: FailLevel, wouldChange: number): number {
  if (run.unreadable.length > 0) return EXIT_FAILED;
  const isFailed = report.findings.some(({ finding }) => failsAt(failOn, finding.severity));
  return isFailed || (wouldChange > 0 && failOn !== 'never') ? EXIT_FINDINGS : EXIT_CLEAN;
}

function nothingToLint(reason: string, options: LintOptions): CliError {
  return new CliError(
    `There is nothing to check: ${reason} in ${options.targets.join(' ')}.`,
    'Name the files or folders with your manifests (.yaml, .yml), and look at --ignore and .data-clusters.yaml.',
  );
}

async function settleBaseline(report: LintReport, options: LintOptions, world: LintWorld): Promise<LintReport> {
  if (options.writeBaseline !== undefined) {
    await writeTextFile(absolute(options.writeBaseline, world), formatBaseline(report.findings));
    return withBaseline(report, report.findings);
  }
  if (options.baseline === undefined) return report;
  const baseline = await readBaseline(options.baseline, world);
  return withBaseline(report, splitByBaseline(report.findings, baseline).known);
}

async function readBaseline(path: string, world: LintWorld): Promise<readonly BaselineEntry[]> {
  const content = await world.files.read(absolute(path, world));
  const advice = `Write it anew with --write-baseline ${path}.`;
  if (content.kind === 'problem') throw new CliError(`The baseline ${path} cannot be read: ${content.detail}.`, advice);
  const entries = parseBaseline(content.text);
  if ('problem' in entries) throw new CliError(`The baseline ${path} cannot be used: ${entries.problem}.`, advice);
  return entries;
}

function withBaseline(report: LintReport, known: readonly ReportedFinding[]): LintReport {
  const left = new Set(known);
  const findings = report.findings.filter((reported) => !left.has(reported));
  const silencing = { kind: 'baseline', reason: 'in the baseline' } as const;
  const silenced = [...report.silenced, ...known.map((reported) => ({ ...reported, silencing }))];
  return {
    ...report,
    findings,
    silenced: silenced.toSorted(compareReported),
    summary: { ...report.summary, ...countSeverities(findings) },
  };
}

function absolute(path: string, world: LintWorld): string {
  return isAbsolute(path) ? path : join(resolve(world.terminal.cwd), path);
}
