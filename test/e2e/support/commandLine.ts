import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand } from '../../../scripts/editor/commands.mjs';
import { node24Program } from '../../../scripts/editor/node24.mjs';
import { inProject } from '../../../scripts/editor/paths.mjs';

/** The built command line program. */
const commandLineProgram = inProject('dist', 'cli.cjs');

/** The command that starts the language server for editors other than VS Code. */
export const serverCommand = [node24Program(), commandLineProgram, 'server', '--stdio'] as const;

/** Runs `data-clusters` and returns its exit code and output. */
async function runCommandLine(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return await runCommand(node24Program(), [commandLineProgram, ...args]);
}

/** The findings that `lint` has on a file, as it prints them. */
export async function lintFindings(file: string): Promise<readonly LintFinding[]> {
  const { stdout, stderr } = await runCommandLine('lint', '--output', 'json', file);
  const report: unknown = JSON.parse(stdout === '' ? 'null' : stdout);
  assert(isReport(report), `lint printed no report: ${stdout}${stderr}`);
  return report.findings;
}

/** What `lint --fix` makes of a file; the file itself stays as it is. */
export async function lintFixed(file: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'data-clusters-fix-'));
  try {
    const copy = path.join(folder, path.basename(file));
    await copyFile(file, copy);
    const { code, stdout, stderr } = await runCommandLine('lint', '--fix', copy);
    assert.equal(code, 0, `lint --fix left findings: ${stdout}${stderr}`);
    return await readFile(copy, 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export interface LintFinding {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
}

function isReport(value: unknown): value is { findings: readonly LintFinding[] } {
  return typeof value === 'object' && value !== null && 'findings' in value && Array.isArray(value.findings);
}
