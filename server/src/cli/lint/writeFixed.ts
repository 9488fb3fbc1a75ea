import { randomUUID } from 'node:crypto';
import { chmod, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CliError } from '#server/cli/errors.ts';
import { BYTE_ORDER_MARK } from '#server/files/readText.ts';

/**
 * Replaces the text of a file in one step, so that a crash leaves the old or the new text, never half of one.
 * Keeps mode, byte order mark and symbolic link. @throws CliError when the file is not as it was read, or cannot be written
 */
export async function writeFixedText(path: string, before: string, after: string): Promise<void> {
  try {
    const target = await realpath(path);
    const current = await readFile(target, 'utf8');
    const mark = current.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
    if (current.slice(mark.length) !== before) throw new Error('it was changed while it was being checked');
    await replaceFile(target, `${mark}${after}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(`${path} was not fixed: ${reason}.`, 'Run the command again when the file can be written.');
  }
}

async function replaceFile(target: string, text: string): Promise<void> {
  const { mode } = await stat(target);
  const draft = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`);
  try {
    await writeFile(draft, text, { flag: 'wx' });
    await chmod(draft, mode);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
