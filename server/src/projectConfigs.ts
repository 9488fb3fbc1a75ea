import { dirname, join } from 'node:path';
import {
  CONFIG_FILE_NAME,
  parseProjectConfig,
  settingsForFile,
  type ConfigProblem,
  type ProjectConfig,
} from '#core/lint/config.ts';
import type { LintSettings } from '#core/lint/settings.ts';
import type { WorkspaceFiles } from '#core/ports.ts';
import { globPath, matchesGlobs } from '#server/files/globs.ts';

/** A configuration file that was found and read. */
export interface LoadedConfig {
  readonly path: string;
  readonly folder: string;
  readonly text: string;
  readonly config: ProjectConfig;
  readonly problems: readonly ConfigProblem[];
}

/** Finds the nearest `.data-clusters.yaml` of a file and remembers it until told to forget. */
export class ProjectConfigs {
  readonly #byFolder = new Map<string, Promise<LoadedConfig | undefined>>();
  readonly #files: Pick<WorkspaceFiles, 'read'>;
  readonly #knownCodes: ReadonlySet<string>;

  constructor(files: Pick<WorkspaceFiles, 'read'>, knownCodes: ReadonlySet<string>) {
    this.#files = files;
    this.#knownCodes = knownCodes;
  }

  /** The nearest configuration up the tree from a file; undefined when there is none. */
  findFor(filePath: string): Promise<LoadedConfig | undefined> {
    return this.#ofFolder(dirname(filePath));
  }

  /** Reads one configuration file; undefined when it cannot be read. */
  async load(path: string): Promise<LoadedConfig | undefined> {
    const content = await this.#files.read(path);
    if (content.kind === 'problem') return undefined;
    const parsed = parseProjectConfig(content.text, this.#knownCodes);
    return { path, folder: dirname(path), text: content.text, ...parsed };
  }

  forgetAll(): void {
    this.#byFolder.clear();
  }

  #ofFolder(folder: string): Promise<LoadedConfig | undefined> {
    const known = this.#byFolder.get(folder);
    if (known) return known;
    const found = this.#search(folder);
    this.#byFolder.set(folder, found);
    return found;
  }

  async #search(folder: string): Promise<LoadedConfig | undefined> {
    const own = await this.load(join(folder, CONFIG_FILE_NAME));
    const parent = dirname(folder);
    return own ?? (parent === folder ? undefined : this.#ofFolder(parent));
  }
}

/** The settings a configuration gives a file. */
export function applyConfig(base: LintSettings, loaded: LoadedConfig | undefined, filePath: string): LintSettings {
  if (!loaded) return base;
  return settingsForFile(base, loaded.config, globPath(loaded.folder, filePath), matchesGlobs);
}

/** Whether a configuration says that a file is not to be checked. */
export function isIgnored(loaded: LoadedConfig | undefined, filePath: string): boolean {
  return loaded !== undefined && matchesGlobs(globPath(loaded.folder, filePath), loaded.config.ignore);
}
