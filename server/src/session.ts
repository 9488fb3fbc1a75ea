import {
  FileChangeType,
  type Connection,
  type DidChangeConfigurationParams,
  type DidChangeWatchedFilesParams,
  type TextDocuments,
  type WorkspaceFolder,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { mayMatterToCharts } from '#core/charts/chartFiles.ts';
import { mayHoldCrd } from '#core/schema/crdText.ts';
import {
  clientStateNotification,
  clusterSchemasNotification,
  serverStatusNotification,
  type ClientState,
  type ClusterSchemas,
  type InitializationOptions,
  type ServerActivity,
  type ServerStatus,
} from '#core/protocol.ts';
import { WorkspaceIndex } from '#core/workspace/index.ts';
import { DocumentParser } from '#core/yaml/documents.ts';
import type { Boundary } from '#server/boundary.ts';
import type { ClientAbilities } from '#server/clientAbilities.ts';
import { Charts } from '#server/charts.ts';
import { Environments } from '#server/environments.ts';
import { OverlayFiles } from '#server/files/overlayFiles.ts';
import { isKustomization, Kustomizations } from '#server/kustomizations.ts';
import { ProjectConfigs } from '#server/projectConfigs.ts';
import { ClusterKinds } from '#server/schemas/clusterKinds.ts';
import { SchemaLibrary } from '#server/schemas/library.ts';
import type { ServerHost } from '#server/server.ts';
import { SettingsSource } from '#server/settingsSource.ts';
import { indexUri, isConfigFile, isLiveUri, pathOfUri, uriOfPath } from '#server/uris.ts';
import { CrdIndex } from '#server/workspace/crdIndex.ts';
import { WorkspaceFolders } from '#server/workspace/folders.ts';
import { WorkspaceKnowledge } from '#server/workspace/knowledge.ts';

export interface SessionParts {
  readonly connection: Connection;
  readonly documents: TextDocuments<TextDocument>;
  readonly boundary: Boundary;
  readonly host: ServerHost;
  readonly abilities: ClientAbilities;
  readonly options: InitializationOptions;
  readonly knownCodes: ReadonlySet<string>;
}

/** The state of one client's session: who it is, what it has open, what is known of its workspace. */
export class ServerSession {
  readonly parts: SessionParts;
  readonly abilities: ClientAbilities;
  readonly folders = new WorkspaceFolders();
  readonly settings: SettingsSource;
  readonly library: SchemaLibrary;
  readonly environments: Environments;
  readonly configs: ProjectConfigs;
  readonly kustomizations: Kustomizations;
  readonly charts: Charts;
  /** Reads the open documents, once for all. */
  readonly parser = new DocumentParser();
  /** What exists in the workspace and what refers to it. */
  readonly names = new WorkspaceIndex(this.parser);
  /** What the chosen cluster says. */
  readonly clusterKinds = new ClusterKinds();
  readonly #crds = new CrdIndex();
  readonly #knowledge: WorkspaceKnowledge;
  #activity: ServerActivity = 'idle';
  #otherValidators: boolean;

  constructor(parts: SessionParts) {
    const { connection, documents, host, abilities, options } = parts;
    this.parts = parts;
    this.abilities = abilities;
    this.#otherValidators = options.otherValidators ?? false;
    const files = new OverlayFiles(host.files, (path) => documents.get(uriOfPath(path))?.getText());
    this.settings = new SettingsSource(connection, host.log, abilities.configuration, options.settings);
    this.library = new SchemaLibrary(files, host.log, host.loadSchemas(), {
      workspace: () => this.#crds.source,
      cluster: () => this.clusterKinds.source,
    });
    this.configs = new ProjectConfigs(files, parts.knownCodes);
    this.kustomizations = new Kustomizations(files);
    this.charts = new Charts(files);
    this.environments = new Environments(this);
    this.#knowledge = new WorkspaceKnowledge(
      { files, folders: this.folders, crds: this.#crds, names: this.names, log: host.log },
      {
        onKinds: () => this.#forgetSchemas(),
        onConfig: () => this.#forgetConfigs(),
        onOthers: () => this.environments.othersHaveChanged(),
        onActivity: (activity) => this.#showActivity(activity),
      },
    );
    this.#listen();
  }

  /** Whether another extension of the editor checks Kubernetes manifests. */
  get hasOtherValidators(): boolean {
    return this.#otherValidators;
  }

  async changeFolders(added: readonly WorkspaceFolder[], removed: readonly WorkspaceFolder[]): Promise<void> {
    this.folders.change(added, removed);
    this.environments.invalidate();
    await this.#knowledge.foldersChanged();
  }

  /** Resolves when the files of the workspace have been read once. */
  async readWorkspace(): Promise<void> {
    await this.#knowledge.start();
  }

  dispose(): void {
    this.#knowledge.dispose();
  }

  #listen(): void {
    const { connection, documents, boundary } = this.parts;
    connection.onDidChangeConfiguration(
      boundary.notification('Change of settings', ({ settings }: DidChangeConfigurationParams) => {
        this.settings.update(settings);
        this.#forgetSchemas();
      }),
    );
    connection.onDidChangeWatchedFiles(
      boundary.notification('Change of files', (params: DidChangeWatchedFilesParams) => this.#filesChanged(params)),
    );
    connection.onNotification(
      clientStateNotification.method,
      boundary.notification('State of the client', ({ otherValidators }: ClientState) => {
        this.#otherValidators = otherValidators;
        this.environments.invalidate();
      }),
    );
    connection.onNotification(
      clusterSchemasNotification.method,
      boundary.notification('Schemas of the cluster', ({ schemas }: { schemas: ClusterSchemas | null }) => {
        this.clusterKinds.set(schemas ?? undefined);
        this.#forgetSchemas();
      }),
    );
    documents.onDidOpen(boundary.notification('Opening a document', ({ document }) => this.#opened(document)));
    documents.onDidChangeContent(
      boundary.notification('Change of a document', ({ document }) => this.#edited(document)),
    );
    documents.onDidSave(boundary.notification('Saving a document', ({ document }) => this.#saved(document)));
    documents.onDidClose(boundary.notification('Closing a document', ({ document }) => this.#closed(document)));
  }

  async #opened(document: TextDocument): Promise<void> {
    if (isLiveUri(document.uri)) return;
    this.names.edit(indexUri(document.uri), document.getText());
    if (looksLikeKubernetes(document.getText())) await this.#knowledge.start();
  }

  /** Only what others depend on matters here; each document is checked on its own elsewhere. */
  #edited(document: TextDocument): void {
    if (isLiveUri(document.uri)) return;
    this.names.edit(indexUri(document.uri), document.getText());
    const path = pathOfUri(document.uri);
    if (path === undefined) return;
    if (
      isConfigFile(path) ||
      isKustomization(path) ||
      mayMatterToCharts(path) ||
      this.#crds.holds(path) ||
      mayHoldCrd(document.getText())
    )
      this.#knowledge.fileEdited(path);
  }

  async #saved(document: TextDocument): Promise<void> {
    const path = pathOfUri(document.uri);
    if (path !== undefined && !this.abilities.watchedFiles) await this.#knowledge.filesChanged([path]);
  }

  async #closed(document: TextDocument): Promise<void> {
    this.environments.forget(document.uri);
    const path = pathOfUri(document.uri);
    if (path === undefined) this.names.remove(document.uri);
    // From now on the text on the disk counts, which may be another one than was last typed.
    else await this.#knowledge.filesChanged([path]);
  }

  async #filesChanged({ changes }: DidChangeWatchedFilesParams): Promise<void> {
    const paths = changes.flatMap(({ uri, type }) => {
      const path = pathOfUri(uri);
      const isOpenAndSaved = type === FileChangeType.Changed && this.parts.documents.get(uri) !== undefined;
      return path === undefined || isOpenAndSaved ? [] : [path];
    });
    await this.#knowledge.filesChanged(paths);
  }

  #forgetSchemas(): void {
    this.library.forgetCatalogs();
    this.environments.invalidate();
    this.#sendStatus();
  }

  #forgetConfigs(): void {
    this.configs.forgetAll();
    this.kustomizations.forgetAll();
    this.charts.forgetAll();
    this.environments.invalidate();
  }

  #showActivity(activity: ServerActivity): void {
    this.#activity = activity;
    this.#sendStatus();
  }

  #sendStatus(): void {
    if (this.parts.options.wantsStatus !== true) return;
    const status: ServerStatus = {
      activity: this.#activity,
      crdFiles: this.#crds.fileCount,
      ...(this.clusterKinds.context === undefined ? {} : { cluster: this.clusterKinds.context }),
      problems: [...this.library.problems, ...this.#crds.problems, ...this.clusterKinds.problems],
    };
    this.parts.connection
      .sendNotification(serverStatusNotification.method, status)
      .catch((error: unknown) => this.parts.host.log.error('The status could not be sent', error));
  }
}

/** A cheap look at a text, before anything is parsed. */
function looksLikeKubernetes(text: string): boolean {
  return /^\s*["']?(?:apiVersion|kind)["']?\s*:/m.test(text) || /[{,]\s*["']?(?:apiVersion|kind)["']?\s*:/.test(text);
}
