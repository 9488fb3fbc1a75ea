import type { ServerResponse } from 'node:http';

/** A request as it was received. */
export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
  /** The serial number of the client's connection, from 1. */
  readonly connection: number;
}

/** What the server does with one request. */
export type Answer = (request: FakeRequest, response: ServerResponse) => void;

export const json =
  (content: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(content));
  };

/** A Status object, as the API server sends it with an error. */
export const status = (code: number, message: string, more: Readonly<Record<string, unknown>> = {}): object => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  code,
  message,
  ...more,
});

export const failure = (code: number, message: string, headers: Readonly<Record<string, string>> = {}): Answer =>
  json(status(code, message), code, headers);

/** Cuts the connection after these bytes of the body. */
export const cutAfter =
  (text: string): Answer =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write(text, () => response.socket?.destroy());
  };

/** Takes the request and never says a word. */
export const silence: Answer = () => undefined;

/** Cuts the connection without an answer. */
export const hangUp: Answer = (_request, response) => response.socket?.destroy();
