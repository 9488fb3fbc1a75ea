import { once } from 'node:events';
import { connect } from 'node:net';

/** Sends the request that every Kafka client sends first; returns the correlation id of the answer. */
export async function askApiVersions(port: number): Promise<number> {
  const apiVersions = 18;
  const request = Buffer.alloc(14);
  request.writeInt32BE(10, 0);
  request.writeInt16BE(apiVersions, 4);
  request.writeInt16BE(0, 6);
  request.writeInt32BE(42, 8);
  request.writeInt16BE(-1, 12);
  const socket = connect(port, '127.0.0.1');
  try {
    socket.write(request);
    const answer: readonly unknown[] = await once(socket, 'data', { signal: AbortSignal.timeout(10_000) });
    return Buffer.isBuffer(answer[0]) ? answer[0].readInt32BE(4) : -1;
  } finally {
    socket.destroy();
  }
}
