import { quote } from '#core/systems/cassandra/nodetool/batch.ts';
import { linesOf, wholeNumberOf } from '#core/systems/cassandra/nodetool/text.ts';

/** The files of data that a node has, without those of snapshots and backups. Bytes as they are on disk, compressed where they are. */
export interface DataFiles {
  readonly count: number;
  readonly bytes: number;
  /** Largest first. */
  readonly keyspaces: readonly { readonly keyspace: string; readonly bytes: number }[];
  /** Bytes by the version in the names of files: `nb`, `me`. */
  readonly formats: Readonly<Record<string, number>>;
  /** There are more files, each smaller than those that were counted. */
  readonly isCut: boolean;
}

/** Rows of a listing, about 200 bytes each. */
const MOST_FILES = 4000;

/** What finds them below `$1`, for `sh`. */
export const FIND_DATA = `find "$1" -type f -name '*-Data.db' ! -path '*/snapshots/*' ! -path '*/backups/*'`;

/** For `sh -c`; reads only. */
export function dataFilesScript(directory: string): string {
  return String.raw`
LC_ALL=C; export LC_ALL
files() {
  printf '@@files@@\n'
  ${FIND_DATA} -exec ls -ln {} + 2>/dev/null | sort -k5,5nr | head -n ${MOST_FILES}
  printf '@@over@@\n'
}
files ${quote(directory)}`.trim();
}

/** Size and path of a row of `ls -ln`. */
const ROW = /^-\S*\s+\d+\s+\S+\s+\S+\s+(\d{1,15})\s.*?\s(\/\S.*-Data\.db)$/;
/** `.../KEYSPACE/TABLE-ID/`, for an index `.../KEYSPACE/TABLE-ID/.INDEX/`, then `nb-12-big-Data.db`. */
const PATH = /\/([^/]+)\/[^/]+\/(?:\.[^/]+\/)?([a-z]{2})-[^/]*-Data\.db$/;

/** Undefined when the container cannot tell; a listing that broke off is none. */
export function readDataFiles(stdout: string): DataFiles | undefined {
  const lines = linesOf(stdout);
  const from = lines.indexOf('@@files@@');
  const to = lines.indexOf('@@over@@', from + 1);
  if (from < 0 || to < 0) return undefined;
  const keyspaces = new Map<string, number>();
  const formats = new Map<string, number>();
  let [count, bytes] = [0, 0];
  for (const line of lines.slice(from + 1, to)) {
    const [, digits = '', path = ''] = ROW.exec(line) ?? [];
    const size = wholeNumberOf(digits);
    if (size === undefined) continue;
    const [, keyspace = '', format = ''] = PATH.exec(path) ?? [];
    count += 1;
    bytes += size;
    keyspaces.set(keyspace, (keyspaces.get(keyspace) ?? 0) + size);
    formats.set(format, (formats.get(format) ?? 0) + size);
  }
  return {
    count,
    bytes,
    keyspaces: [...keyspaces].map(([keyspace, size]) => ({ keyspace, bytes: size })).toSorted(largestFirst),
    formats: Object.fromEntries([...formats].filter(([format]) => format !== '')),
    isCut: count >= MOST_FILES,
  };
}

const largestFirst = (a: { readonly bytes: number }, b: { readonly bytes: number }): number => b.bytes - a.bytes;
