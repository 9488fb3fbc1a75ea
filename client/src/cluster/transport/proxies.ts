import { BlockList, isIP } from 'node:net';

/** Proxies by URL: http, https, socks5, socks5h. */
export type ProxyUrl = URL;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy on the way to a server: that of the kubeconfig, else that of the environment, by the rules that kubectl has:
 * NO_PROXY names hosts, domains, addresses, networks and ports, and this machine itself is never reached by a proxy.
 * @throws an Error with one sentence when the address of the proxy cannot be used
 */
export function proxyTo(server: URL, configured: string | undefined, environment: Environment): ProxyUrl | undefined {
  if (configured !== undefined) return parseProxy(configured);
  const name = server.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const found = variable(environment, name);
  if (found === undefined || isExcepted(server, variable(environment, 'no_proxy') ?? '')) return undefined;
  return parseProxy(found);
}

const variable = (environment: Environment, name: string): string | undefined =>
  [environment[name.toUpperCase()], environment[name]].find((value) => value !== undefined && value !== '');

const proxyProtocols = ['http:', 'https:', 'socks5:', 'socks5h:'];

function parseProxy(text: string): URL {
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (url === null) throw new Error('The address of the proxy is no URL.');
  if (!proxyProtocols.includes(url.protocol))
    throw new Error(`A proxy of the kind ${url.protocol.slice(0, -1)} cannot be used; http, https and socks5 can.`);
  return url;
}

function isExcepted(server: URL, exceptions: string): boolean {
  const host = hostOf(server);
  if (host === 'localhost' || host.endsWith('.localhost') || isLoopback(host)) return true;
  const port = server.port === '' ? (server.protocol === 'https:' ? '443' : '80') : server.port;
  return exceptions
    .split(',')
    .map((one) => one.trim().toLowerCase())
    .some((one) => one !== '' && isCovered(host, port, one));
}

function isCovered(host: string, port: string, exception: string): boolean {
  if (exception === '*') return true;
  if (exception.includes('/')) return isInNetwork(host, exception);
  const [, name = exception, wantedPort] = /^(\[.*\]|[^:]*):(\d+)$/.exec(exception) ?? [];
  if (wantedPort !== undefined && wantedPort !== port) return false;
  const plain = name.replace(/^\[|\]$/g, '');
  if (isIP(plain) !== 0 || isIP(host) !== 0) return plain === host;
  const domain = plain.replace(/^\*?\./, '');
  return host.endsWith(`.${domain}`) || (host === domain && !plain.startsWith('.') && !plain.startsWith('*.'));
}

function isInNetwork(host: string, network: string): boolean {
  const [address = '', bits = ''] = network.split('/');
  const family = isIP(address);
  if (family === 0 || isIP(host) !== family || !/^\d+$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128))
    return false;
  return listOf(address, Number(bits), family).check(host, family === 4 ? 'ipv4' : 'ipv6');
}

const isLoopback = (host: string): boolean =>
  host === '::1' || (isIP(host) === 4 && listOf('127.0.0.0', 8, 4).check(host, 'ipv4'));

function listOf(address: string, bits: number, family: number): BlockList {
  const list = new BlockList();
  list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
  return list;
}

/** Without the brackets of IPv6. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '').toLowerCase();

/** With the default of its protocol when the URL has none. */
export const portOf = (url: URL): number => {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : url.protocol === 'http:' ? 80 : 1080;
};
