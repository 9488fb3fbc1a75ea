import { dirname, sep } from 'node:path';
import type { Cancellation, FileContent, FileQuery, WorkspaceFiles } from '#core/ports.ts';

/** Files in a table: absolute path to text. Tests change the table to change the files. */
export class MemoryFiles implements WorkspaceFiles {
  readonly texts: Map<string, string>;

  constructor(texts: Readonly<Record<string, string>> = {}) {
    this.texts = new Map(Object.entries(texts));
  }

  async list(query: FileQuery, cancellation: Cancellation): Promise<readonly string[]> {
    if (cancellation.isCancellationRequested) return [];
    const isBelow = (path: string): boolean => query.folders.some((folder) => path.startsWith(`${folder}${sep}`));
    const fits = (path: string): boolean => query.extensions.some((extension) => path.endsWith(extension));
    return [...this.texts.keys()]
      .filter((path) => isBelow(path) && fits(path))
      .toSorted()
      .slice(0, query.limit);
  }

  async read(path: string): Promise<FileContent> {
    const text = this.texts.get(path);
    if (text === undefined) return { kind: 'problem', problem: 'absent', detail: `${path} is not in the table` };
    return { kind: 'text', text };
  }

  async kindOf(path: string): Promise<'file' | 'folder' | undefined> {
    if (this.texts.has(path)) return 'file';
    return [...this.texts.keys()].some((file) => dirname(file).startsWith(path)) ? 'folder' : undefined;
  }
}
