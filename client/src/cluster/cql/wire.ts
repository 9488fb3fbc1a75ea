import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { CqlAccess } from '#core/live/cql.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Cancellation } from '#core/ports.ts';
import { cancelled } from '../transport/signals.ts';
import { encodeFrame, FrameReader, notUnderstood, opcode, type Frame } from './frames.ts';

const LOOPBACK = '127.0.0.1';
const STREAM = 1;
/** How often a cancellation is asked for. */
const ASK_EVERY_MS = 100;

/** How long something may take, and who may end it earlier. */
export interface Patience {
  readonly ms: number;
  readonly cancellation?: Cancellation | undefined;
}

/** The connection ended, or could not be made, before anything was answered on it: what is there may want another language. */
export class Unanswered extends Error {
  constructor(cause: unknown) {
    super('The connection was closed before anything was answered.', { cause });
    this.name = 'Unanswered';
  }
}

/** One connection that carries one request at a time. */
export class Wire {
  readonly isEncrypted: boolean;
  readonly #socket: Socket;
  readonly #reader = new FrameReader();
  #waiting: { readonly resolve: (frame: Frame) => void; readonly reject: (error: Error) => void } | undefined;
  #ended: Error | undefined;
  #hasAnswered = false;
  /** Requests wait for each other. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(socket: Socket, isEncrypted: boolean) {
    this.#socket = socket;
    this.isEncrypted = isEncrypted;
    socket.on('data', (data: Buffer) => this.#take(data));
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#end(undefined));
  }

  /** `tls`: undefined for plain text. @throws Unanswered, ClusterProblem */
  static async open(localPort: number, tls: TlsWish | undefined, patience: Patience): Promise<Wire> {
    const socket = tls ? connectTls(tlsOptions(localPort, tls)) : connectTcp({ host: LOOPBACK, port: localPort });
    socket.setNoDelay(true);
    const opened = new Promise<void>((resolve, reject) => {
      socket.once(tls ? 'secureConnect' : 'connect', resolve);
      socket.once('error', (error) => reject(new Unanswered(error)));
      socket.once('close', () => reject(new Unanswered(undefined)));
    });
    try {
      await within(patience, opened);
    } catch (error) {
      socket.on('error', () => undefined).destroy();
      throw error;
    }
    return new Wire(socket, tls !== undefined);
  }

  get isOpen(): boolean {
    return this.#ended === undefined;
  }

  /** @throws Unanswered, ClusterProblem; after either the connection is closed, because an answer may still be on its way */
  ask(version: number, code: number, body: Buffer, patience: Patience): Promise<Frame> {
    const asked = this.#last.then(() => this.#ask(version, code, body, patience));
    this.#last = asked.catch(() => undefined);
    return asked;
  }

  close(): void {
    this.#end(new ClusterProblem('cancelled', 'The connection to Cassandra is closed.'));
  }

  async #ask(version: number, code: number, body: Buffer, patience: Patience): Promise<Frame> {
    if (this.#ended !== undefined) throw this.#ended;
    const answered = new Promise<Frame>((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
    this.#socket.write(encodeFrame({ version, stream: STREAM, opcode: code, body }));
    try {
      return await within(patience, answered);
    } catch (error) {
      this.#end(asError(error));
      throw error;
    } finally {
      this.#waiting = undefined;
    }
  }

  #take(data: Buffer): void {
    try {
      for (const frame of this.#reader.push(data)) this.#answer(frame);
    } catch (error) {
      this.#end(asError(error));
    }
  }

  #answer(frame: Frame): void {
    // Nobody registered for events; a server that sends some is not answered by them.
    if (frame.opcode === opcode.event) return;
    if (!this.#waiting) throw notUnderstood('an answer came that nobody waits for');
    // What the server cannot read it answers on the stream 0.
    if (frame.stream !== STREAM && frame.opcode !== opcode.error)
      throw notUnderstood('an answer came to another question');
    this.#hasAnswered = true;
    this.#waiting.resolve(frame);
    this.#waiting = undefined;
  }

  #end(error: Error | undefined): void {
    if (this.#ended !== undefined) return;
    const isSilent = !this.#hasAnswered && this.#reader.isEmpty && !(error instanceof ClusterProblem);
    this.#ended = isSilent ? new Unanswered(error) : (error ?? new Error('The connection was closed.'));
    this.#socket.destroy();
    this.#waiting?.reject(this.#ended);
  }
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

export type TlsWish = NonNullable<CqlAccess['tls']>;

/** Without an authority the certificate is not checked: which pod answers is known by the tunnel, and not by what it says. */
function tlsOptions(port: number, { ca, cert, key, serverName }: TlsWish): ConnectionOptions {
  return {
    host: LOOPBACK,
    port,
    rejectUnauthorized: ca !== undefined,
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  };
}

/** @throws ClusterProblem of kind `unreachable` when it takes too long, `cancelled` when nobody wants it any more */
export async function within<Result>({ ms, cancellation }: Patience, work: Promise<Result>): Promise<Result> {
  if (cancellation?.isCancellationRequested === true) {
    work.catch(() => undefined);
    throw cancelled();
  }
  const timers: NodeJS.Timeout[] = [];
  const limit = new Promise<never>((_resolve, reject) => {
    timers.push(setTimeout(() => reject(noAnswer(ms)), ms));
    if (cancellation === undefined) return;
    timers.push(
      setInterval(() => (cancellation.isCancellationRequested ? reject(cancelled()) : undefined), ASK_EVERY_MS),
    );
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

const noAnswer = (ms: number): ClusterProblem =>
  new ClusterProblem('unreachable', `no answer came within ${ms / 1000} seconds`);
