import { resolve } from 'node:path';
import { Emitter, type Event } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { ChartPlace } from '#core/charts/checkChartFile.ts';
import type { EditorSettings } from '#core/editorSettings.ts';
import { checkFile } from '#core/lint/check.ts';
import type { FilePlace } from '#core/lint/role.ts';
import type { LintSettings } from '#core/lint/settings.ts';
import type { WorkspacePlace } from '#core/lint/workspaceCheck.ts';
import type { LintEngine } from '#core/lint/engine.ts';
import type { DocumentView } from '#core/language/view.ts';
import { LineIndex } from '#core/text/lines.ts';
import type { WorkspaceIndex } from '#core/workspace/index.ts';
import type { DocumentParser } from '#core/yaml/documents.ts';
import type { Charts } from '#server/charts.ts';
import { EngineCache } from '#server/engineCache.ts';
import { globPath, matchesGlobs } from '#server/files/globs.ts';
import type { Kustomizations } from '#server/kustomizations.ts';
import { applyConfig, isIgnored, type LoadedConfig, type ProjectConfigs } from '#server/projectConfigs.ts';
import type { ClusterKinds } from '#server/schemas/clusterKinds.ts';
import type { SchemaLibrary } from '#server/schemas/library.ts';
import type { SettingsSource } from '#server/settingsSource.ts';
import { indexUri, isLiveUri, pathLikeOfUri, pathOfUri } from '#server/uris.ts';
import type { WorkspaceFolders } from '#server/workspace/folders.ts';

/** Everything that decides how one document is checked. */
export interface DocumentEnvironment {
  readonly engine: LintEngine;
  readonly settings: EditorSettings;
  readonly config: LoadedConfig | undefined;
  /** The user does not want this file to be checked; completion and hover still work. */
  readonly isIgnored: boolean;
  /** A kustomization names the file as a patch. */
  readonly isPatch: boolean;
  /** The Helm chart it is a file of. */
  readonly chart: ChartPlace | undefined;
}

/** What is known of a document besides its text. */
export function placeOf(uri: string, { isPatch, chart }: DocumentEnvironment): FilePlace {
  return { path: pathLikeOfUri(uri), isPatch, chart };
}

export interface EnvironmentSources {
  readonly settings: SettingsSource;
  readonly configs: ProjectConfigs;
  readonly library: SchemaLibrary;
  readonly clusterKinds: ClusterKinds;
  readonly folders: WorkspaceFolders;
  readonly kustomizations: Kustomizations;
  readonly charts: Charts;
  readonly names: WorkspaceIndex;
  readonly parser: DocumentParser;
}

interface RememberedView {
  /** Another one for every view there was. */
  readonly serial: number;
  readonly version: number;
  readonly environment: DocumentEnvironment;
  readonly view: DocumentView;
}

/** Works out how each document is checked and remembers it until something it depends on changes. */
export class Environments {
  readonly #sources: EnvironmentSources;
  readonly #engines: EngineCache;
  readonly #changed = new Emitter<void>();
  #byUri = new Map<string, Promise<DocumentEnvironment>>();
  readonly #views = new WeakMap<TextDocument, RememberedView>();
  readonly #othersChanged = new Emitter<void>();
  #generation = 0;
  #serial = 0;

  constructor(sources: EnvironmentSources) {
    this.#sources = sources;
    this.#engines = new EngineCache(sources.parser);
  }

  /** Fires when documents may be checked differently from now on. */
  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  /** Fires when files that are not open have changed: what is said of open documents among others may be another thing now. */
  get onDidChangeOthers(): Event<void> {
    return this.#othersChanged.event;
  }

  othersHaveChanged(): void {
    this.#othersChanged.fire();
  }

  /** Names the state that the diagnostics of a document come from; the same name means the same diagnostics. */
  stateOf(document: TextDocument, environment: DocumentEnvironment): string {
    this.view(document, environment);
    return `${document.version}/${this.#generation}/${this.#views.get(document)?.serial ?? 0}`;
  }

  of(uri: string): Promise<DocumentEnvironment> {
    const known = this.#byUri.get(uri);
    if (known) return known;
    const environment = this.#build(uri);
    this.#byUri.set(uri, environment);
    return environment;
  }

  /** The present state of a document, checked; the same object as long as neither text nor environment changes. */
  view(document: TextDocument, environment: DocumentEnvironment): DocumentView {
    const { engine } = environment;
    // An object of a cluster does not stand among the files of the workspace.
    const place: WorkspacePlace | undefined = isLiveUri(document.uri)
      ? undefined
      : { uri: indexUri(document.uri), index: this.#sources.names };
    const known = this.#views.get(document);
    const isSame = known?.version === document.version && known.environment === environment;
    if (isSame && (!place || engine.isCurrent(known.view.checked.analysis, place))) return known.view;
    const text = document.getText();
    const view: DocumentView = {
      uri: document.uri,
      version: document.version,
      text,
      lines: new LineIndex(text),
      checked: checkFile(text, engine, placeOf(document.uri, environment), place),
      engine,
    };
    this.#views.set(document, { serial: ++this.#serial, version: document.version, environment, view });
    return view;
  }

  /** Whether something was said of the present text of a document that does not hold any more, because others have changed. */
  isOutdated(document: TextDocument, environment: DocumentEnvironment): boolean {
    const known = this.#views.get(document);
    if (known?.version !== document.version || known.environment !== environment) return false;
    return this.view(document, environment) !== known.view;
  }

  invalidate(): void {
    this.#byUri = new Map();
    this.#generation++;
    this.#changed.fire();
  }

  forget(uri: string): void {
    this.#byUri.delete(uri);
  }

  async #build(uri: string): Promise<DocumentEnvironment> {
    const { settings: source, configs, library, clusterKinds, folders, kustomizations, charts, names } = this.#sources;
    const path = pathOfUri(uri);
    const folder = folders.folderOf(uri);
    const [settings, config, isPatchNearby, chart] = await Promise.all([
      source.of(folder?.uri ?? ''),
      path === undefined ? undefined : configs.findFor(path),
      path !== undefined && kustomizations.isPatch(path),
      path === undefined ? undefined : charts.placeOf(path),
    ]);
    // A kustomization in another folder of the workspace may name it as well.
    const isPatch = isPatchNearby || names.graph.patchFiles.has(indexUri(uri));
    const catalog = await library.catalogFor([
      ...settings.schemas.map((schema) => resolve(folder?.path ?? '.', schema)),
      ...(config?.config.schemas.map((schema) => resolve(config.folder, schema)) ?? []),
    ]);
    const base = withClusterVersion(settings, clusterKinds.kubernetesVersion);
    const lint = path === undefined ? base : applyConfig(base, config, path);
    const isIgnoredHere =
      path !== undefined &&
      (isIgnored(config, path) || (folder !== undefined && matchesGlobs(globPath(folder.path, path), settings.ignore)));
    return { engine: this.#engines.get(catalog, lint), settings, config, isIgnored: isIgnoredHere, isPatch, chart };
  }
}

/** What the user writes into the settings counts; where nothing is written, the version of the cluster that was chosen. */
function withClusterVersion({ lint, isVersionSet }: EditorSettings, version: string | undefined): LintSettings {
  return version === undefined || isVersionSet ? lint : { ...lint, kubernetesVersion: version };
}
