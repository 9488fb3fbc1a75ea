// A minimal LSP client over stdio, the same for every server that is measured.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export class LspClient {
  #child;
  #pending = new Map();
  #nextId = 1;
  #buffer = Buffer.alloc(0);
  #waiting = [];
  #configuration;
  #stderr = '';

  /** @param configuration answers `workspace/configuration` by section */
  constructor(command, args, configuration = {}) {
    this.#configuration = configuration;
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stdout.on('data', (data) => this.#receive(data));
    this.#child.stderr.on('data', (data) => (this.#stderr += data));
    this.#child.on('exit', (code) => {
      for (const { reject } of this.#pending.values())
        reject(new Error(`server ended with ${code}: ${this.#stderr.slice(0, 500)}`));
    });
  }

  async initialize(rootUri) {
    const result = await this.request('initialize', {
      processId: process.pid,
      rootUri,
      workspaceFolders: [{ uri: rootUri, name: 'bench' }],
      capabilities: {
        workspace: {
          configuration: true,
          workspaceFolders: true,
          didChangeConfiguration: { dynamicRegistration: true },
        },
        textDocument: {
          hover: { contentFormat: ['markdown', 'plaintext'] },
          completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown', 'plaintext'] } },
          publishDiagnostics: { versionSupport: true, relatedInformation: true },
          documentSymbol: { hierarchicalDocumentSymbolSupport: true },
        },
      },
    });
    this.notify('initialized', {});
    this.notify('workspace/didChangeConfiguration', { settings: this.#configuration });
    return result;
  }

  request(method, params) {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#send({ id, method, params });
    });
  }

  notify(method, params) {
    this.#send({ method, params });
  }

  /** Resolves with the next published diagnostics of a document, and rejects after a while without any. */
  nextDiagnostics(uri, limitMs = 20_000) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no diagnostics within ${limitMs} ms`)), limitMs);
      this.#waiting.push({
        uri,
        resolve: (params) => {
          clearTimeout(timer);
          resolve(params);
        },
      });
    });
  }

  /** Resident memory of the server in MiB; undefined where the system does not tell. */
  residentMiB() {
    try {
      const match = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.#child.pid}/status`, 'utf8'));
      return match ? Number(match[1]) / 1024 : undefined;
    } catch {
      return undefined;
    }
  }

  async stop() {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    await Promise.race([this.request('shutdown', null).catch(() => undefined), pause(2000)]);
    this.notify('exit');
    await Promise.race([ended, pause(2000)]);
    this.#child.kill();
  }

  #send(message) {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    if (!this.#child.stdin.writable) return;
    this.#child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.#child.stdin.write(body);
  }

  #receive(data) {
    this.#buffer = Buffer.concat([this.#buffer, data]);
    for (;;) {
      const head = this.#buffer.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#buffer.subarray(0, head).toString())?.[1]);
      const end = head + 4 + length;
      if (this.#buffer.length < end) return;
      const message = JSON.parse(this.#buffer.subarray(head + 4, end).toString());
      this.#buffer = this.#buffer.subarray(end);
      this.#handle(message);
    }
  }

  #handle(message) {
    if (message.method !== undefined && message.id !== undefined) {
      this.#send({ id: message.id, result: this.#answer(message) });
    } else if (message.method === 'textDocument/publishDiagnostics') {
      const index = this.#waiting.findIndex((waiter) => waiter.uri === message.params.uri);
      if (index >= 0) this.#waiting.splice(index, 1)[0].resolve(message.params);
    } else if (message.id !== undefined) {
      const pending = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      if (message.error) pending?.reject(new Error(message.error.message));
      else pending?.resolve(message.result);
    }
  }

  #answer(message) {
    if (message.method !== 'workspace/configuration') return null;
    return message.params.items.map(
      ({ section }) => section?.split('.').reduce((value, key) => value?.[key], this.#configuration) ?? {},
    );
  }
}

export function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export function quantiles(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return { p50: at(0.5), p95: at(0.95), max: sorted.at(-1) };
}
