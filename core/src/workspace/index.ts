import { DocumentParser } from '#core/yaml/documents.ts';
import { readFacts, type ResourceFacts } from '#core/workspace/facts.ts';

export type { ResourceFacts } from '#core/workspace/facts.ts';

/** Files beyond this count are not indexed; completion then knows fewer names, nothing else changes. */
const FILE_LIMIT = 5_000;

/** Names that exist in the files of a workspace, read from a file when they are first asked for. */
export class WorkspaceIndex {
  readonly #texts = new Map<string, string>();
  readonly #facts = new Map<string, readonly ResourceFacts[]>();
  readonly #parser = new DocumentParser(200);
  #all: readonly ResourceFacts[] | undefined;

  update(uri: string, text: string): void {
    if (!this.#texts.has(uri) && !this.#facts.has(uri) && this.size >= FILE_LIMIT) return;
    this.#texts.set(uri, text);
    this.#all = undefined;
  }

  remove(uri: string): void {
    this.#texts.delete(uri);
    this.#facts.delete(uri);
    this.#all = undefined;
  }

  get size(): number {
    return new Set([...this.#texts.keys(), ...this.#facts.keys()]).size;
  }

  /** Every named resource of the workspace. */
  all(): readonly ResourceFacts[] {
    if (this.#all) return this.#all;
    for (const [uri, text] of this.#texts) this.#facts.set(uri, this.#read(uri, text));
    this.#texts.clear();
    return (this.#all = [...this.#facts.values()].flat());
  }

  #read(uri: string, text: string): readonly ResourceFacts[] {
    if (!/^kind:/m.test(text)) return [];
    return this.#parser.parseFile(text).flatMap((slice) => readFacts(slice.document.root, uri, slice.offset) ?? []);
  }
}
