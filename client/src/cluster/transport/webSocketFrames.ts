/** Frames of RFC 6455 as a client writes and reads them, without extensions. */

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface Frame {
  readonly opcode: number;
  readonly isFinal: boolean;
  readonly payload: Buffer;
}

/** What breaks the protocol; the connection cannot go on. */
export class FrameError extends Error {}

/** One masked frame. `mask` is four bytes of chance. */
export function encodeFrame(opcode: number, payload: Buffer, mask: Buffer): Buffer {
  const head = headOf(opcode, payload.length);
  const masked = Buffer.from(payload);
  for (let index = 0; index < masked.length; index++) masked[index] = (masked[index] ?? 0) ^ (mask[index & 3] ?? 0);
  return Buffer.concat([head, mask, masked]);
}

function headOf(opcode: number, length: number): Buffer {
  const first = 0x80 | opcode;
  if (length < 126) return Buffer.from([first, 0x80 | length]);
  if (length < 65_536) return Buffer.from([first, 0x80 | 126, length >> 8, length & 255]);
  const head = Buffer.alloc(10);
  head[0] = first;
  head[1] = 0x80 | 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}

/** Takes bytes as they come and gives whole frames; at most `limit` bytes each. */
export class FrameReader {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws FrameError */
  read(bytes: Buffer): readonly Frame[] {
    this.#chunks.push(bytes);
    this.#length += bytes.length;
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | undefined {
    const head = this.#head();
    if (head === undefined || this.#length < head.size + head.length) return undefined;
    const all = this.#joined(this.#length);
    const payload = all.subarray(head.size, head.size + head.length);
    const rest = all.subarray(head.size + head.length);
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#length = rest.length;
    return { opcode: head.first & 15, isFinal: (head.first & 0x80) !== 0, payload };
  }

  #head(): { readonly first: number; readonly size: number; readonly length: number } | undefined {
    if (this.#length < 2) return undefined;
    const bytes = this.#joined(10);
    const [first = 0, second = 0] = bytes;
    if ((first & 0x70) !== 0) throw new FrameError('A frame uses an extension.');
    if ((second & 0x80) !== 0) throw new FrameError('A frame of a server is masked.');
    const short = second & 127;
    const size = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (bytes.length < size) return undefined;
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if (length > this.#limit) throw new FrameError('A frame is too large.');
    return { first, size, length };
  }

  /** The first bytes in one piece: at least so many, when there are. */
  #joined(length: number): Buffer {
    const [first] = this.#chunks;
    if (first !== undefined && first.length >= Math.min(length, this.#length)) return first;
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }
}
