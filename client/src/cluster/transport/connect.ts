import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { failureOf } from './networkProblems.ts';
import { hostOf, portOf } from './proxies.ts';
import { readExactly, readHead } from './readSocket.ts';

/** How connections to one API server are made. */
export interface ConnectPlan {
  readonly server: URL;
  readonly proxy: URL | undefined;
  readonly tls: TlsSettings;
  readonly timeoutMs: number;
}

export interface TlsSettings {
  /** PEM; undefined: the authorities this machine trusts. */
  readonly ca: readonly string[] | undefined;
  readonly cert?: string;
  readonly key?: string;
  readonly isInsecure: boolean;
  readonly serverName?: string;
  /** Any name in a certificate of that authority will do. */
  readonly isNameIgnored?: boolean;
}

/** A connection on which HTTP can be spoken: through the proxy, and with TLS, when the plan says so. */
export async function connectSocket(plan: ConnectPlan): Promise<Socket> {
  const open: Socket[] = [];
  const timer = setTimeout(() => {
    for (const socket of open) socket.destroy(failureOf('NO_ANSWER', 'No connection in time.'));
  }, plan.timeoutMs);
  const keep = <T extends Socket>(socket: T): T => {
    // Whoever uses the outermost of them hears of the error there; an unheard one would end the process.
    socket.on('error', () => undefined);
    open.push(socket);
    return socket;
  };
  try {
    return await connectThrough(plan, keep);
  } catch (error) {
    for (const socket of open) socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

type Keep = <T extends Socket>(socket: T) => T;

async function connectThrough({ server, proxy, tls }: ConnectPlan, keep: Keep): Promise<Socket> {
  const first = proxy ?? server;
  let socket = keep(await opened(tcpTo(first), 'connect'));
  if (proxy?.protocol === 'https:') {
    socket = keep(await opened(tlsOver(socket, hostOf(proxy), { ca: undefined, isInsecure: false }), 'secureConnect'));
  }
  if (proxy !== undefined) await (proxy.protocol.startsWith('socks') ? askSocks : askHttp)(socket, proxy, server);
  if (server.protocol !== 'https:') return socket;
  return keep(await opened(tlsOver(socket, hostOf(server), tls), 'secureConnect'));
}

function tcpTo(url: URL): Socket {
  const keepAlive = { keepAlive: true, keepAliveInitialDelay: 30_000, noDelay: true };
  return connectTcp({ host: hostOf(url), port: portOf(url), autoSelectFamily: true, ...keepAlive });
}

function tlsOver(socket: Socket, host: string, tls: TlsSettings): Socket {
  const name = tls.serverName ?? host;
  const options: ConnectionOptions = {
    socket,
    host: name,
    rejectUnauthorized: !tls.isInsecure,
    ...(tls.isNameIgnored === true ? { checkServerIdentity: () => undefined } : {}),
    ALPNProtocols: ['http/1.1'],
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(tls.ca === undefined ? {} : { ca: [...tls.ca] }),
    ...(tls.cert === undefined || tls.key === undefined ? {} : { cert: tls.cert, key: tls.key }),
  };
  return connectTls(options);
}

function opened<T extends Socket>(socket: T, event: 'connect' | 'secureConnect'): Promise<T> {
  return new Promise((resolve, reject) => {
    const closed = (): void => reject(Object.assign(new Error('The connection was closed.'), { code: 'ECONNRESET' }));
    socket.once('error', reject).once('close', closed);
    socket.once(event, () => {
      socket.off('error', reject).off('close', closed);
      resolve(socket);
    });
  });
}

/** RFC 9110, CONNECT. */
async function askHttp(socket: Socket, proxy: URL, server: URL): Promise<void> {
  const target = `${server.hostname}:${portOf(server)}`;
  const { user, password } = loginOf(proxy);
  const login =
    user === '' ? '' : `Proxy-Authorization: Basic ${Buffer.from(`${user}:${password}`).toString('base64')}\r\n`;
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${login}\r\n`);
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(await readHead(socket))?.[1];
  if (status === undefined || !status.startsWith('2'))
    throw failureOf('PROXY_REFUSED', `The proxy answers ${status ?? 'no HTTP'}.`);
}

/** RFC 1928, with the password login of RFC 1929; names are resolved by the proxy. */
async function askSocks(socket: Socket, proxy: URL, server: URL): Promise<void> {
  const { user, password } = loginOf(proxy);
  socket.write(Buffer.from(user === '' ? [5, 1, 0] : [5, 2, 0, 2]));
  const [, method] = await readExactly(socket, 2);
  if (method === 2) {
    socket.write(Buffer.concat([Buffer.from([1]), counted(user), counted(password)]));
    if ((await readExactly(socket, 2))[1] !== 0) throw failureOf('PROXY_REFUSED', 'The proxy refuses the login.');
  } else if (method !== 0) throw failureOf('PROXY_REFUSED', 'The proxy wants a login of another kind.');
  const port = portOf(server);
  socket.write(
    Buffer.concat([Buffer.from([5, 1, 0, 3]), counted(hostOf(server)), Buffer.from([port >> 8, port & 255])]),
  );
  const answer = await readExactly(socket, 4);
  if (answer[1] !== 0) throw failureOf('PROXY_REFUSED', `The proxy answers ${answer[1]}.`);
  const kind = answer[3];
  const addressLength = kind === 1 ? 4 : kind === 4 ? 16 : ((await readExactly(socket, 1))[0] ?? 0);
  await readExactly(socket, addressLength + 2);
}

const counted = (text: string): Buffer => {
  const bytes = Buffer.from(text).subarray(0, 255);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
};

const loginOf = (proxy: URL): { readonly user: string; readonly password: string } => ({
  user: decodeURIComponent(proxy.username),
  password: decodeURIComponent(proxy.password),
});
