import type { Duplex, Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import request from 'undici/lib/api/api-request.js';
import { ClusterProblem, type Clock, type JsonObject } from '#core/live/ports.ts';
import { isObject } from '../json.ts';
import type { Login } from '../login/credential.ts';
import { pause } from '../systemClock.ts';
import { createLimiter } from './limiter.ts';
import { problemOfAnswer } from './problems.ts';
import { readBody } from './readBody.ts';
import { createRequests, type RequestOptions, type Session } from './requests.ts';
import { upgrade, type Upgraded } from './upgrade.ts';

/** Requests that are answered at once; a cluster of many kinds asks for them in turn. */
const mostAtOnce = 12;
/** Most bytes of an answer. */
const usualSize = 32_000_000;
const refusalSize = 200_000;
/** A wait that the server asks for is kept when it is at most this long, and this often. */
const longestWaitMs = 10_000;
const mostWaits = 3;

export interface TransportRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly accept?: string;
  readonly body?: { readonly type: string; readonly content: unknown };
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/** HTTP to one API server as one user. Everything rejects with a ClusterProblem and with nothing else. */
export interface Transport {
  readonly server: string;
  json(request: TransportRequest): Promise<JsonObject>;
  /** An answer that goes on; its end, and a break as an error, are told by the stream. Destroy it to be done with it. */
  stream(request: TransportRequest): Promise<Readable>;
  upgrade(path: string, protocols: readonly string[], signal?: AbortSignal): Promise<Upgraded>;
  /** Gives up all connections, as after a sleep that the other side did not share. */
  renewConnections(): void;
  useLogin(login: Login): void;
  /** From now on everything rejects with this. */
  close(reason: ClusterProblem): void;
}

export interface TransportOptions extends RequestOptions {
  readonly acceptsCompression: boolean;
}

export function createTransport(options: TransportOptions): Transport {
  const { server, pools } = options;
  const prefix = server.pathname.replace(/\/+$/, '');
  const limit = createLimiter(mostAtOnce);
  const requests = createRequests(options);
  const upgradedSockets = new Set<Duplex>();
  const readJson = (request: TransportRequest): Promise<JsonObject> =>
    requests.perform(request, async (session, signal) => {
      const packed = options.acceptsCompression ? { 'accept-encoding': 'gzip' } : {};
      const answer = await send(session, prefix, request, { signal, headers: packed });
      const encoding = answer.headers['content-encoding'];
      const size = request.maxBytes ?? usualSize;
      const text = await readBody(answer.body, typeof encoding === 'string' ? encoding : undefined, size);
      // Only then is the connection free for the next request, which would need another one.
      await nextTurn();
      if (answer.statusCode >= 300) throw problemOfAnswer(answer.statusCode, text, answer.headers);
      return parseAnswer(text);
    });
  return {
    server: server.host,
    json: (request) =>
      limit(() =>
        isReading(request) ? repeatRead(() => readJson(request), request, options.clock) : readJson(request),
      ),
    stream: (request) =>
      requests.perform(request, async (session, signal) => {
        const answer = await send(session, prefix, request, { signal });
        if (answer.statusCode < 300) return answer.body;
        throw problemOfAnswer(answer.statusCode, await readBody(answer.body, undefined, refusalSize), answer.headers);
      }),
    async upgrade(path, protocols, given) {
      const upgraded = await requests.perform(
        given === undefined ? {} : { signal: given },
        ({ pool, headers }, signal) => upgrade(pool, { path: prefix + path, headers, protocols, signal }),
      );
      upgradedSockets.add(upgraded.socket);
      upgraded.socket.once('close', () => upgradedSockets.delete(upgraded.socket));
      return upgraded;
    },
    renewConnections: () => pools.renew(Object.assign(new Error('Connections are made anew.'), { code: 'ECONNRESET' })),
    useLogin: (login) => requests.useLogin(login),
    close(reason) {
      requests.close(reason);
      pools.renew(reason);
      for (const socket of upgradedSockets) socket.destroy(reason);
    },
  };
}

const isReading = ({ method = 'GET' }: TransportRequest): boolean => method === 'GET';

function send(
  session: Session,
  prefix: string,
  wanted: TransportRequest,
  extra: { readonly signal: AbortSignal; readonly headers?: Record<string, string> },
): Promise<Dispatcher.ResponseData> {
  const { method = 'GET', path, accept = 'application/json', body } = wanted;
  const content = body === undefined ? {} : { body: JSON.stringify(body.content) };
  const type = body === undefined ? {} : { 'content-type': body.type };
  const headers = { ...session.headers, ...extra.headers, accept, ...type };
  return request.call(session.pool, { method, path: prefix + path, signal: extra.signal, headers, ...content });
}

/** Reading does no harm: once more after a broken connection, and after a short wait that the server asks for. */
async function repeatRead(
  read: () => Promise<JsonObject>,
  { signal }: TransportRequest,
  clock: Clock,
): Promise<JsonObject> {
  let breaks = 0;
  for (let waits = 0; ;) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ClusterProblem) || signal?.aborted) throw error;
      const wait = error.kind === 'busy' ? error.retryAfterMs : undefined;
      if (wait !== undefined && wait <= longestWaitMs && waits < mostWaits) {
        waits += 1;
        await pause(clock, wait, signal);
      } else if (isBreak(error) && breaks === 0) breaks += 1;
      else throw error;
    }
  }
}

/** An idle connection that the other side has closed shows only when it is used. */
const isBreak = ({ cause }: ClusterProblem): boolean =>
  cause instanceof Error && 'code' in cause && ['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE'].includes(String(cause.code));

function parseAnswer(text: string): JsonObject {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new ClusterProblem('server', noApiServer, { cause: error });
  }
  if (!isObject(content)) throw new ClusterProblem('server', noApiServer);
  return content;
}

const noApiServer = 'The answer is no JSON of an API server. See whether the address in the kubeconfig is right.';
