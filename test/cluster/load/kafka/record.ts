/** What every record of a load says of itself, before its filling. */
export interface RecordHead {
  /** Which producer of the load sent it. */
  readonly stream: number;
  readonly partition: number;
  /** Its number among those of its producer in its partition, from 0. */
  readonly sequence: number;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
}

/** So that records of anything else are not taken for ours. */
const magic = 0x64634c64;
export const headBytes = 25;

export function encodeRecord({ stream, partition, sequence, sentAt }: RecordHead, bytes: number): Buffer {
  const record = Buffer.alloc(Math.max(bytes, headBytes), '.');
  record.writeUInt32BE(magic, 0);
  record.writeUInt8(stream, 4);
  record.writeUInt32BE(partition, 5);
  record.writeDoubleBE(sequence, 9);
  record.writeDoubleBE(sentAt, 17);
  return record;
}

/** Undefined for a record of somebody else, or one that was damaged. */
export function decodeRecord(record: Uint8Array | null): RecordHead | undefined {
  if (record === null || record.length < headBytes) return undefined;
  const view = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
  if (view.readUInt32BE(0) !== magic) return undefined;
  return {
    stream: view.readUInt8(4),
    partition: view.readUInt32BE(5),
    sequence: view.readDoubleBE(9),
    sentAt: view.readDoubleBE(17),
  };
}
