import { addressOf, linesOf, wholeNumberOf } from '#core/systems/cassandra/nodetool/text.ts';

/** What gossip holds of one address. Addresses that are no longer anybody's stay for days: a leftover is no alarm by itself. */
export interface GossipEndpoint {
  readonly address: string;
  readonly generation: number | undefined;
  readonly heartbeat: number | undefined;
  /** First word of the status: `NORMAL`, `shutdown`, `LEFT`, `BOOT`; empty when there is none. */
  readonly status: string;
  readonly hostId: string;
  readonly schema: string;
  readonly datacenter: string;
  readonly rack: string;
  readonly release: string;
  /** Ready for clients, by its own word. */
  readonly isServingClients: boolean | undefined;
}

/** `nodetool gossipinfo`: an address, and below it `NAME:version:value`. */
export function parseGossipInfo(text: string): readonly GossipEndpoint[] {
  const drafts: { readonly address: string; readonly values: Map<string, string> }[] = [];
  for (const line of linesOf(text)) {
    const start = /^\S*\/(\S+)\s*$/.exec(line);
    if (start) drafts.push({ address: addressOf(start[1] ?? ''), values: new Map() });
    // Versions stand between name and value, except for generation and heartbeat.
    const [, name = '', value] = /^ {2}([A-Za-z_]+):(?:\d+:)?(.*)$/.exec(line) ?? [];
    const lone = /^ {2}(generation|heartbeat):(\d+)\s*$/.exec(line);
    if (lone) drafts.at(-1)?.values.set(lone[1] ?? '', lone[2] ?? '');
    else if (value !== undefined) drafts.at(-1)?.values.set(name, value.trim());
  }
  return drafts.map(({ address, values }) => toEndpoint(address, values));
}

function toEndpoint(address: string, values: ReadonlyMap<string, string>): GossipEndpoint {
  const text = (name: string): string => values.get(name) ?? '';
  const [status = ''] = (values.get('STATUS_WITH_PORT') ?? text('STATUS')).split(',');
  const ready = text('RPC_READY');
  return {
    address,
    generation: wholeNumberOf(text('generation')),
    heartbeat: wholeNumberOf(text('heartbeat')),
    status,
    hostId: text('HOST_ID'),
    schema: text('SCHEMA'),
    datacenter: text('DC'),
    rack: text('RACK'),
    release: text('RELEASE_VERSION'),
    isServingClients: ready === '' ? undefined : ready === 'true',
  };
}
