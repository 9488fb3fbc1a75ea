import { createServer, type Server } from 'node:http';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connectSocket } from '#client/cluster/transport/connect.ts';
import type { Cluster, WatchQuery } from '#core/live/ports.ts';
import { cutAfter, failure, hangUp, json, silence, type Answer } from '../../support/fakeApiServer/answers.ts';
import { base64, certificate, otherAuthority, type CertificateName } from '../../support/fakeApiServer/certificates.ts';
import type { FakeApiServer } from '../../support/fakeApiServer/fakeApiServer.ts';
import { containing, openTest, startServer, until } from '../../support/fakeApiServer/setup.ts';
import { ManualClock } from '../../support/manualClock.ts';

const pods: WatchQuery = { group: '', version: 'v1', plural: 'pods', namespaced: true };
const podsPath = '/api/v1/pods';
const goodVersion = json({ major: '1', minor: '34', gitVersion: 'v1.34.4' });

async function serving(
  answer: Answer = goodVersion,
): Promise<{ readonly server: FakeApiServer; readonly cluster: Cluster }> {
  const server = await startServer();
  server.rule('/version', answer);
  const { cluster } = await openTest(server);
  return { server, cluster };
}

/** More than any answer may have, in little. */
let packed: Buffer | undefined;
const muchPacked = (): Buffer => (packed ??= gzipSync(Buffer.alloc(33_000_000, ' '), { level: 1 }));

describe('connections', () => {
  test('50 requests one after the other need one', async () => {
    const { server, cluster } = await serving();
    for (let count = 0; count < 50; count++) await cluster.version();
    expect(server.connections).toBe(1);
  });

  test('200 requests at once need at most 12', async () => {
    const { server, cluster } = await serving();
    await Promise.all(Array.from({ length: 200 }, () => cluster.version()));
    expect(server.requests.length).toBe(200);
    expect(server.connections).toBeLessThanOrEqual(12);
  });

  test('that the server has closed meanwhile are made anew for what only reads', async () => {
    const { server, cluster } = await serving();
    await cluster.version();
    server.next('/version', hangUp);
    expect(await cluster.version()).toEqual({ minor: '1.34', gitVersion: 'v1.34.4' });
    expect(server.connections).toBe(2);
  });

  test('a write is not repeated', async () => {
    const server = await startServer();
    server.rule('/api/v1/namespaces/data/pods', hangUp);
    const { cluster } = await openTest(server);
    await expect(cluster.create(pods, { metadata: { name: 'a', namespace: 'data' } })).rejects.toMatchObject({
      kind: 'unreachable',
    });
    expect(server.requests.length).toBe(1);
  });
});

describe('answers', () => {
  test.each<[number, string]>([
    [400, 'invalid'],
    [401, 'unauthenticated'],
    [403, 'forbidden'],
    [404, 'absent'],
    [409, 'conflict'],
    [422, 'invalid'],
    [500, 'server'],
    [502, 'server'],
    [503, 'server'],
    [504, 'server'],
  ])('of status %i are problems of kind %s with the words of the server', async (code, kind) => {
    const { cluster } = await serving(failure(code, 'the words of the\u001b[31m server'));
    await expect(cluster.version()).rejects.toMatchObject({
      name: 'ClusterProblem',
      kind,
      status: code,
      message: containing('the words of the server'),
    });
  });

  test('that name causes give them with their fields', async () => {
    const causes = [{ reason: 'FieldValueInvalid', message: 'must be positive', field: 'spec.replicas' }];
    const { cluster } = await serving(json({ kind: 'Status', message: 'no', details: { causes } }, 422));
    await expect(cluster.version()).rejects.toMatchObject({ causes });
  });

  test.each([429, 503])('that ask to wait (%i) are waited for, and at last believed', async (code) => {
    const server = await startServer();
    const clock = new ManualClock();
    server.rule('/version', goodVersion);
    server.next('/version', failure(code, 'slow down', { 'retry-after': '2' }));
    const { cluster } = await openTest(server, {}, { clock });
    const patient = cluster.version();
    await until(() => clock.isWaiting(2000));
    await clock.advance(2000);
    expect(await patient).toMatchObject({ minor: '1.34' });
    server.rule('/version', failure(code, 'slow down', { 'retry-after': '60' }));
    await expect(cluster.version()).rejects.toMatchObject({ kind: 'busy', retryAfterMs: 60_000 });
  });

  test('that do not come in time are given up', async () => {
    const server = await startServer();
    const clock = new ManualClock();
    server.rule('/version', silence);
    const { cluster } = await openTest(server, {}, { clock });
    const call = cluster.version().catch((error: unknown) => error);
    await until(() => server.requests.length === 1);
    await clock.advance(30_000);
    expect(await call).toMatchObject({ kind: 'unreachable', message: containing('in time') });
  });

  test('that stop in the middle are broken, and pages of something else are no API server', async () => {
    expect(
      await (await serving(cutAfter('{"major":'))).cluster.version().catch((error: unknown) => error),
    ).toMatchObject({ kind: 'unreachable' });
    const page: Answer = (_request, response) => response.end('<html>Welcome</html>');
    await expect((await serving(page)).cluster.version()).rejects.toMatchObject({
      kind: 'server',
      message: containing('no JSON'),
    });
  });

  test('may be packed', async () => {
    const { cluster, server } = await serving((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(gzipSync('{"major":"1","minor":"34"}'));
    });
    expect(await cluster.version()).toMatchObject({ minor: '1.34' });
    expect(server.requests[0]?.headers['accept-encoding']).toBe('gzip');
  });

  test('that unpack to more than is safe are not read', async () => {
    const { cluster } = await serving((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(muchPacked());
    });
    await expect(cluster.version()).rejects.toMatchObject({
      kind: 'server',
      message: containing('larger than is safe'),
    });
  });

  test('pages that are too large to read are asked for in smaller ones', async () => {
    const server = await startServer();
    const large: Answer = (_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(muchPacked());
    };
    server.collection(podsPath, 'v1', 'Pod').put({ metadata: { name: 'a' } });
    server.next(podsPath, large);
    const { cluster } = await openTest(server);
    expect(await cluster.list(pods)).toMatchObject([{ kind: 'Pod', metadata: { name: 'a' } }]);
    expect(server.requests.map(({ query }) => query.get('limit'))).toEqual(['500', '50']);
  });
});

describe('certificates', () => {
  test.each<[CertificateName, string]>([
    ['expired', 'has expired'],
    ['future', 'is not valid yet. Set the clock of this computer'],
  ])('a server whose certificate is %s is not talked to', async (name, text) => {
    const server = await startServer({ certificate: name });
    const { cluster } = await openTest(server, { token: 'secret-token' });
    await expect(cluster.version()).rejects.toMatchObject({
      kind: 'certificate',
      message: containing(text),
    });
    expect(server.requests).toEqual([]);
  });

  test('neither is one whose authority is not known, or whose name is another', async () => {
    const server = await startServer();
    const other = await openTest(
      server,
      {},
      { clusterEntry: { 'certificate-authority-data': base64(otherAuthority) } },
    );
    await expect(other.cluster.version()).rejects.toMatchObject({
      kind: 'certificate',
      message: containing('not trusted'),
    });
    const named = await openTest(server, {}, { clusterEntry: { 'tls-server-name': 'elsewhere.test' } });
    await expect(named.cluster.version()).rejects.toMatchObject({
      kind: 'certificate',
      message: containing('another name'),
    });
  });

  test('unless the kubeconfig says so', async () => {
    const server = await startServer({ certificate: 'expired' });
    server.rule('/version', goodVersion);
    const insecure = { 'certificate-authority-data': undefined, 'insecure-skip-tls-verify': true };
    const { cluster } = await openTest(server, {}, { clusterEntry: insecure });
    expect(await cluster.version()).toMatchObject({ minor: '1.34' });
    const valid = await startServer();
    valid.rule('/version', goodVersion);
    const named = await openTest(valid, {}, { clusterEntry: { 'tls-server-name': 'kubernetes.test' } });
    expect(await named.cluster.version()).toMatchObject({ minor: '1.34' });
  });

  test('that cannot be read are a problem that says so', async () => {
    const server = await startServer();
    const user = {
      'client-certificate-data': base64('no certificate'),
      'client-key-data': base64(certificate('client').key),
    };
    const { cluster } = await openTest(server, user);
    await expect(cluster.version()).rejects.toMatchObject({
      kind: 'certificate',
      message: containing('cannot be read'),
    });
  });
});

describe('what cannot be reached', () => {
  test.each([
    ['https://127.0.0.1:1', 'connection is refused'],
    ['https://no-such-host.invalid', 'not known here'],
  ])('%s: %s', async (url, text) => {
    const { cluster } = await openTest({ url });
    await expect(cluster.version()).rejects.toMatchObject({
      kind: 'unreachable',
      message: containing(text),
    });
  });

  test('a port that speaks something else', async () => {
    const server = await startServer({ isPlain: true });
    const { cluster } = await openTest({ url: server.url.replace('http:', 'https:') });
    await expect(cluster.version()).rejects.toMatchObject({
      kind: 'unreachable',
      message: containing('does not speak TLS'),
    });
  });

  test('a port that takes connections and says nothing is given up', async () => {
    const port = await listening(createTcpServer());
    const server = new URL(`https://127.0.0.1:${port}`);
    const plan = { server, proxy: undefined, tls: { ca: [], isInsecure: false }, timeoutMs: 50 };
    await expect(connectSocket(plan)).rejects.toMatchObject({ code: 'NO_ANSWER' });
  });

  test('a plain server is spoken to plainly', async () => {
    const server = await startServer({ isPlain: true });
    server.rule('/version', goodVersion);
    const { cluster } = await openTest(server);
    expect(await cluster.version()).toMatchObject({ minor: '1.34' });
  });
});

describe('proxies', () => {
  test('of HTTP carry requests and streams', async () => {
    const { server, proxied } = await behind(await httpProxy('ann', 'p w'), 'http://ann:p%20w@');
    await proxied.version();
    server.stream('/api/v1/namespaces/data/pods/a/exec', (socket) => socket.send('\u0003{"status":"Success"}'));
    const request = { namespace: 'data', pod: 'a', container: 'c', command: ['true'], timeoutMs: 5000 };
    expect(await proxied.exec(request)).toMatchObject({ exitCode: 0 });
  });

  test('of HTTP that refuse are a problem', async () => {
    const { proxied } = await behind(await httpProxy('ann', 'p w'), 'http://');
    await expect(proxied.version()).rejects.toMatchObject({
      kind: 'unreachable',
      message: containing('proxy does not connect'),
    });
  });

  test('of SOCKS carry requests', async () => {
    const { proxied } = await behind(await socksProxy(), 'socks5://ann:pw@');
    expect(await proxied.version()).toMatchObject({ minor: '1.34' });
  });

  test('that cannot be used are a problem of the configuration', async () => {
    const { cluster } = await openTest(await startServer(), {}, { clusterEntry: { 'proxy-url': 'ftp://x' } });
    await expect(cluster.version()).rejects.toMatchObject({ kind: 'configuration' });
  });
});

/** A server, and its cluster through a proxy at this port. */
async function behind(
  port: number,
  prefix: string,
): Promise<{ readonly server: FakeApiServer; readonly proxied: Cluster }> {
  const server = await startServer();
  server.rule('/version', goodVersion);
  const { cluster } = await openTest(server, {}, { clusterEntry: { 'proxy-url': `${prefix}127.0.0.1:${port}` } });
  return { server, proxied: cluster };
}

async function listening(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => void sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

function join(one: Socket, other: Socket): void {
  other.on('error', () => one.destroy());
  one.on('error', () => other.destroy());
  one.pipe(other).pipe(one);
}

function httpProxy(user: string, password: string): Promise<number> {
  const server = createServer();
  server.on('connect', (request, client: Socket) => {
    if (request.headers['proxy-authorization'] !== `Basic ${base64(`${user}:${password}`)}`)
      return void client.end('HTTP/1.1 407 Login\r\n\r\n');
    const { hostname, port } = new URL(`http://${request.url ?? ''}`);
    const target = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Good\r\nvia: test\r\n\r\n');
      join(client, target);
    });
  });
  return listening(server);
}

/** Of RFC 1928 with a password, one message at a time. */
function socksProxy(): Promise<number> {
  return listening(
    createTcpServer((client) => {
      client.once('data', () => {
        client.write(Buffer.from([5, 2]));
        client.once('data', (login) => {
          client.write(Buffer.from([1, login.toString('latin1') === '\u0001\u0003ann\u0002pw' ? 0 : 1]));
          client.once('data', (request) => {
            const length = request[4] ?? 0;
            const host = request.subarray(5, 5 + length).toString();
            const target = connect(request.readUInt16BE(5 + length), host, () => {
              client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
              join(client, target);
            });
          });
        });
      });
    }),
  );
}
