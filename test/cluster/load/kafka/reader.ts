import { pause } from '../pace.ts';
import { openBrokers, type BrokerAddress, type Brokers } from './brokers.ts';
import { classifyKafkaError } from './errorClass.ts';
import { endOffset, fetchNext, type Position } from './fetch.ts';
import { decodeRecord, type RecordHead } from './record.ts';
import type { Routing } from './routing.ts';

export interface ReaderOptions {
  readonly topic: string;
  readonly routing: Routing;
  /** Undefined for a record that no load wrote, or that was damaged. */
  readonly onRecord: (partition: number, head: RecordHead | undefined) => void;
  readonly onError: (errorClass: string) => void;
}

/** Reads every partition from its beginning until the signal aborts: what a consumer sees while things go on. */
export async function followRecords(options: ReaderOptions, signal: AbortSignal): Promise<void> {
  const pool = openBrokers({ requestTimeout: 5000 });
  await readWhile(() => !signal.aborted, pool, options, positionsOf(options.routing));
  pool.close();
}

/** Reads every partition from its beginning to the end that it has now; throws when that takes longer than the seconds. */
export async function readAll(options: ReaderOptions, seconds: number): Promise<void> {
  const pool = openBrokers({ requestTimeout: 10_000 });
  const signal = AbortSignal.timeout(seconds * 1000);
  try {
    const positions = positionsOf(options.routing);
    const ends = await Promise.all(positions.map(({ partition }) => endOf(pool, options, partition, signal)));
    const unread = (): Position[] => positions.filter(({ next }, index) => next < (ends[index] ?? 0n));
    await readWhile(() => !signal.aborted && unread().length > 0, pool, options, positions, unread);
  } finally {
    pool.close();
  }
  if (signal.aborted) throw new Error(`Reading everything back took more than ${seconds} s.`);
}

const positionsOf = ({ partitions }: Routing): Position[] =>
  Array.from({ length: partitions }, (_, partition) => ({ partition, next: 0n }));

/** Keeps one request under way to every broker that leads something; a broker that hangs holds up only its partitions. */
async function readWhile(
  goesOn: () => boolean,
  pool: Brokers,
  options: ReaderOptions,
  positions: readonly Position[],
  wanted: () => readonly Position[] = () => positions,
): Promise<void> {
  const busy = new Set<Position>();
  const running = new Map<string, Promise<void>>();
  while (goesOn()) {
    const idle = wanted().filter((position) => !busy.has(position));
    for (const [leader, led] of byLeader(idle, options.routing)) {
      if (running.has(leader.host)) continue;
      for (const position of led) busy.add(position);
      const fetching = fetchFrom(pool, options, leader, led).finally(() => {
        for (const position of led) busy.delete(position);
        running.delete(leader.host);
      });
      running.set(leader.host, fetching);
    }
    if (running.size === 0) await options.routing.refresh();
    await Promise.race([...running.values(), pause(100)]);
  }
  await Promise.all(running.values());
}

async function fetchFrom(
  pool: Brokers,
  options: ReaderOptions,
  leader: BrokerAddress,
  positions: readonly Position[],
): Promise<void> {
  const { topic, routing, onRecord, onError } = options;
  const take = (partition: number, value: Uint8Array | null): void => onRecord(partition, decodeRecord(value));
  const errors = await fetchNext(pool, leader, topic, positions, take).catch((error: unknown) => [
    classifyKafkaError(error),
  ]);
  if (errors.length === 0) return;
  for (const errorClass of errors) onError(errorClass);
  await Promise.all([pause(100), routing.refresh()]);
}

function byLeader(positions: readonly Position[], routing: Routing): ReadonlyMap<BrokerAddress, Position[]> {
  const groups = new Map<BrokerAddress, Position[]>();
  for (const position of positions) {
    const leader = routing.leaderOf(position.partition);
    if (leader !== undefined) groups.set(leader, [...(groups.get(leader) ?? []), position]);
  }
  return groups;
}

/** Asks until the leader answers, because at the end of a fault it may just be changing. */
async function endOf(pool: Brokers, options: ReaderOptions, partition: number, signal: AbortSignal): Promise<bigint> {
  while (!signal.aborted) {
    const leader = options.routing.leaderOf(partition);
    const end = leader && (await endOffset(pool, leader, options.topic, partition).catch(() => undefined));
    if (end !== undefined && end >= 0n) return end;
    await Promise.all([pause(100), options.routing.refresh()]);
  }
  return 0n;
}
