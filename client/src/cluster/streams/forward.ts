import { createServer, type Server, type Socket } from 'node:net';
import { ClusterProblem, type Forward, type ForwardRequest } from '#core/live/ports.ts';
import { pathOfPod } from '../api/urls.ts';
import { codeOf } from '../kubeconfig/loadKubeconfig.ts';
import { plainText } from '../plainText.ts';
import { problemOfFailure } from '../transport/networkProblems.ts';
import type { Transport } from '../transport/transport.ts';
import type { WebSocketLink } from '../transport/webSocket.ts';
import { message, openStream } from './channels.ts';

/** Of the one port that is asked for: its data and its errors. Each begins with the port's number in two bytes. */
const forwardChannel = { data: 0, error: 1 } as const;
const protocols = ['v4.channel.k8s.io'] as const;

/** A forward, and how somebody else ends it. */
export interface OpenForward {
  readonly forward: Forward;
  end(problem: ClusterProblem | undefined): void;
}

/**
 * Listens on 127.0.0.1; every connection gets a stream of its own to the port of the pod, because a stream carries one.
 * @throws ClusterProblem when the local port is taken
 */
export async function openForward(transport: Transport, request: ForwardRequest): Promise<OpenForward> {
  const listeners = new Set<(problem: ClusterProblem | undefined) => void>();
  const refusals = new Set<(problem: ClusterProblem) => void>();
  const refused = (problem: ClusterProblem): void => {
    for (const listener of refusals) listener(problem);
  };
  const connections = new Set<Socket>();
  let isOver = false;
  const end = (problem: ClusterProblem | undefined): void => {
    if (isOver) return;
    isOver = true;
    server.close();
    for (const socket of connections) socket.destroy();
    for (const listener of listeners) listener(problem);
  };
  const server = createServer({ pauseOnConnect: true, noDelay: true }, (socket) => {
    connections.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => connections.delete(socket));
    carry(transport, request, socket, refused).catch((error: unknown) => {
      const problem = problemOfFailure(error, transport.server);
      refused(problem);
      socket.resetAndDestroy();
      if (endsForward(problem)) end(problem);
    });
  });
  const localPort = await listen(server, request.localPort ?? 0);
  server.on('error', (error) => end(problemOfFailure(error, transport.server)));
  const forward: Forward = {
    localPort,
    onDidEnd(listener) {
      listeners.add(listener);
      return { stop: () => void listeners.delete(listener) };
    },
    onDidRefuse(listener) {
      refusals.add(listener);
      return { stop: () => void refusals.delete(listener) };
    },
    stop: () => end(undefined),
  };
  return { forward, end };
}

/** What a later connection will meet too. */
const endsForward = ({ kind }: ClusterProblem): boolean =>
  ['absent', 'forbidden', 'unauthenticated', 'login', 'configuration'].includes(kind);

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(localProblem(port, error)));
    server.listen(port, '127.0.0.1', () => {
      server.removeAllListeners('error');
      const address = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : port);
    });
  });
}

function localProblem(port: number, error: Error): ClusterProblem {
  const why =
    codeOf(error) === 'EADDRINUSE' ? 'is in use by another program' : `cannot be used (${codeOf(error) ?? 'unknown'})`;
  return new ClusterProblem('unreachable', `The local port ${port} ${why}. Choose another.`, { cause: error });
}

/**
 * Joins a local connection with a stream. The protocol cannot close one direction alone: when either side ends, both do.
 * @throws ClusterProblem when the stream cannot be opened
 */
async function carry(
  transport: Transport,
  { namespace, pod, port }: ForwardRequest,
  socket: Socket,
  refused: (problem: ClusterProblem) => void,
): Promise<void> {
  const path = pathOfPod(namespace, pod, 'portforward', { ports: port });
  const begun = new Set<number>();
  let link: WebSocketLink | undefined;
  const opened = await openStream(transport, path, protocols, {
    message(data) {
      const kind = data[0] ?? -1;
      const isFirst = !begun.has(kind);
      begun.add(kind);
      const rest = data.subarray(isFirst ? 3 : 1);
      if (rest.length === 0) return;
      if (kind === forwardChannel.error) {
        refused(refusedBy(pod, port, rest));
        socket.destroy();
      } else if (kind === forwardChannel.data && !socket.write(rest)) link?.pause();
    },
    closed: ({ isClean }) => void (isClean ? socket.end() : socket.destroy()),
  });
  link = opened;
  if (socket.destroyed) return opened.close();
  socket.on('drain', () => opened.resume());
  socket.on('close', () => opened.close());
  socket.on('data', (data) => {
    if (opened.send(message(forwardChannel.data, data))) return;
    socket.pause();
    opened.drained(() => socket.resume());
  });
  socket.resume();
}

const refusedBy = (pod: string, port: number, text: Buffer): ClusterProblem =>
  new ClusterProblem(
    'unreachable',
    `Port ${port} of ${pod} cannot be reached: ${plainText(text.toString('utf8'), 300)}`,
  );
