import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { encodeFrame, FrameReader, opcodes, type Frame } from './webSocketFrames.ts';

/** The API server sends at most 32 kB at once; other proxies on the way may join frames. In bytes. */
const maximumFrame = 16_000_000;
/** Keeps connections alive that load balancers would cut, and finds broken ones. */
export const pingIntervalMs = 30_000;
/** Unanswered pings after which the connection counts as broken. */
const pingsUntilBroken = 3;

export interface WebSocketHandlers {
  readonly message: (data: Buffer) => void;
  /** Called once. `clean` tells an end that the other side has announced from a broken connection. */
  readonly closed: (end: { readonly isClean: boolean; readonly reason: string }) => void;
}

/** The client's side of an open WebSocket. */
export interface WebSocketLink {
  /** The protocol that the server has chosen. */
  readonly protocol: string;
  /** @returns false when the other side reads more slowly than we write; see `drained` */
  send(data: Buffer): boolean;
  drained(call: () => void): void;
  pause(): void;
  resume(): void;
  /** Says goodbye and ends; `closed` follows. */
  close(): void;
}

/** Speaks RFC 6455 over a connection that the server has switched over. Messages come from the next turn on. */
export function openWebSocket(socket: Duplex, protocol: string, handlers: WebSocketHandlers): WebSocketLink {
  const reader = new FrameReader(maximumFrame);
  let parts: Buffer[] = [];
  let isOver = false;
  let unanswered = 0;

  const finish = (isClean: boolean, reason: string): void => {
    if (isOver) return;
    isOver = true;
    clearInterval(pings);
    socket.destroy();
    handlers.closed({ isClean, reason });
  };
  const write = (opcode: number, payload: Buffer): boolean =>
    isOver || !socket.writable ? true : socket.write(encodeFrame(opcode, payload, randomBytes(4)));

  const accept = ({ opcode, isFinal, payload }: Frame): void => {
    if (isOver) return;
    if (opcode === opcodes.ping) write(opcodes.pong, payload);
    else if (opcode === opcodes.close) {
      write(opcodes.close, payload.subarray(0, 2));
      finish(true, payload.subarray(2).toString('utf8'));
    } else if (opcode <= opcodes.binary) {
      parts.push(payload);
      if (!isFinal) return;
      const message = parts.length === 1 ? payload : Buffer.concat(parts);
      parts = [];
      handlers.message(message);
    }
  };
  const receive = (bytes: Buffer): void => {
    unanswered = 0;
    try {
      for (const frame of reader.read(bytes)) accept(frame);
    } catch (error) {
      finish(false, error instanceof Error ? error.message : String(error));
    }
  };
  const pings = setInterval(() => {
    if (unanswered >= pingsUntilBroken) return finish(false, 'The other side does not answer any more.');
    unanswered += 1;
    write(opcodes.ping, Buffer.alloc(0));
  }, pingIntervalMs);

  socket.on('data', receive);
  socket.on('error', (error) => finish(false, error.message));
  socket.on('close', () => finish(false, 'The connection broke.'));
  return {
    protocol,
    send: (data) => write(opcodes.binary, data),
    drained: (call) => void socket.once('drain', call),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    close() {
      write(opcodes.close, Buffer.from([3, 232]));
      finish(true, '');
    },
  };
}
