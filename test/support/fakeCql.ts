import { once } from 'node:events';
import { createServer as createPlain, type Server, type Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { authority, certificate } from './fakeApiServer/certificates.ts';

/** A table that is answered: the name and type of each column, and its rows as bytes of values; null is null. */
export interface FakeTable {
  readonly columns: readonly (readonly [name: string, type: Buffer])[];
  readonly rows: readonly (readonly (Buffer | null)[])[];
}

export interface FakeCqlOptions {
  readonly tls?: 'wanted' | 'with a certificate of the client';
  /** What a login has to be. */
  readonly login?: { readonly username: string; readonly password: string };
  /** Lowest and highest version of the protocol that is taken. */
  readonly versions?: readonly [lowest: number, highest: number];
  /** By statement. */
  readonly tables?: Readonly<Record<string, FakeTable>>;
  /** Bytes instead of any answer; undefined lets it answer as it would. */
  readonly instead?: (opcode: number, stream: Buffer) => Buffer | 'close' | 'silence' | undefined;
  /** Before the body of every answer to a statement, with the flag that says so. */
  readonly before?: { readonly flags: number; readonly bytes: Buffer };
}

export interface FakeCql {
  readonly port: number;
  /** Opcodes as they came. */
  readonly asked: number[];
  readonly passwords: string[];
  readonly connections: () => number;
  close(): Promise<void>;
}

const PROTOCOL_ERROR = 0x0a;
const BAD_CREDENTIALS = 0x0100;
const INVALID = 0x2200;

/** A socket on loopback that speaks the server's side of CQL's native protocol, written from its specification. */
export async function startFakeCql(options: FakeCqlOptions = {}): Promise<FakeCql> {
  const sockets = new Set<Socket>();
  const asked: number[] = [];
  const passwords: string[] = [];
  const serve = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    let pending = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      // Like a real one, it ends a connection whose first bytes are none of its language, such as those of TLS.
      if (pending.length > 0 && (pending.readUInt8(0) & 0x80) !== 0) socket.destroy();
      if (pending.length > 0 && pending.readUInt8(0) > 6) socket.destroy();
      while (pending.length >= 9 && pending.length >= 9 + pending.readUInt32BE(5)) {
        const frame = pending.subarray(0, 9 + pending.readUInt32BE(5));
        pending = pending.subarray(frame.length);
        respond(socket, frame);
      }
    });
  };
  const respond = (socket: Socket, frame: Buffer): void => {
    const opcode = frame.readUInt8(4);
    asked.push(opcode);
    const instead = options.instead?.(opcode, frame.subarray(2, 4));
    if (instead === 'silence') return;
    if (instead === 'close') return void socket.destroy();
    socket.write(instead ?? answerTo(options, frame, passwords));
  };
  const server = serverFor(options, serve);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It has no port.');
  return {
    port: address.port,
    asked,
    passwords,
    connections: () => sockets.size,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function serverFor({ tls }: FakeCqlOptions, serve: (socket: Socket) => void): Server {
  if (!tls) return createPlain(serve);
  const isMutual = tls === 'with a certificate of the client';
  const server = createTls(
    { ...certificate('server'), ca: authority, requestCert: isMutual, rejectUnauthorized: isMutual },
    serve,
  );
  return server.on('tlsClientError', () => undefined);
}

function answerTo(options: FakeCqlOptions, frame: Buffer, passwords: string[]): Buffer {
  const version = frame.readUInt8(0);
  const stream = frame.subarray(2, 4);
  const body = frame.subarray(9);
  const [lowest, highest] = options.versions ?? [3, 5];
  if (version < lowest || version > highest) {
    const spoken = version > highest ? highest : lowest;
    return answerFrame(0x00, errorBody(PROTOCOL_ERROR, `Invalid or unsupported protocol version (${version})`), {
      stream: Buffer.alloc(2),
      version: spoken,
    });
  }
  const reply = (code: number, bytes: Buffer, flags = 0): Buffer =>
    answerFrame(code, bytes, { stream, version, flags });
  switch (frame.readUInt8(4)) {
    case 0x05:
      return reply(0x06, SUPPORTED);
    case 0x01:
      return options.login ? reply(0x03, text('org.apache.cassandra.auth.PasswordAuthenticator')) : reply(0x02, NONE);
    case 0x0f: {
      const [, username, password] = body.subarray(4).toString('utf8').split('\0');
      passwords.push(password ?? '');
      const isRight = username === options.login?.username && password === options.login?.password;
      return isRight
        ? reply(0x10, int(-1))
        : reply(0x00, errorBody(BAD_CREDENTIALS, 'Provided username shop and/or password are incorrect'));
    }
    case 0x07: {
      const table = options.tables?.[body.subarray(4, 4 + body.readUInt32BE(0)).toString('utf8')];
      if (!table) return reply(0x00, errorBody(INVALID, 'table does not exist'));
      const { flags = 0, bytes = NONE } = options.before ?? {};
      return reply(0x08, Buffer.concat([bytes, rowsBody(table)]), flags);
    }
    default:
      return reply(0x00, errorBody(PROTOCOL_ERROR, 'what?'));
  }
}

export function answerFrame(
  opcode: number,
  body: Buffer,
  { stream = Buffer.from([0, 1]), version = 4, flags = 0 }: { stream?: Buffer; version?: number; flags?: number } = {},
): Buffer {
  return Buffer.concat([Buffer.from([0x80 | version, flags]), stream, Buffer.from([opcode]), int(body.length), body]);
}

export function rowsBody({ columns, rows }: FakeTable): Buffer {
  return Buffer.concat([
    int(2),
    int(1),
    int(columns.length),
    text('system'),
    text('some_table'),
    ...columns.flatMap(([name, type]) => [text(name), type]),
    int(rows.length),
    ...rows.flat().map((value) => (value === null ? int(-1) : Buffer.concat([int(value.length), value]))),
  ]);
}

const errorBody = (code: number, message: string): Buffer => Buffer.concat([int(code), text(message)]);

export function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export function short(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export const text = (value: string): Buffer => Buffer.concat([short(Buffer.byteLength(value)), Buffer.from(value)]);

const list = (...values: readonly string[]): Buffer => Buffer.concat([short(values.length), ...values.map(text)]);

const NONE = Buffer.alloc(0);

/** What 5.0 offers. */
export const SUPPORTED = Buffer.concat([
  short(3),
  text('CQL_VERSION'),
  list('3.4.7'),
  text('PROTOCOL_VERSIONS'),
  list('3/v3', '4/v4', '5/v5', '6/v6-beta'),
  text('COMPRESSION'),
  list('snappy', 'lz4'),
]);
