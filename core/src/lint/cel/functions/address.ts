import { ConditionError } from '#core/lint/cel/abstain.ts';
import type { FunctionTable } from '#core/lint/cel/functions/registration.ts';
import { isIpAddress } from '#core/kubernetes/ip.ts';

/** An address of 32 or 128 bits. */
export class IpValue {
  readonly bits: 32 | 128;
  readonly value: bigint;

  constructor(bits: 32 | 128, value: bigint) {
    this.bits = bits;
    this.value = value;
  }
}

/** A network: an address and how many of its bits are the network's. */
export class CidrValue {
  readonly ip: IpValue;
  readonly prefix: number;

  constructor(ip: IpValue, prefix: number) {
    this.ip = ip;
    this.prefix = prefix;
  }
}

/** Namespace of functions that are written `ip.isCanonical(a)`. */
export class IpNamespace {
  readonly name = 'ip';
}

/** Strict, as netip.ParseAddr with what the library refuses besides: no leading zeros, no IPv4 in IPv6, no zone. */
function readIp(text: string): IpValue | undefined {
  if (!isIpAddress(text)) return undefined;
  if (!text.includes(':')) {
    const parts = text.split('.');
    if (parts.some((part) => /^0\d/.test(part))) return undefined;
    return new IpValue(
      32,
      parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n),
    );
  }
  const value = expand(text).reduce((sum, group) => sum * 65_536n + BigInt(group), 0n);
  return value >> 32n === 0xffffn ? undefined : new IpValue(128, value);
}

/** The eight groups of an IPv6 address. */
function expand(text: string): readonly number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const [, head = '', a, b, c, d] = dotted ?? [];
  const plain = dotted
    ? `${head}${(Number(a) * 256 + Number(b)).toString(16)}:${(Number(c) * 256 + Number(d)).toString(16)}`
    : text;
  const [left = '', right] = plain.split('::');
  const groups = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => Number(`0x${group}`)));
  const [first, last] = [groups(left), groups(right ?? '')];
  return right === undefined ? first : [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
}

function readCidr(text: string): CidrValue | undefined {
  const [, address = '', digits = ''] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const ip = readIp(address);
  const prefix = Number(digits);
  return ip && prefix <= ip.bits ? new CidrValue(ip, prefix) : undefined;
}

function orRefuse<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new ConditionError(`this is no ${what}`);
  return value;
}

const network = ({ bits, value }: IpValue, prefix: number): bigint => value >> BigInt(bits - prefix);

function contains(cidr: CidrValue, ip: IpValue): boolean {
  return ip.bits === cidr.ip.bits && network(ip, cidr.prefix) === network(cidr.ip, cidr.prefix);
}

const containsNetwork = (outer: CidrValue, inner: CidrValue): boolean =>
  outer.prefix <= inner.prefix && contains(outer, inner.ip);

/** Whether an address lies in one of the networks. */
const within =
  (...networks: readonly string[]) =>
  (ip: IpValue): boolean =>
    networks.some((text) => {
      const cidr = readCidr(text);
      return cidr !== undefined && contains(cidr, ip);
    });

const isUnspecified = within('0.0.0.0/32', '::/128');
const isLoopback = within('127.0.0.0/8', '::1/128');
const isLinkLocal = within('169.254.0.0/16', 'fe80::/10');
const isMulticast = within('224.0.0.0/4', 'ff00::/8');
const isLinkLocalMulticast = (ip: IpValue): boolean =>
  ip.bits === 32 ? within('224.0.0.0/24')(ip) : isMulticast(ip) && (ip.value >> 112n) % 16n === 2n;
const isGlobal = (ip: IpValue): boolean =>
  !isUnspecified(ip) && !isLoopback(ip) && !isMulticast(ip) && !isLinkLocal(ip) && !within('255.255.255.255/32')(ip);

/** As RFC 5952 writes it: the longest run of zero groups, from two on, is left out. */
function format({ bits, value }: IpValue): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) % 256n).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) % 65_536n).toString(16));
  const runs = [
    ...groups
      .map((group) => (group === '0' ? '0' : 'x'))
      .join('')
      .matchAll(/00+/g),
  ];
  const longest = runs.toSorted((a, b) => b[0].length - a[0].length)[0];
  if (!longest) return groups.join(':');
  return `${groups.slice(0, longest.index).join(':')}::${groups.slice(longest.index + longest[0].length).join(':')}`;
}

const masked = ({ ip, prefix }: CidrValue): CidrValue => {
  const shift = BigInt(ip.bits - prefix);
  return new CidrValue(new IpValue(ip.bits, (ip.value >> shift) << shift), prefix);
};

const parseIp = (text: string): IpValue => orRefuse(readIp(text), 'IP address');
const parseCidr = (text: string): CidrValue => orRefuse(readCidr(text), 'network');
const IP = 'net.IP';
const CIDR = 'net.CIDR';

export const addressFunctions: FunctionTable = {
  [`ip(string): ${IP}`]: parseIp,
  'isIP(string): bool': (text: string) => readIp(text) !== undefined,
  'IpNamespace.isCanonical(string): bool': (_: IpNamespace, text: string) => format(parseIp(text)) === text,
  [`string(${IP}): string`]: format,
  [`${IP}.family(): int`]: ({ bits }: IpValue) => (bits === 32 ? 4n : 6n),
  [`${IP}.isUnspecified(): bool`]: isUnspecified,
  [`${IP}.isLoopback(): bool`]: isLoopback,
  [`${IP}.isLinkLocalMulticast(): bool`]: isLinkLocalMulticast,
  [`${IP}.isLinkLocalUnicast(): bool`]: isLinkLocal,
  [`${IP}.isGlobalUnicast(): bool`]: isGlobal,
  [`cidr(string): ${CIDR}`]: parseCidr,
  'isCIDR(string): bool': (text: string) => readCidr(text) !== undefined,
  [`string(${CIDR}): string`]: ({ ip, prefix }: CidrValue) => `${format(ip)}/${prefix}`,
  [`${CIDR}.containsIP(string): bool`]: (cidr: CidrValue, text: string) => contains(cidr, parseIp(text)),
  [`${CIDR}.containsIP(${IP}): bool`]: contains,
  [`${CIDR}.containsCIDR(string): bool`]: (cidr: CidrValue, text: string) => containsNetwork(cidr, parseCidr(text)),
  [`${CIDR}.containsCIDR(${CIDR}): bool`]: containsNetwork,
  [`${CIDR}.ip(): ${IP}`]: ({ ip }: CidrValue) => ip,
  [`${CIDR}.masked(): ${CIDR}`]: masked,
  [`${CIDR}.prefixLength(): int`]: ({ prefix }: CidrValue) => BigInt(prefix),
};
