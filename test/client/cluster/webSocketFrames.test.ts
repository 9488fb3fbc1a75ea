import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { openWebSocket } from '#client/cluster/transport/webSocket.ts';
import { encodeFrame, FrameError, FrameReader, opcodes } from '#client/cluster/transport/webSocketFrames.ts';

/** A frame as a server writes it: without a mask. */
function serverFrame(opcode: number, payload: Buffer, isFinal = true): Buffer {
  const { length } = payload;
  const first = (isFinal ? 0x80 : 0) | opcode;
  if (length < 126) return Buffer.concat([Buffer.from([first, length]), payload]);
  if (length < 65_536) return Buffer.concat([Buffer.from([first, 126, length >> 8, length & 255]), payload]);
  const head = Buffer.alloc(10);
  head[0] = first;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}

describe('frames', () => {
  test.each([1, 3, 7, 100_000])('are whole again when they come in pieces of %i bytes', (size) => {
    const sizes = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000];
    const bytes = Buffer.concat(sizes.map((length) => serverFrame(opcodes.binary, Buffer.alloc(length, length & 255))));
    const reader = new FrameReader(100_000);
    const lengths: number[] = [];
    for (let start = 0; start < bytes.length; start += size) {
      for (const { payload } of reader.read(bytes.subarray(start, start + size))) {
        expect(payload.every((byte) => byte === (payload.length & 255))).toBe(true);
        lengths.push(payload.length);
      }
    }
    expect(lengths).toEqual(sizes);
  });

  test.each([
    ['masked by a server', encodeFrame(opcodes.binary, Buffer.from('x'), Buffer.alloc(4))],
    ['with an extension', Buffer.from([0xc2, 0])],
    ['too large', serverFrame(opcodes.binary, Buffer.alloc(1001))],
  ])('%s break the protocol', (_what, bytes) => {
    expect(() => new FrameReader(1000).read(bytes)).toThrow(FrameError);
  });

  test('are written with a mask that undoes itself', () => {
    const mask = Buffer.from([1, 2, 3, 4]);
    const frame = encodeFrame(opcodes.binary, Buffer.from('abcdef'), mask);
    expect([...frame.subarray(0, 6)]).toEqual([0x82, 0x86, 1, 2, 3, 4]);
    expect([...frame.subarray(6)].map((byte, index) => byte ^ (mask[index & 3] ?? 0))).toEqual([
      ...Buffer.from('abcdef'),
    ]);
  });
});

/** A link over a stream whose other end the test holds. */
function linked() {
  const written: Buffer[] = [];
  const socket = new PassThrough();
  socket.write = (bytes: Buffer): boolean => written.push(bytes) > 0;
  const messages: string[] = [];
  const ends: unknown[] = [];
  const link = openWebSocket(socket, 'p', {
    message: (data) => messages.push(data.toString()),
    closed: (end) => ends.push(end),
  });
  return { link, written, messages, ends, receive: (bytes: Buffer) => void socket.push(bytes), socket };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a WebSocket', () => {
  test('joins the parts of a message, and answers a ping between them', async () => {
    const { receive, messages, written, link } = linked();
    receive(serverFrame(opcodes.binary, Buffer.from('one '), false));
    receive(serverFrame(opcodes.ping, Buffer.from('?')));
    receive(serverFrame(opcodes.continuation, Buffer.from('two')));
    await turn();
    expect(messages).toEqual(['one two']);
    expect(written.map(([first]) => first)).toEqual([0x80 | opcodes.pong]);
    link.close();
  });

  test('tells an end that was announced from a connection that broke', async () => {
    const clean = linked();
    clean.receive(serverFrame(opcodes.close, Buffer.concat([Buffer.from([3, 232]), Buffer.from('done')])));
    await turn();
    expect(clean.ends).toEqual([{ isClean: true, reason: 'done' }]);
    const broken = linked();
    broken.socket.destroy();
    await turn();
    expect(broken.ends).toEqual([{ isClean: false, reason: 'The connection broke.' }]);
  });

  test('ends once when what it receives breaks the protocol', async () => {
    const { receive, ends, link } = linked();
    receive(Buffer.from([0xc2, 0]));
    await turn();
    link.close();
    expect(ends).toEqual([{ isClean: false, reason: 'A frame uses an extension.' }]);
  });
});
