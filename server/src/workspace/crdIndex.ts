import type { KindSchema, KindSource } from '#core/schema/catalog.ts';
import { mayHoldCrd, readCrdText } from '#core/schema/crdText.ts';

interface IndexedFile {
  readonly text: string;
  readonly kinds: readonly KindSchema[];
  readonly problems: readonly string[];
}

/** The kinds that CRD files of the workspace declare, file by file. */
export class CrdIndex {
  readonly #files = new Map<string, IndexedFile>();
  #source: KindSource | undefined;

  get fileCount(): number {
    return this.#files.size;
  }

  holds(path: string): boolean {
    return this.#files.has(path);
  }

  /** All kinds, in the order of the paths, so that the result does not depend on which file was read first. */
  get source(): KindSource {
    return (this.#source ??= { kinds: this.#sorted().flatMap(([, file]) => file.kinds) });
  }

  get problems(): readonly string[] {
    return this.#sorted().flatMap(([path, file]) => file.problems.map((problem) => `${path}: ${problem}`));
  }

  /** Takes the present text of a file, undefined when it is gone, and says whether the kinds may have changed. */
  update(path: string, text: string | undefined): boolean {
    const known = this.#files.get(path);
    if (text === undefined || !mayHoldCrd(text)) return this.#remove(path);
    if (known?.text === text) return false;
    const { kinds, problems } = readCrdText(text, { origin: 'workspace', name: path });
    if (kinds.length === 0 && problems.length === 0) return this.#remove(path);
    this.#files.set(path, { text, kinds, problems });
    this.#source = undefined;
    return true;
  }

  clear(): void {
    this.#files.clear();
    this.#source = undefined;
  }

  #remove(path: string): boolean {
    if (!this.#files.delete(path)) return false;
    this.#source = undefined;
    return true;
  }

  #sorted(): readonly (readonly [string, IndexedFile])[] {
    return [...this.#files].toSorted(([a], [b]) => (a < b ? -1 : 1));
  }
}
