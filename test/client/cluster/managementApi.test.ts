import type { RequestListener } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { NodeDoor } from '#core/systems/cassandra/node/nodeDoor.ts';
import { commandsFor } from '#core/systems/cassandra/nodetool/answer.ts';
import { healthy, HOSTS } from '#test/core/systems/cassandra/managementTexts.ts';
import { containerOf, metaOf, ownedBy, podOf, setOf } from '#test/core/systems/cassandra/objects.ts';
import { json } from '../../support/fakeApiServer/answers.ts';
import { authority, base64, certificate, otherAuthority } from '../../support/fakeApiServer/certificates.ts';
import type { FakeApiServer } from '../../support/fakeApiServer/fakeApiServer.ts';
import { forwardPod, listenInPod } from '../../support/fakeApiServer/forwardedPort.ts';
import { openTest, startServer } from '../../support/fakeApiServer/setup.ts';

/** The whole way from a question to the answer: an API server over TLS, a stream of it, and a management API at its other end. */

const NAME = 'shop-dc1-r1-sts-0';
const path = `/api/v1/namespaces/data/pods/${NAME}`;
const set = setOf('shop-dc1-r1-sts');
const ports = [{ name: 'mgmt-api-http', port: 8080 }];
const meta = metaOf(NAME, {
  labels: { 'cassandra.datastax.com/cluster': 'shop' },
  owners: [ownedBy('StatefulSet', 'shop-dc1-r1-sts')],
});
const plain = podOf(set, 0, { meta, containers: [containerOf('k8ssandra/cass-management-api:4.1.5', { ports })] });
const secured = podOf(set, 0, {
  meta,
  containers: [
    containerOf('k8ssandra/cass-management-api:4.1.5', {
      ports,
      variables: { MGMT_API_TLS_CERT_FILE: '/management-api-certs/tls.crt' },
      mounts: [{ volume: 'certs', path: '/management-api-certs' }],
    }),
  ],
  volumes: [{ name: 'certs', source: 'secret', target: 'server-certs' }],
});

const answer: RequestListener = (request, response) => {
  const text = healthy[request.url ?? ''];
  response.statusCode = text === undefined ? 404 : 200;
  response.end(text ?? 'not found');
};

const send = (socket: WebSocket, channel: number, data: string): void =>
  socket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(data)]));

/** Nobody may run commands. */
function refuseExec(server: FakeApiServer): void {
  const message = 'pods "x" is forbidden: User "dev" cannot create resource "pods/exec"';
  server.stream(`${path}/exec`, (socket) =>
    send(socket, 3, JSON.stringify({ kind: 'Status', status: 'Failure', code: 403, reason: 'Forbidden', message })),
  );
}

function putSecret(server: FakeApiServer, name: string, texts: Readonly<Record<string, string>>): void {
  const data = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, base64(text)]));
  server.rule(`/api/v1/namespaces/data/secrets/${name}`, json({ kind: 'Secret', metadata: { name }, data }));
}

describe('a ring whose pods may not be entered', () => {
  test.each([
    ['in clear', plain, undefined],
    ['with certificates on both sides', secured, 'server'],
  ] as const)('tells of itself by its management API, %s', async (_how, pod, shown) => {
    const server = await startServer();
    const inside = await listenInPod(answer, shown);
    refuseExec(server);
    forwardPod(server, NAME, inside.port);
    const { cert, key } = certificate('client');
    putSecret(server, 'server-certs', { 'ca.crt': authority, 'tls.crt': cert, 'tls.key': key });
    const { cluster, log } = await openTest(server);
    const told = await new NodeDoor(cluster).ask({ pod, container: 'cassandra' }, commandsFor('4.1.5'));
    expect(told).toMatchObject({
      kind: 'told',
      answer: { batch: undefined, answer: { info: { hostId: HOSTS[0] }, netstats: { mode: 'NORMAL' }, failures: [] } },
    });
    expect(inside.asked[0]).toBe(`GET /api/v0/metadata/endpoints${shown === undefined ? '' : ' by tester'}`);
    expect(log.lines.join('\n')).not.toContain(key);
  });

  test('says what is wrong with the certificates, without what is in them', async () => {
    const server = await startServer();
    const inside = await listenInPod(answer, 'server');
    refuseExec(server);
    forwardPod(server, NAME, inside.port);
    const { cert, key } = certificate('client');
    putSecret(server, 'server-certs', { 'ca.crt': otherAuthority, 'tls.crt': cert, 'tls.key': key });
    const { cluster, log } = await openTest(server);
    const failure = await new NodeDoor(cluster).ask({ pod: secured, container: 'cassandra' }, commandsFor('')).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(String(failure)).toMatch(/cannot create resource "pods\/exec".*certificate that is not accepted/);
    const all = `${String(failure)}\n${failure instanceof Error ? failure.stack : ''}\n${log.lines.join('\n')}`;
    for (const line of key.split('\n').filter((one) => one.length > 30)) expect(all).not.toContain(line);
    expect(inside.asked).toEqual([]);
  });
});

test('a login for JMX goes by the input of a command, and is neither in its address nor in a log', async () => {
  const server = await startServer();
  const password = 'pa55-of-the-superuser';
  const inputs: string[] = [];
  const refused = `nodetool: Failed to connect to '127.0.0.1:7199' - SecurityException: 'Authentication failed! Credentials required'.`;
  server.stream(`${path}/exec`, (socket, { query }) => {
    const end = (code: number, error: string): void => {
      const out = code === 0 ? 'Mode: NORMAL\nNot sending any streams.' : '';
      send(socket, 1, `\n@@begin netstats@@\n${out}\n@@error netstats@@\n${error}\n@@end netstats ${code}@@\n`);
      send(socket, 3, '{"metadata":{},"status":"Success"}');
    };
    if (query.get('stdin') !== 'true') return end(1, refused);
    socket.once('message', (data: Buffer) => {
      inputs.push(data.subarray(1).toString('utf8'));
      end(0, '');
    });
  });
  putSecret(server, 'shop-superuser', { username: 'shop', password });
  const { cluster, log } = await openTest(server);
  const command = { name: 'netstats', args: ['netstats'] };
  const told = await new NodeDoor(cluster).ask({ pod: plain, container: 'cassandra' }, [command]);
  expect(told).toMatchObject({ kind: 'told', answer: { answer: { netstats: { mode: 'NORMAL' } } } });
  expect(inputs).toEqual([`shop\n${password}\n`]);
  const addresses = server.requests.map(
    ({ path: asked, query, body }) => `${asked} ${String(query)} ${JSON.stringify(body)}`,
  );
  expect(addresses.join('\n')).not.toContain(password);
  expect(log.lines.join('\n')).not.toContain(password);
});
