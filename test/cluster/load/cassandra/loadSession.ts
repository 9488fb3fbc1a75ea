import { errors, type QueryOptions, type types } from 'cassandra-driver';
import { performance } from 'node:perf_hooks';

export type Execute<Result = types.ResultSet> = (
  this: void,
  query: string,
  parameters?: readonly unknown[],
  options?: QueryOptions,
) => Promise<Result>;

/** What a load needs of a driver's session. */
export interface Session<Result> {
  execute(query: string, parameters: unknown[], options: QueryOptions): Promise<Result>;
  shutdown(): Promise<void>;
}

export interface LoadSession<Result = types.ResultSet> {
  /** Once; what fails is told as it failed. */
  readonly execute: Execute<Result>;
  /** How often a session took the place of one that had lost every host. */
  readonly reopened: number;
  close(this: void): Promise<void>;
}

/** Milliseconds without any host after which addresses are asked for again, and between two such tries. */
const patience = 2000;

/**
 * A session that is opened anew when no host has been there for two seconds. A driver knows nodes by their addresses; when all pods got
 * new ones before it could learn any of them, it never comes back by itself, and what would be measured is the driver.
 */
export async function openLoadSession<Result>(
  open: () => Promise<Session<Result>>,
  now: () => number = () => performance.now(),
): Promise<LoadSession<Result>> {
  let session = await open();
  let withoutHostSince: number | undefined;
  let lastTry = Number.NEGATIVE_INFINITY;
  let reopening: Promise<void> | undefined;
  let isClosed = false;
  let reopened = 0;
  const old: Session<Result>[] = [];

  const reopen = async (): Promise<void> => {
    lastTry = now();
    const next = await open().catch(() => undefined);
    if (next === undefined) return;
    // It stays open until the end: an answer that is under way would otherwise become a failure of ours.
    old.push(session);
    session = next;
    withoutHostSince = undefined;
    reopened += 1;
  };
  const noteFailure = (reason: unknown): void => {
    if (!(reason instanceof errors.NoHostAvailableError)) return;
    withoutHostSince ??= now();
    const isTime = now() - withoutHostSince >= patience && now() - lastTry >= patience;
    if (!isTime || isClosed || reopening) return;
    reopening = reopen().finally(() => (reopening = undefined));
  };

  return {
    async execute(query, parameters = [], options = {}) {
      const mine = session;
      try {
        const result = await mine.execute(query, [...parameters], options);
        if (mine === session) withoutHostSince = undefined;
        return result;
      } catch (error) {
        if (mine === session) noteFailure(error);
        throw error;
      }
    },
    get reopened() {
      return reopened;
    },
    async close() {
      isClosed = true;
      await reopening;
      await Promise.all([...old, session].map((one) => one.shutdown().catch(() => undefined)));
    },
  };
}
