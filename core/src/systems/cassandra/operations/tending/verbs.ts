import type { TendingMode } from '#core/operations/wishes.ts';

/** What nodetool is told, and how its work is seen. */
export interface Verb {
  readonly mode: TendingMode;
  /** `source` is the datacenter that a rebuild is filled from. */
  readonly args: (source: string) => readonly string[];
  /** Types of the rows of compactionstats that are its work; undefined when it has none. */
  readonly rows: RegExp | undefined;
  /** It moves data between nodes, as netstats tells. */
  readonly streams: boolean;
  /** What `nodetool stop` calls it where it does not know ids; undefined when it cannot be stopped without harm. */
  readonly stop: string | undefined;
  /** Data is written anew before the old is deleted: as much as the largest file, or as everything there is. */
  readonly room: 'none' | 'largest file' | 'everything';
  readonly title: string;
  /** As part of a sentence: `to be ...`. */
  readonly passive: string;
  readonly effect: string;
  readonly expectedMs: number;
  readonly risks: readonly string[];
}

const MINUTE = 60_000;

/** Of commands that we begin in the container ourselves. */
export const GOES_ON =
  'A run that is ended or killed leaves the command going on in its container; whoever goes on finds it there. The nodetool of it takes some memory of the container (128 MiB at most) until it ends.';

/** One line for each; what nodetool prints and does is that of Cassandra 3.11 to 5.0. */
export const verbs: Readonly<Record<TendingMode, Verb>> = {
  cleanup: {
    mode: 'cleanup',
    args: () => ['cleanup', '-j', '1'],
    rows: /^Cleanup/i,
    streams: false,
    stop: 'CLEANUP',
    room: 'largest file',
    title: 'Clean up',
    passive: 'cleaned up',
    effect:
      'files with rows that the node no longer owns are written anew without them, one at a time; others are skipped',
    expectedMs: 10 * MINUTE,
    risks: [
      'Rows that were dropped are gone: a node that gets those ranges again has to be given them by a bootstrap, a rebuild or a repair.',
      'Snapshots keep the old files on disk until they are cleared.',
      GOES_ON,
    ],
  },
  repair: {
    mode: 'repair',
    args: () => ['repair', '-full', '-pr'],
    rows: /^(?:Validation|Anticompaction)/i,
    streams: true,
    stop: undefined,
    room: 'none',
    title: 'Repair the primary ranges of',
    passive: 'repaired',
    effect: 'its primary ranges are compared with those of the other replicas, and what differs is streamed',
    expectedMs: 60 * MINUTE,
    risks: [
      'Every node has to be repaired within gc_grace_seconds (ten days as a rule), or deleted rows may come back.',
      'A repair that was begun cannot be cancelled by nodetool: that of the one node is awaited.',
      'What differs is written a second time until it is compacted.',
      GOES_ON,
    ],
  },
  rebuild: {
    mode: 'rebuild',
    args: (source) => ['rebuild', '--', source],
    rows: undefined,
    streams: true,
    stop: undefined,
    room: 'none',
    title: 'Fill',
    passive: 'filled',
    effect: 'it is sent everything it owns by nodes of the source datacenter',
    expectedMs: 60 * MINUTE,
    risks: [
      'Clients that read from the new datacenter before it is filled miss rows: send them there afterwards.',
      'A rebuild that was begun cannot be cancelled: that of the one node is awaited.',
      GOES_ON,
    ],
  },
  flush: {
    mode: 'flush',
    args: () => ['flush'],
    rows: undefined,
    streams: false,
    stop: undefined,
    room: 'none',
    title: 'Flush',
    passive: 'flushed',
    effect: 'what is in memory is written to files',
    expectedMs: MINUTE,
    risks: [GOES_ON],
  },
  compact: {
    mode: 'compact',
    args: () => ['compact'],
    rows: /^(?:Major )?Compaction/i,
    streams: false,
    stop: 'COMPACTION',
    room: 'everything',
    title: 'Compact',
    passive: 'compacted',
    effect: 'the files of each table are merged',
    expectedMs: 30 * MINUTE,
    risks: [
      'With size-tiered compaction one large file is left, which is not compacted again for a long time.',
      'Cancelled, compactions that began after it are stopped as well, as nothing tells them apart; they begin again by themselves.',
      GOES_ON,
    ],
  },
  'upgrade sstables': {
    mode: 'upgrade sstables',
    args: () => ['upgradesstables', '-j', '1'],
    rows: /^Upgrade/i,
    streams: false,
    stop: 'UPGRADE_SSTABLES',
    room: 'largest file',
    title: 'Upgrade the files of',
    passive: 'upgraded',
    effect: 'files of an older format are written anew in that of this version',
    expectedMs: 30 * MINUTE,
    risks: ['After it no older version of Cassandra can read the files.', GOES_ON],
  },
};

export const isTendingMode = (mode: string): mode is TendingMode => Object.hasOwn(verbs, mode);

/** Bytes that have to be free on the disk of a node before it begins. */
export function neededRoom({ room }: Verb, load: number | undefined, largest: number | undefined): number | undefined {
  if (room === 'none') return 0;
  // Without knowing the files, one may be as large as all.
  return room === 'largest file' ? (largest ?? load) : load;
}
