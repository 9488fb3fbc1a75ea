import { Listeners } from '#client/live/listeners.ts';
import { LocalRun, type RunStart } from '#client/operations/localRun.ts';
import type { Clock, Stoppable } from '#core/live/ports.ts';
import type { Progress } from '#core/operations/model.ts';
import type { Operations } from '#core/operations/operations.ts';
import type { Log } from '#core/ports.ts';

export interface RunsHost {
  readonly operations: () => Operations;
  readonly clock: Clock;
  /** A name that no other run has. */
  readonly runner: () => string;
  readonly log: Log;
}

/** The runs of this window. Closing what shows one does not end it; closing the window leaves it where the journal says. */
export class OperationRuns {
  readonly #host: RunsHost;
  readonly #runs = new Map<string, LocalRun>();
  readonly #changed: Listeners<[run: LocalRun, progress: Progress | undefined]>;

  constructor(host: RunsHost) {
    this.#host = host;
    this.#changed = new Listeners((error) => host.log.error('A listener of operations failed.', error));
  }

  /** Told at once of everything a run tells, and when one ends. */
  onDidChange(listener: (run: LocalRun, progress: Progress | undefined) => void): Stoppable {
    return this.#changed.add(listener);
  }

  /** Begins, or goes on with what an earlier run left. One that goes on here already is given back as it is. */
  start(request: RunStart): LocalRun {
    const key = keyOf(request.context, request.plan.id);
    const known = this.#runs.get(key);
    if (known?.isActive) return known;
    const { operations, clock, runner } = this.#host;
    const run: LocalRun = new LocalRun(request, {
      operations: operations(),
      clock,
      runner: runner(),
      changed: (progress) => this.#changed.tell(run, progress),
    });
    this.#runs.set(key, run);
    this.#changed.tell(run, undefined);
    return run;
  }

  find(context: string, plan: string): LocalRun | undefined {
    return this.#runs.get(keyOf(context, plan));
  }

  in(context: string): readonly LocalRun[] {
    return [...this.#runs.values()].filter((run) => run.context === context);
  }

  get active(): readonly LocalRun[] {
    return [...this.#runs.values()].filter(({ isActive }) => isActive);
  }

  /** Leaves everything that goes on, and waits for a moment until the journals say so. */
  async detach(limitMs: number): Promise<void> {
    const left = this.active;
    if (left.length === 0) return;
    for (const run of left) run.ask('detach');
    let limit: Stoppable | undefined;
    const isLate = new Promise<void>((resolve) => {
      limit = this.#host.clock.after(limitMs, resolve);
    });
    await Promise.race([Promise.all(left.map(({ ended }) => ended)), isLate]);
    limit?.stop();
  }
}

const keyOf = (context: string, plan: string): string => JSON.stringify([context, plan]);
