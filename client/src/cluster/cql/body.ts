import { notUnderstood } from './frames.ts';

/** Reads the notations of the protocol from the body of one frame, and never beyond its end. */
export class BodyReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Bytes that are left. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    return this.take(1).readUInt8(0);
  }

  short(): number {
    return this.take(2).readUInt16BE(0);
  }

  int(): number {
    return this.take(4).readInt32BE(0);
  }

  string(): string {
    return this.take(this.short()).toString('utf8');
  }

  /** Null for a negative length. */
  bytes(): Buffer | null {
    const length = this.int();
    return length < 0 ? null : this.take(length);
  }

  stringList(): readonly string[] {
    return this.many(this.short(), 2, () => this.string());
  }

  stringMultimap(): ReadonlyMap<string, readonly string[]> {
    return new Map(this.many(this.short(), 4, () => [this.string(), this.stringList()] as const));
  }

  /** So many things of at least so many bytes each: a count that cannot be is refused before anything is made for it. */
  many<Thing>(count: number, leastBytes: number, read: () => Thing): Thing[] {
    if (count < 0 || count * leastBytes > this.left) throw notUnderstood('it counts more than it has');
    const things: Thing[] = [];
    for (let index = 0; index < count; index += 1) things.push(read());
    return things;
  }

  take(length: number): Buffer {
    if (length < 0 || length > this.left) throw notUnderstood('it ends too early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

export function shortOf(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value, 0);
  return bytes;
}

function intOf(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value, 0);
  return bytes;
}

function stringOf(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([shortOf(bytes.length), bytes]);
}

export function longStringOf(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([intOf(bytes.length), bytes]);
}

export function stringMapOf(map: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(map);
  return Buffer.concat([
    shortOf(entries.length),
    ...entries.flatMap(([key, value]) => [stringOf(key), stringOf(value)]),
  ]);
}

export const bytesOf = (bytes: Buffer): Buffer => Buffer.concat([intOf(bytes.length), bytes]);
