import { types, type Client } from 'cassandra-driver';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { everyInterval, limits, requireWithin } from '../pace.ts';
import { summarizeLatencies, type LatencySummary } from '../percentiles.ts';
import { watchStalls, type Stalls } from '../stalls.ts';
import { createTally, type Tally } from '../tally.ts';
import { classifyCqlError } from './errorClass.ts';
import type { RingSample, RingSummary } from './ringSeconds.ts';
import { sampleRing } from './sampler.ts';
import { bedMembers, datacenter, openStrictSession } from './session.ts';

export interface CqlLoadOptions {
  /** Each second; as many reads come on top. */
  readonly writeRate: number;
  readonly recordBytes: number;
}

export const cqlLoadDefaults: CqlLoadOptions = { writeRate: 100, recordBytes: 500 };

interface Outcomes {
  readonly sent: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly failedByClass: Readonly<Record<string, number>>;
  readonly latency: LatencySummary;
}

export interface CqlLoadReport {
  readonly options: CqlLoadOptions;
  readonly seconds: number;
  /** At QUORUM, never tried twice. */
  readonly writes: Outcomes;
  /** At QUORUM, of rows whose writes were acknowledged before. */
  readonly reads: Outcomes & {
    /** Reads that did not find an acknowledged row: QUORUM after QUORUM must. */
    readonly missed: number;
  };
  /** Acknowledged rows that reading at ALL did not find at the end. */
  readonly lost: number;
  readonly lostExamples: readonly number[];
  /** Rows whose writes failed, yet that are there. */
  readonly failedButStored: number;
  readonly ring: RingSummary;
  readonly clientStalls: Stalls;
}

const keyspace = 'data_clusters_load';
const settleSeconds = 240;

/** Operations on their way at once; one beyond is counted as failed, because a queue would be measured instead. */
const backlog = 512;

/** Writes and reads while `during` runs, waits until the ring is whole and reads every acknowledged row at ALL. */
export async function runCqlLoad(
  options: CqlLoadOptions,
  during: (signals: { readonly onSample: (see: (sample: RingSample) => void) => void }) => Promise<void>,
  members: readonly string[] = bedMembers,
): Promise<CqlLoadReport> {
  requireWithin('The number of writes each second', options.writeRate, limits.perSecond / 2);
  requireWithin('The number of bytes each second', options.writeRate * options.recordBytes, limits.bytesPerSecond);
  const client = await openStrictSession(members);
  const table = `${keyspace}.run_${Date.now()}`;
  try {
    await createTable(client, table);
    return await measure(client, table, options, members, during);
  } finally {
    await client.execute(`DROP TABLE IF EXISTS ${table}`).catch(() => undefined);
    await client.shutdown();
  }
}

async function createTable(client: Client, table: string): Promise<void> {
  const replication = `{'class': 'NetworkTopologyStrategy', '${datacenter}': 3}`;
  await client.execute(`CREATE KEYSPACE IF NOT EXISTS ${keyspace} WITH replication = ${replication}`);
  await client.execute(`CREATE TABLE ${table} (id int PRIMARY KEY, value text)`);
}

async function measure(
  client: Client,
  table: string,
  options: CqlLoadOptions,
  members: readonly string[],
  during: Parameters<typeof runCqlLoad>[1],
): Promise<CqlLoadReport> {
  const started = Date.now();
  const endStalls = watchStalls();
  const load = new AbortController();
  const watch = new AbortController();
  const seers: ((sample: RingSample) => void)[] = [];
  const onSample = (sample: RingSample): void => seers.forEach((see) => see(sample));
  const ring = sampleRing({ members, onSample }, watch.signal);
  const running = operate(client, table, options, load.signal);
  const limit = setTimeout(() => load.abort(), limits.seconds * 1000);
  try {
    await during({ onSample: (see) => seers.push(see) });
  } finally {
    clearTimeout(limit);
    load.abort();
  }
  const { acknowledged, failedWrites, writes, reads, missed } = await running;
  await untilWhole(seers, members.length);
  watch.abort();
  const seconds = (Date.now() - started) / 1000;
  const clientStalls = endStalls();
  const summary = await ring;
  const stored = await readAll(client, table);
  const lost = acknowledged.filter((id) => !stored.has(id));
  return {
    options,
    seconds,
    writes: writes.summarize(),
    reads: { ...reads.summarize(), missed },
    lost: lost.length,
    lostExamples: lost.slice(0, 10),
    failedButStored: failedWrites.filter((id) => stored.has(id)).length,
    ring: summary,
    clientStalls,
  };
}

interface Operated {
  readonly acknowledged: readonly number[];
  readonly failedWrites: readonly number[];
  readonly writes: Counter;
  readonly reads: Counter;
  readonly missed: number;
}

async function operate(
  client: Client,
  table: string,
  { writeRate, recordBytes }: CqlLoadOptions,
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
    const insert = (): Promise<unknown> =>
      client.execute(`INSERT INTO ${table} (id, value) VALUES (?, ?)`, [id, value]);
    if (await writes.count(insert)) acknowledged.push(id);
    else failedWrites.push(id);
  };
  const read = async (id: number): Promise<void> => {
    const select = async (): Promise<void> => {
      const { rowLength } = await client.execute(`SELECT id FROM ${table} WHERE id = ?`, [id]);
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
  return { acknowledged, failedWrites, writes, reads, missed };
}

interface Counter {
  /** Runs an operation; true when it succeeded. */
  count(this: void, operation: () => Promise<unknown>): Promise<boolean>;
  refuse(this: void): void;
  summarize(this: void): Outcomes;
}

function createCounter(): Counter {
  const failures: Tally = createTally();
  const latencies: number[] = [];
  return {
    async count(operation) {
      const started = performance.now();
      try {
        await operation();
      } catch (error) {
        failures.add(classifyCqlError(error));
        return false;
      }
      latencies.push(performance.now() - started);
      return true;
    },
    refuse: () => failures.add('backlog'),
    summarize: () => ({
      sent: latencies.length + failures.total,
      succeeded: latencies.length,
      failed: failures.total,
      failedByClass: failures.counts(),
      latency: summarizeLatencies(latencies),
    }),
  };
}

/** Ids of all rows, each read from all replicas; tried again while the ring is only just whole. */
async function readAll(client: Client, table: string): Promise<ReadonlySet<number>> {
  const deadline = Date.now() + settleSeconds * 1000;
  for (;;) {
    try {
      return await scan(client, table);
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(1000);
    }
  }
}

async function scan(client: Client, table: string): Promise<ReadonlySet<number>> {
  const ids = new Set<number>();
  const options = { consistency: types.consistencies.all, fetchSize: 1000, prepare: true, readTimeout: 20_000 };
  const collect = (row: types.Row): void => {
    const id: unknown = row.get('id');
    if (typeof id === 'number') ids.add(id);
  };
  let pageState: string | undefined;
  do {
    const page = await client.execute(`SELECT id, value FROM ${table}`, [], {
      ...options,
      ...(pageState === undefined ? {} : { pageState }),
    });
    page.rows.forEach(collect);
    pageState = page.pageState ?? undefined;
  } while (pageState !== undefined);
  return ids;
}

/** Returns when every member sees all up, or when time is up: then the report says what is missing. */
async function untilWhole(seers: ((sample: RingSample) => void)[], members: number): Promise<void> {
  const done = new Promise<void>((resolve) => {
    seers.push(({ views }) => {
      const whole = views.filter(({ up }) => up !== undefined && up.length >= members);
      if (whole.length === members) resolve();
    });
  });
  const giveUp = new AbortController();
  await Promise.race([done, sleep(settleSeconds * 1000, undefined, { signal: giveUp.signal }).catch(() => undefined)]);
  giveUp.abort();
}
