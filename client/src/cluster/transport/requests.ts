import { setMaxListeners } from 'node:events';
import type { Dispatcher } from 'undici';
import { ClusterProblem, type Clock } from '#core/live/ports.ts';
import type { Credential, Login } from '../login/credential.ts';
import { failureOf, problemOfFailure } from './networkProblems.ts';
import type { Pools } from './pool.ts';
import { cancelled, untilAborted } from './signals.ts';

export interface RequestOptions {
  readonly server: URL;
  readonly pools: Pools;
  readonly login: Login;
  readonly clock: Clock;
  readonly requestTimeoutMs: number;
  /** Why the server may refuse this credential, as a sentence; empty when nothing is known. */
  readonly explainRefusal: (credential: Credential) => string;
}

/** Connections and headers of one credential. */
export interface Session {
  readonly pool: Dispatcher;
  readonly headers: Record<string, string | string[]>;
}

/** Does one request. Until it resolves, `signal` also limits its time; what goes on after that ends early or by itself. */
export type Attempt<T> = (session: Session, signal: AbortSignal) => Promise<T>;

interface Limits {
  readonly signal?: AbortSignal;
  /** Of an attempt, without the login. */
  readonly timeoutMs?: number;
}

/** Gives requests their login and their end, and turns whatever they fail with into a ClusterProblem. */
export interface Requests {
  perform<T>(limits: Limits, attempt: Attempt<T>): Promise<T>;
  useLogin(login: Login): void;
  /** From now on everything rejects with this. */
  close(reason: ClusterProblem): void;
}

export function createRequests(options: RequestOptions): Requests {
  const { server, pools, clock } = options;
  const closing = new AbortController();
  // Every request that is under way listens.
  setMaxListeners(0, closing.signal);
  let closed: ClusterProblem | undefined;
  let login = options.login;

  const attemptWith = async <T>(
    credential: Credential,
    ending: AbortSignal,
    ms: number,
    attempt: Attempt<T>,
  ): Promise<T> => {
    const headers = { 'user-agent': 'data-clusters', ...credential.headers };
    const session = { pool: await pools.poolFor(credential), headers };
    const late = new AbortController();
    const timer = clock.after(ms, () => late.abort(failureOf('NO_ANSWER', 'No answer in time.')));
    try {
      return await attempt(session, AbortSignal.any([ending, late.signal]));
    } finally {
      timer.stop();
    }
  };

  /** Tries once more with a fresh login when the server refuses the first. */
  const withLogin = async <T>(ending: AbortSignal, ms: number, attempt: Attempt<T>): Promise<T> => {
    const used = await untilAborted(login.current(), ending);
    try {
      return await attemptWith(used, ending, ms, attempt);
    } catch (error) {
      if (!(error instanceof ClusterProblem) || error.kind !== 'unauthenticated') throw error;
      const fresh = await untilAborted(login.renew(used), ending);
      if (fresh === undefined) throw explained(error, options.explainRefusal(used));
      return attemptWith(fresh, ending, ms, attempt);
    }
  };

  return {
    async perform({ signal, timeoutMs = options.requestTimeoutMs }, attempt) {
      const ending = signal === undefined ? closing.signal : AbortSignal.any([closing.signal, signal]);
      try {
        ending.throwIfAborted();
        return await withLogin(ending, timeoutMs, attempt);
      } catch (error) {
        if (closed !== undefined) throw closed;
        if (signal?.aborted) throw cancelled();
        throw problemOfFailure(error, server.host);
      }
    },
    useLogin: (other) => {
      login = other;
    },
    close(reason) {
      closed ??= reason;
      closing.abort(closed);
    },
  };
}

const explained = (problem: ClusterProblem, why: string): ClusterProblem =>
  why === ''
    ? problem
    : new ClusterProblem(problem.kind, `${problem.message} ${why}`, { status: problem.status ?? 401, cause: problem });
