import { sizeText } from '#core/live/sizes.ts';
import { counted } from '#core/live/plainText.ts';
import type { Comparison, Precondition } from '#core/operations/model.ts';
import { duration } from '#core/operations/report.ts';
import type { DataFiles } from '#core/systems/cassandra/nodetool/dataFiles.ts';
import type { DiskRoom } from '#core/systems/cassandra/nodetool/diskRoom.ts';
import type { TableSnapshot } from '#core/systems/cassandra/nodetool/snapshots.ts';
import type { NodeEvidence } from '#core/systems/cassandra/operations/tending/cleanupEvidence.ts';
import { neededRoom, type Verb } from '#core/systems/cassandra/operations/tending/verbs.ts';

/** What a node told that its files are to be written anew by; undefined where it did not tell. */
export interface NodeFiles {
  readonly pod: string;
  readonly loadBytes: number | undefined;
  readonly files: DataFiles | undefined;
  readonly disk: DiskRoom | undefined;
  /** Bytes a second; 0 for no limit. */
  readonly throughput: number | undefined;
  readonly snapshots: readonly TableSnapshot[] | undefined;
}

/** What is ahead of one node. Bytes as on its disk. */
export interface WorkAhead {
  readonly pod: string;
  /** At most written anew; undefined when it is not known. */
  readonly bytes: number | undefined;
  /** How long at the compaction throughput; undefined without a limit, or when it is not known. */
  readonly expectedMs: number | undefined;
  /** Has to be free meanwhile, and is free. */
  readonly needed: number | undefined;
  readonly free: number | undefined;
  readonly text: string;
}

/** A table has to be opened, a Java machine begun. */
const LEAST_MS = 10_000;

/** By what is on the disk now: what is written meanwhile comes on top. */
export function workAhead(verb: Verb, node: NodeFiles, evidence: NodeEvidence | undefined): WorkAhead {
  const { pod, files, disk, loadBytes, throughput } = node;
  const isSkipped = verb.mode === 'cleanup' && evidence?.verdict === 'not needed';
  const bytes = files?.bytes ?? loadBytes;
  const needed = neededRoom(verb, loadBytes, disk?.largest);
  const isTimed = bytes !== undefined && throughput !== undefined && throughput > 0;
  const fullMs = isTimed ? Math.max(LEAST_MS, Math.round((1000 * bytes) / throughput)) : undefined;
  const expectedMs = isSkipped ? LEAST_MS : fullMs;
  const text = [
    bytes === undefined ? 'what it holds is not known' : writtenText(verb, bytes, files, isSkipped),
    ...(needed === undefined || disk === undefined
      ? ['its disk did not tell']
      : [`${sizeText(needed)} free is needed at most, ${sizeText(disk.free)} is there`]),
    timeText(throughput, fullMs),
    ...snapshotText(node.snapshots),
  ].join('; ');
  return { pod, bytes, expectedMs, needed, free: disk?.free, text: `${pod}: ${text}` };
}

const MOST_KEYSPACES = 4;

function writtenText(verb: Verb, bytes: number, files: DataFiles | undefined, isSkipped: boolean): string {
  const keyspaces = (files?.keyspaces ?? []).slice(0, MOST_KEYSPACES);
  const more = (files?.keyspaces.length ?? 0) - keyspaces.length;
  const names = [
    ...keyspaces.map(({ keyspace, bytes: size }) => `${keyspace} ${sizeText(size)}`),
    ...(more > 0 ? [counted(more, 'other')] : []),
  ];
  const formats = verb.mode === 'upgrade sstables' ? formatsText(files) : '';
  const what = files === undefined ? 'by its load' : `${counted(files.count, 'file')}${files.isCut ? ' or more' : ''}`;
  const of = names.length === 0 ? '' : `, ${names.join(', ')}`;
  const skipped = isSkipped ? ', of which it is expected to skip all' : '';
  return `${sizeText(bytes)} at most are written anew (${what}${of}${formats})${skipped}`;
}

/** Those of the format that this version writes are skipped. */
function formatsText(files: DataFiles | undefined): string {
  const formats = Object.entries(files?.formats ?? {}).map(([format, size]) => `${format} ${sizeText(size)}`);
  return formats.length === 0 ? '' : `; formats ${formats.join(', ')}`;
}

function timeText(throughput: number | undefined, fullMs: number | undefined): string {
  if (throughput === undefined) return 'its compaction throughput is not known';
  if (throughput === 0) return 'compaction has no limit: the disk says how long it takes';
  const time = fullMs === undefined ? '' : `${duration(fullMs)} `;
  return `${time}at ${sizeText(throughput)}/s`;
}

function snapshotText(snapshots: readonly TableSnapshot[] | undefined): readonly string[] {
  if (snapshots === undefined) return ['its snapshots are not known'];
  if (snapshots.length === 0) return [];
  const names = new Set(snapshots.map(({ name }) => name)).size;
  const sum = (of: (snapshot: TableSnapshot) => number): string =>
    sizeText(snapshots.reduce((total, snapshot) => total + of(snapshot), 0));
  return [
    `${counted(names, 'snapshot')} ${names === 1 ? 'pins' : 'pin'} ${sum(({ pinnedBytes }) => pinnedBytes)} now and up to ${sum(({ bytes }) => bytes)} once the files are written anew`,
  ];
}

const MOST_TOLD = 24;

export function workAheadCheck(works: readonly WorkAhead[]): Precondition {
  const id = { id: 'work-ahead', title: 'What is written anew, as far as it can be told' };
  const evidence = [
    ...works.slice(0, MOST_TOLD).map(({ text }) => text),
    ...(works.length > MOST_TOLD ? [`${works.length - MOST_TOLD} more nodes`] : []),
    'By what is on the disks now. All compactions of a node share the throughput, and a disk may be slower: it may take longer; files that are skipped make it shorter',
  ];
  const isTold = works.every(({ bytes, free }) => bytes !== undefined && free !== undefined);
  return { ...id, state: isTold ? 'holds' : 'unknown', evidence };
}

/** What is free now, and what is left of it at the worst moment. */
export function freeDisks(works: readonly WorkAhead[]): readonly Comparison[] {
  const items = works.flatMap(({ pod, free, needed }) =>
    free === undefined || needed === undefined ? [] : [{ label: pod, before: free, after: Math.max(0, free - needed) }],
  );
  return items.length === 0 ? [] : [{ title: 'Free disk, and at the least meanwhile', unit: 'bytes', items }];
}
