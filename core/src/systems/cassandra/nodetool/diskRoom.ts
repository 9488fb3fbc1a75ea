import { quote } from '#core/systems/cassandra/nodetool/batch.ts';
import { linesOf } from '#core/systems/cassandra/nodetool/text.ts';

/** The disk that the data of a node is on. Bytes. */
export interface DiskRoom {
  readonly free: number;
  readonly size: number;
  /** Of the largest file of data, without those of snapshots and backups; undefined when there is none or it cannot be told. */
  readonly largest: number | undefined;
}

/** For `sh -c`; reads only. */
export function diskScript(directory: string): string {
  return String.raw`
LC_ALL=C; export LC_ALL
room() {
  printf '@@disk@@\n'; df -Pk "$1" 2>/dev/null | tail -n 1
  printf '@@largest@@\n'
  find "$1" -type f -name '*-Data.db' ! -path '*/snapshots/*' ! -path '*/backups/*' -exec ls -ln {} + 2>/dev/null | sort -k5,5n | tail -n 1
}
room ${quote(directory)}`.trim();
}

/** Undefined when the container cannot tell. */
export function readDisk(stdout: string): DiskRoom | undefined {
  const lines = linesOf(stdout);
  const after = (mark: string): string => lines[lines.indexOf(mark) + 1] ?? '';
  const [, size, free] = /\s(\d+)\s+\d+\s+(\d+)\s+\d+%\s/.exec(after('@@disk@@')) ?? [];
  if (size === undefined || free === undefined) return undefined;
  const [, bytes] = /^-\S*\s+\d+\s+\S+\s+\S+\s+(\d+)\s/.exec(after('@@largest@@')) ?? [];
  return {
    free: Number(free) * 1024,
    size: Number(size) * 1024,
    largest: bytes === undefined ? undefined : Number(bytes),
  };
}
