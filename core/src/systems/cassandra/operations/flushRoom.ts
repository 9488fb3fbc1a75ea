import { sizeText } from '#core/live/sizes.ts';
import type { Precondition } from '#core/operations/model.ts';
import type { Examination } from '#core/systems/cassandra/operations/examination.ts';
import { named } from '#core/systems/cassandra/operations/reading.ts';

/**
 * A drain, and the end of a process as well, writes what is in memory to files. `memtable_heap_space` and `memtable_offheap_space` are a quarter
 * of the heap each by default, so that it is half of the heap at most; on disk it is compressed as a rule.
 */
const HEAP_SHARE = 0.5;

/** With less than a segment of the commit log (`commitlog_segment_size`) a node can take no writes even now. */
const SEGMENT_BYTES = 32 * 1024 ** 2;

/** Disk that is free for what the nodes have in memory. */
export function roomForFlush({ members, reading, disks }: Examination): Precondition {
  const id = { id: 'flush-room', title: 'The disks have room for what is in memory' };
  const isDrained = (name: string): boolean =>
    reading.ring.nodes.some(({ member, verdict }) => member === name && verdict === 'drained');
  const rooms = members
    .filter(({ name }) => !isDrained(name))
    .map(({ name }) => {
      const heap = reading.answers.find(({ member }) => member === name)?.info?.heapMaxBytes;
      const needed = heap === undefined ? undefined : Math.round(heap * HEAP_SHARE);
      return { name, needed, free: disks.get(name)?.free };
    });
  const told = rooms.flatMap(({ name, needed, free }) =>
    needed === undefined || free === undefined ? [] : [{ name, needed, free }],
  );
  const evidence = (short: typeof told): readonly string[] =>
    short
      .slice(0, 6)
      .map(({ name, needed, free }) => `${name} has ${sizeText(free)} free, and may write ${sizeText(needed)}`);
  const full = rooms.flatMap(({ name, free }) =>
    free !== undefined && free < SEGMENT_BYTES ? [`${name} has ${sizeText(free)} free`] : [],
  );
  const fix = 'Clear snapshots, or give them larger volumes, first.';
  if (full.length > 0)
    return {
      ...id,
      state: 'fails',
      evidence: [...full.slice(0, 6), 'It would neither end in order nor start again'],
      fix,
    };
  const short = told.filter(({ needed, free }) => free < needed);
  if (short.length > 0)
    return {
      ...id,
      state: 'consent',
      evidence: evidence(short),
      fix: `${fix} A node whose flush fails may not start again.`,
    };
  const untold = rooms.length - told.length;
  if (untold > 0) {
    const names = rooms.filter(({ name }) => told.every((one) => one.name !== name)).map(({ name }) => name);
    return { ...id, state: 'unknown', evidence: [`${named(names)} did not tell`], fix: 'Look at their disks.' };
  }
  const tightest = told.toSorted((a, b) => a.free - a.needed - (b.free - b.needed)).slice(0, 1);
  return { ...id, state: 'holds', evidence: tightest.length === 0 ? ['Nothing is in memory'] : evidence(tightest) };
}
