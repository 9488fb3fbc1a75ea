import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';
import { problemOfAnswer } from './problems.ts';
import { reasonOf } from './signals.ts';

/** What a server says instead of switching over, at most; in bytes. */
const maximumRefusal = 100_000;

export interface Upgraded {
  readonly socket: Duplex;
  readonly protocol: string;
}

export interface UpgradeRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** Best first. */
  readonly protocols: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Asks a server to switch a connection over to WebSocket.
 * @throws ClusterProblem with the server's answer when it refuses, and whatever the connection fails with
 */
export function upgrade(pool: Dispatcher, request: UpgradeRequest): Promise<Upgraded> {
  const { path, headers, protocols, signal } = request;
  return new Promise((resolve, reject) => {
    let refusal:
      { readonly status: number; readonly headers: Record<string, string | string[] | undefined> } | undefined;
    let body = '';
    let abort = (): void => undefined;
    const settle = (finish: () => void): void => {
      signal.removeEventListener('abort', abort);
      finish();
    };
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(controller) {
        abort = () => controller.abort(reasonOf(signal));
        if (signal.aborted) abort();
        else signal.addEventListener('abort', abort);
      },
      onRequestUpgrade(_controller, _status, answer, socket) {
        const chosen = answer['sec-websocket-protocol'];
        settle(() => resolve({ socket, protocol: typeof chosen === 'string' ? chosen : '' }));
      },
      onResponseStart(_controller, status, answer) {
        refusal = { status, headers: answer };
      },
      onResponseData(_controller, chunk) {
        if (body.length < maximumRefusal) body += chunk.toString('utf8');
      },
      onResponseEnd() {
        const { status = 500, headers = {} } = refusal ?? {};
        settle(() => reject(problemOfAnswer(status, body, headers)));
      },
      onResponseError(_controller, error) {
        settle(() => reject(error));
      },
    };
    pool.dispatch(
      {
        path,
        method: 'GET',
        upgrade: 'websocket',
        headers: {
          ...headers,
          'sec-websocket-version': '13',
          'sec-websocket-key': randomBytes(16).toString('base64'),
          'sec-websocket-protocol': protocols.join(', '),
        },
      },
      handler,
    );
  });
}
