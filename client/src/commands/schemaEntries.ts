/**
 * The entry of the setting `schemas` for a file or folder: relative with slashes when it lies in the workspace folder,
 * so that the setting holds on every machine, and absolute otherwise.
 *
 * @param path absolute, with slashes
 * @param folder the workspace folder, absolute, with slashes and without one at its end; undefined when there is none, or several
 */
export function toSchemaEntry(path: string, folder: string | undefined): string {
  if (folder !== undefined && path.startsWith(`${folder}/`)) return path.slice(folder.length + 1);
  return path;
}

/** The list with the new entries at its end, each once. */
export function addSchemaEntries(entries: readonly string[], added: readonly string[]): readonly string[] {
  return [...new Set([...entries, ...added])];
}
