/** Asked between the steps of long work. The tokens of LSP libraries satisfy it. */
export interface Cancellation {
  readonly isCancellationRequested: boolean;
}

/** For work that nobody can stop. */
export const neverCancelled: Cancellation = { isCancellationRequested: false };

/** Where the product says what it does. Texts are for people; `cause` is whatever was thrown. */
export interface Log {
  error(message: string, cause?: unknown): void;
  warn(message: string): void;
  info(message: string): void;
  debug(message: string): void;
}

/** Why the text of a file cannot be had. */
export type FileProblem = 'absent' | 'unreadable' | 'tooLarge' | 'notUtf8';

export type FileContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'problem'; readonly problem: FileProblem; readonly detail: string };

export interface FileQuery {
  /** Absolute paths of folders that are searched with everything below them. */
  readonly folders: readonly string[];
  /** Endings a file name must have one of, with their dot: `.yaml`. */
  readonly extensions: readonly string[];
  /** Most files that are returned; those nearest to the folders come first. */
  readonly limit: number;
}

/** Files outside the editor: of a disk, or of a table in tests. All paths are absolute. */
export interface WorkspaceFiles {
  /** Never descends into `node_modules` or `.git` and survives loops of symbolic links. Sorted within a folder. */
  list(query: FileQuery, cancellation: Cancellation): Promise<readonly string[]>;
  /** Never rejects. A byte order mark is left out of the text. */
  read(path: string): Promise<FileContent>;
  kindOf(path: string): Promise<'file' | 'folder' | undefined>;
}
