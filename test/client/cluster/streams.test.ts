import { connect } from 'node:net';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import type { ExecRequest, ForwardRequest } from '#core/live/ports.ts';
import { failure, json } from '../../support/fakeApiServer/answers.ts';
import type { FakeApiServer } from '../../support/fakeApiServer/fakeApiServer.ts';
import { containing, openTest, startServer, until } from '../../support/fakeApiServer/setup.ts';

const pod = '/api/v1/namespaces/data/pods/kafka-0';
const command: ExecRequest = {
  namespace: 'data',
  pod: 'kafka-0',
  container: 'kafka',
  command: ['sh', '-c', 'echo "a b"'],
  timeoutMs: 10_000,
};

const send = (socket: WebSocket, channel: number, data: string | Buffer): void =>
  socket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(data)]));

const exited = (code: number): string =>
  JSON.stringify({
    status: 'Failure',
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  });

const success = '{"metadata":{},"status":"Success"}';

describe('a command in a pod', () => {
  test('gives both outputs and the exit code', async () => {
    const server = await startServer();
    server.stream(`${pod}/exec`, (socket) => {
      send(socket, 1, 'one ');
      send(socket, 2, 'wrong');
      send(socket, 1, 'two');
      send(socket, 3, exited(3));
    });
    const { cluster } = await openTest(server);
    expect(await cluster.exec(command)).toEqual({ exitCode: 3, stdout: 'one two', stderr: 'wrong', isCut: false });
    const [request] = server.requestsTo(`${pod}/exec`);
    expect(request?.query.getAll('command')).toEqual(command.command);
    expect(request?.query.get('container')).toBe('kafka');
  });

  test('gets its standard input to the end', async () => {
    const server = await startServer();
    server.stream(`${pod}/exec`, (socket) => {
      let input = '';
      socket.on('message', (data: Buffer) => {
        if (data[0] === 0) input += data.subarray(1).toString('utf8');
        if (data[0] !== 255) return;
        send(socket, 1, `${data[1]}:${input.length}`);
        send(socket, 3, success);
      });
    });
    const { cluster } = await openTest(server);
    const { stdout, exitCode } = await cluster.exec({ ...command, stdin: 'x'.repeat(100_000) });
    expect({ stdout, exitCode }).toEqual({ stdout: '0:100000', exitCode: 0 });
  });

  test('is refused an input that an old server could never end, and runs without one', async () => {
    const server = await startServer({}, ['v4.channel.k8s.io']);
    server.stream(`${pod}/exec`, (socket) => send(socket, 3, success));
    const { cluster } = await openTest(server);
    await expect(cluster.exec({ ...command, stdin: 'x' })).rejects.toMatchObject({ kind: 'server' });
    expect(await cluster.exec(command)).toMatchObject({ exitCode: 0 });
  });

  test('that asks for no end of its input gets it from an old server too', async () => {
    const server = await startServer({}, ['v4.channel.k8s.io']);
    const frames: string[] = [];
    server.stream(`${pod}/exec`, (socket) => {
      socket.on('message', (data: Buffer) => {
        frames.push(`${data[0]} ${data.subarray(1).toString('utf8')}`);
        send(socket, 3, success);
      });
    });
    const { cluster } = await openTest(server);
    expect(await cluster.exec({ ...command, stdin: 'one\n', isStdinOpenEnded: true })).toMatchObject({ exitCode: 0 });
    expect(frames).toEqual(['0 one\n']);
  });

  test('has its output cut at the limit', async () => {
    const server = await startServer();
    server.stream(`${pod}/exec`, (socket) => {
      send(socket, 1, 'abcdef');
      send(socket, 1, 'ghijkl');
      send(socket, 3, success);
    });
    const { cluster } = await openTest(server);
    expect(await cluster.exec({ ...command, maxBytes: 8 })).toMatchObject({ stdout: 'abcdefgh', isCut: true });
  });

  test('may be as talkative as it likes in one message', async () => {
    const server = await startServer();
    server.stream(`${pod}/exec`, (socket) => {
      for (const size of [0, 125, 126, 65_535, 65_536, 300_000]) send(socket, 1, Buffer.alloc(size, 'x'));
      send(socket, 3, success);
    });
    const { cluster } = await openTest(server);
    expect((await cluster.exec(command)).stdout.length).toBe(125 + 126 + 65_535 + 65_536 + 300_000);
  });

  test.each<[string, (socket: WebSocket) => void, object]>([
    ['breaks off', (socket) => socket.terminate(), { kind: 'unreachable' }],
    ['does not end', () => undefined, { kind: 'unreachable', message: containing('did not end') }],
    [
      'cannot be started',
      (socket) => send(socket, 3, JSON.stringify({ status: 'Failure', code: 500, message: 'no such file: nodetool' })),
      { kind: 'server', message: containing('no such file: nodetool') },
    ],
  ])('that %s is a problem', async (_what, behave, problem) => {
    const server = await startServer();
    server.stream(`${pod}/exec`, behave);
    const { cluster } = await openTest(server);
    await expect(cluster.exec({ ...command, timeoutMs: 200 })).rejects.toMatchObject(problem);
  });

  test('in a pod that is gone is a problem with the words of the server', async () => {
    const server = await startServer();
    const { cluster } = await openTest(server);
    await expect(cluster.exec(command)).rejects.toMatchObject({
      kind: 'absent',
      message: containing('pods "kafka-0" not found'),
    });
  });

  test('can be cancelled', async () => {
    const server = await startServer();
    const cancellation = { isCancellationRequested: false };
    server.stream(`${pod}/exec`, () => {
      cancellation.isCancellationRequested = true;
    });
    const { cluster } = await openTest(server);
    await expect(cluster.exec(command, cancellation)).rejects.toMatchObject({ kind: 'cancelled' });
  });

  test('logs in with the same fresh token as every request (401)', async () => {
    const server = await startServer({ tokens: ['wanted'] });
    server.stream(`${pod}/exec`, (socket) => send(socket, 3, success));
    const { cluster } = await openTest(server, { token: 'wanted' });
    expect(await cluster.exec(command)).toMatchObject({ exitCode: 0 });
    server.tokens = ['other'];
    await expect(cluster.exec(command)).rejects.toMatchObject({ kind: 'unauthenticated' });
  });
});

describe('a shell', () => {
  test('has input, output, a size and an end', async () => {
    const server = await startServer();
    const received: string[] = [];
    server.stream(`${pod}/exec`, (socket) => {
      socket.on('message', (data: Buffer) => {
        received.push(`${data[0]} ${data.subarray(1).toString('utf8')}`);
        if (data[0] === 0) send(socket, 1, Buffer.from('€').subarray(0, 2));
        if (data[0] === 4) {
          send(socket, 1, Buffer.from('€').subarray(2));
          send(socket, 3, exited(130));
        }
      });
    });
    const { cluster } = await openTest(server);
    const output: string[] = [];
    const ends: unknown[] = [];
    const shell = await cluster.shell(command, ['bash'], {
      output: (data) => output.push(data),
      ended: (...end) => ends.push(end),
    });
    shell.write('ls\r');
    shell.resize(80, 24);
    await until(() => ends.length === 1);
    expect(received).toEqual(['0 ls\r', '4 {"Width":80,"Height":24}']);
    expect(output.join('')).toBe('€');
    expect(ends).toEqual([[130, '']]);
    expect(server.requestsTo(`${pod}/exec`)[0]?.query.get('tty')).toBe('true');
  });

  test('says when its connection broke, and ends with the connections of its cluster', async () => {
    const server = await startServer();
    const sockets: WebSocket[] = [];
    server.stream(`${pod}/exec`, (socket) => void sockets.push(socket));
    const { cluster } = await openTest(server);
    const ends: unknown[] = [];
    const handlers = { output: () => undefined, ended: (code: number | undefined) => void ends.push(code) };
    await cluster.shell(command, ['bash'], handlers);
    await cluster.shell(command, ['bash'], handlers);
    sockets[0]?.terminate();
    await until(() => ends.length === 1);
    cluster.dispose();
    await until(() => ends.length === 2);
    expect(ends).toEqual([undefined, undefined]);
  });
});

describe('a log', () => {
  test('comes in whole lines, however the bytes are cut', async () => {
    const server = await startServer();
    const bytes = Buffer.from('first\r\nzwölf\n\nlast');
    server.rule(`${pod}/log`, (_request, response) => {
      for (let index = 0; index < bytes.length; index += 1) response.write(bytes.subarray(index, index + 1));
      response.end();
    });
    const { cluster } = await openTest(server);
    const lines: string[] = [];
    const problem = await new Promise((resolve) => {
      const request = {
        namespace: 'data',
        pod: 'kafka-0',
        container: 'kafka',
        follow: false,
        previous: true,
        tailLines: 5,
      };
      cluster.logs(request, { lines: (found) => lines.push(...found), ended: resolve });
    });
    expect(problem).toBeUndefined();
    expect(lines).toEqual(['first', 'zwölf', '', 'last']);
    const query = server.requestsTo(`${pod}/log`)[0]?.query;
    expect(Object.fromEntries(query ?? [])).toEqual({ container: 'kafka', previous: 'true', tailLines: '5' });
  });

  test.each<[string, (server: FakeApiServer) => void, object]>([
    [
      'breaks',
      (server) => server.rule(`${pod}/log`, (_request, response) => response.write('x\n', () => response.destroy())),
      { kind: 'unreachable' },
    ],
    [
      'is refused',
      (server) => server.rule(`${pod}/log`, failure(400, 'container "kafka" is waiting to start')),
      { kind: 'invalid' },
    ],
  ])('that %s ends with a problem', async (_what, prepare, problem) => {
    const server = await startServer();
    prepare(server);
    const { cluster } = await openTest(server);
    const ended = await new Promise((resolve) => {
      cluster.logs({ ...command, follow: true }, { lines: () => undefined, ended: resolve });
    });
    expect(ended).toMatchObject(problem);
  });

  test('that was stopped tells nothing more', async () => {
    const server = await startServer();
    let write = (_text: string): unknown => undefined;
    let isClosed = false;
    server.rule(`${pod}/log`, (_request, response) => {
      response.on('close', () => (isClosed = true));
      write = (text) => response.write(text);
      write('one\n');
    });
    const { cluster } = await openTest(server);
    const told: unknown[] = [];
    const log = cluster.logs(
      { ...command, follow: true },
      { lines: (lines) => told.push(...lines), ended: () => told.push('end') },
    );
    await until(() => told.length === 1);
    log.stop();
    write('two\n');
    await until(() => isClosed);
    expect(told).toEqual(['one']);
  });
});

const forwarded: ForwardRequest = { namespace: 'data', pod: 'kafka-0', port: 9092 };

/** A pod whose port gives back what it gets. */
function echo(server: FakeApiServer): void {
  server.rule(pod, json({ kind: 'Pod', metadata: { name: 'kafka-0' }, status: { phase: 'Running' } }));
  server.stream(`${pod}/portforward`, (socket, { query }) => {
    const port = Buffer.alloc(2);
    port.writeUInt16LE(Number(query.get('ports')));
    send(socket, 0, port);
    send(socket, 1, port);
    socket.on('message', (data: Buffer) => send(socket, 0, data.subarray(1)));
  });
}

describe('a forwarded port', () => {
  test('carries as much as one likes in both directions, a stream for each connection', async () => {
    const server = await startServer();
    echo(server);
    const { cluster } = await openTest(server);
    const forward = await cluster.forward(forwarded);
    const sent = Buffer.alloc(3_000_000, 'abcdefg');
    const answers = await Promise.all([0, 1].map(() => exchange(forward.localPort, sent)));
    expect(answers.map((answer) => answer.equals(sent))).toEqual([true, true]);
    expect(server.requestsTo(`${pod}/portforward`).map(({ query }) => query.get('ports'))).toEqual(['9092', '9092']);
    forward.stop();
    await expect(exchange(forward.localPort, sent)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('ends its connection when the pod refuses, and stays for the next', async () => {
    const server = await startServer();
    echo(server);
    server.stream(`${pod}/portforward`, (socket) => {
      send(socket, 0, Buffer.from([0x84, 0x23]));
      send(socket, 1, Buffer.from([0x84, 0x23]));
      send(socket, 1, 'connection refused');
    });
    const { cluster } = await openTest(server);
    const forward = await cluster.forward(forwarded);
    const told: unknown[] = [];
    forward.onDidRefuse?.((problem) => told.push(problem));
    const socket = connect(forward.localPort, '127.0.0.1');
    await once(socket, 'close');
    expect(told).toMatchObject([
      { kind: 'unreachable', message: 'Port 9092 of kafka-0 cannot be reached: connection refused' },
    ]);
    echo(server);
    expect((await exchange(forward.localPort, Buffer.from('again'))).toString()).toBe('again');
  });

  test('ends when its pod is gone, and says so', async () => {
    const server = await startServer();
    server.rule(pod, json({ kind: 'Pod', metadata: { name: 'kafka-0' }, status: { phase: 'Running' } }));
    const { cluster } = await openTest(server);
    const forward = await cluster.forward(forwarded);
    const ended = new Promise((resolve) => forward.onDidEnd(resolve));
    connect(forward.localPort, '127.0.0.1').on('error', () => undefined);
    expect(await ended).toMatchObject({ kind: 'absent' });
  });

  test('is refused at once for a pod that is not there or does not run, and for a port that is taken', async () => {
    const server = await startServer();
    const { cluster } = await openTest(server);
    await expect(cluster.forward(forwarded)).rejects.toMatchObject({ kind: 'absent' });
    server.rule(pod, json({ kind: 'Pod', metadata: { name: 'kafka-0' }, status: { phase: 'Pending' } }));
    await expect(cluster.forward(forwarded)).rejects.toMatchObject({ message: containing('is Pending') });
    echo(server);
    await expect(cluster.forward({ ...forwarded, localPort: server.port })).rejects.toMatchObject({
      message: containing('in use'),
    });
  });

  test('ends with the connections of its cluster', async () => {
    const server = await startServer();
    echo(server);
    const { cluster } = await openTest(server);
    const forward = await cluster.forward(forwarded);
    const ended = new Promise((resolve) => forward.onDidEnd(resolve));
    cluster.dispose();
    expect(await ended).toMatchObject({ kind: 'cancelled' });
  });
});

/** Sends all of it and reads as many bytes back. */
async function exchange(port: number, data: Buffer): Promise<Buffer> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  let length = 0;
  socket.write(data);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= data.length) break;
  }
  return Buffer.concat(chunks);
}
