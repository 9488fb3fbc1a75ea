import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { WebSocketServer, type WebSocket } from 'ws';
import { failure, status, type Answer, type FakeRequest } from './answers.ts';
import { authority, certificate, type CertificateName } from './certificates.ts';
import { FakeCollection } from './collection.ts';

export interface FakeOptions {
  readonly certificate?: CertificateName;
  /** Refuses everybody else with 401; undefined: everybody may come in. */
  readonly tokens?: readonly string[];
  readonly isPlain?: boolean;
}

/** What happens on an upgraded connection. */
export type StreamAnswer = (socket: WebSocket, request: FakeRequest) => void;

/**
 * An API server over real TLS, inside the test: collections of objects, streams, and answers by script. A path's scripted
 * answers are used up one by one before what it does as a rule.
 */
export class FakeApiServer {
  readonly requests: FakeRequest[] = [];
  readonly collections = new Map<string, FakeCollection>();
  /** Accepted ones. */
  tokens: readonly string[] | undefined;
  /** How many connections clients have made. */
  connections = 0;
  readonly #rules = new Map<string, Answer>();
  readonly #script = new Map<string, Answer[]>();
  readonly #streams = new Map<string, StreamAnswer>();
  readonly #sockets = new Map<Duplex, number>();
  readonly #webSockets: WebSocketServer;
  readonly #server: Server | ReturnType<typeof createPlainServer>;
  readonly #scheme: string;

  /** @param protocols of streams, best first */
  private constructor(options: FakeOptions, protocols: readonly string[]) {
    const listener = (incoming: IncomingMessage, response: ServerResponse): void =>
      void this.#serve(incoming, response);
    this.#scheme = options.isPlain === true ? 'http' : 'https';
    const tls = {
      ...certificate(options.certificate ?? 'server'),
      ca: authority,
      requestCert: true,
      rejectUnauthorized: false,
    };
    this.#server = options.isPlain === true ? createPlainServer(listener) : createServer(tls, listener);
    this.tokens = options.tokens;
    this.#webSockets = new WebSocketServer({
      noServer: true,
      handleProtocols: (offered) => protocols.find((one) => offered.has(one)) ?? false,
    });
    this.#server.on(options.isPlain === true ? 'connection' : 'secureConnection', (socket: Duplex) => {
      this.connections += 1;
      this.#sockets.set(socket, this.connections);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => undefined);
    });
    this.#server.on('upgrade', (incoming, socket, head) => this.#upgrade(incoming, socket, head));
  }

  static async start(
    options: FakeOptions = {},
    protocols: readonly string[] = ['v5.channel.k8s.io', 'v4.channel.k8s.io'],
  ): Promise<FakeApiServer> {
    const fake = new FakeApiServer(options, protocols);
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get port(): number {
    const address = this.#server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${this.port}`;
  }

  /** What a path answers from now on. */
  rule(path: string, answer: Answer): void {
    this.#rules.set(path, answer);
  }

  /** What a path answers next, once each. */
  next(path: string, ...answers: readonly Answer[]): void {
    this.#script.set(path, [...(this.#script.get(path) ?? []), ...answers]);
  }

  stream(path: string, answer: StreamAnswer): void {
    this.#streams.set(path, answer);
  }

  collection(path: string, apiVersion: string, kind: string): FakeCollection {
    const made = new FakeCollection(apiVersion, kind);
    this.collections.set(path, made);
    return made;
  }

  requestsTo(path: string): readonly FakeRequest[] {
    return this.requests.filter((request) => request.path === path);
  }

  /** The common name of the certificate that a client has shown. */
  clientNameOf(socket: unknown): string | undefined {
    if (!(socket instanceof TLSSocket)) return undefined;
    const { subject } = socket.getPeerCertificate();
    return typeof subject.CN === 'string' ? subject.CN : undefined;
  }

  /** Cuts every connection. */
  cutAll(): void {
    for (const socket of this.#sockets.keys()) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cutAll();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
    const request = this.#record(incoming, Buffer.concat(chunks).toString('utf8'));
    const answer = this.#script.get(request.path)?.shift() ?? this.#usual(request);
    answer(request, response);
  }

  #usual(request: FakeRequest): Answer {
    if (
      this.tokens !== undefined &&
      !this.tokens.some((token) => request.headers['authorization'] === `Bearer ${token}`)
    )
      return failure(401, 'Unauthorized');
    const rule = this.#rules.get(request.path);
    if (rule !== undefined) return rule;
    const collection = this.collections.get(request.path);
    if (collection !== undefined) return (...both) => collection.answer(...both);
    return failure(404, `${request.path} is not there`);
  }

  #record(incoming: IncomingMessage, text: string): FakeRequest {
    const url = new URL(incoming.url ?? '/', 'https://fake');
    const request: FakeRequest = {
      method: incoming.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers,
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
      connection: this.#sockets.get(incoming.socket) ?? 0,
    };
    this.requests.push(request);
    return request;
  }

  #upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
    const request = this.#record(incoming, '');
    const stream = this.#streams.get(request.path);
    const isRefused = this.tokens?.some((token) => incoming.headers.authorization === `Bearer ${token}`) === false;
    if (isRefused || stream === undefined) {
      const code = isRefused ? 401 : 404;
      const body = JSON.stringify(
        status(code, isRefused ? 'Unauthorized' : `pods "${request.path.split('/')[6]}" not found`),
      );
      socket.end(
        `HTTP/1.1 ${code} No\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
      );
      return;
    }
    this.#webSockets.handleUpgrade(incoming, socket, head, (client) => stream(client, request));
  }
}
