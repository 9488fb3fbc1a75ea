import {
  LSPErrorCodes,
  ResponseError,
  type DefinitionParams,
  type DocumentHighlightParams,
  type PrepareRenameParams,
  type ReferenceParams,
  type RenameParams,
  type TextDocumentPositionParams,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import {
  definitionsAt,
  highlightsAt,
  referencesAt,
  renameAt,
  renameRangeAt,
  type NavigationRequest,
  type Refusal,
} from '#core/language/navigation/answers.ts';
import { definitionsInChart } from '#core/language/charts/definition.ts';
import type { ServerSession } from '#server/session.ts';
import { indexUri } from '#server/uris.ts';

/** From a name to where it is given, to where it is used, and to another name. */
export function serveNavigation(session: ServerSession): void {
  const { connection, boundary } = session.parts;
  connection.onDefinition(
    boundary.documentRequest('Definition', null, async (document, params: DefinitionParams) => {
      const request = await toRequest(session, document, params);
      const { chart } = await session.environments.of(document.uri);
      const inChart = chart ? definitionsInChart(document.getText(), request.offset, chart) : [];
      if (inChart.length === 0) return [...definitionsAt(request)];
      return inChart.map(({ uri, range }) => ({ uri: request.clientUri(uri), range }));
    }),
  );
  connection.onReferences(
    boundary.documentRequest('References', null, async (document, params: ReferenceParams) => {
      const declarations = params.context.includeDeclaration ? 'with' : 'without';
      return [...referencesAt(await toRequest(session, document, params), declarations)];
    }),
  );
  connection.onDocumentHighlight(
    boundary.documentRequest('Highlight', null, async (document, params: DocumentHighlightParams) => [
      ...highlightsAt(await toRequest(session, document, params)),
    ]),
  );
  connection.onPrepareRename(
    boundary.documentRequest('Preparing to rename', null, async (document, params: PrepareRenameParams) =>
      orRefuse(renameRangeAt(await toRequest(session, document, params))),
    ),
  );
  connection.onRenameRequest(
    boundary.documentRequest('Renaming', null, async (document, params: RenameParams) =>
      orRefuse(renameAt(await toRequest(session, document, params), params.newName)),
    ),
  );
}

async function toRequest(
  { environments, names, parts }: ServerSession,
  document: TextDocument,
  { position }: TextDocumentPositionParams,
): Promise<NavigationRequest> {
  const view = environments.view(document, await environments.of(document.uri));
  return {
    view,
    offset: view.lines.offsetAt(position),
    index: names,
    uri: indexUri(document.uri),
    clientUri: (uri) => parts.documents.keys().find((open) => indexUri(open) === uri) ?? uri,
  };
}

/** The client shows the message of an error where the name is typed. */
function orRefuse<Answer extends object>(answer: Answer | Refusal | undefined): Answer | ResponseError<never> | null {
  if (!answer) return null;
  return 'refusal' in answer ? new ResponseError<never>(LSPErrorCodes.RequestFailed, answer.refusal) : answer;
}
