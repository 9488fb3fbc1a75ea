import type { FileContent, WorkspaceFiles } from '#core/ports.ts';
import type { LintInput } from '#server/cli/lint/targets.ts';
import type { Terminal } from '#server/cli/terminal.ts';
import { decodeText } from '#server/files/readText.ts';

/** An input with what could be read of it. */
export interface LintText {
  readonly input: LintInput;
  readonly content: FileContent;
}

/** How many files are open at once. */
const READ_BATCH = 64;

/** Reads every input, in their order. */
export async function readInputs(
  inputs: readonly LintInput[],
  files: WorkspaceFiles,
  terminal: Terminal,
): Promise<readonly LintText[]> {
  const texts: LintText[] = [];
  for (let from = 0; from < inputs.length; from += READ_BATCH) {
    const batch = inputs.slice(from, from + READ_BATCH);
    texts.push(...(await Promise.all(batch.map((input) => readInput(input, files, terminal)))));
  }
  return texts;
}

async function readInput(input: LintInput, files: WorkspaceFiles, terminal: Terminal): Promise<LintText> {
  if (input.origin === 'file') return { input, content: await files.read(input.path) };
  return { input, content: decodeText(await terminal.readInput()) };
}
