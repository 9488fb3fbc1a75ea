import { setTimeout as sleep } from 'node:timers/promises';
import { limits, requireWithin } from '../pace.ts';
import { summarizeLatencies, type LatencySummary } from '../percentiles.ts';
import { watchStalls, type Stalls } from '../stalls.ts';
import { createTally } from '../tally.ts';
import type { BrokerAddress } from './brokers.ts';
import type { IsrSummary, MetadataSample } from './isrSeconds.ts';
import { createLedger, type LedgerSummary } from './ledger.ts';
import { runPatientProducer } from './patientProducer.ts';
import { followRecords, readAll } from './reader.ts';
import { followTopic, type Routing } from './routing.ts';
import { sampleMetadata } from './sampler.ts';
import { runStrictProducer } from './strictProducer.ts';
import { createTopic, deleteTopic } from './topic.ts';

export interface KafkaLoadOptions {
  readonly partitions: number;
  /** Records each second, to every partition, that are never sent twice. */
  readonly strictRate: number;
  /** The same for the producer that tries again. */
  readonly patientRate: number;
  readonly recordBytes: number;
  readonly minInSync: number;
}

export const kafkaLoadDefaults: KafkaLoadOptions = {
  partitions: 12,
  strictRate: 10,
  patientRate: 1,
  recordBytes: 1000,
  minInSync: 2,
};

export interface KafkaLoadReport {
  readonly options: KafkaLoadOptions;
  readonly seconds: number;
  /** The producer that never tries twice: shows every moment in which a partition takes no writes. */
  readonly strict: LedgerSummary & { readonly latency: LatencySummary };
  /** The producer as applications have it: what users feel. */
  readonly patient: LedgerSummary & {
    readonly latency: LatencySummary;
    readonly retried: Readonly<Record<string, number>>;
  };
  readonly consumer: {
    readonly read: number;
    /** Milliseconds from sending to reading. */
    readonly latency: LatencySummary;
    readonly errors: Readonly<Record<string, number>>;
    readonly unreadable: number;
  };
  readonly metadata: IsrSummary;
  readonly clientStalls: Stalls;
}

/** The brokers of the sample, by the names that they advertise. */
export const bedBrokers: readonly BrokerAddress[] = [0, 1, 2].map((number) => ({
  host: `kafka-${number}.kafka.kafka.svc`,
  port: 9092,
}));

const strictStream = 0;
const patientStream = 1;

/** Seconds that a cluster has, after the load, to bring all replicas in sync and to let everything be read back. */
const settleSeconds = 240;

/**
 * Puts load on a topic of its own while `during` runs, then waits until all replicas are in sync, reads everything back
 * and compares. What is lost is judged by the log as it is at the end, because that is what stays.
 */
export async function runKafkaLoad(
  options: KafkaLoadOptions,
  during: (signals: { readonly onSample: (see: (sample: MetadataSample) => void) => void }) => Promise<void>,
  brokers: readonly BrokerAddress[] = bedBrokers,
): Promise<KafkaLoadReport> {
  requireModest(options);
  const topic = `load-${Date.now()}`;
  await createTopic(brokers, { name: topic, partitions: options.partitions, minInSync: options.minInSync });
  const routing = await followTopic(topic, brokers);
  try {
    return await measure(options, topic, routing, brokers, during);
  } finally {
    routing.close();
    await deleteTopic(brokers, topic);
  }
}

function requireModest({ partitions, strictRate, patientRate, recordBytes }: KafkaLoadOptions): void {
  requireWithin('The number of partitions', partitions, limits.partitions);
  const records = partitions * (strictRate + patientRate);
  requireWithin('The number of records each second', records, limits.perSecond);
  requireWithin('The number of bytes each second', records * recordBytes, limits.bytesPerSecond);
}

async function measure(
  options: KafkaLoadOptions,
  topic: string,
  routing: Routing,
  brokers: readonly BrokerAddress[],
  during: Parameters<typeof runKafkaLoad>[1],
): Promise<KafkaLoadReport> {
  const started = Date.now();
  const endStalls = watchStalls();
  const load = new AbortController();
  const watch = new AbortController();
  const ledgers = [createLedger(options.partitions), createLedger(options.partitions)] as const;
  const common = { topic, routing, recordBytes: options.recordBytes };
  const strict = { ...common, ledger: ledgers[strictStream], stream: strictStream, perPartition: options.strictRate };
  const patient = {
    ...common,
    ledger: ledgers[patientStream],
    stream: patientStream,
    perPartition: options.patientRate,
  };
  const seers: ((sample: MetadataSample) => void)[] = [];
  const onSample = (sample: MetadataSample): void => seers.forEach((see) => see(sample));
  const metadata = sampleMetadata({ brokers, minInSync: options.minInSync, topics: [topic], onSample }, watch.signal);
  const consumer = consume({ topic, routing }, watch.signal);
  const producers = Promise.all([runStrictProducer(strict, load.signal), runPatientProducer(patient, load.signal)]);
  const limit = setTimeout(() => load.abort(), limits.seconds * 1000);
  try {
    await during({ onSample: (see) => seers.push(see) });
  } finally {
    clearTimeout(limit);
    load.abort();
  }
  const [strictOutcome, patientOutcome] = await producers;
  await untilInSync(seers);
  watch.abort();
  const seconds = (Date.now() - started) / 1000;
  const clientStalls = endStalls();
  const [isr, read] = await Promise.all([metadata, consumer]);
  await readBack({ topic, routing }, ledgers);
  return {
    options,
    seconds,
    strict: { ...strict.ledger.summarize(), latency: summarizeLatencies(strictOutcome.latencies) },
    patient: {
      ...patient.ledger.summarize(),
      latency: summarizeLatencies(patientOutcome.latencies),
      retried: patientOutcome.retried,
    },
    consumer: read,
    metadata: isr,
    clientStalls,
  };
}

interface Source {
  readonly topic: string;
  readonly routing: Routing;
}

async function consume(source: Source, signal: AbortSignal): Promise<KafkaLoadReport['consumer']> {
  const latencies: number[] = [];
  const errors = createTally();
  let unreadable = 0;
  await followRecords(
    {
      ...source,
      onError: errors.add,
      onRecord(_, head) {
        if (head === undefined) unreadable += 1;
        else latencies.push(Date.now() - head.sentAt);
      },
    },
    signal,
  );
  return { read: latencies.length, latency: summarizeLatencies(latencies), errors: errors.counts(), unreadable };
}

async function readBack(
  source: Source,
  ledgers: readonly { store(partition: number, sequence: number): void }[],
): Promise<void> {
  const onRecord = (partition: number, head: { stream: number; sequence: number } | undefined): void =>
    ledgers[head?.stream ?? 0]?.store(partition, head?.sequence ?? -1);
  await readAll({ ...source, onRecord, onError: () => undefined }, settleSeconds);
}

/** Returns when a sample has every replica in sync, or when time is up: then the report says what is missing. */
async function untilInSync(seers: ((sample: MetadataSample) => void)[]): Promise<void> {
  const done = new Promise<void>((resolve) => {
    seers.push(({ partitions, answered }) => {
      const isWhole = partitions.every(({ isr, replicas }) => isr.length === replicas.length);
      if (isWhole && answered.length > 0 && partitions.length > 0) resolve();
    });
  });
  const giveUp = new AbortController();
  await Promise.race([done, sleep(settleSeconds * 1000, undefined, { signal: giveUp.signal }).catch(() => undefined)]);
  giveUp.abort();
}
