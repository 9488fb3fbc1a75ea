import { mayMatterToCharts } from '#core/charts/chartFiles.ts';
import type { Cancellation, Log, WorkspaceFiles } from '#core/ports.ts';
import type { WorkspaceIndex } from '#core/workspace/index.ts';
import { isKustomization } from '#server/kustomizations.ts';
import { isConfigFile, uriOfPath } from '#server/uris.ts';
import type { CrdIndex } from '#server/workspace/crdIndex.ts';
import type { WorkspaceFolders } from '#server/workspace/folders.ts';
import { scanFolders } from '#server/workspace/scan.ts';

/** Changes of definitions in an open file count after a pause in typing this long: they can make every document be checked again. */
const TYPING_PAUSE_MS = 250;

export interface KnowledgeSources {
  readonly files: WorkspaceFiles;
  readonly folders: WorkspaceFolders;
  readonly crds: CrdIndex;
  readonly names: WorkspaceIndex;
  readonly log: Log;
}

export interface KnowledgeEvents {
  /** The kinds that the workspace declares have changed. */
  onKinds(): void;
  /** A `.data-clusters.yaml`, a kustomization or a file that tells of a Helm chart has changed. */
  onConfig(): void;
  /** Files that are not open say something else now. */
  onOthers(): void;
  onActivity(activity: 'idle' | 'readingWorkspace'): void;
}

/** Keeps what is known of the files of the workspace up to date: definitions and configurations, saved or in open editors. */
export class WorkspaceKnowledge {
  readonly #sources: KnowledgeSources;
  readonly #events: KnowledgeEvents;
  readonly #edited = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #scan: { isCancellationRequested: boolean } | undefined;

  constructor(sources: KnowledgeSources, events: KnowledgeEvents) {
    this.#sources = sources;
    this.#events = events;
  }

  /** Reads the workspace the first time it is called; called when the first Kubernetes document is seen. */
  async start(): Promise<void> {
    if (!this.#scan) await this.rescan();
  }

  /** Reads the workspace anew, because its folders changed. Does nothing before the first reading. */
  async foldersChanged(): Promise<void> {
    if (this.#scan) await this.rescan();
  }

  async rescan(): Promise<void> {
    const { crds, names, files, folders, log } = this.#sources;
    if (this.#scan) this.#scan.isCancellationRequested = true;
    const scan = { isCancellationRequested: false };
    this.#scan = scan;
    this.#events.onActivity('readingWorkspace');
    const hadKinds = crds.fileCount > 0;
    crds.clear();
    let changed = hadKinds;
    let hasKustomizations = false;
    const visit = (path: string, text: string): void => {
      hasKustomizations ||= isKustomization(path);
      changed = crds.update(path, text) || changed;
      names.update(uriOfPath(path), text);
      names.readNow();
    };
    names.startReading();
    const result = await scanFolders(folders.paths, files, visit, scan satisfies Cancellation);
    if (scan.isCancellationRequested) return;
    names.finishReading(result);
    log.info(`Read ${result.files} YAML files of the workspace; ${crds.fileCount} of them declare kinds.`);
    if (result.isPartial)
      log.warn(
        'The workspace has more YAML files than are read; name the folders of your CRDs in dataClusters.schemas.',
      );
    if (hasKustomizations) this.#events.onConfig();
    if (changed) this.#events.onKinds();
    this.#events.onOthers();
    this.#events.onActivity('idle');
  }

  /** Takes note of files that were created, changed or deleted. */
  async filesChanged(paths: readonly string[]): Promise<void> {
    if (paths.some((path) => isConfigFile(path) || isKustomization(path) || mayMatterToCharts(path)))
      this.#events.onConfig();
    if (!this.#scan) return;
    let changed = false;
    for (const path of paths) changed = (await this.#reread(path)) || changed;
    if (changed) this.#events.onKinds();
    this.#events.onOthers();
  }

  /** Takes note of typing in a file; what it means is looked at after a pause. */
  fileEdited(path: string): void {
    this.#edited.add(path);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const paths = [...this.#edited];
      this.#edited.clear();
      this.filesChanged(paths).catch((error: unknown) => this.#sources.log.error('Reading edited files failed', error));
    }, TYPING_PAUSE_MS);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    if (this.#scan) this.#scan.isCancellationRequested = true;
  }

  async #reread(path: string): Promise<boolean> {
    const content = await this.#sources.files.read(path);
    const { crds, names } = this.#sources;
    if (content.kind === 'text') names.update(uriOfPath(path), content.text);
    else names.remove(uriOfPath(path));
    return crds.update(path, content.kind === 'text' ? content.text : undefined);
  }
}
