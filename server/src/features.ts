import { join } from 'node:path';
import {
  CodeActionKind,
  type CodeAction,
  type CodeActionParams,
  type CodeLens,
  type CodeLensParams,
  type CompletionList,
  type CompletionParams,
  type DocumentSymbolParams,
  type FoldingRangeParams,
  type Hover,
  type HoverParams,
  type SelectionRangeParams,
  type ServerCapabilities,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { FIX_ALL_KIND, type ConfigFile } from '#core/language/codeActions.ts';
import { LanguageService } from '#core/language/service.ts';
import type { DocumentView } from '#core/language/view.ts';
import { fixFile } from '#core/lint/check.ts';
import { CONFIG_FILE_NAME } from '#core/lint/config.ts';
import { LineIndex } from '#core/text/lines.ts';
import type { ClientAbilities } from '#server/clientAbilities.ts';
import { serveCustomRequests } from '#server/customRequests.ts';
import { serveDiagnostics } from '#server/diagnosticsFeature.ts';
import { placeOf, type DocumentEnvironment } from '#server/environments.ts';
import { serveNavigation } from '#server/navigationFeature.ts';
import { serveObjectRequests } from '#server/objectRequests.ts';
import { servePreview } from '#server/previewRequest.ts';
import type { ServerSession } from '#server/session.ts';
import { uriOfPath } from '#server/uris.ts';

/** A blank after a colon, the colon itself, the dash of an item, the beginnings of flow collections, and the dots of templates. */
const COMPLETION_TRIGGERS = [' ', ':', '-', '{', '[', '"', '/', '.'];

/** The features the server offers to a client. */
export function describeCapabilities(abilities: ClientAbilities): Partial<ServerCapabilities> {
  return {
    ...(abilities.codeActionLiterals
      ? { codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL_KIND] } }
      : {}),
    completionProvider: { triggerCharacters: COMPLETION_TRIGGERS },
    hoverProvider: true,
    foldingRangeProvider: true,
    selectionRangeProvider: true,
    definitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
    renameProvider: abilities.prepareRename ? { prepareProvider: true } : true,
    ...(abilities.hierarchicalSymbols ? { documentSymbolProvider: { label: 'Data Clusters' } } : {}),
    ...(abilities.hasFixAllCommand ? { codeLensProvider: {} } : {}),
    ...(abilities.pullDiagnostics
      ? { diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: false } }
      : {}),
  };
}

/** Connects every feature with its request. */
export function serveFeatures(session: ServerSession): void {
  const { connection, documents, boundary, knownCodes } = session.parts;
  const { environments, abilities } = session;
  const service = new LanguageService(session.names);
  serveDiagnostics({
    connection,
    documents,
    environments,
    boundary,
    abilities,
    knownCodes,
    pageOf: session.parts.host.pageOf,
    hasOtherValidators: () => session.hasOtherValidators,
  });
  serveCustomRequests(connection, boundary, environments);
  servePreview(connection, boundary, environments);
  serveObjectRequests(session);
  serveWriting(session, service);
  serveReading(session, service);
  serveNavigation(session);
  connection.onCodeAction(
    boundary.documentRequest('Code actions', [], async (document, params: CodeActionParams) => {
      const environment = await environments.of(document.uri);
      return environment.isIgnored ? [] : codeActions(service, session, document, params, environment);
    }),
  );
}

/** Completion and hover, which work in files the user does not want checked as well. */
function serveWriting(session: ServerSession, service: LanguageService): void {
  const { connection, boundary } = session.parts;
  const { environments, abilities, library } = session;
  connection.onCompletion(
    boundary.documentRequest('Completion', null, async (document, params: CompletionParams) => {
      const { engine, settings, chart } = await environments.of(document.uri);
      const lines = new LineIndex(document.getText());
      const result: CompletionList | null = service.complete({
        text: document.getText(),
        lines,
        offset: lines.offsetAt(params.position),
        context: engine.context,
        descriptions: await library.descriptions(),
        insertRequired: settings.insertRequired,
        client: { supportsSnippets: abilities.snippets },
        chart,
        isAfterDot: params.context?.triggerCharacter === '.',
      });
      return result;
    }),
  );
  connection.onHover(
    boundary.documentRequest('Hover', null, async (document, { position }: HoverParams): Promise<Hover | null> => {
      const environment = await environments.of(document.uri);
      const view = environments.view(document, environment);
      const book = await library.descriptions();
      const { chart } = environment;
      return service.hover(view, view.lines.offsetAt(position), { book, asMarkdown: abilities.markdownHover, chart });
    }),
  );
}

/** What helps to read a file: outline, folding, selection, lenses. */
function serveReading(session: ServerSession, service: LanguageService): void {
  const { connection, boundary } = session.parts;
  const { environments } = session;
  const viewOf = async (document: TextDocument): Promise<DocumentView> =>
    environments.view(document, await environments.of(document.uri));
  connection.onDocumentSymbol(
    boundary.documentRequest('Outline', null, async (document, _params: DocumentSymbolParams) => [
      ...service.symbols(await viewOf(document)),
    ]),
  );
  connection.onFoldingRanges(
    boundary.documentRequest('Folding', null, async (document, _params: FoldingRangeParams) => [
      ...service.folding(await viewOf(document)),
    ]),
  );
  connection.onSelectionRanges(
    boundary.documentRequest('Selection', null, async (document, { positions }: SelectionRangeParams) => {
      const view = await viewOf(document);
      return [
        ...service.selection(
          view,
          positions.map((position) => view.lines.offsetAt(position)),
        ),
      ];
    }),
  );
  connection.onCodeLens(
    boundary.documentRequest('Code lenses', [], async (document, _params: CodeLensParams): Promise<CodeLens[]> => {
      const environment = await environments.of(document.uri);
      if (environment.isIgnored || !environment.settings.codeLens) return [];
      return [...service.codeLenses(environments.view(document, environment))];
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
    fixAll: () => fixFile(text, environment.engine, placeOf(uri, environment)).text,
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
