import { PassThrough } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { sendCustomRequest, type Requester } from '#client/server/requests.ts';
import { previewRequest } from '#core/protocol.ts';

const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A client whose server answers every request with the parameters that it got. */
function connected(): Requester {
  const [there, back] = [new PassThrough(), new PassThrough()];
  const client = createMessageConnection(new StreamMessageReader(back), new StreamMessageWriter(there));
  const server = createMessageConnection(new StreamMessageReader(there), new StreamMessageWriter(back));
  server.onRequest((_method, params) => params);
  for (const one of [client, server]) {
    one.listen();
    ends.push(() => one.dispose());
  }
  return client;
}

test('a request without a token brings its parameters to the server as they are, and no list of them', async () => {
  const params = { textDocument: { uri: 'untitled:Untitled-1' }, position: { line: 1, character: 2 } };
  expect(await sendCustomRequest(connected(), previewRequest, params)).toEqual(params);
});
