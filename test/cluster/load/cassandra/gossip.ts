/** A row of `system_views.gossip_info`, as far as it matters here. */
export interface GossipRow {
  readonly hostId: string;
  /** When the process started, and how often it has said since that it lives. */
  readonly generation: number;
  readonly heartbeat: number;
  /** Such as `NORMAL,-1494314232702769306` or `shutdown,true`. */
  readonly status: string;
}

export interface Judgement {
  readonly up: readonly string[];
  readonly down: readonly string[];
}

/** Judges from one member's gossip which hosts are up; remembers when each was last heard of. */
export interface GossipJudge {
  /** Seconds on any clock that only goes forward. */
  judge(this: void, rows: readonly GossipRow[], at: number): Judgement;
}

/**
 * Heartbeats come every second, by way of others when not directly. The failure detector of Cassandra itself takes some
 * ten seconds of silence for a death; this is as patient.
 */
const patience = 10;

export function createGossipJudge(): GossipJudge {
  const heard = new Map<string, { generation: number; heartbeat: number; at: number }>();
  return {
    judge(rows, at) {
      const up: string[] = [];
      const down: string[] = [];
      for (const row of newestPerHost(rows)) {
        if (isNoMember(row)) continue;
        const before = heard.get(row.hostId);
        const isNews = before?.generation !== row.generation || before.heartbeat !== row.heartbeat;
        const since = isNews ? at : before.at;
        heard.set(row.hostId, { generation: row.generation, heartbeat: row.heartbeat, at: since });
        const isUp = row.status.startsWith('NORMAL') && at - since <= patience;
        (isUp ? up : down).push(row.hostId);
      }
      return { up, down };
    },
  };
}

/** Who joins is no replica yet, and who has left is none any more; gossip tells of it for three days. */
const isNoMember = ({ status }: GossipRow): boolean => /^(?:BOOT|BOOT_REPLACE|LEFT|removed)\b/.test(status);

/** A host that came back under another address stays in gossip under the old one too, for a long time. */
function newestPerHost(rows: readonly GossipRow[]): readonly GossipRow[] {
  const newest = new Map<string, GossipRow>();
  for (const row of rows) {
    const other = newest.get(row.hostId);
    if (other === undefined || other.generation < row.generation) newest.set(row.hostId, row);
  }
  return [...newest.values()];
}
