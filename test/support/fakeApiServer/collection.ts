import type { ServerResponse } from 'node:http';
import { json, status, type FakeRequest } from './answers.ts';

export interface FakeObject {
  readonly [key: string]: unknown;
  readonly metadata: { readonly name: string; readonly [key: string]: unknown };
}

interface Change {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: FakeObject;
}

/** The objects of one kind: lists with pages, watches from a version, history that is forgotten. */
export class FakeCollection {
  readonly #kind: string;
  readonly #apiVersion: string;
  readonly #objects = new Map<string, FakeObject>();
  readonly #watchers = new Set<ServerResponse>();
  #changes: Change[] = [];
  #version = 100;
  #oldest = 0;

  constructor(apiVersion: string, kind: string) {
    this.#apiVersion = apiVersion;
    this.#kind = kind;
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  put(object: FakeObject): void {
    const type = this.#objects.has(object.metadata.name) ? 'MODIFIED' : 'ADDED';
    this.#change(type, object);
  }

  remove(name: string): void {
    const object = this.#objects.get(name);
    if (object !== undefined) this.#change('DELETED', object);
  }

  /** From now on watches and lists from before cannot go on. */
  forgetHistory(): void {
    this.#version += 1;
    this.#oldest = this.#version;
    this.#changes = [];
  }

  /** Sends a version without an object to everybody who watches. */
  bookmark(): void {
    this.#version += 1;
    const object = {
      kind: this.#kind,
      apiVersion: this.#apiVersion,
      metadata: { resourceVersion: `${this.#version}` },
    };
    this.send(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
  }

  /** Raw text to everybody who watches. */
  send(text: string): void {
    for (const response of this.#watchers) response.write(text);
  }

  /** Ends all watches, cleanly or by cutting their connections. */
  endWatches(how: 'end' | 'cut'): void {
    for (const response of this.#watchers) {
      if (how === 'end') response.end();
      else response.socket?.destroy();
    }
    this.#watchers.clear();
  }

  answer(request: FakeRequest, response: ServerResponse): void {
    if (request.query.get('watch') === 'true') this.#watch(request, response);
    else this.#list(request, response);
  }

  #change(type: Change['type'], given: FakeObject): void {
    this.#version += 1;
    const metadata = { ...given.metadata, resourceVersion: `${this.#version}` };
    const object = { apiVersion: this.#apiVersion, kind: this.#kind, ...given, metadata };
    if (type === 'DELETED') this.#objects.delete(given.metadata.name);
    else this.#objects.set(given.metadata.name, object);
    this.#changes.push({ version: this.#version, type, object });
    this.send(`${JSON.stringify({ type, object })}\n`);
  }

  /** The token of a page is `version:offset`. */
  #list(request: FakeRequest, response: ServerResponse): void {
    const limit = Number(request.query.get('limit') ?? 0);
    const [version = this.#version, offset = 0] = (request.query.get('continue') ?? '')
      .split(':')
      .filter(Boolean)
      .map(Number);
    if (version < this.#oldest) return json(status(410, 'The list is too old.'), 410)(request, response);
    // Items of typed lists have neither apiVersion nor kind.
    const all = [...this.#objects.values()].map(({ apiVersion: _version, kind: _kind, ...item }) => item);
    const end = limit === 0 ? all.length : offset + limit;
    const metadata = { resourceVersion: `${version}`, ...(end < all.length ? { continue: `${version}:${end}` } : {}) };
    const list = { kind: `${this.#kind}List`, apiVersion: this.#apiVersion, metadata, items: all.slice(offset, end) };
    json(list)(request, response);
  }

  #watch(request: FakeRequest, response: ServerResponse): void {
    const from = Number(request.query.get('resourceVersion'));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    if (from < this.#oldest) {
      response.end(`${JSON.stringify({ type: 'ERROR', object: status(410, 'too old resource version') })}\n`);
      return;
    }
    for (const { version, type, object } of this.#changes) {
      if (version > from) response.write(`${JSON.stringify({ type, object })}\n`);
    }
    this.#watchers.add(response);
    response.on('close', () => this.#watchers.delete(response));
  }
}
