import { quote } from '#core/systems/cassandra/nodetool/batch.ts';
import { FIND_DATA } from '#core/systems/cassandra/nodetool/dataFiles.ts';
import { linesOf, wholeNumberOf } from '#core/systems/cassandra/nodetool/text.ts';

/** Where the rows of one file begin and end on the ring. */
export interface FileEnds {
  readonly keyspace: string;
  readonly first: bigint;
  readonly last: bigint;
}

/** Without those of Cassandra itself. */
export interface LookedAtFiles {
  /** All there are. */
  readonly count: number;
  /** Of those that were looked at, the largest ones, and told their tokens. */
  readonly ends: readonly FileEnds[];
}

/** Files a node are looked at, and for how long at most: each costs a few milliseconds, the Java machine a second or two. */
const MOST_ENDS = 400;
const SECONDS = 60;

/** Where the tool is that nodetool's folder does not have. */
const PLACES = [
  '/opt/cassandra/tools/bin',
  '/opt/bitnami/cassandra/tools/bin',
  '/usr/local/apache-cassandra/tools/bin',
  '/usr/share/cassandra/tools/bin',
  '/opt/cassandra/bin',
];

/**
 * For `sh -c`; reads only. The tool takes as large a heap as the variable MAX_HEAP_SIZE says, which in the container is that of
 * Cassandra itself, so that it is told its own.
 */
export function fileEndsScript(directory: string): string {
  const find = `${FIND_DATA} ! -path '*/data/system/*' ! -path '*/data/system_*/*'`;
  return String.raw`
LC_ALL=C; export LC_ALL; MAX_HEAP_SIZE=256M; export MAX_HEAP_SIZE; set -f
ends() {
  tool=$(command -v sstablemetadata)
  for place in ${PLACES.join(' ')} "$CASSANDRA_HOME/tools/bin"; do
    if [ -z "$tool" ] && [ -x "$place/sstablemetadata" ]; then tool=$place/sstablemetadata; fi
  done
  if [ -z "$tool" ]; then printf '@@absent@@\n'; return; fi
  limit=; command -v timeout >/dev/null 2>&1 && limit='timeout ${SECONDS}'
  printf '@@count %s@@\n' "$(${find} 2>/dev/null | wc -l | tr -d ' ')"
  IFS='
'
  set -- $(${find} -exec ls -1S {} + 2>/dev/null | head -n ${MOST_ENDS})
  IFS=' '
  [ $# -eq 0 ] || $limit "$tool" "$@" 2>/dev/null </dev/null | grep -E '^(SSTable|First token|Last token): '
  printf '@@over@@\n'
}
ends ${quote(directory)}`.trim();
}

/** Tokens of Murmur3Partitioner are the only ones that are compared. */
const TOKEN = /^(?:First|Last) token: (-?\d{1,19})(?=\s|$)/;

/** Undefined without the tool, or when the container cannot tell. */
export function readFileEnds(stdout: string): LookedAtFiles | undefined {
  const lines = linesOf(stdout);
  const count = lines.map((line) => /^@@count (\d+)@@$/.exec(line)?.[1]).find((digits) => digits !== undefined);
  const total = wholeNumberOf(count ?? '');
  if (total === undefined) return undefined;
  const ends: FileEnds[] = [];
  let keyspace = '';
  let first: bigint | undefined;
  for (const line of lines) {
    const path = /^SSTable: (.+)$/.exec(line)?.[1];
    if (path !== undefined) {
      keyspace = keyspaceOf(path);
      first = undefined;
    }
    const token = TOKEN.exec(line)?.[1];
    if (token === undefined) continue;
    if (line.startsWith('First')) first = BigInt(token);
    else if (first !== undefined && keyspace !== '') {
      ends.push({ keyspace, first, last: BigInt(token) });
      first = undefined;
    }
  }
  return { count: total, ends };
}

/** `/var/lib/cassandra/data/shop/orders-0c9f/nb-1-big`, and of an index one folder below. */
const keyspaceOf = (path: string): string => /\/([^/]+)\/[^/]+\/(?:\.[^/]+\/)?[^/]+$/.exec(path)?.[1] ?? '';
