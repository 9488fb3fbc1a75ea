import type { Socket } from 'node:net';
import { failureOf } from './networkProblems.ts';

/** The next bytes of a socket that nobody else reads; what follows them stays in it. */
export async function readExactly(socket: Socket, length: number): Promise<Buffer> {
  for (;;) {
    const bytes: unknown = socket.read(length);
    if (Buffer.isBuffer(bytes) && bytes.length === length) return bytes;
    await readable(socket);
  }
}

/** Bytes up to an empty line, without it; at most `limit`. */
export async function readHead(socket: Socket, limit = 16_384): Promise<string> {
  let head = '';
  while (!head.endsWith('\r\n\r\n')) {
    if (head.length >= limit) throw failureOf('PROXY_REFUSED', 'The answer of the proxy has no end.');
    head += (await readExactly(socket, 1)).toString('latin1');
  }
  return head;
}

function readable(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => (): void => {
      socket.off('readable', good).off('end', ended).off('close', ended).off('error', failed);
      finish();
    };
    const good = settle(resolve);
    const ended = settle(() => reject(failureOf('PROXY_REFUSED', 'The proxy closed the connection.')));
    const failed = (error: Error): void => settle(() => reject(error))();
    if (socket.readableEnded || socket.destroyed) return ended();
    socket.on('readable', good).on('end', ended).on('close', ended).on('error', failed);
  });
}
