import {
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  TextDocumentSyncKind,
  TextDocuments,
  type Connection,
  type InitializeResult,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { ruleTable } from '#core/lint/codes.ts';
import type { Log, WorkspaceFiles } from '#core/ports.ts';
import { Boundary } from '#server/boundary.ts';
import { readAbilities, readInitializationOptions } from '#server/clientAbilities.ts';
import { describeCapabilities, serveFeatures } from '#server/features.ts';
import type { PageOfRule } from '#server/rulePages.ts';
import type { BundledSchemas } from '#server/schemas/bundled.ts';
import { ServerSession } from '#server/session.ts';
import { PRODUCT_VERSION } from '#server/version.ts';

/** What the server meets of the world besides its connection. */
export interface ServerHost {
  readonly files: WorkspaceFiles;
  readonly log: Log;
  readonly loadSchemas: () => Promise<BundledSchemas>;
  readonly pageOf: PageOfRule;
}

/** Puts the language server on a connection; the caller starts to listen. */
export function startServer(connection: Connection, host: ServerHost): void {
  const documents = new TextDocuments(TextDocument);
  const boundary = new Boundary(host.log, documents);
  let session: ServerSession | undefined;
  connection.onInitialize((params): InitializeResult => {
    const abilities = readAbilities(params);
    const options = readInitializationOptions(params.initializationOptions);
    session = new ServerSession({ connection, documents, boundary, host, abilities, options, knownCodes });
    session.folders.start(params);
    serveFeatures(session);
    return {
      serverInfo: { name: 'data-clusters', version: PRODUCT_VERSION },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
        ...describeCapabilities(abilities),
      },
    };
  });
  connection.onInitialized(
    boundary.notification(
      'Registering for changes',
      () => session && registerForChanges(connection, session, boundary),
    ),
  );
  connection.onShutdown(() => session?.dispose());
  documents.listen(connection);
}

/** Files of Helm charts that are no YAML by their names. */
const CHART_FILES = '**/{Chart.lock,requirements.lock,values.schema.json,_*.tpl,charts/*.tgz}';

const knownCodes: ReadonlySet<string> = new Set(ruleTable.map(({ id }) => id));

async function registerForChanges(connection: Connection, session: ServerSession, boundary: Boundary): Promise<void> {
  const { abilities } = session;
  if (abilities.workspaceFolders) {
    connection.workspace.onDidChangeWorkspaceFolders(
      boundary.notification('Change of folders', ({ added, removed }) => session.changeFolders(added, removed)),
    );
  }
  if (abilities.configuration) await connection.client.register(DidChangeConfigurationNotification.type);
  if (!abilities.watchedFiles) return;
  const watchers = [{ globPattern: '**/*.{yaml,yml}' }, { globPattern: CHART_FILES }];
  await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
}
