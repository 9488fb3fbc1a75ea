import { dirname, join, resolve } from 'node:path';
import { KUSTOMIZATION_NAMES, readPatchPaths } from '#core/lint/kustomization.ts';
import type { WorkspaceFiles } from '#core/ports.ts';

/** Kustomizations this many folders above a file may name it as a patch. */
const LEVELS = 4;

/** Knows which files a kustomization names as patches, and remembers it until told to forget. */
export class Kustomizations {
  readonly #files: Pick<WorkspaceFiles, 'read'>;
  readonly #byFolder = new Map<string, Promise<ReadonlySet<string>>>();

  constructor(files: Pick<WorkspaceFiles, 'read'>) {
    this.#files = files;
  }

  /** @param path absolute */
  async isPatch(path: string): Promise<boolean> {
    let folder = dirname(path);
    for (let level = 0; level < LEVELS; level++) {
      if ((await this.#patchesOf(folder)).has(path)) return true;
      const parent = dirname(folder);
      if (parent === folder) return false;
      folder = parent;
    }
    return false;
  }

  forgetAll(): void {
    this.#byFolder.clear();
  }

  #patchesOf(folder: string): Promise<ReadonlySet<string>> {
    const known = this.#byFolder.get(folder);
    if (known) return known;
    const patches = this.#read(folder);
    this.#byFolder.set(folder, patches);
    return patches;
  }

  async #read(folder: string): Promise<ReadonlySet<string>> {
    for (const name of KUSTOMIZATION_NAMES) {
      const content = await this.#files.read(join(folder, name));
      if (content.kind === 'text') {
        return new Set(readPatchPaths(content.text).map((path) => resolve(folder, path)));
      }
    }
    return new Set();
  }
}

export function isKustomization(path: string): boolean {
  return KUSTOMIZATION_NAMES.some((name) => path.endsWith(`/${name}`) || path.endsWith(`\\${name}`));
}
