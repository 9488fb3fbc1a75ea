import { join } from 'node:path';
import { CodeActionKind, type CodeAction, type CodeActionParams, type ServerCapabilities } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { FIX_ALL_KIND, type ConfigFile } from '#core/language/codeActions.ts';
import { LanguageService } from '#core/language/service.ts';
import { fixFile } from '#core/lint/check.ts';
import { CONFIG_FILE_NAME } from '#core/lint/config.ts';
import type { ClientAbilities } from '#server/clientAbilities.ts';
import { serveCustomRequests } from '#server/customRequests.ts';
import { serveDiagnostics } from '#server/diagnosticsFeature.ts';
import type { DocumentEnvironment } from '#server/environments.ts';
import type { ServerSession } from '#server/session.ts';
import { pathLikeOfUri, uriOfPath } from '#server/uris.ts';

/** The features the server offers to a client. */
export function describeCapabilities(abilities: ClientAbilities): Partial<ServerCapabilities> {
  return {
    ...(abilities.codeActionLiterals
      ? { codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL_KIND] } }
      : {}),
    ...(abilities.pullDiagnostics
      ? { diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: false } }
      : {}),
  };
}

/** Connects every feature with its request. */
export function serveFeatures(session: ServerSession): void {
  const { connection, documents, boundary, knownCodes } = session.parts;
  const { environments, abilities } = session;
  const service = new LanguageService();
  serveDiagnostics({
    connection,
    documents,
    environments,
    boundary,
    abilities,
    knownCodes,
    hasOtherValidators: () => session.hasOtherValidators,
  });
  serveCustomRequests(connection, boundary, environments);
  connection.onCodeAction(
    boundary.documentRequest('Code actions', [], async (document, params: CodeActionParams) => {
      const environment = await environments.of(document.uri);
      return environment.isIgnored ? [] : codeActions(service, session, document, params, environment);
    }),
  );
}

function codeActions(
  service: LanguageService,
  session: ServerSession,
  document: TextDocument,
  params: CodeActionParams,
  environment: DocumentEnvironment,
): CodeAction[] {
  const view = session.environments.view(document, environment);
  const { lines, text, uri } = view;
  const range = { start: lines.offsetAt(params.range.start), end: lines.offsetAt(params.range.end) };
  const actions = service.codeActions({
    ...view,
    range,
    diagnostics: params.context.diagnostics,
    only: params.context.only,
    config: session.abilities.createFiles ? configFile(session, document, environment) : undefined,
    fixAll: () => fixFile(text, environment.engine, pathLikeOfUri(uri)).text,
  });
  return [...actions];
}

/** The configuration that counts for a document, or the one that could be made at the root of its folder. */
function configFile(
  session: ServerSession,
  document: TextDocument,
  { config }: DocumentEnvironment,
): ConfigFile | undefined {
  if (config) return { uri: uriOfPath(config.path), text: config.text };
  const folder = session.folders.folderOf(document.uri);
  return folder && { uri: uriOfPath(join(folder.path, CONFIG_FILE_NAME)), text: undefined };
}
