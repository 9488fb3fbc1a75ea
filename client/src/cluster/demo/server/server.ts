import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Stoppable } from '#core/live/ports.ts';
import { ApiError, notFound, statusOf } from '../simulation/apiError.ts';
import { qualifiedPlural } from '../simulation/kinds.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { discoveryAnswer } from './discovery.ts';
import { textFor } from './documents.ts';
import { listText } from './lists.ts';
import { answerLog } from './podLogs.ts';
import { PodStreams } from './podStreams.ts';
import { readBody, readRequest, type ApiRequest } from './request.ts';
import { reviewAnswer } from './reviews.ts';
import { startWatch } from './watches.ts';
import { answerWrite, scaleOf } from './writing.ts';

/** The API server of a simulation. It listens on the loopback interface only, and answers only to who has the token. */
export class DemoServer {
  readonly #simulation: Simulation;
  readonly #token: Buffer;
  readonly #http: Server;
  readonly #streams: PodStreams;
  /** Watches and followed logs. */
  readonly #open = new Set<Stoppable>();

  constructor(simulation: Simulation, token: string) {
    this.#simulation = simulation;
    this.#token = Buffer.from(`Bearer ${token}`);
    this.#streams = new PodStreams(simulation);
    this.#http = createServer((message, response) => void this.#answer(message, response));
    this.#http.on('upgrade', (message: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#upgrade(message, socket, head),
    );
  }

  /** @returns the port, any free one of 127.0.0.1 */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#http.once('error', reject);
      this.#http.listen(0, '127.0.0.1', () => {
        const address = this.#http.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  }

  stop(): void {
    for (const open of this.#open) open.stop();
    this.#streams.close();
    this.#http.close();
    this.#http.closeAllConnections();
  }

  /** Lets the program end although the server listens. */
  unref(): void {
    this.#http.unref();
  }

  async #answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      this.#requireToken(message);
      await this.#route(message, response);
    } catch (error) {
      sendProblem(response, error);
    }
  }

  async #route(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(message.url ?? '/', 'http://127.0.0.1');
    const isReading = message.method === 'GET' || message.method === 'HEAD';
    const body = isReading ? '' : await readBody(message);
    const known = isReading
      ? discoveryAnswer(url.pathname, message.headers.accept ?? '')
      : reviewAnswer(url.pathname, body);
    if (known !== undefined) {
      sendJson(
        response,
        isReading ? 200 : 201,
        JSON.stringify(known),
        aggregatedType(message.headers.accept ?? '', url.pathname),
      );
      return;
    }
    const request = readRequest(message, url);
    if (isReading) this.#read(request, response);
    else {
      const { status, body: answer } = answerWrite(this.#simulation.world, request, body);
      sendJson(response, status, JSON.stringify(answer));
    }
  }

  #read(request: ApiRequest, response: ServerResponse): void {
    const { world } = this.#simulation;
    const { kind, namespace, name, query } = request;
    if (name === '' && query.get('watch') !== null && query.get('watch') !== 'false' && query.get('watch') !== '0') {
      this.#keep(startWatch(world.store, world.clock, request, response), response);
    } else if (name === '') sendJson(response, 200, listText(world.store, request));
    else if (request.subresource === 'log') this.#keep(answerLog(world, request, response), response);
    else {
      const object = world.store.get(kind, namespace, name);
      if (object === undefined) throw notFound(qualifiedPlural(kind), name);
      if (request.subresource === 'scale') sendJson(response, 200, JSON.stringify(scaleOf(object)));
      else sendJson(response, 200, textFor(request.accept)(object));
    }
  }

  #keep(open: Stoppable | undefined, response: ServerResponse): void {
    if (open === undefined) return;
    this.#open.add(open);
    response.on('close', () => this.#open.delete(open));
  }

  #upgrade(message: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    try {
      this.#requireToken(message);
      this.#streams.accept(
        readRequest(message, new URL(message.url ?? '/', 'http://127.0.0.1')),
        message,
        socket,
        head,
      );
    } catch (error) {
      const problem = problemOf(error);
      const text = JSON.stringify(statusOf(problem));
      const length = Buffer.byteLength(text);
      socket.end(
        `HTTP/1.1 ${problem.code} ${problem.reason}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n${text}`,
      );
    }
  }

  #requireToken({ headers }: IncomingMessage): void {
    const sent = Buffer.from(headers.authorization ?? '');
    if (sent.length !== this.#token.length || !timingSafeEqual(sent, this.#token))
      throw new ApiError(401, 'Unauthorized', 'Unauthorized');
  }
}

function aggregatedType(accept: string, path: string): string {
  const isAggregated = accept.includes('g=apidiscovery.k8s.io') && /^\/apis?\/?$/.test(path);
  return isAggregated ? 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' : 'application/json';
}

function sendJson(response: ServerResponse, status: number, text: string, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

function sendProblem(response: ServerResponse, error: unknown): void {
  const problem = problemOf(error);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (problem.retryAfterSeconds !== undefined) response.setHeader('retry-after', String(problem.retryAfterSeconds));
  sendJson(response, problem.code, JSON.stringify(statusOf(problem)));
}

function problemOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new ApiError(500, 'InternalError', `The simulation failed: ${text}`);
}
