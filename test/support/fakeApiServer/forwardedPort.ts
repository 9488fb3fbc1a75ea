import { createServer as createPlainServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { connect } from 'node:net';
import { TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { json } from './answers.ts';
import { authority, certificate, type CertificateName } from './certificates.ts';
import type { FakeApiServer } from './fakeApiServer.ts';

/** A real server on this machine that stands for what listens inside a pod. */
export interface ListeningServer {
  readonly port: number;
  /** Of every request: its method and path, and the name in the certificate of the client. */
  readonly asked: readonly string[];
}

/** @param tls the certificate to show; clients have to show one of the same authority */
export async function listenInPod(answer: RequestListener, tls?: CertificateName): Promise<ListeningServer> {
  const asked: string[] = [];
  const listener: RequestListener = (request, response) => {
    asked.push(`${request.method} ${request.url}${clientOf(request)}`);
    answer(request, response);
  };
  const server =
    tls === undefined
      ? createPlainServer(listener)
      : createServer({ ...certificate(tls), ca: authority, requestCert: true, rejectUnauthorized: true }, listener);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { port: address !== null && typeof address === 'object' ? address.port : 0, asked };
}

function clientOf({ socket }: IncomingMessage): string {
  return socket instanceof TLSSocket ? ` by ${String(socket.getPeerCertificate().subject.CN)}` : '';
}

/** Lets the API server carry forwards of a pod to a port of this machine. */
export function forwardPod(server: FakeApiServer, pod: string, port: number): void {
  const path = `/api/v1/namespaces/data/pods/${pod}`;
  server.rule(path, json({ kind: 'Pod', metadata: { name: pod }, status: { phase: 'Running' } }));
  server.stream(`${path}/portforward`, (socket, { query }) => {
    const numbers = Buffer.alloc(2);
    numbers.writeUInt16LE(Number(query.get('ports')));
    for (const channel of [0, 1]) socket.send(Buffer.concat([Buffer.from([channel]), numbers]));
    const inner = connect(port, '127.0.0.1');
    inner.on('data', (data) => socket.send(Buffer.concat([Buffer.from([0]), data])));
    inner.on('error', () => inner.destroy());
    inner.on('close', () => socket.close());
    socket.on('message', (data: Buffer) => void inner.write(data.subarray(1)));
    socket.on('close', () => inner.destroy());
  });
}
