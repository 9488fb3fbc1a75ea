import { bytesOf, linesOf } from '#core/systems/cassandra/nodetool/text.ts';

/** The files of one table that a snapshot keeps. */
export interface TableSnapshot {
  readonly name: string;
  readonly keyspace: string;
  readonly table: string;
  /** Of files that are no longer data of the table: what would be free without it. */
  readonly pinnedBytes: number;
  /** Of all its files: what it pins once every one of them has been written anew. */
  readonly bytes: number;
}

const TITLES = ['Snapshot name', 'Keyspace name', 'Column family name', 'True size', 'Size on disk'] as const;
/** From 4.1; what follows the sizes. */
const NEXT = 'Creation time';

/**
 * `nodetool listsnapshots`, 3.11 to 5.0; undefined when the text is neither a table nor the sentence that there are none. Names may have
 * blanks, and columns may be empty, so that cells are found by where their titles stand.
 */
export function parseSnapshots(text: string): readonly TableSnapshot[] | undefined {
  const lines = linesOf(text);
  if (lines.some((line) => line.startsWith('There are no snapshots'))) return [];
  const at = lines.findIndex((line) => line.startsWith(TITLES[0]) && line.includes(TITLES[4]));
  const head = lines[at];
  if (head === undefined) return undefined;
  const starts = TITLES.map((title) => head.indexOf(title));
  const next = head.indexOf(NEXT);
  const rows: TableSnapshot[] = [];
  for (const line of lines.slice(at + 1)) {
    if (line.trim() === '' || line.startsWith('Total TrueDiskSpaceUsed')) break;
    const cells = starts.map((start, column) => line.slice(start, starts[column + 1] ?? (next < 0 ? undefined : next)));
    const row = rowOf(cells.map((cell) => cell.trim()));
    if (row) rows.push(row);
  }
  return rows;
}

function rowOf([name = '', keyspace = '', table = '', pinned = '', all = '']: readonly string[]):
  TableSnapshot | undefined {
  const [pinnedBytes, bytes] = [bytesOf(pinned), bytesOf(all)];
  if (keyspace === '' || table === '' || pinnedBytes === undefined || bytes === undefined) return undefined;
  return { name, keyspace, table, pinnedBytes, bytes };
}
