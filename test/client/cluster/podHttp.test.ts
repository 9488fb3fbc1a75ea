import { describe, expect, test } from 'vitest';
import type { PodHttp, PodHttpAccess, PodHttpRequest } from '#core/live/podHttp.ts';
import { authority, certificate, otherAuthority } from '../../support/fakeApiServer/certificates.ts';
import { forwardPod, listenInPod } from '../../support/fakeApiServer/forwardedPort.ts';
import { containing, openTest, startServer, until } from '../../support/fakeApiServer/setup.ts';

const access: PodHttpAccess = { namespace: 'data', pod: 'shop-dc1-r1-sts-0', port: 8080 };
const mutual = { ca: authority, ...certificate('client') };
const get = (path: string, more: Partial<PodHttpRequest> = {}): PodHttpRequest => ({
  method: 'GET',
  path,
  timeoutMs: 10_000,
  ...more,
});

/** A tunnel through an API server to what listens at a port of this machine. */
async function tunnelTo(
  port: number,
  more: Partial<PodHttpAccess> = {},
): Promise<{
  readonly http: PodHttp;
  readonly streams: () => number;
  readonly log: readonly string[];
}> {
  const server = await startServer();
  forwardPod(server, access.pod, port);
  const { cluster, log } = await openTest(server);
  const path = `/api/v1/namespaces/data/pods/${access.pod}/portforward`;
  return {
    http: await cluster.http({ ...access, ...more }),
    streams: () => server.requestsTo(path).length,
    log: log.lines,
  };
}

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('HTTP at a port of a pod', () => {
  test('any status is an answer, and one stream carries all requests', async () => {
    const inside = await listenInPod((request, response) => {
      response.statusCode = request.method === 'POST' ? 500 : 200;
      response.end(`${request.url} übersetzt`);
    });
    const { http, streams } = await tunnelTo(inside.port);
    expect(streams()).toBe(0);
    expect(await http.request(get('/api/v0/metadata/endpoints?a=b'))).toEqual({
      status: 200,
      text: '/api/v0/metadata/endpoints?a=b übersetzt',
    });
    expect(await http.request({ ...get('/api/v0/ops/node/drain'), method: 'POST' })).toMatchObject({ status: 500 });
    expect(inside.asked).toEqual(['GET /api/v0/metadata/endpoints?a=b', 'POST /api/v0/ops/node/drain']);
    expect(streams()).toBe(1);
    http.stop();
    await expect(http.request(get('/'))).rejects.toMatchObject({ kind: 'cancelled' });
  });

  test('with TLS each side shows its certificate, whose name is not looked at', async () => {
    const inside = await listenInPod((_request, response) => response.end('[]'), 'server');
    const { http } = await tunnelTo(inside.port, { tls: mutual });
    expect(await http.request(get('/'))).toEqual({ status: 200, text: '[]' });
    expect(inside.asked).toEqual(['GET / by tester']);
    http.stop();
  });

  test.each<[string, Partial<PodHttpAccess>, 'server' | 'expired' | undefined, object]>([
    ['an authority that is not ours', { tls: { ...mutual, ca: otherAuthority } }, 'server', { kind: 'certificate' }],
    ['an expired certificate', { tls: mutual }, 'expired', { kind: 'certificate', message: containing('expired') }],
    [
      'a certificate of ours that it does not take',
      { tls: { ca: authority, ...certificate('expiredClient') } },
      'server',
      { kind: 'unreachable', message: containing('does not accept our certificate') },
    ],
    [
      'a key that is none',
      { tls: { ...mutual, key: 'no key' } },
      'server',
      { kind: 'certificate', message: containing('no PEM') },
    ],
    ['no TLS where we speak it', { tls: mutual }, undefined, { kind: 'configuration', message: containing('TLS') }],
  ])('%s is a problem that says so, without the key', async (_what, more, shown, problem) => {
    const inside = await listenInPod((_request, response) => response.end('x'), shown);
    const { http, log } = await tunnelTo(inside.port, more);
    const failure = await failureOf(http.request(get('/')));
    expect(failure).toMatchObject({ name: 'ClusterProblem', ...problem });
    expect(inside.asked).toEqual([]);
    const told = [String(failure), ...log].join('\n');
    expect(told).toContain('shop-dc1-r1-sts-0:8080');
    for (const secret of [mutual.key, certificate('expiredClient').key, 'no key']) expect(told).not.toContain(secret);
    http.stop();
  });

  test('a pod in which nothing listens closes the connection', async () => {
    const inside = await listenInPod(() => undefined);
    const { http } = await tunnelTo(1);
    await expect(http.request(get('/'))).rejects.toMatchObject({ kind: 'unreachable', message: containing('closed') });
    expect(inside.asked).toEqual([]);
    http.stop();
  });

  test('an answer that is too large or too late is none, and an order is not given twice', async () => {
    const inside = await listenInPod((request, response) => {
      if (request.url === '/large') response.end('x'.repeat(10_000));
    });
    const { http } = await tunnelTo(inside.port);
    await expect(http.request(get('/large', { maxBytes: 100 }))).rejects.toMatchObject({
      message: containing('more than'),
    });
    const late = http.request({ method: 'POST', path: '/drain', timeoutMs: 300 });
    await expect(late).rejects.toMatchObject({ kind: 'unreachable', message: containing('did not answer in time') });
    expect(inside.asked).toEqual(['GET /large', 'POST /drain']);
    http.stop();
  });

  test('a tunnel ends with the connections of its cluster, and says why', async () => {
    const server = await startServer();
    const inside = await listenInPod(() => undefined);
    forwardPod(server, access.pod, inside.port);
    const { cluster } = await openTest(server);
    const http = await cluster.http(access);
    const asked = failureOf(http.request(get('/')));
    await until(() => inside.asked.length === 1);
    cluster.dispose();
    expect(await asked).toMatchObject({ kind: 'cancelled' });
  });

  test('a port that may not be forwarded is refused by the server', async () => {
    const server = await startServer();
    const { cluster } = await openTest(server);
    await expect(cluster.http(access)).rejects.toMatchObject({ kind: 'absent' });
  });
});
