import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import type { buildConnector, Dispatcher } from 'undici';
import Pool from 'undici/lib/dispatcher/pool.js';
import type { Credential } from '../login/credential.ts';
import { connectSocket, type ConnectPlan } from './connect.ts';

/** An unused connection is kept this long; API servers close theirs later. */
const keepAliveMs = 60_000;

/** Makes connections for one credential: those of another client certificate may not be shared. */
export interface Pools {
  poolFor(credential: Credential): Promise<Dispatcher>;
  /** Gives up all connections, used or not; the next request makes new ones. */
  renew(reason: Error): void;
}

/** @param plan how to connect; asked when a first connection is needed, and again after the certificate has changed */
export function createPools(origin: URL, plan: (credential: Credential) => Promise<ConnectPlan>): Pools {
  let current: { readonly key: string; readonly pool: Promise<Dispatcher> } | undefined;
  const make = async (credential: Credential): Promise<Dispatcher> => poolOf(origin, await plan(credential));
  return {
    poolFor(credential) {
      const key = keyOf(credential);
      if (current?.key !== key) {
        const old = current;
        const pool = make(credential);
        current = { key, pool };
        pool.catch(() => {
          if (current?.pool === pool) current = undefined;
        });
        // Requests that still run end by themselves.
        old?.pool.then((one) => one.close()).catch(() => undefined);
      }
      return (current as { readonly pool: Promise<Dispatcher> }).pool;
    },
    renew(reason) {
      const old = current;
      current = undefined;
      old?.pool.then((one) => one.destroy(reason)).catch(() => undefined);
    },
  };
}

const keyOf = ({ cert, key }: Credential): string =>
  cert === undefined ? '' : createHash('sha256').update(`${cert}\n${key}`).digest('hex');

/** @param connections at most; null: as many as there are requests */
export function poolOf(origin: URL, plan: ConnectPlan, connections: number | null = null): Dispatcher {
  return new Pool(origin.origin, {
    connections,
    pipelining: 1,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (_options, callback) => void connectFor(plan, callback),
  });
}

async function connectFor(plan: ConnectPlan, tell: buildConnector.Callback): Promise<void> {
  let socket: Socket;
  try {
    socket = await connectSocket(plan);
  } catch (error) {
    tell(error instanceof Error ? error : new Error(String(error)), null);
    return;
  }
  tell(null, socket);
}
