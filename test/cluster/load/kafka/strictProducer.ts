import { performance } from 'node:perf_hooks';
import { everyInterval } from '../pace.ts';
import { openBrokers, type BrokerAddress, type Brokers } from './brokers.ts';
import { classifyKafkaError } from './errorClass.ts';
import type { Ledger } from './ledger.ts';
import { produce, type OutgoingRecord } from './produce.ts';
import { encodeRecord } from './record.ts';
import type { Routing } from './routing.ts';

export interface ProducerOptions {
  readonly topic: string;
  readonly routing: Routing;
  readonly ledger: Ledger;
  readonly stream: number;
  readonly recordBytes: number;
  /** Records each second, to every partition. */
  readonly perPartition: number;
}

export interface ProducerOutcome {
  /** Milliseconds from sending to acknowledgement. */
  readonly latencies: readonly number[];
}

/** One of the connections to a broker. */
interface Lane {
  readonly leader: BrokerAddress;
  readonly pool: Brokers;
  readonly key: string;
}

interface Pending extends OutgoingRecord {
  readonly sequence: number;
}

/** Milliseconds after which a send has failed. */
const requestTimeout = 5000;

/** To each broker, which handles the requests of one connection one after the other, acknowledgement included. */
const connections = 4;

/** Requests on their way on one connection. A record beyond is not sent: a load that queues without end measures its queue. */
const backlog = 60;

/**
 * A producer that never tries twice, so that every moment in which a partition takes no writes is seen: one record at a
 * time to each partition, at fixed moments. Runs until the signal aborts and every answer is in.
 */
export async function runStrictProducer(options: ProducerOptions, signal: AbortSignal): Promise<ProducerOutcome> {
  const { topic, routing, ledger } = options;
  const pools = Array.from({ length: connections }, () => openBrokers({ requestTimeout, inFlight: backlog }));
  const onTheWay = new Map<string, number>();
  const running = new Set<Promise<void>>();
  const latencies: number[] = [];

  const fail = (records: readonly Pending[], errorClass: string): void => {
    for (const { partition, sequence } of records) ledger.fail(partition, sequence, errorClass);
    if (errorClass !== 'backlog') void routing.refresh();
  };
  const send = async (lane: Lane, records: readonly Pending[]): Promise<void> => {
    const started = performance.now();
    try {
      const errors = await lane.pool.ask(lane.leader, (connection) => produce(connection, topic, records));
      for (const record of records) {
        const errorClass = errors.has(record.partition) ? errors.get(record.partition) : 'no answer for partition';
        if (errorClass !== undefined) fail([record], errorClass);
        else {
          ledger.acknowledge(record.partition, record.sequence);
          latencies.push(performance.now() - started);
        }
      }
    } catch (error) {
      fail(records, classifyKafkaError(error));
    }
  };
  const sendWithin = async (lane: Lane, records: readonly Pending[]): Promise<void> => {
    const before = onTheWay.get(lane.key) ?? 0;
    if (before >= backlog) return fail(records, 'backlog');
    onTheWay.set(lane.key, before + 1);
    await send(lane, records);
    onTheWay.set(lane.key, (onTheWay.get(lane.key) ?? 1) - 1);
  };

  await everyInterval(1000 / options.perPartition, signal, () => {
    const { led, leaderless } = nextRecords(options);
    if (leaderless.length > 0) fail(leaderless, 'no leader');
    for (const [leader, records] of led) {
      for (const [number, pool] of pools.entries()) {
        const mine = records.filter(({ partition }) => partition % connections === number);
        if (mine.length === 0) continue;
        const lane = { leader, pool, key: `${leader.host} ${number}` };
        const sending = sendWithin(lane, mine).finally(() => running.delete(sending));
        running.add(sending);
      }
    }
  });
  await Promise.all(running);
  for (const pool of pools) pool.close();
  return { latencies };
}

interface NextRecords {
  readonly led: ReadonlyMap<BrokerAddress, readonly Pending[]>;
  readonly leaderless: readonly Pending[];
}

/** One record for every partition, by the broker that leads it. */
function nextRecords({ routing, ledger, stream, recordBytes }: ProducerOptions): NextRecords {
  const led = new Map<BrokerAddress, Pending[]>();
  const leaderless: Pending[] = [];
  for (let partition = 0; partition < routing.partitions; partition += 1) {
    const sequence = ledger.issue(partition);
    const value = encodeRecord({ stream, partition, sequence, sentAt: Date.now() }, recordBytes);
    const leader = routing.leaderOf(partition);
    const list = leader === undefined ? leaderless : (led.get(leader) ?? []);
    list.push({ partition, sequence, value });
    if (leader !== undefined) led.set(leader, list);
  }
  return { led, leaderless };
}
