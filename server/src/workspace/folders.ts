import { sep } from 'node:path';
import type { InitializeParams, WorkspaceFolder } from 'vscode-languageserver';
import { pathOfUri, uriOfPath } from '#server/uris.ts';

export interface OpenFolder {
  readonly uri: string;
  readonly path: string;
}

/** The folders that are open in the editor, as far as they are on this computer. */
export class WorkspaceFolders {
  #folders: readonly OpenFolder[] = [];

  /** Takes the folders of `initialize`, whichever of its three ways the client uses. */
  start(params: InitializeParams): void {
    const root = params.rootUri ?? (params.rootPath ? uriOfPath(params.rootPath) : undefined);
    const uris = params.workspaceFolders?.map(({ uri }) => uri) ?? (root === undefined ? [] : [root]);
    this.#folders = uris.flatMap(toFolder);
  }

  change(added: readonly WorkspaceFolder[], removed: readonly WorkspaceFolder[]): void {
    const gone = new Set(removed.map(({ uri }) => uri));
    const kept = this.#folders.filter(({ uri }) => !gone.has(uri));
    this.#folders = [...kept, ...added.flatMap(({ uri }) => toFolder(uri))];
  }

  get paths(): readonly string[] {
    return this.#folders.map(({ path }) => path);
  }

  /** The innermost folder a document is in. */
  folderOf(uri: string): OpenFolder | undefined {
    const path = pathOfUri(uri);
    if (path === undefined) return undefined;
    const around = this.#folders.filter((folder) => path.startsWith(withSeparator(folder.path)));
    return around.toSorted((a, b) => b.path.length - a.path.length)[0];
  }
}

function toFolder(uri: string): OpenFolder[] {
  const path = pathOfUri(uri);
  return path === undefined ? [] : [{ uri, path }];
}

function withSeparator(path: string): string {
  return path.endsWith(sep) ? path : `${path}${sep}`;
}
