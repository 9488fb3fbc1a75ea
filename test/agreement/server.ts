import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { parse } from 'yaml';
import { readVerdict, type Verdict } from '#test/agreement/verdict.ts';

interface Access {
  readonly server: string;
  readonly agent: Agent;
}

/** A real API server, asked for its opinion only: every request is a dry run with strict field validation. */
export class JudgingServer {
  readonly #access: Access;

  private constructor(access: Access) {
    this.#access = access;
  }

  /** @param kubeconfig path of a file whose current context has a client certificate */
  static open(kubeconfig: string): JudgingServer {
    const config: unknown = parse(readFileSync(kubeconfig, 'utf8'));
    const cluster = at(config, 'clusters', 0, 'cluster');
    const user = at(config, 'users', 0, 'user');
    const pem = (holder: unknown, name: string): Buffer => Buffer.from(String(at(holder, name)), 'base64');
    const agent = new Agent({
      keepAlive: true,
      ca: pem(cluster, 'certificate-authority-data'),
      cert: pem(user, 'client-certificate-data'),
      key: pem(user, 'client-key-data'),
    });
    return new JudgingServer({ server: String(at(cluster, 'server')), agent });
  }

  /** `1.34`. */
  async minor(): Promise<string> {
    const { body } = await this.#send('GET', '/version');
    if (at(body, 'minor') === undefined)
      throw new Error(`The server does not say its version: ${JSON.stringify(body)}`);
    return `${String(at(body, 'major'))}.${String(at(body, 'minor'))}`;
  }

  /** Whether the cluster says of itself that it is there for tests. */
  async isTestCluster(): Promise<boolean> {
    const { status } = await this.#send('GET', '/api/v1/namespaces/kube-system/configmaps/data-clusters-test-cluster');
    return status === 200;
  }

  /** @param collection path of the objects of the kind, `/apis/apps/v1/namespaces/default/statefulsets` */
  async judge(collection: string, manifest: string): Promise<Verdict> {
    const { status, body } = await this.#send('POST', `${collection}?dryRun=All&fieldValidation=Strict`, manifest);
    return readVerdict(status, body);
  }

  close(): void {
    this.#access.agent.destroy();
  }

  #send(method: string, path: string, text = ''): Promise<{ status: number; body: unknown }> {
    const { server, agent } = this.#access;
    return new Promise((resolve, reject) => {
      const sent = request(
        `${server}${path}`,
        {
          method,
          agent,
          headers: { ...(method === 'POST' ? { 'Content-Type': 'application/yaml' } : {}), Accept: 'application/json' },
        },
        (response) => {
          const pieces: Buffer[] = [];
          response.on('data', (piece: Buffer) => pieces.push(piece));
          response.on('end', () => {
            const body: unknown = JSON.parse(Buffer.concat(pieces).toString('utf8'));
            resolve({ status: response.statusCode ?? 0, body });
          });
        },
      );
      sent.on('error', reject);
      sent.end(text);
    });
  }
}

function at(holder: unknown, ...steps: readonly (string | number)[]): unknown {
  return steps.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
    holder,
  );
}
