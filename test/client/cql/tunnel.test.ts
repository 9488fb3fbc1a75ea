import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { json } from '../../support/fakeApiServer/answers.ts';
import type { FakeApiServer } from '../../support/fakeApiServer/fakeApiServer.ts';
import { containing, openTest, startServer } from '../../support/fakeApiServer/setup.ts';
import { startFakeCql, type FakeCqlOptions } from '../../support/fakeCql.ts';

const pod = '/api/v1/namespaces/shop/pods/catalog-0';
const access = { namespace: 'shop', pod: 'catalog-0', port: 9042 };
const portBytes = Buffer.from([0x52, 0x23]);

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const send = (socket: WebSocket, channel: number, data: Buffer): void =>
  socket.send(Buffer.concat([Buffer.from([channel]), data]));

function running(server: FakeApiServer): void {
  server.rule(pod, json({ kind: 'Pod', metadata: { name: 'catalog-0' }, status: { phase: 'Running' } }));
}

/** The API server of a pod in which such a node runs. */
async function nodeBehind(options: FakeCqlOptions): Promise<FakeApiServer> {
  const [server, node] = [await startServer(), await startFakeCql(options)];
  closing.push(() => node.close());
  running(server);
  server.stream(`${pod}/portforward`, (link) => {
    send(link, 0, portBytes);
    send(link, 1, portBytes);
    const inside = connect(node.port, '127.0.0.1');
    inside.on('data', (data) => send(link, 0, data)).on('error', () => undefined);
    inside.on('close', () => link.close(1000));
    link.on('message', (data: Buffer) => inside.write(data.subarray(1)));
    link.on('close', () => inside.destroy());
  });
  return server;
}

describe('CQL through the tunnel of an API server', () => {
  test.each([undefined, 'wanted'] as const)('answers OPTIONS, with TLS %s', async (tls) => {
    const server = await nodeBehind(tls ? { tls } : {});
    const { cluster } = await openTest(server);
    const connection = await cluster.cql(access);
    expect([connection.offers['CQL_VERSION'], connection.isEncrypted]).toEqual([['3.4.7'], tls !== undefined]);
    connection.stop();
  });

  test('a port on which nothing listens is told by the other end, and not tried by TLS', async () => {
    const server = await startServer();
    running(server);
    server.stream(`${pod}/portforward`, (link) => {
      send(link, 0, portBytes);
      send(link, 1, portBytes);
      send(link, 1, Buffer.from('dial tcp4 127.0.0.1:9042: connect: connection refused'));
    });
    const { cluster } = await openTest(server);
    await expect(cluster.cql(access)).rejects.toMatchObject({
      kind: 'unreachable',
      message:
        'Port 9042 of catalog-0 cannot be reached: dial tcp4 127.0.0.1:9042: connect: connection refused',
    });
    expect(server.requestsTo(`${pod}/portforward`)).toHaveLength(1);
  });

  test('what the API server has against the tunnel is told, whatever the connection to it looks like', async () => {
    const server = await startServer();
    running(server);
    const { cluster } = await openTest(server);
    await expect(cluster.cql(access)).rejects.toMatchObject({ kind: 'absent', message: containing('catalog-0') });
  });
});
