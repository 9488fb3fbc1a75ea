import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { LintOptions } from '#server/cli/arguments.ts';
import { CliError } from '#server/cli/errors.ts';
import { failsAt } from '#server/cli/lint/failLevel.ts';
import type { LintWorld } from '#server/cli/lint/lint.ts';
import { writers } from '#server/cli/writers/index.ts';
import type { LintReport } from '#server/cli/writers/report.ts';

/** Writes the report in every form that was asked for. When stdout carries something else, its form goes to stderr. */
export async function writeOutputs(
  report: LintReport,
  options: LintOptions,
  world: LintWorld,
  stdoutIsTaken: boolean,
): Promise<void> {
  const { terminal, version } = world;
  for (const { format, file } of options.outputs) {
    const colors = file === undefined && terminal.colors;
    const fails = failsAt.bind(undefined, options.failOn);
    const text = writers[format](report, { colors, version, fails });
    if (file !== undefined) await writeTextFile(resolve(terminal.cwd, file), text);
    else if (stdoutIsTaken) terminal.err(text);
    else terminal.out(text);
  }
}

/** @throws CliError when the file cannot be written */
export async function writeTextFile(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(`${path} cannot be written: ${reason}.`, 'Check that the folder exists and can be written to.');
  }
}
