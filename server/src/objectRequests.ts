import {
  definitionOfRequest,
  objectAtRequest,
  type DocumentPlaceParams,
  type ObjectIdentity,
  type ObjectPlace,
} from '#core/protocol.ts';
import { LineIndex } from '#core/text/lines.ts';
import { objectAt, placesOf } from '#core/workspace/objectPlaces.ts';
import type { ServerSession } from '#server/session.ts';
import { indexUri } from '#server/uris.ts';

/** Answers what views of live clusters ask: which object a manifest is about, and which manifest an object comes from. */
export function serveObjectRequests(session: ServerSession): void {
  const { connection, boundary, documents } = session.parts;
  const clientUri = (uri: string): string => documents.keys().find((open) => indexUri(open) === uri) ?? uri;
  connection.onRequest<ObjectIdentity | null, never>(
    objectAtRequest.method,
    boundary.documentRequest('Object at the cursor', null, (document, { position }: DocumentPlaceParams) => {
      // The whole line counts: a name in it may stand behind the cursor.
      const endOfLine = { line: position.line, character: Number.MAX_SAFE_INTEGER };
      const offset = new LineIndex(document.getText()).offsetAt(endOfLine);
      return objectAt(session.names, indexUri(document.uri), offset) ?? null;
    }),
  );
  connection.onRequest<readonly ObjectPlace[], never>(
    definitionOfRequest.method,
    boundary.request('Definition of an object', async (wanted: ObjectIdentity): Promise<readonly ObjectPlace[]> => {
      await session.readWorkspace();
      return placesOf(session.names, wanted).map(({ uri, range }) => ({ uri: clientUri(uri), range }));
    }),
  );
}
