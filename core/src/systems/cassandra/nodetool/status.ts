import {
  addressOf,
  bytesOf,
  linesOf,
  oneLine,
  percentOf,
  wholeNumberOf,
} from '#core/systems/cassandra/nodetool/text.ts';

export type RingState = 'normal' | 'leaving' | 'joining' | 'moving';

/** What one node knows of one member of the ring. */
export interface StatusRow {
  /** `unknown` where the node holds the other for neither live nor unreachable. */
  readonly liveness: 'up' | 'down' | 'unknown';
  readonly state: RingState;
  readonly address: string;
  readonly datacenter: string;
  readonly rack: string;
  /** Empty while the node does not know it. */
  readonly hostId: string;
  readonly loadBytes: number | undefined;
  /** How many it has. */
  readonly tokens: number | undefined;
  /** Percent of the data of its datacenter; a datacenter adds up to 100 times the replication factor when effective. */
  readonly owns: number | undefined;
}

export interface StatusAnswer {
  readonly rows: readonly StatusRow[];
  /** Ownership is that of one keyspace, or of all because they are replicated alike. */
  readonly isOwnershipEffective: boolean;
  /** What the command says after the table; empty as a rule. */
  readonly note: string;
}

const LIVENESS: ReadonlyMap<string, StatusRow['liveness']> = new Map([
  ['U', 'up'],
  ['D', 'down'],
]);
const STATES: ReadonlyMap<string, RingState> = new Map([
  ['L', 'leaving'],
  ['J', 'joining'],
  ['M', 'moving'],
]);

/** Read from both ends, because only the ends are alike in all versions: widths differ, and rings of one token each have another column. */
const ROW =
  /^([UD?])([NLJM])\s+(\S+)\s+(\?|[\d.,]+ \w+)\s+(?:(\d+)\s+)?(\?|[\d.,]+%|NaN%)\s+(?:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|null)(?=\s|$))?\s*(?:(-?\d+)\s+)?(\S.*?)\s*$/;

/** `nodetool status`, 3.0 to 5.0. */
export function parseStatus(text: string): StatusAnswer {
  const rows: StatusRow[] = [];
  let datacenter = '';
  let isOwnershipEffective = false;
  let note = '';
  for (const line of linesOf(text)) {
    const start = /^Datacenter: (.*)$/.exec(line);
    if (start) datacenter = (start[1] ?? '').trim();
    else if (line.startsWith('--  ')) isOwnershipEffective ||= line.includes('(effective)');
    else if (/^(?:Note|Error): /.test(line)) note = oneLine(line);
    else {
      const row = parseRow(line, datacenter);
      if (row) rows.push(row);
    }
  }
  return { rows, isOwnershipEffective, note };
}

function parseRow(line: string, datacenter: string): StatusRow | undefined {
  const found = ROW.exec(line);
  if (!found) return undefined;
  const [, liveness = '', state = '', address = '', load = '', tokens, owns = '', hostId = '', token, rack = ''] =
    found;
  return {
    liveness: LIVENESS.get(liveness) ?? 'unknown',
    state: STATES.get(state) ?? 'normal',
    address: addressOf(address),
    datacenter,
    rack,
    hostId: hostId === 'null' ? '' : hostId,
    loadBytes: bytesOf(load),
    tokens: tokens === undefined ? (token === undefined ? undefined : 1) : wholeNumberOf(tokens),
    owns: percentOf(owns),
  };
}
