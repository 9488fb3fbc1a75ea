import { decideRestart, type RestartDecision, type RestartLimits } from '#client/server/restartPolicy.ts';

export type ServerState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'running' }
  | {
      readonly kind: 'waiting';
      readonly delayMs: number;
      readonly attempt: number;
      readonly reason: string;
    }
  | { readonly kind: 'failed'; readonly ends: number; readonly reason: string };

/** One process of the server, from its start to its end. */
export interface ServerLife {
  /** Ends the process and releases everything that served it. Never rejects; may be called on a process that has ended. */
  stop(): Promise<void>;
}

/** Starts a process; resolves when it serves. Calls `onEnded` when it ends by itself, also before it serves. */
export type LaunchServer<Life extends ServerLife> = (onEnded: (reason: string) => void) => Promise<Life>;

export interface SupervisorSurroundings {
  readonly limits: RestartLimits;
  readonly now: () => number;
  /** Resolves after the time, or at once when the signal is aborted. Never rejects. */
  readonly delay: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly onState: (state: ServerState) => void;
}

/**
 * Keeps one server alive.
 * 1. `start` launches it once, however often it is asked for.
 * 2. When it ends by itself, or cannot start, the restart policy decides: wait and launch again, or give up.
 * 3. `stop` ends it, and also ends any launch or wait that is under way.
 *
 * Every launch has a number, the turn. What belongs to an earlier turn is ignored, so an end is answered once only
 * and nothing starts after `stop`.
 */
export class ServerSupervisor<Life extends ServerLife> {
  readonly #launch: LaunchServer<Life>;
  readonly #surroundings: SupervisorSurroundings;
  #state: ServerState = { kind: 'stopped' };
  #life: Life | undefined;
  #turn = 0;
  #endTimes: readonly number[] = [];
  #waiters: ((life: Life | undefined) => void)[] = [];
  #waiting = new AbortController();

  constructor(launch: LaunchServer<Life>, surroundings: SupervisorSurroundings) {
    this.#launch = launch;
    this.#surroundings = surroundings;
  }

  get state(): ServerState {
    return this.#state;
  }

  /** The process that serves now. */
  get life(): Life | undefined {
    return this.#life;
  }

  /** Resolves with the process once it serves, or with undefined when it is stopped or given up before that. */
  async start(): Promise<Life | undefined> {
    if (this.#life) return this.#life;
    const settled = new Promise<Life | undefined>((resolve) => this.#waiters.push(resolve));
    if (this.#state.kind === 'stopped' || this.#state.kind === 'failed') {
      this.#endTimes = [];
      void this.#runTurn();
    }
    return settled;
  }

  async restart(): Promise<Life | undefined> {
    await this.stop();
    return this.start();
  }

  async stop(): Promise<void> {
    this.#turn += 1;
    this.#waiting.abort();
    const life = this.#life;
    this.#life = undefined;
    this.#enter({ kind: 'stopped' });
    this.#settle(undefined);
    await life?.stop();
  }

  async #runTurn(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.#enter({ kind: 'starting' });
    let life: Life;
    try {
      life = await this.#launch((reason) => void this.#answerEnd(turn, reason));
    } catch (error) {
      await this.#answerEnd(turn, error instanceof Error ? error.message : String(error));
      return;
    }
    if (turn !== this.#turn) {
      await life.stop();
      return;
    }
    this.#life = life;
    this.#enter({ kind: 'running' });
    this.#settle(life);
  }

  async #answerEnd(turn: number, reason: string): Promise<void> {
    if (turn !== this.#turn) return;
    this.#turn += 1;
    const ended = this.#life;
    this.#life = undefined;
    const { now, limits } = this.#surroundings;
    const step = decideRestart(this.#endTimes, now(), limits);
    this.#endTimes = step.endTimes;
    await Promise.all([ended?.stop(), this.#follow(step.decision, reason)]);
  }

  async #follow(decision: RestartDecision, reason: string): Promise<void> {
    if (decision.kind === 'giveUp') {
      this.#enter({ kind: 'failed', ends: decision.ends, reason });
      this.#settle(undefined);
      return;
    }
    const { delayMs, attempt } = decision;
    const turn = this.#turn;
    this.#waiting = new AbortController();
    this.#enter({ kind: 'waiting', delayMs, attempt, reason });
    await this.#surroundings.delay(delayMs, this.#waiting.signal);
    if (turn === this.#turn) await this.#runTurn();
  }

  #enter(state: ServerState): void {
    this.#state = state;
    this.#surroundings.onState(state);
  }

  #settle(life: Life | undefined): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve(life);
  }
}
