import type { DataCluster } from '#core/live/model.ts';
import type { Clock, Cluster } from '#core/live/ports.ts';
import { beginToFollow, foldProgress, type FollowedRun } from '#core/operations/followRun.ts';
import type { Plan, Progress, RunRecord, RunState } from '#core/operations/model.ts';
import type { Operations } from '#core/operations/operations.ts';
import type { RunControl } from '#core/operations/run.ts';

export interface RunStart {
  readonly context: string;
  readonly plan: Plan;
  readonly clusters: readonly DataCluster[];
  readonly cluster: Cluster;
  /** What an earlier run left. */
  readonly earlier?: RunRecord;
  /** What was typed, where it was paused to ask for a name. */
  readonly confirmed?: string;
  /** `cancel` ends what an earlier run left: nothing new is begun. */
  readonly wish?: 'run' | 'cancel';
}

export interface RunTools {
  readonly operations: Operations;
  readonly clock: Clock;
  readonly runner: string;
  /** `progress` is the last thing it told; undefined once it has ended, or when what is wanted of it is another. */
  readonly changed: (progress: Progress | undefined) => void;
}

/** One run in this window, from its beginning to its end. */
export class LocalRun {
  readonly context: string;
  readonly runner: string;
  /** Resolves once it has ended, however. */
  readonly ended: Promise<RunState>;
  #followed: FollowedRun;
  #wish: RunControl['wish'];
  #isActive = true;
  #hasStepped = false;
  readonly #changed: RunTools['changed'];

  constructor(start: RunStart, tools: RunTools) {
    const { context, plan, clusters, cluster, earlier, confirmed, wish = 'run' } = start;
    const { operations, clock, runner, changed } = tools;
    this.context = context;
    this.runner = runner;
    this.#wish = wish;
    this.#changed = changed;
    this.#followed = beginToFollow(plan, runner, clock.now(), earlier);
    const readWish = (): RunControl['wish'] => this.#wish;
    const control: RunControl = {
      get wish() {
        return readWish();
      },
    };
    const listener = (progress: Progress): void => this.#hear(progress);
    const order = {
      plan,
      clusters,
      ...(earlier ? { earlier } : {}),
      ...(confirmed === undefined ? {} : { confirmed }),
    };
    // First whoever starts it takes note of it.
    const running = Promise.resolve().then(() => operations.run(order, { cluster, clock, runner, control, listener }));
    this.ended = this.#end(running, clock);
  }

  get followed(): FollowedRun {
    return this.#followed;
  }

  get plan(): Plan {
    return this.#followed.record.plan;
  }

  get wish(): RunControl['wish'] {
    return this.#wish;
  }

  get isActive(): boolean {
    return this.#isActive;
  }

  /** Whether it came to work on a step: before that it has not taken the lock, and the journal is not its own. */
  get hasStepped(): boolean {
    return this.#hasStepped;
  }

  ask(wish: 'pause' | 'cancel' | 'detach'): void {
    this.#wish = wish;
    this.#changed(undefined);
  }

  #hear(progress: Progress): void {
    if (progress.kind === 'step') this.#hasStepped = true;
    this.#followed = foldProgress(this.#followed, progress);
    this.#changed(progress);
  }

  async #end(running: Promise<RunRecord>, clock: Clock): Promise<RunState> {
    try {
      this.#followed = { record: await running, current: undefined };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const state: RunState = { kind: 'paused', reason, fix: 'Nothing more was done. Look at the cluster and resume.' };
      this.#followed = foldProgress(this.#followed, { kind: 'state', state, at: clock.now() });
    }
    this.#isActive = false;
    this.#changed(undefined);
    return this.#followed.record.state;
  }
}
