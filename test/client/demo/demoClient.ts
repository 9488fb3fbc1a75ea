import { parse } from 'yaml';
import { WebSocket } from 'ws';
import { recordOf, shapedAs } from '#client/cluster/demo/simulation/objects.ts';
import type { Demo } from '#client/cluster/demo/index.ts';

export interface DemoReply {
  readonly status: number;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface DemoClient {
  readonly url: string;
  readonly token: string;
  ask(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<DemoReply>;
  /** Reads a stream line by line until it has as many lines as wanted, then closes it. */
  lines(path: string, count: number, headers?: Readonly<Record<string, string>>): Promise<readonly string[]>;
  /** Runs a command; what came on each channel. */
  exec(path: string, protocol?: string): Promise<ReadonlyMap<number, string>>;
}

interface Kubeconfig {
  readonly clusters: readonly [{ readonly cluster: { readonly server: string } }];
  readonly users: readonly [{ readonly user: { readonly token: string } }];
}

/** A client without any library of ours: plain fetch and plain WebSocket. */
export function demoClient({ kubeconfig }: Demo): DemoClient {
  const config = shapedAs<Kubeconfig>(parse(kubeconfig));
  const url = config.clusters[0].cluster.server;
  const { token } = config.users[0].user;
  const authorization = `Bearer ${token}`;
  return {
    url,
    token,
    ask: async (method, path, body, headers = {}) => {
      const init = {
        method,
        headers: { authorization, ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      };
      const response = await fetch(url + path, init);
      const text = await response.text();
      return { status: response.status, text, body: recordOf(text.startsWith('{') ? JSON.parse(text) : {}) };
    },
    lines: async (path, count, headers = {}) => {
      const stop = new AbortController();
      const response = await fetch(url + path, { headers: { authorization, ...headers }, signal: stop.signal });
      const lines: string[] = [];
      let rest = '';
      for await (const chunk of response.body ?? []) {
        const parts = (rest + Buffer.from(chunk).toString('utf8')).split('\n');
        rest = parts.pop() ?? '';
        lines.push(...parts);
        if (lines.length >= count) break;
      }
      stop.abort();
      return lines;
    },
    exec: (path, protocol = 'v5.channel.k8s.io') =>
      runCommand(url.replace('http:', 'ws:') + path, protocol, authorization),
  };
}

function runCommand(address: string, protocol: string, authorization: string): Promise<ReadonlyMap<number, string>> {
  return new Promise((resolve, reject) => {
    const channels = new Map<number, string>();
    const socket = new WebSocket(address, [protocol], { headers: { authorization } });
    socket.on('message', (data: Buffer) => {
      const channel = data[0] ?? -1;
      channels.set(channel, (channels.get(channel) ?? '') + data.subarray(1).toString('utf8'));
    });
    socket.on('close', () => resolve(channels));
    socket.on('error', reject);
    socket.on('unexpected-response', (_request, response) => reject(new Error(`HTTP ${response.statusCode}`)));
  });
}
