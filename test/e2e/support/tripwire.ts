import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import path from 'node:path';

/** The context whose cluster only counts who comes. */
export const TRIPWIRE_CONTEXT = 'tripwire';

/**
 * A kubeconfig of one context: its server counts connections and hangs up, its login plugin leaves a trace when it runs. Whoever
 * touches it before the user asked has broken a promise.
 */
export class Tripwire {
  readonly kubeconfig: string;
  readonly #trace: string;
  readonly #server: Server;
  connections = 0;

  private constructor(folder: string, server: Server) {
    this.kubeconfig = path.join(folder, 'tripwire.kubeconfig');
    this.#trace = path.join(folder, 'login-ran');
    this.#server = server;
    server.on('connection', (socket) => {
      this.connections += 1;
      socket.destroy();
    });
  }

  static async start(folder: string): Promise<Tripwire> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const tripwire = new Tripwire(folder, server);
    await tripwire.#write(folder);
    return tripwire;
  }

  /** Whether the login plugin was run. */
  get loginRan(): boolean {
    return existsSync(this.#trace);
  }

  stop(): void {
    this.#server.close();
  }

  async #write(folder: string): Promise<void> {
    const address = this.#server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const plugin = path.join(folder, 'login.sh');
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'none' },
    };
    await writeFile(plugin, `#!/bin/sh\ntouch '${this.#trace}'\necho '${JSON.stringify(credential)}'\n`);
    await chmod(plugin, 0o755);
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': TRIPWIRE_CONTEXT,
      clusters: [
        { name: 'tripwire', cluster: { server: `https://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } },
      ],
      users: [
        {
          name: 'tripwire',
          user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, interactiveMode: 'Never' } },
        },
      ],
      contexts: [{ name: TRIPWIRE_CONTEXT, context: { cluster: 'tripwire', user: 'tripwire' } }],
    };
    await writeFile(this.kubeconfig, JSON.stringify(config));
  }
}
