import { Reader, Writer } from '@platformatic/kafka';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Forward, ForwardRequest } from '#core/live/ports.ts';

/** One request as it came over the wire. */
export interface WireRequest {
  readonly key: number;
  readonly version: number;
  /** Behind the header. */
  readonly body: Reader;
}

/** Writes the body of an answer; undefined closes the connection instead. */
export type Answer = (request: WireRequest, writer: Writer) => Writer | undefined;

export interface FakeBroker {
  readonly port: number;
  readonly requests: readonly WireRequest[];
  readonly connections: () => number;
  /** Ends all connections, as a broker that goes. */
  drop(): void;
  close(): Promise<void>;
}

export type Versions = Readonly<Record<number, readonly [lowest: number, highest: number]>>;

/** First version of each request whose header and body have tagged fields. Source: Kafka's message definitions. */
const FLEXIBLE: Readonly<Record<number, number>> = {
  3: 9,
  17: 99,
  18: 3,
  32: 4,
  35: 2,
  36: 2,
  43: 2,
  44: 1,
  45: 0,
  46: 0,
  55: 0,
  60: 0,
  64: 0,
};
const API_VERSIONS = 18;

/** A socket on loopback that speaks Kafka's framing and answers as it is told. */
export async function startFakeBroker(
  versions: Versions,
  answers: Readonly<Record<number, Answer>>,
): Promise<FakeBroker> {
  const requests: WireRequest[] = [];
  const sockets = new Set<Socket>();
  const respond = (socket: Socket, frame: Buffer): void => {
    const { request, correlation } = readFrame(frame);
    requests.push(request);
    const isFlexible = request.version >= (FLEXIBLE[request.key] ?? 0);
    const answer = answers[request.key] ?? (request.key === API_VERSIONS ? versionsAnswer(versions) : undefined);
    const body = answer?.(request, Writer.create());
    if (!body) {
      socket.destroy();
      return;
    }
    const head = Writer.create().appendInt32(correlation);
    if (isFlexible && request.key !== API_VERSIONS) head.appendTaggedFields();
    socket.write(head.appendFrom(body).prependLength().buffer);
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    let pending = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 4 && pending.length >= 4 + pending.readInt32BE(0)) {
        const end = 4 + pending.readInt32BE(0);
        respond(socket, pending.subarray(4, end));
        pending = pending.subarray(end);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The broker has no port.');
  const { port } = address;
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    requests,
    connections: () => sockets.size,
    drop,
    async close() {
      drop();
      server.close();
      await once(server, 'close');
    },
  };
}

function readFrame(frame: Buffer): { readonly request: WireRequest; readonly correlation: number } {
  const key = frame.readInt16BE(0);
  const version = frame.readInt16BE(2);
  const isFlexible = version >= (FLEXIBLE[key] ?? 0);
  const bodyAt = 10 + frame.readInt16BE(8) + (isFlexible ? 1 : 0);
  return { request: { key, version, body: Reader.from(frame.subarray(bodyAt)) }, correlation: frame.readInt32BE(4) };
}

const versionsAnswer =
  (versions: Versions): Answer =>
  ({ version }, writer) => {
    const entries = Object.entries(versions).map(([key, range]) => [Number(key), ...range] as const);
    const isFlexible = version >= 3;
    writer
      .appendInt16(0)
      .appendArray(
        entries,
        (one, [key, lowest, highest]) => one.appendInt16(key).appendInt16(lowest).appendInt16(highest),
        isFlexible,
        isFlexible,
      );
    if (version >= 1) writer.appendInt32(0);
    return isFlexible ? writer.appendTaggedFields() : writer;
  };

export interface FakeForwards {
  readonly open: (request: ForwardRequest) => Promise<Forward>;
  readonly asked: readonly ForwardRequest[];
  readonly openCount: () => number;
}

/** Forwards that lead to local ports by the name of the pod. */
export function forwardsTo(ports: Readonly<Record<string, number>>): FakeForwards {
  const asked: ForwardRequest[] = [];
  let open = 0;
  return {
    asked,
    openCount: () => open,
    open(request) {
      asked.push(request);
      open += 1;
      let isOpen = true;
      return Promise.resolve({
        localPort: ports[request.pod] ?? 1,
        onDidEnd: () => ({ stop: () => undefined }),
        stop() {
          if (isOpen) open -= 1;
          isOpen = false;
        },
      });
    },
  };
}
