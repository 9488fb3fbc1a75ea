import type { Cancellation, FileContent, FileQuery, WorkspaceFiles } from '#core/ports.ts';

/** Files as the user sees them: what is open in the editor counts, saved or not. */
export class OverlayFiles implements WorkspaceFiles {
  readonly #files: WorkspaceFiles;
  readonly #openText: (path: string) => string | undefined;

  constructor(files: WorkspaceFiles, openText: (path: string) => string | undefined) {
    this.#files = files;
    this.#openText = openText;
  }

  list(query: FileQuery, cancellation: Cancellation): Promise<readonly string[]> {
    return this.#files.list(query, cancellation);
  }

  kindOf(path: string): Promise<'file' | 'folder' | undefined> {
    return this.#files.kindOf(path);
  }

  async read(path: string): Promise<FileContent> {
    const text = this.#openText(path);
    return text === undefined ? this.#files.read(path) : { kind: 'text', text };
  }
}
