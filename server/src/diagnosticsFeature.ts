import {
  DiagnosticSeverity,
  DocumentDiagnosticReportKind,
  type Connection,
  type Diagnostic,
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
  type TextDocuments,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { belongsToDataCluster } from '#core/language/coexistence.ts';
import { DIAGNOSTIC_SOURCE, toDiagnostic } from '#core/language/diagnostics.ts';
import { parseProjectConfig } from '#core/lint/config.ts';
import { LineIndex } from '#core/text/lines.ts';
import type { Boundary } from '#server/boundary.ts';
import type { ClientAbilities } from '#server/clientAbilities.ts';
import type { DocumentEnvironment, Environments } from '#server/environments.ts';
import type { PageOfRule } from '#server/rulePages.ts';
import { isConfigFile, pathLikeOfUri } from '#server/uris.ts';

export interface DiagnosticsWorld {
  readonly connection: Connection;
  readonly documents: TextDocuments<TextDocument>;
  readonly environments: Environments;
  readonly boundary: Boundary;
  readonly abilities: ClientAbilities;
  readonly knownCodes: ReadonlySet<string>;
  readonly pageOf: PageOfRule;
  /** Whether another extension of the editor checks Kubernetes manifests. */
  readonly hasOtherValidators: () => boolean;
}

/** Tells the client what is wrong: when it asks, if it can ask, and otherwise after every change without being asked. */
export function serveDiagnostics(world: DiagnosticsWorld): void {
  const provider = new DiagnosticsProvider(world);
  if (world.abilities.pullDiagnostics) servePull(world, provider);
  else servePush(world, provider);
}

function servePull(world: DiagnosticsWorld, provider: DiagnosticsProvider): void {
  const { connection, boundary, environments, abilities } = world;
  const nothing: DocumentDiagnosticReport = { kind: DocumentDiagnosticReportKind.Full, items: [] };
  connection.languages.diagnostics.on(
    boundary.documentRequest('Diagnostics', nothing, (document, params: DocumentDiagnosticParams) =>
      provider.report(document, params.previousResultId),
    ),
  );
  if (!abilities.diagnosticRefresh) return;
  environments.onDidChange(
    boundary.notification('Refreshing diagnostics', () => connection.languages.diagnostics.refresh()),
  );
  watchOthers(world, () => connection.languages.diagnostics.refresh());
}

/** Tells of open documents whose diagnostics are outdated because another file says something else now. */
function watchOthers(
  { documents, environments, boundary }: DiagnosticsWorld,
  onOutdated: (uris: readonly string[]) => void | Promise<void>,
): void {
  let isWaiting = false;
  const look = boundary.notification('Checking what depends on a change', async () => {
    isWaiting = false;
    const outdated: string[] = [];
    for (const document of documents.all()) {
      const environment = await environments.of(document.uri);
      if (!environment.isIgnored && environments.isOutdated(document, environment)) outdated.push(document.uri);
    }
    if (outdated.length > 0) await onOutdated(outdated);
  });
  /** After the burst, and after the document itself has been answered. */
  const lookLater = (): void => {
    if (!isWaiting) setImmediate(() => setImmediate(look));
    isWaiting = true;
  };
  documents.onDidChangeContent(lookLater);
  documents.onDidClose(lookLater);
  environments.onDidChangeOthers(lookLater);
}

function servePush(world: DiagnosticsWorld, provider: DiagnosticsProvider): void {
  const { connection, documents, environments, boundary } = world;
  const waiting = new Set<string>();
  const publish = boundary.notification('Publishing diagnostics', async (uri: string) => {
    const document = documents.get(uri);
    if (!document) return;
    const diagnostics = await provider.diagnose(document);
    // A document that was closed meanwhile has been cleared; what is late must not bring its diagnostics back.
    if (!documents.get(uri)) return;
    await connection.sendDiagnostics({ uri, version: document.version, diagnostics });
  });
  /** Changes that arrive in one burst are answered once, as soon as the burst has been read. */
  const schedule = (uri: string): void => {
    if (waiting.size === 0)
      setImmediate(() => {
        const uris = [...waiting];
        waiting.clear();
        for (const each of uris) publish(each);
      });
    waiting.add(uri);
  };
  documents.onDidChangeContent(({ document }) => schedule(document.uri));
  documents.onDidClose(({ document }) => void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] }));
  environments.onDidChange(() => documents.keys().forEach(schedule));
  watchOthers(world, (uris) => uris.forEach(schedule));
}

class DiagnosticsProvider {
  readonly #world: DiagnosticsWorld;

  constructor(world: DiagnosticsWorld) {
    this.#world = world;
  }

  /** The diagnostics, or word that they are those of an earlier answer. */
  async report(document: TextDocument, previousResultId: string | undefined): Promise<DocumentDiagnosticReport> {
    const environment = await this.#world.environments.of(document.uri);
    const resultId = this.#world.environments.stateOf(document, environment);
    if (resultId === previousResultId) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
    return { kind: DocumentDiagnosticReportKind.Full, resultId, items: this.#diagnose(document, environment) };
  }

  async diagnose(document: TextDocument): Promise<Diagnostic[]> {
    return this.#diagnose(document, await this.#world.environments.of(document.uri));
  }

  #diagnose(document: TextDocument, environment: DocumentEnvironment): Diagnostic[] {
    if (isConfigFile(pathLikeOfUri(document.uri))) return this.#diagnoseConfig(document);
    if (environment.isIgnored) return [];
    const view = this.#world.environments.view(document, environment);
    const { slices } = view.checked.analysis;
    const onlyOwn = this.#checksOnlyDataClusters(environment);
    const findings = view.checked.findings.filter(({ documentIndex, code }) => {
      const slice = slices[documentIndex];
      return !onlyOwn || code.startsWith('HLM') || (slice !== undefined && belongsToDataCluster(slice));
    });
    const { abilities } = this.#world;
    const surroundings = { uri: document.uri, lines: view.lines, abilities, pageOf: this.#world.pageOf };
    return findings.map((finding) => toDiagnostic(finding, surroundings));
  }

  #checksOnlyDataClusters({ settings: { coexistence } }: DocumentEnvironment): boolean {
    if (coexistence === 'auto') return this.#world.hasOtherValidators();
    return coexistence === 'dataClustersOnly';
  }

  #diagnoseConfig(document: TextDocument): Diagnostic[] {
    const text = document.getText();
    const lines = new LineIndex(text);
    return parseProjectConfig(text, this.#world.knownCodes).problems.map(({ message, range }) => ({
      range: lines.toPositions(range),
      severity: DiagnosticSeverity.Error,
      source: DIAGNOSTIC_SOURCE,
      message,
    }));
  }
}
