import { bytesOf, decimalOf, linesOf, wholeNumberOf } from '#core/systems/cassandra/nodetool/text.ts';

/** What a node says of itself. */
export interface InfoAnswer {
  /** Its identity, which outlives its address; empty when the node does not say. */
  readonly hostId: string;
  readonly isGossiping: boolean | undefined;
  /** Clients can connect by CQL. */
  readonly isServingClients: boolean | undefined;
  readonly loadBytes: number | undefined;
  /** When it began to gossip, in seconds since 1970; 0 when it does not. */
  readonly generation: number | undefined;
  readonly uptimeSeconds: number | undefined;
  readonly heapUsedBytes: number | undefined;
  readonly heapMaxBytes: number | undefined;
  readonly datacenter: string;
  readonly rack: string;
  /** Uncaught since it started. */
  readonly exceptions: number | undefined;
  readonly isJoined: boolean | undefined;
}

/** `nodetool info`: a name, blanks up to column 23, a colon and a value. */
export function parseInfo(text: string): InfoAnswer {
  const values = new Map<string, string>();
  for (const line of linesOf(text)) {
    const [, key = '', value] = /^([A-Z][^:]*?)\s*: ?(.*)$/.exec(line) ?? [];
    if (value !== undefined && !values.has(key)) values.set(key, value.trim());
  }
  const [used = '', max = ''] = (values.get('Heap Memory (MB)') ?? '').split('/');
  const token = values.get('Token');
  return {
    hostId: uuidOf(values.get('ID')),
    isGossiping: truthOf(values.get('Gossip active')),
    isServingClients: truthOf(values.get('Native Transport active')),
    loadBytes: bytesOf(values.get('Load') ?? ''),
    generation: wholeNumberOf(values.get('Generation No') ?? ''),
    uptimeSeconds: wholeNumberOf(values.get('Uptime (seconds)') ?? ''),
    heapUsedBytes: bytesOf(`${used.trim()} MiB`),
    heapMaxBytes: bytesOf(`${max.trim()} MiB`),
    datacenter: values.get('Data Center') ?? '',
    rack: values.get('Rack') ?? '',
    exceptions: decimalOf(values.get('Exceptions') ?? ''),
    isJoined: token === undefined ? undefined : !token.includes('not joined'),
  };
}

const uuidOf = (text: string | undefined): string =>
  /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.exec(text ?? '')?.[0] ?? '';

function truthOf(text: string | undefined): boolean | undefined {
  if (text === 'true') return true;
  return text === 'false' ? false : undefined;
}
