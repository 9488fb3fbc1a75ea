import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { encodeFrame, FrameError, FrameReader, opcodes, type Frame } from './webSocketFrames.ts';

/** The API server sends at most 32 kB at once; other proxies on the way may join frames. In bytes. */
const maximumFrame = 16_000_000;
/** Keeps connections alive that load balancers would cut, and finds broken ones. */
export const pingIntervalMs = 30_000;
/** Unanswered pings after which the connection counts as broken. */
const pingsUntilBroken = 3;

/** How long what is written already may take to go out after the end. */
const farewellMs = 5_000;

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
  const link = new SocketLink(socket, handlers);
  return {
    protocol,
    send: (data) => link.write(opcodes.binary, data),
    drained: (call) => void socket.once('drain', call),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    close: () => link.close(),
  };
}

/** Status 1000: what was to be done is done. */
const goodbye = Buffer.from([3, 232]);

class SocketLink {
  readonly #socket: Duplex;
  readonly #handlers: WebSocketHandlers;
  readonly #reader = new FrameReader(maximumFrame);
  readonly #pings: ReturnType<typeof setInterval>;
  #parts: Buffer[] = [];
  #length = 0;
  #isOver = false;
  #unanswered = 0;

  constructor(socket: Duplex, handlers: WebSocketHandlers) {
    this.#socket = socket;
    this.#handlers = handlers;
    this.#pings = setInterval(() => this.#ping(), pingIntervalMs);
    socket.on('data', (bytes: Buffer) => this.#receive(bytes));
    socket.on('error', (error) => this.#finish(false, error.message));
    socket.on('close', () => this.#finish(false, 'The connection broke.'));
  }

  write(opcode: number, payload: Buffer): boolean {
    if (this.#isOver || !this.#socket.writable) return true;
    return this.#socket.write(encodeFrame(opcode, payload, randomBytes(4)));
  }

  close(): void {
    this.write(opcodes.close, goodbye);
    this.#finish(true, '');
  }

  /** What is written already still goes out before the end. */
  #finish(isClean: boolean, reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#pings);
    if (isClean) this.#leave();
    else this.#socket.destroy();
    this.#handlers.closed({ isClean, reason });
  }

  #leave(): void {
    const last = setTimeout(() => this.#socket.destroy(), farewellMs);
    this.#socket.once('close', () => clearTimeout(last));
    this.#socket.end(() => this.#socket.destroy());
  }

  #ping(): void {
    // Behind what waits to be sent a ping would say nothing.
    if (this.#socket.writableLength > 0) return;
    if (this.#unanswered >= pingsUntilBroken) return this.#finish(false, 'The other side does not answer any more.');
    this.#unanswered += 1;
    this.write(opcodes.ping, Buffer.alloc(0));
  }

  #receive(bytes: Buffer): void {
    this.#unanswered = 0;
    try {
      for (const frame of this.#reader.read(bytes)) this.#accept(frame);
    } catch (error) {
      this.#finish(false, error instanceof Error ? error.message : String(error));
    }
  }

  #accept({ opcode, isFinal, payload }: Frame): void {
    if (this.#isOver) return;
    if (opcode === opcodes.ping) this.write(opcodes.pong, payload);
    else if (opcode === opcodes.close) {
      this.write(opcodes.close, payload.subarray(0, 2));
      this.#finish(true, payload.subarray(2).toString('utf8'));
    } else if (opcode <= opcodes.binary) {
      this.#parts.push(payload);
      this.#length += payload.length;
      if (this.#length > maximumFrame) throw new FrameError('A message is too large.');
      if (!isFinal) return;
      const message = Buffer.concat(this.#parts);
      this.#parts = [];
      this.#length = 0;
      this.#handlers.message(message);
    }
  }
}
