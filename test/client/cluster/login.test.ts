import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { json } from '../../support/fakeApiServer/answers.ts';
import { authority, base64, certificate } from '../../support/fakeApiServer/certificates.ts';
import type { FakeApiServer } from '../../support/fakeApiServer/fakeApiServer.ts';
import { containing, openTest, startServer, temporaryFolder, writePlugin } from '../../support/fakeApiServer/setup.ts';
import { ManualClock } from '../../support/manualClock.ts';

const version = 'client.authentication.k8s.io/v1';

/** A server that answers /version. */
async function serving(tokens?: readonly string[]): Promise<FakeApiServer> {
  const server = await startServer(tokens === undefined ? {} : { tokens });
  server.rule('/version', json({ major: '1', minor: '34+', gitVersion: 'v1.34.4' }));
  return server;
}

/** The source of a plugin that prints a credential; `status` is an expression. */
const printing = (status: string): string =>
  `console.log(JSON.stringify({ kind: 'ExecCredential', apiVersion: '${version}', status: ${status} }));`;

const exec = (command: string, more: object = {}): object => ({
  exec: { apiVersion: version, command, interactiveMode: 'IfAvailable', ...more },
});

const authorization = (server: FakeApiServer): unknown[] =>
  server.requests.map(({ headers }) => headers['authorization']);

describe('logins without a program', () => {
  test('a password, and somebody else to act as', async () => {
    const server = await serving();
    const user = {
      username: 'ann',
      password: 's:1',
      as: 'bob',
      'as-groups': ['x', 'y'],
      'as-user-extra': { 'a/b': ['c'] },
    };
    const { cluster } = await openTest(server, user);
    await cluster.version();
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: `Basic ${base64('ann:s:1')}`,
      'impersonate-user': 'bob',
      'impersonate-group': 'x, y',
      'impersonate-extra-a%2fb': 'c',
    });
  });

  test('a token file is read again when somebody has renewed it', async () => {
    const server = await serving(['first']);
    const file = path.join(temporaryFolder(), 'token');
    writeFileSync(file, 'first\n');
    const { cluster } = await openTest(server, { tokenFile: file });
    await cluster.version();
    server.tokens = ['second'];
    await expect(cluster.version()).rejects.toMatchObject({ kind: 'unauthenticated' });
    writeFileSync(file, 'second\n');
    await cluster.version();
  });

  test('a file that is not there is a problem that names it', async () => {
    const { cluster } = await openTest(await serving(), { tokenFile: '/nowhere/token' });
    await expect(cluster.version()).rejects.toMatchObject({
      kind: 'login',
      message: containing('/nowhere/token'),
    });
  });

  test('an expired client certificate is named when the server refuses it', async () => {
    const server = await serving([]);
    const { cert, key } = certificate('expiredClient');
    const user = { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) };
    const { cluster } = await openTest(server, user);
    await expect(cluster.version()).rejects.toMatchObject({
      kind: 'unauthenticated',
      message: containing('expired at 2021-01-01'),
    });
  });

  test('the old provider oidc is used while its token is valid, and is renewed by kubectl', async () => {
    const server = await serving();
    const token = (expiry: number): string =>
      `e30.${Buffer.from(JSON.stringify({ exp: expiry })).toString('base64url')}.x`;
    const oidc = (idToken: string): object => ({ 'auth-provider': { name: 'oidc', config: { 'id-token': idToken } } });
    const valid = await openTest(server, oidc(token(4_000_000_000)));
    await valid.cluster.version();
    expect(authorization(server)).toEqual([`Bearer ${token(4_000_000_000)}`]);
    const expired = await openTest(server, oidc(token(1_000_000_000)));
    await expect(expired.cluster.version()).rejects.toMatchObject({
      kind: 'login',
      message: containing('2001-09-09'),
    });
  });

  test('providers that Kubernetes has given up are said to be so', async () => {
    const { cluster } = await openTest(await serving(), { 'auth-provider': { name: 'gcp' } });
    await expect(cluster.version()).rejects.toMatchObject({ kind: 'login', message: containing('gcp') });
  });
});

describe('a login plugin', () => {
  test('runs once when many calls need it at once, and not again', async () => {
    const server = await serving(['t1']);
    const plugin = writePlugin(`setTimeout(() => { ${printing("{ token: 't1' }")} }, 50);`);
    const { cluster } = await openTest(server, exec(plugin.command));
    await Promise.all(Array.from({ length: 5 }, () => cluster.version()));
    await cluster.version();
    expect(plugin.runs()).toBe(1);
    expect(new Set(authorization(server))).toEqual(new Set(['Bearer t1']));
  });

  test('runs once more when the server refuses its token, for all calls together', async () => {
    const server = await serving(['xx']);
    const plugin = writePlugin(
      printing("{ token: 'x'.repeat(require('node:fs').statSync(__dirname + '/runs').size) }"),
    );
    const { cluster } = await openTest(server, exec(plugin.command));
    await Promise.all(Array.from({ length: 5 }, () => cluster.version()));
    expect(plugin.runs()).toBe(2);
  });

  test('is not run again and again when its fresh token is refused too', async () => {
    const server = await serving(['another']);
    const plugin = writePlugin(printing("{ token: 'x' + process.pid }"));
    const { cluster } = await openTest(server, exec(plugin.command));
    for (const _ of [1, 2, 3]) await expect(cluster.version()).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(plugin.runs()).toBe(2);
  });

  test('runs again when its credential expires', async () => {
    const server = await serving();
    const clock = new ManualClock();
    const plugin = writePlugin(
      printing(`{ token: 't', expirationTimestamp: '${new Date(clock.now() + 600_000).toISOString()}' }`),
    );
    const { cluster } = await openTest(server, exec(plugin.command), { clock });
    await cluster.version();
    clock.skip(590_000);
    await cluster.version();
    expect(plugin.runs()).toBe(1);
    clock.skip(10_000);
    await cluster.version();
    expect(plugin.runs()).toBe(2);
  });

  test('does not run for every call when the clock of this machine is ahead', async () => {
    const server = await serving();
    const plugin = writePlugin(printing("{ token: 't', expirationTimestamp: '2001-01-01T00:00:00Z' }"));
    const { cluster } = await openTest(server, exec(plugin.command));
    for (const _ of [1, 2, 3]) await cluster.version();
    expect(plugin.runs()).toBe(1);
  });

  test('may issue a certificate, which the connections then have', async () => {
    const server = await serving();
    const plugin = writePlugin(
      printing(
        `{ clientCertificateData: ${JSON.stringify(certificate('client').cert)}, clientKeyData: ${JSON.stringify(certificate('client').key)} }`,
      ),
    );
    const names: unknown[] = [];
    server.rule('/version', (request, response) => {
      names.push(server.clientNameOf(response.socket));
      json({ major: '1', minor: '34' })(request, response);
    });
    const { cluster } = await openTest(server, exec(plugin.command));
    await cluster.version();
    expect(names).toEqual(['tester']);
  });

  test('gets its arguments, its variables and, when it asks, the cluster', async () => {
    const server = await serving();
    const seen =
      "Buffer.from(JSON.stringify([process.argv.slice(2), process.env.FLAVOR, process.env.HOME, JSON.parse(process.env.KUBERNETES_EXEC_INFO)])).toString('base64url')";
    const plugin = writePlugin(printing(`{ token: ${seen} }`));
    const user = exec(plugin.command, {
      args: ['get', 'token'],
      env: [{ name: 'FLAVOR', value: 'salt' }],
      provideClusterInfo: true,
    });
    const { cluster } = await openTest(server, user, {
      environment: { HOME: '/home/ann' },
      clusterEntry: { extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'prod' } }] },
    });
    await cluster.version();
    const token = String(authorization(server)[0]).replace('Bearer ', '');
    const seenByPlugin: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    const [args, flavor, home, info] = Array.isArray(seenByPlugin) ? (seenByPlugin as unknown[]) : [];
    expect([args, flavor, home]).toEqual([['get', 'token'], 'salt', '/home/ann']);
    expect(info).toMatchObject({
      apiVersion: version,
      kind: 'ExecCredential',
      spec: {
        interactive: false,
        cluster: { server: server.url, config: { audience: 'prod' }, 'certificate-authority-data': base64(authority) },
      },
    });
  });

  test.each<[string, string, object, string]>([
    [
      'is missing',
      '',
      { command: 'no-such-plugin', installHint: 'Get it from the shop.' },
      'not installed, or not on the PATH of this program. Get it from the shop.',
    ],
    [
      'fails',
      "console.error('session expired'); process.exit(4);",
      {},
      'ended with exit code 4. It says: session expired',
    ],
    ['takes too long', 'setInterval(() => {}, 1000);', {}, 'did not finish within'],
    ['prints something else', "console.log('Welcome!');", {}, 'printed no JSON'],
    ['prints nothing of use', printing('{}'), {}, 'neither a token nor a certificate'],
    ['wants a terminal', printing("{ token: 't' }"), { interactiveMode: 'Always' }, 'asks its questions in a terminal'],
    [
      'has an unknown version',
      printing("{ token: 't' }"),
      { apiVersion: 'client.authentication.k8s.io/v1alpha1' },
      'is not known',
    ],
  ])('that %s is a problem of login that says what to do', async (_what, body, entry, text) => {
    const server = await serving();
    const plugin = writePlugin(body);
    const { cluster } = await openTest(server, exec(plugin.command, entry), {
      execTimeoutMs: text.includes('finish') ? 300 : 20_000,
    });
    await expect(cluster.version()).rejects.toMatchObject({ kind: 'login', message: containing(text) });
    expect(server.requests).toEqual([]);
  });

  test('that fails is not run by every call of the same moment', async () => {
    const plugin = writePlugin('process.exit(1);');
    const { cluster } = await openTest(await serving(), exec(plugin.command));
    await Promise.allSettled([cluster.version(), cluster.identity()]);
    await expect(cluster.version()).rejects.toMatchObject({ kind: 'login' });
    expect(plugin.runs()).toBe(1);
  });

  test('may tell the user a code while it waits, and its secrets reach neither log nor problem', async () => {
    const secret = 'eyJhbGciOiJSUzI1NiIsImtpZCI6IjEyMzQ1Njc4OTAifQ';
    const plugin = writePlugin(
      `console.error('Open the page and enter ABCD-1234'); console.error('${secret}'); process.exit(1);`,
    );
    const messages: string[] = [];
    const { cluster, log } = await openTest(await serving(), exec(plugin.command), {
      onLoginMessage: (user, text) => messages.push(`${user}: ${text}`),
    });
    const problem: unknown = await cluster.version().catch((error: unknown) => error);
    expect(messages.join('\n')).toContain('tester: Open the page and enter ABCD-1234');
    expect(String(problem)).toContain('ABCD-1234');
    expect(`${String(problem)} ${log.lines.join(' ')}`).not.toContain(secret);
  });

  test('ends with its directory', async () => {
    const plugin = writePlugin('setInterval(() => {}, 1000);');
    const { cluster, directory } = await openTest(await serving(), exec(plugin.command));
    const call = cluster.version();
    directory.stop();
    await expect(call).rejects.toMatchObject({ kind: 'cancelled' });
  });
});
