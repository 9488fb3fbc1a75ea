import type { Log, WorkspaceFiles } from '#core/ports.ts';
import { SchemaCatalog, type KindSource } from '#core/schema/catalog.ts';
import { DescriptionBook } from '#core/schema/descriptions.ts';
import type { BundledSchemas } from '#server/schemas/bundled.ts';
import { readCrdPaths } from '#server/schemas/crdFiles.ts';

const NO_KINDS: KindSource = { kinds: [] };

/** Puts catalogs together: files a user names, then CRDs of the workspace, then the live cluster, then what is bundled. */
export class SchemaLibrary {
  readonly #files: WorkspaceFiles;
  readonly #log: Log;
  readonly #bundled: Promise<BundledSchemas | undefined>;
  readonly #catalogs = new Map<string, Promise<SchemaCatalog>>();
  readonly #workspaceKinds: () => KindSource;
  readonly #clusterKinds: () => KindSource;
  #descriptions: Promise<DescriptionBook | undefined> | undefined;
  #problems: readonly string[] = [];

  constructor(
    files: WorkspaceFiles,
    log: Log,
    bundled: Promise<BundledSchemas>,
    kinds: { readonly workspace: () => KindSource; readonly cluster: () => KindSource },
  ) {
    this.#files = files;
    this.#log = log;
    this.#workspaceKinds = kinds.workspace;
    this.#clusterKinds = kinds.cluster;
    this.#bundled = bundled.catch((error: unknown) => {
      this.#problems = ['The bundled schemas cannot be read; install the program again.'];
      log.error('The bundled schemas cannot be read', error);
      return undefined;
    });
  }

  /** What a user should know, in sentences. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  /** The catalog for files that name these further CRD files and folders, as absolute paths. */
  catalogFor(paths: readonly string[]): Promise<SchemaCatalog> {
    const key = paths.join('\n');
    const known = this.#catalogs.get(key);
    if (known) return known;
    const catalog = this.#build(paths);
    this.#catalogs.set(key, catalog);
    return catalog;
  }

  /** Texts for completion and hover, read on first use; undefined when the store is broken, which costs only the texts. */
  descriptions(): Promise<DescriptionBook | undefined> {
    return (this.#descriptions ??= this.#readDescriptions());
  }

  /** Forgets the catalogs, because a file or a setting they were made from has changed. */
  forgetCatalogs(): void {
    this.#catalogs.clear();
  }

  async #readDescriptions(): Promise<DescriptionBook | undefined> {
    try {
      const bundled = await this.#bundled;
      return bundled && new DescriptionBook(await bundled.descriptions());
    } catch (error) {
      this.#log.error('The bundled descriptions cannot be read', error);
      return undefined;
    }
  }

  async #build(paths: readonly string[]): Promise<SchemaCatalog> {
    const [bundled, named] = await Promise.all([this.#bundled, readCrdPaths(paths, this.#files)]);
    for (const problem of named.problems) this.#log.warn(`A schema named in the settings cannot be used: ${problem}`);
    return new SchemaCatalog([named, this.#workspaceKinds(), this.#clusterKinds(), bundled?.source ?? NO_KINDS]);
  }
}
