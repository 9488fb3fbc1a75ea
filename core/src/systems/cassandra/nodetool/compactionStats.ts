import { bytesOf, linesOf, percentOf, wholeNumberOf } from '#core/systems/cassandra/nodetool/text.ts';

export interface RunningCompaction {
  readonly id: string;
  /** `Compaction`, `Cleanup`, `Validation`, `Anticompaction after repair`. */
  readonly type: string;
  readonly keyspace: string;
  readonly table: string;
  readonly completed: number;
  readonly total: number;
  readonly unit: string;
  readonly percent: number | undefined;
}

export interface CompactionAnswer {
  /** Undefined when the node does not say. */
  readonly pending: number | undefined;
  readonly running: readonly RunningCompaction[];
}

/** The type may have blanks, the names may not; what follows them tells where they are. */
const ROW =
  /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\s+(\S.*?)\s+(\S+)\s+(\S+)\s+(\d+|[\d.,]+ \wi?B)\s+(\d+|[\d.,]+ \wi?B)\s+(\S.*?)\s+([\d.,]+%|NaN%|n\/a)\s*$/;

/** `nodetool compactionstats`: pending tasks as a sentence up to 4.1, as a row of a table from 5.0. */
export function parseCompactionStats(text: string): CompactionAnswer {
  let pending: number | undefined;
  const running: RunningCompaction[] = [];
  for (const line of linesOf(text)) {
    const counted = /^pending tasks:?\s+(\d+)\s*$/.exec(line);
    if (counted) pending ??= wholeNumberOf(counted[1] ?? '');
    const found = ROW.exec(line);
    if (found) running.push(parseRow(found));
  }
  return { pending, running };
}

function parseRow(found: RegExpExecArray): RunningCompaction {
  const [, id = '', type = '', keyspace = '', table = '', completed = '', total = '', unit = '', progress = ''] = found;
  const amount = (text: string): number => wholeNumberOf(text) ?? bytesOf(text) ?? 0;
  return {
    id,
    type,
    keyspace,
    table,
    completed: amount(completed),
    total: amount(total),
    unit,
    percent: percentOf(progress),
  };
}
