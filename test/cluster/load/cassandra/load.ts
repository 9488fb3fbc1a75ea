import { types } from 'cassandra-driver';
import { setTimeout as sleep } from 'node:timers/promises';
import { limits, requireWithin } from '../pace.ts';
import { hundredths, type LatencySummary } from '../percentiles.ts';
import { watchStalls, type Stalls } from '../stalls.ts';
import { failureSeconds, longestFailureWindow } from './failures.ts';
import { openLoadSession, type Execute, type LoadSession } from './loadSession.ts';
import { operate, type Outcomes } from './operations.ts';
import type { RingSample, RingSummary } from './ringSeconds.ts';
import { sampleRing } from './sampler.ts';
import { bedMembers, datacenter, openStrictSession } from './session.ts';

export interface CqlLoadOptions {
  /** Each second; as many reads come on top. */
  readonly writeRate: number;
  readonly recordBytes: number;
}

export const cqlLoadDefaults: CqlLoadOptions = { writeRate: 100, recordBytes: 500 };

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
  /** Of both, those that succeeded. */
  readonly latency: LatencySummary;
  /** The longest time in which operations kept failing, and all such times together, in seconds. */
  readonly longestFailureWindow: number;
  readonly failureSeconds: number;
  /** How often the session had lost every host and was opened anew. */
  readonly sessionsReopened: number;
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

/** Writes and reads while `during` runs, waits until the ring is whole and reads every acknowledged row at ALL. */
export async function runCqlLoad(
  options: CqlLoadOptions,
  during: (signals: { readonly onSample: (see: (sample: RingSample) => void) => void }) => Promise<void>,
  members: readonly string[] = bedMembers,
): Promise<CqlLoadReport> {
  requireWithin('The number of writes each second', options.writeRate, limits.perSecond / 2);
  requireWithin('The number of bytes each second', options.writeRate * options.recordBytes, limits.bytesPerSecond);
  const session = await openLoadSession<types.ResultSet>(() => openStrictSession(members));
  const table = `${keyspace}.run_${Date.now()}`;
  try {
    await createTable(session.execute, table);
    return await measure(session, table, options, members, during);
  } finally {
    await session.execute(`DROP TABLE IF EXISTS ${table}`).catch(() => undefined);
    await session.close();
  }
}

async function createTable(execute: Execute, table: string): Promise<void> {
  const replication = `{'class': 'NetworkTopologyStrategy', '${datacenter}': 3}`;
  await execute(`CREATE KEYSPACE IF NOT EXISTS ${keyspace} WITH replication = ${replication}`);
  await execute(`CREATE TABLE ${table} (id int PRIMARY KEY, value text)`);
}

async function measure(
  session: LoadSession,
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
  const running = operate(session.execute, table, options, load.signal);
  const limit = setTimeout(() => load.abort(), limits.seconds * 1000);
  try {
    await during({ onSample: (see) => seers.push(see) });
    load.abort();
    await running;
    await untilWhole(seers, members.length);
  } finally {
    clearTimeout(limit);
    load.abort();
    watch.abort();
    await ring;
  }
  const { acknowledged, failedWrites, failures, latency, missed, reads, writes } = await running;
  const seconds = (Date.now() - started) / 1000;
  const clientStalls = endStalls();
  const summary = await ring;
  const stored = await readAll(session.execute, table);
  const lost = acknowledged.filter((id) => !stored.has(id));
  return {
    options,
    seconds,
    writes,
    reads: { ...reads, missed },
    latency,
    longestFailureWindow: hundredths(longestFailureWindow(failures)),
    failureSeconds: hundredths(failureSeconds(failures)),
    sessionsReopened: session.reopened,
    lost: lost.length,
    lostExamples: lost.slice(0, 10),
    failedButStored: failedWrites.filter((id) => stored.has(id)).length,
    ring: summary,
    clientStalls,
  };
}

/** Ids of all rows, each read from all replicas; tried again while the ring is only just whole. */
async function readAll(execute: Execute, table: string): Promise<ReadonlySet<number>> {
  const deadline = Date.now() + settleSeconds * 1000;
  for (;;) {
    try {
      return await scan(execute, table);
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(1000);
    }
  }
}

async function scan(execute: Execute, table: string): Promise<ReadonlySet<number>> {
  const ids = new Set<number>();
  const options = { consistency: types.consistencies.all, fetchSize: 1000, prepare: true, readTimeout: 20_000 };
  const collect = (row: types.Row): void => {
    const id: unknown = row.get('id');
    if (typeof id === 'number') ids.add(id);
  };
  let pageState: string | undefined;
  do {
    const page = await execute(`SELECT id, value FROM ${table}`, [], {
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
