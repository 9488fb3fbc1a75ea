import { initProducerIdV5 } from '@platformatic/kafka';
import { performance } from 'node:perf_hooks';
import { everyInterval, pause } from '../pace.ts';
import { createTally, type Tally } from '../tally.ts';
import { openBrokers, type Brokers } from './brokers.ts';
import { classifyKafkaError, isRetriable } from './errorClass.ts';
import { produce, type Idempotence } from './produce.ts';
import { encodeRecord } from './record.ts';
import type { ProducerOptions, ProducerOutcome } from './strictProducer.ts';

export interface PatientOutcome extends ProducerOutcome {
  /** Attempts that failed and were made again, by error class. */
  readonly retried: Readonly<Record<string, number>>;
}

interface Waiting {
  readonly sequence: number;
  readonly value: Buffer;
  /** On the clock of `performance`. */
  readonly created: number;
}

/** Kafka's own producers: 30 s for a request, 120 s for a record. Shortened, so that a run ends. */
const requestTimeout = 10_000;
const deliveryTimeout = 60_000;
const backoff = 100;

/**
 * To each broker. It handles the requests of one connection one after the other, acknowledgement by the followers
 * included, so partitions would wait for each other where applications send them in one request.
 */
const connections = 8;

/**
 * A producer as applications have it: idempotent, in order, trying again until a record is in or its time is over. What
 * fails here is what users of the cluster feel; so is the latency. Runs until the signal aborts and all records are settled.
 */
export async function runPatientProducer(options: ProducerOptions, signal: AbortSignal): Promise<PatientOutcome> {
  const pools = Array.from({ length: connections }, () => openBrokers({ requestTimeout }));
  const latencies: number[] = [];
  const retried = createTally();
  const { partitions } = options.routing;
  await Promise.all(
    Array.from({ length: partitions }, async (_, partition) => {
      await pause((partition * 1000) / (partitions * options.perPartition), signal);
      const pool = pools[partition % connections];
      if (pool === undefined) return;
      await runPartition({ ...options, pool, latencies, retried }, partition, signal);
    }),
  );
  for (const pool of pools) pool.close();
  return { latencies, retried: retried.counts() };
}

interface PartitionContext extends ProducerOptions {
  readonly pool: Brokers;
  readonly latencies: number[];
  readonly retried: Tally;
}

/** One record after the other, so that order and numbers stay right whatever is tried again. */
async function runPartition(context: PartitionContext, partition: number, signal: AbortSignal): Promise<void> {
  const { ledger, stream, recordBytes, perPartition } = context;
  const queue: Waiting[] = [];
  const feeding = everyInterval(1000 / perPartition, signal, () => {
    const sequence = ledger.issue(partition);
    const value = encodeRecord({ stream, partition, sequence, sentAt: Date.now() }, recordBytes);
    queue.push({ sequence, value, created: performance.now() });
  });
  let identity: Identity | undefined;
  while (!signal.aborted || queue.length > 0) {
    const next = queue.shift();
    if (next === undefined) await pause(Math.min(50, 500 / perPartition));
    else identity = await deliver(context, partition, next, identity);
  }
  await feeding;
}

interface Identity extends Idempotence {
  readonly partition: number;
}

/** Returns the identity for the next record; undefined when a gap in the numbers asks for a new one. */
async function deliver(
  context: PartitionContext,
  partition: number,
  { sequence, value, created }: Waiting,
  known: Identity | undefined,
): Promise<Identity | undefined> {
  const { ledger, routing, topic, pool } = context;
  let identity = known;
  for (;;) {
    const errorClass = await attempt();
    if (errorClass === undefined) {
      ledger.acknowledge(partition, sequence);
      context.latencies.push(performance.now() - created);
      return identity === undefined ? undefined : { ...identity, firstSequence: identity.firstSequence + 1 };
    }
    if (!isRetriable(errorClass) || performance.now() - created > deliveryTimeout) {
      ledger.fail(partition, sequence, errorClass);
      return undefined;
    }
    context.retried.add(errorClass);
    await Promise.all([pause(backoff), routing.refresh()]);
  }

  async function attempt(): Promise<string | undefined> {
    const leader = routing.leaderOf(partition);
    if (leader === undefined) return 'no leader';
    try {
      const mine = (identity ??= { partition, ...(await newProducer(pool, leader)) });
      const errors = await pool.ask(leader, (connection) => produce(connection, topic, [{ partition, value }], mine));
      return errors.has(partition) ? errors.get(partition) : 'no answer for partition';
    } catch (error) {
      return classifyKafkaError(error);
    }
  }
}

async function newProducer(pool: Brokers, broker: Parameters<Brokers['ask']>[0]): Promise<Idempotence> {
  const { producerId, producerEpoch } = await pool.ask(broker, (connection) =>
    initProducerIdV5.api.async(connection, null, deliveryTimeout, -1n, -1),
  );
  return { producerId, producerEpoch, firstSequence: 0 };
}
