import * as vscode from 'vscode';
import { activeManifest } from '#client/documents/manifestWatcher.ts';
import { documentFilters } from '#client/documents/selector.ts';
import type { LanguageServer } from '#client/server/languageServer.ts';
import { describeStatus, type StatusSeverity, type StatusText } from '#client/status/statusText.ts';
import { schemaSourceRequest, type SchemaSourceResult } from '#core/protocol.ts';

/** Time without another move of the cursor before the server is asked, in milliseconds. */
const SETTLE_MS = 150;

/** The item beside the language of the editor: the schema of the document under the cursor and a way to change it. */
export class SchemaStatus implements vscode.Disposable {
  readonly #server: LanguageServer;
  readonly #listeners: vscode.Disposable;
  #item: vscode.LanguageStatusItem | undefined;
  #source: SchemaSourceResult | null | undefined;
  #timer: NodeJS.Timeout | undefined;
  #asking = new vscode.CancellationTokenSource();

  constructor(server: LanguageServer) {
    this.#server = server;
    const update = (): void => this.#updateSoon();
    this.#listeners = vscode.Disposable.from(
      server.onDidChangeState(() => this.#renew()),
      server.onDidChangeStatus(() => this.#renew()),
      vscode.window.onDidChangeActiveTextEditor(() => this.#forget()),
      vscode.window.onDidChangeTextEditorSelection((event) => {
        if (event.textEditor === vscode.window.activeTextEditor) update();
      }),
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document === vscode.window.activeTextEditor?.document) update();
      }),
    );
    this.#renew();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#asking.cancel();
    this.#asking.dispose();
    this.#listeners.dispose();
    this.#item?.dispose();
  }

  /** Another editor: what was known of the last one does not hold. */
  #forget(): void {
    this.#source = undefined;
    this.#renew();
  }

  #renew(): void {
    this.#show();
    this.#updateSoon();
  }

  #updateSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#update(), SETTLE_MS);
  }

  async #update(): Promise<void> {
    this.#asking.cancel();
    this.#asking.dispose();
    const asking = new vscode.CancellationTokenSource();
    this.#asking = asking;
    const source = await this.#ask(asking.token);
    if (asking.token.isCancellationRequested) return;
    this.#source = source;
    this.#show();
  }

  /** A request that is cancelled or lost with its server leaves the source unknown; the next state asks again. */
  async #ask(token: vscode.CancellationToken): Promise<SchemaSourceResult | null | undefined> {
    const editor = activeManifest();
    if (!editor) return undefined;
    const { line, character } = editor.selection.active;
    const textDocument = { uri: editor.document.uri.toString() };
    try {
      const params = { textDocument, position: { line, character } };
      return await this.#server.request(schemaSourceRequest, params, token);
    } catch {
      return undefined;
    }
  }

  /** The item is there only while a manifest is shown, so that other YAML has nothing of ours beside its language. */
  #show(): void {
    if (!activeManifest() || this.#server.state.kind === 'stopped') {
      this.#item?.dispose();
      this.#item = undefined;
      return;
    }
    this.#item ??= createItem();
    const { state, status } = this.#server;
    const source = this.#source && withShortPath(this.#source);
    paint(this.#item, describeStatus({ server: state, status, source }));
  }
}

function createItem(): vscode.LanguageStatusItem {
  const selector = documentFilters.map((filter) => ({ ...filter }));
  const item = vscode.languages.createLanguageStatusItem('dataClusters.schemaSource', selector);
  item.name = 'Data Clusters Schema';
  return item;
}

const severities: Readonly<Record<StatusSeverity, vscode.LanguageStatusSeverity>> = {
  information: vscode.LanguageStatusSeverity.Information,
  warning: vscode.LanguageStatusSeverity.Warning,
  error: vscode.LanguageStatusSeverity.Error,
};

function paint(item: vscode.LanguageStatusItem, status: StatusText): void {
  const { text, detail, severity, busy, action } = status;
  item.text = text;
  item.detail = detail;
  item.severity = severities[severity];
  item.busy = busy;
  item.command = { command: action.command, title: action.title };
  item.accessibilityInformation = { label: `Data Clusters: ${text}. ${detail}` };
}

function withShortPath(source: SchemaSourceResult): SchemaSourceResult {
  if (source.origin !== 'workspace' || source.sourceName === undefined) return source;
  return { ...source, sourceName: vscode.workspace.asRelativePath(source.sourceName) };
}
