import { PassThrough } from 'node:stream';
import {
  createConnection,
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ClientCapabilities,
  type Diagnostic,
  type InitializeResult,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { ServerStatus } from '#core/protocol.ts';
import { ConnectionLog } from '#server/connectionLog.ts';
import type { KindSource } from '#core/schema/catalog.ts';
import { startServer } from '#server/server.ts';
import { bundledStore, readBundledDescriptions } from '#test/support/catalog.ts';
import { MemoryFiles } from '#test/support/memoryFiles.ts';

export interface HarnessOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
  /** The `dataClusters` section the client answers with, when it can be asked. */
  readonly settings?: unknown;
  readonly folders?: readonly string[];
  readonly schemas?: KindSource;
}

export const WORKSPACE = '/workspace';

/** Abilities like those of VS Code, as far as the server looks at them, but with pushed diagnostics. */
export const richClient: ClientCapabilities = {
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeWatchedFiles: { dynamicRegistration: true },
    workspaceEdit: { documentChanges: true, resourceOperations: ['create', 'rename', 'delete'] },
    diagnostics: { refreshSupport: true },
  },
  textDocument: {
    publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } }, isPreferredSupport: true },
    completion: { completionItem: { snippetSupport: true } },
    hover: { contentFormat: ['markdown'] },
    rename: { prepareSupport: true },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
  },
};

export function uriIn(path: string): string {
  return `file://${WORKSPACE}/${path}`;
}

/** A server and a client in one process, joined by two streams: everything but the process boundary is real. */
export class ServerHarness {
  readonly client: ProtocolConnection;
  readonly files: MemoryFiles;
  readonly logged: string[] = [];
  readonly registered: string[] = [];
  readonly statuses: ServerStatus[] = [];
  settings: unknown;
  initializeResult: InitializeResult | undefined;
  refreshes = 0;
  readonly #published = new Map<string, PublishDiagnosticsParams>();
  readonly #waiting = new Set<() => void>();
  readonly #documents = new Map<string, TextDocument>();
  readonly #dispose: () => void;

  private constructor(options: HarnessOptions, schemas: KindSource) {
    const [toServer, toClient] = [new PassThrough(), new PassThrough()];
    this.files = new MemoryFiles(options.files);
    this.settings = options.settings;
    const server = createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient));
    this.client = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
    startServer(server, {
      files: this.files,
      log: new ConnectionLog(server.console),
      pageOf: (code) => `https://example.org/rules/${code}`,
      loadSchemas: async () => ({ source: schemas, descriptions: readBundledDescriptions }),
    });
    this.#answerServer();
    server.listen();
    this.client.listen();
    this.#dispose = () => {
      this.client.dispose();
      server.dispose();
    };
  }

  static async start(options: HarnessOptions = {}): Promise<ServerHarness> {
    const harness = new ServerHarness(options, options.schemas ?? (await bundledStore()));
    const folders = (options.folders ?? [WORKSPACE]).map((path) => ({ uri: `file://${path}`, name: path }));
    harness.initializeResult = await harness.client.sendRequest('initialize', {
      processId: null,
      rootUri: folders[0]?.uri ?? null,
      workspaceFolders: folders,
      capabilities: options.capabilities ?? richClient,
      initializationOptions: options.initializationOptions,
    });
    await harness.client.sendNotification('initialized', {});
    return harness;
  }

  async open(path: string, text: string, languageId = 'yaml'): Promise<string> {
    const uri = path.includes(':') ? path : uriIn(path);
    this.#documents.set(uri, TextDocument.create(uri, languageId, 1, text));
    await this.client.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId, version: 1, text },
    });
    return uri;
  }

  /** Replaces the one place where `before` stands, as an editor would send it. */
  async edit(uri: string, before: string, after: string): Promise<void> {
    const document = this.document(uri);
    const start = document.getText().indexOf(before);
    if (start < 0) throw new Error(`"${before}" is not in ${uri}`);
    const range = { start: document.positionAt(start), end: document.positionAt(start + before.length) };
    await this.#change(document, [{ range, newText: after }]);
  }

  async applyEdit(edit: WorkspaceEdit): Promise<void> {
    for (const [uri, edits] of Object.entries(edit.changes ?? {})) await this.#change(this.document(uri), edits);
  }

  async close(uri: string): Promise<void> {
    this.#documents.delete(uri);
    await this.client.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  document(uri: string): TextDocument {
    const document = this.#documents.get(uri);
    if (!document) throw new Error(`${uri} is not open`);
    return document;
  }

  textOf(uri: string): string {
    return this.document(uri).getText();
  }

  /** Waits until the published diagnostics of the present version fulfil a condition. */
  async diagnostics(
    uri: string,
    isWanted: (diagnostics: readonly Diagnostic[]) => boolean = () => true,
  ): Promise<readonly Diagnostic[]> {
    for (;;) {
      const latest = this.#published.get(uri);
      const version = this.#documents.get(uri)?.version;
      if (latest && (version === undefined || latest.version === version) && isWanted(latest.diagnostics)) {
        return latest.diagnostics;
      }
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  lastPublished(uri: string): PublishDiagnosticsParams | undefined {
    return this.#published.get(uri);
  }

  async writeFile(path: string, text: string | undefined): Promise<void> {
    const full = `${WORKSPACE}/${path}`;
    const type = text === undefined ? 3 : this.files.texts.has(full) ? 2 : 1;
    if (text === undefined) this.files.texts.delete(full);
    else this.files.texts.set(full, text);
    await this.client.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: uriIn(path), type }] });
  }

  /** Waits until the files of the workspace are read; needs `wantsStatus` in the options. */
  async workspaceRead(): Promise<void> {
    for (let tries = 0; tries < 400; tries++) {
      const isRead = this.statuses.some(({ activity }) => activity === 'readingWorkspace');
      if (isRead && this.statuses.at(-1)?.activity === 'idle') return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error('the server never read the workspace');
  }

  async stop(): Promise<void> {
    await this.client.sendRequest('shutdown');
    this.#dispose();
  }

  async #change(document: TextDocument, edits: readonly TextEdit[]): Promise<void> {
    const text = TextDocument.applyEdits(document, [...edits]);
    const version = document.version + 1;
    const ordered = edits.toSorted((a, b) => document.offsetAt(b.range.start) - document.offsetAt(a.range.start));
    this.#documents.set(document.uri, TextDocument.create(document.uri, document.languageId, version, text));
    await this.client.sendNotification('textDocument/didChange', {
      textDocument: { uri: document.uri, version },
      contentChanges: ordered.map(({ range, newText }) => ({ range, text: newText })),
    });
  }

  #answerServer(): void {
    this.client.onRequest('workspace/configuration', ({ items }: { items: readonly unknown[] }) =>
      items.map(() => this.settings ?? null),
    );
    this.client.onRequest('client/registerCapability', (params: { registrations: readonly { method: string }[] }) => {
      this.registered.push(...params.registrations.map(({ method }) => method));
      return null;
    });
    this.client.onRequest('workspace/diagnostic/refresh', () => {
      this.refreshes++;
      return null;
    });
    this.client.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.#published.set(params.uri, params);
      const waiting = [...this.#waiting];
      this.#waiting.clear();
      for (const resume of waiting) resume();
    });
    this.client.onNotification('window/logMessage', ({ message }: { message: string }) => {
      this.logged.push(message);
    });
    this.client.onNotification('dataClusters/serverStatus', (status: ServerStatus) => {
      this.statuses.push(status);
    });
  }
}
