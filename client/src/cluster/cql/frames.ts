import { ClusterProblem } from '#core/live/ports.ts';

/** Frames of CQL's native protocol as of version 3 and 4; source: `doc/native_protocol_v4.spec` of Cassandra. */

export const opcode = {
  error: 0x00,
  startup: 0x01,
  ready: 0x02,
  authenticate: 0x03,
  options: 0x05,
  supported: 0x06,
  query: 0x07,
  result: 0x08,
  event: 0x0c,
  authChallenge: 0x0e,
  authResponse: 0x0f,
  authSuccess: 0x10,
} as const;

export const frameFlag = { compression: 0x01, tracing: 0x02, customPayload: 0x04, warning: 0x08 } as const;

export interface Frame {
  /** Without the bit that marks an answer. */
  readonly version: number;
  readonly flags: number;
  readonly stream: number;
  readonly opcode: number;
  readonly body: Buffer;
}

const HEADER_BYTES = 9;
const ANSWER = 0x80;
/** Of an answer. A system table of a large ring has some hundred kilobytes; the protocol allows 256 MB, which nobody needs here. */
export const MOST_BYTES = 4 * 1024 * 1024;

export function encodeFrame({ version, stream, opcode: code, body }: Omit<Frame, 'flags'>): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(version, 0);
  header.writeInt16BE(stream, 2);
  header.writeUInt8(code, 4);
  header.writeUInt32BE(body.length, 5);
  return Buffer.concat([header, body]);
}

/** Takes bytes as they come and gives the frames that are complete. Never holds more than one frame of the largest size. */
export class FrameReader {
  #parts: Buffer[] = [];
  #length = 0;
  /** Of the frame that has begun, with its header; known once the header is. */
  #wanted = HEADER_BYTES;
  #isHeaderRead = false;

  /** Nothing of a frame has come yet. */
  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** @throws ClusterProblem of kind `server` for what is no frame, or too large a one */
  push(bytes: Buffer): readonly Frame[] {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    const first = this.#parts[0]?.[0];
    // The first byte tells what speaks another language, which may never send as many bytes as a header has.
    if (first !== undefined && !this.#isHeaderRead) requireAnswer(first);
    const frames: Frame[] = [];
    while (this.#length >= this.#wanted) {
      const all = Buffer.concat(this.#parts, this.#length);
      if (!this.#isHeaderRead) this.#readHeader(all);
      if (this.#length < this.#wanted) {
        this.#parts = [all];
        break;
      }
      frames.push(frameOf(all.subarray(0, this.#wanted)));
      this.#startNext(all.subarray(this.#wanted));
    }
    return frames;
  }

  #readHeader(all: Buffer): void {
    requireAnswer(all.readUInt8(0));
    const length = all.readUInt32BE(5);
    if (length > MOST_BYTES)
      throw notUnderstood(`it announces ${length} bytes, and ${MOST_BYTES} are the most that is read`);
    this.#wanted = HEADER_BYTES + length;
    this.#isHeaderRead = true;
  }

  #startNext(rest: Buffer): void {
    this.#parts = rest.length === 0 ? [] : [rest];
    this.#length = rest.length;
    this.#wanted = HEADER_BYTES;
    this.#isHeaderRead = false;
    const first = rest[0];
    if (first !== undefined) requireAnswer(first);
  }
}

function frameOf(bytes: Buffer): Frame {
  return {
    version: bytes.readUInt8(0) & ~ANSWER,
    flags: bytes.readUInt8(1),
    stream: bytes.readInt16BE(2),
    opcode: bytes.readUInt8(4),
    body: bytes.subarray(HEADER_BYTES),
  };
}

/** Versions that have ever been: what is not one of them is no frame. */
const NEWEST_VERSION = 0x0f;

function requireAnswer(first: number): void {
  const version = first & ~ANSWER;
  if ((first & ANSWER) === 0 || version === 0 || version > NEWEST_VERSION)
    throw notUnderstood('what answers there does not speak CQL');
}

/** The bytes of a server are untrusted: whatever is wrong with them is a problem of the server. */
export function notUnderstood(why: string): ClusterProblem {
  return new ClusterProblem('server', `the answer cannot be understood: ${why}`);
}
