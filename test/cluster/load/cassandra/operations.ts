import { performance } from 'node:perf_hooks';
import { everyInterval } from '../pace.ts';
import { summarizeLatencies, type LatencySummary } from '../percentiles.ts';
import { createTally, type Tally } from '../tally.ts';
import { classifyCqlError } from './errorClass.ts';
import type { Failure } from './failures.ts';
import type { Execute } from './loadSession.ts';

/** One kind of operations, and what became of them. */
export interface Outcomes {
  readonly sent: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly failedByClass: Readonly<Record<string, number>>;
  readonly latency: LatencySummary;
}

export interface Operated {
  readonly acknowledged: readonly number[];
  readonly failedWrites: readonly number[];
  readonly writes: Outcomes;
  readonly reads: Outcomes;
  /** Reads that did not find an acknowledged row. */
  readonly missed: number;
  /** Of writes and reads that succeeded. */
  readonly latency: LatencySummary;
  readonly failures: readonly Failure[];
}

/** Operations on their way at once; one beyond is counted as failed, because a queue would be measured instead. */
const backlog = 512;

/** Writes rows at a fixed rate and reads as many old ones, each once, until the signal aborts. */
export async function operate(
  execute: Execute,
  table: string,
  { writeRate, recordBytes }: { readonly writeRate: number; readonly recordBytes: number },
  signal: AbortSignal,
): Promise<Operated> {
  const value = '.'.repeat(recordBytes);
  const acknowledged: number[] = [];
  const failedWrites: number[] = [];
  const writes = createCounter();
  const reads = createCounter();
  const running = new Set<Promise<void>>();
  let missed = 0;
  let next = 0;

  const write = async (id: number): Promise<void> => {
    const insert = (): Promise<unknown> => execute(`INSERT INTO ${table} (id, value) VALUES (?, ?)`, [id, value]);
    if (await writes.count(insert)) acknowledged.push(id);
    else failedWrites.push(id);
  };
  const read = async (id: number): Promise<void> => {
    const select = async (): Promise<void> => {
      const { rowLength } = await execute(`SELECT id FROM ${table} WHERE id = ?`, [id]);
      if (rowLength === 0) missed += 1;
    };
    await reads.count(select);
  };
  const begin = (counter: Counter, operation: () => Promise<void>): void => {
    if (running.size >= backlog) return counter.refuse();
    const mine = operation().finally(() => running.delete(mine));
    running.add(mine);
  };

  await everyInterval(1000 / writeRate, signal, () => {
    const id = next++;
    begin(writes, () => write(id));
    // An old row, not the last one: that one is likely to be still in memory of the node that took it.
    const old = acknowledged[Math.floor(acknowledged.length / 2)];
    if (old !== undefined) begin(reads, () => read(old));
  });
  await Promise.all(running);
  return {
    acknowledged,
    failedWrites,
    missed,
    writes: writes.summarize(),
    reads: reads.summarize(),
    latency: summarizeLatencies([...writes.latencies, ...reads.latencies]),
    failures: [...writes.failures, ...reads.failures],
  };
}

interface Counter {
  /** Runs an operation; true when it succeeded. */
  count(this: void, operation: () => Promise<unknown>): Promise<boolean>;
  refuse(this: void): void;
  summarize(this: void): Outcomes;
  readonly latencies: readonly number[];
  readonly failures: readonly Failure[];
}

function createCounter(): Counter {
  const classes: Tally = createTally();
  const latencies: number[] = [];
  const failures: Failure[] = [];
  const fail = (errorClass: string, started: number): void => {
    classes.add(errorClass);
    failures.push({ from: started / 1000, to: performance.now() / 1000 });
  };
  return {
    latencies,
    failures,
    async count(operation) {
      const started = performance.now();
      try {
        await operation();
      } catch (error) {
        fail(classifyCqlError(error), started);
        return false;
      }
      latencies.push(performance.now() - started);
      return true;
    },
    refuse: () => fail('backlog', performance.now()),
    summarize: () => ({
      sent: latencies.length + classes.total,
      succeeded: latencies.length,
      failed: classes.total,
      failedByClass: classes.counts(),
      latency: summarizeLatencies(latencies),
    }),
  };
}
