import { Connection, TimeoutError } from '@platformatic/kafka';
import { setTimeout as sleep } from 'node:timers/promises';
import { resolveInBed } from '../bedNames.ts';

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

/** Connections to brokers, each under the name that the broker advertises, found through the bed's DNS. */
export interface Brokers {
  /** Asks one broker; fails when no answer comes in time. */
  ask<T>(this: void, broker: BrokerAddress, request: (connection: Connection) => Promise<T>): Promise<T>;
  close(this: void): void;
}

export interface BrokersOptions {
  /** Milliseconds. A deleted pod's address swallows packets, so connecting must not wait for long. */
  readonly connectTimeout?: number;
  readonly requestTimeout: number;
  /** Requests on their way at once, per broker. */
  readonly inFlight?: number;
}

/** A connection and what is under way on it. */
interface Line {
  readonly connected: Promise<Connection>;
  pending: number;
  /** Takes no more requests, and is closed once the last one is settled. */
  retired: boolean;
}

/**
 * The library's own limit for a request is never reached: after it, a late answer would be left unread and spoil every
 * answer behind it. So the time is taken here, and the line goes on until all that is under way on it is settled.
 */
const libraryTimeout = 60_000;

export function openBrokers({ connectTimeout = 1500, requestTimeout, inFlight = 100 }: BrokersOptions): Brokers {
  const lines = new Map<string, Line>();
  const all = new Set<Connection>();

  async function connect({ host, port }: BrokerAddress, onEnd: () => void): Promise<Connection> {
    const address = await resolveInBed(host);
    const limits = { connectTimeout, requestTimeout: libraryTimeout, maxInflights: inFlight };
    const connection = new Connection('data-clusters-load', limits);
    // The library reports a lost connection as an event too, which would end this process if nobody listened.
    for (const event of ['error', 'close'] as const) {
      connection.on(event, () => {
        all.delete(connection);
        onEnd();
      });
    }
    all.add(connection);
    await connection.connect(address, port);
    return connection;
  }

  function lineTo(broker: BrokerAddress): Line {
    const key = `${broker.host}:${broker.port}`;
    const known = lines.get(key);
    if (known?.retired === false) return known;
    const retire = (): void => {
      line.retired = true;
    };
    const line: Line = {
      connected: Promise.resolve().then(() => connect(broker, retire)),
      pending: 0,
      retired: false,
    };
    line.connected.catch(retire);
    lines.set(key, line);
    return line;
  }

  return {
    async ask(broker, request) {
      const line = lineTo(broker);
      const connection = await line.connected;
      const answer = request(connection);
      line.pending += 1;
      const settled = (): void => {
        line.pending -= 1;
        if (line.retired && line.pending === 0) destroy(connection);
      };
      answer.then(settled, settled);
      try {
        return await within(answer, requestTimeout);
      } catch (error) {
        // Nobody knows what is wrong with it, and the pod behind the name may have another address by now.
        if (!isAnswer(error)) line.retired = true;
        if (line.retired && line.pending === 0) destroy(connection);
        throw error;
      }
    },
    close() {
      for (const connection of all) destroy(connection);
      lines.clear();
    },
  };
}

/** An error that the broker itself answered says nothing against the connection. */
export const isAnswer = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'PLT_KFK_RESPONSE';

async function within<T>(answer: Promise<T>, milliseconds: number): Promise<T> {
  const answered = new AbortController();
  const tooLate = sleep(milliseconds, undefined, { signal: answered.signal }).then(() => {
    throw new TimeoutError('Request timed out');
  });
  // Cancelled, it fails, and nobody wants to know.
  tooLate.catch(() => undefined);
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    answered.abort();
  }
}

/** At once: closing in order would wait for a broker that may never read again. */
const destroy = (connection: Connection): void => {
  connection.socket?.destroy();
};
