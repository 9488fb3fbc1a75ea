import { Connection } from '@platformatic/kafka';
import { resolveInBed } from '../bedNames.ts';

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

/** Connections to brokers, each under the name that the broker advertises, found through the bed's DNS. */
export interface Brokers {
  /**
   * Asks one broker. A connection on which a request failed is dropped: after a timeout nobody knows what still comes
   * on it, and the pod behind the name may have another address by now.
   */
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

export function openBrokers({ connectTimeout = 1500, requestTimeout, inFlight = 100 }: BrokersOptions): Brokers {
  const open = new Map<string, Promise<Connection>>();
  const all = new Set<Connection>();

  async function connect(key: string, { host, port }: BrokerAddress): Promise<Connection> {
    const address = await resolveInBed(host);
    const connection = new Connection('data-clusters-load', {
      connectTimeout,
      requestTimeout,
      maxInflights: inFlight,
    });
    const forget = (): void => {
      all.delete(connection);
      if (open.get(key) === mine) open.delete(key);
    };
    const mine = open.get(key);
    // The library reports a lost connection as an event too, which would end this process if nobody listened.
    connection.on('error', forget);
    connection.on('close', forget);
    all.add(connection);
    await connection.connect(address, port);
    return connection;
  }

  function connectionTo(broker: BrokerAddress): Promise<Connection> {
    const key = `${broker.host}:${broker.port}`;
    const known = open.get(key);
    if (known !== undefined) return known;
    // Registered before it starts, so that it recognises itself when it fails.
    const fresh = Promise.resolve().then(() => connect(key, broker));
    open.set(key, fresh);
    fresh.catch(() => {
      if (open.get(key) === fresh) open.delete(key);
    });
    return fresh;
  }

  return {
    async ask(broker, request) {
      const connection = await connectionTo(broker);
      try {
        return await request(connection);
      } catch (error) {
        if (!isAnswer(error)) destroy(connection);
        throw error;
      }
    },
    close() {
      for (const connection of all) destroy(connection);
      open.clear();
    },
  };
}

/** An error that the broker itself answered says nothing against the connection. */
export const isAnswer = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'PLT_KFK_RESPONSE';

/** At once: closing in order would wait for a broker that may never read again. */
const destroy = (connection: Connection): void => {
  connection.socket?.destroy();
};
