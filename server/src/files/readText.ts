import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import type { FileContent } from '#core/ports.ts';
import { FILE_LENGTH_LIMIT } from '#core/yaml/limits.ts';

/** Reads a text file of a bounded size; never rejects. A byte order mark is left out. */
export async function readTextFile(path: string): Promise<FileContent> {
  try {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      if (size > FILE_LENGTH_LIMIT) return tooLarge(size);
      return decodeText(await handle.readFile());
    } finally {
      await handle.close();
    }
  } catch (error) {
    return describeReadError(error);
  }
}

/** The text of bytes that should be UTF-8. */
export function decodeText(bytes: Buffer): FileContent {
  if (bytes.byteLength > FILE_LENGTH_LIMIT) return tooLarge(bytes.byteLength);
  if (!isUtf8(bytes)) {
    return { kind: 'problem', problem: 'notUtf8', detail: 'its bytes are not UTF-8' };
  }
  const text = bytes.toString('utf8');
  return { kind: 'text', text: text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text };
}

export const BYTE_ORDER_MARK = '\uFEFF';

function tooLarge(size: number): FileContent {
  const detail = `it has ${(size / 1024 / 1024).toFixed(1)} MiB`;
  return { kind: 'problem', problem: 'tooLarge', detail };
}

function describeReadError(error: unknown): FileContent {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const detail = error instanceof Error ? error.message : String(error);
  return { kind: 'problem', problem: code === 'ENOENT' ? 'absent' : 'unreadable', detail };
}
