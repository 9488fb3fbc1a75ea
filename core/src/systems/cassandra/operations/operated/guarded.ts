import type { Answer, Awaited, RunRecord, RunState, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, Procedure, StepContext } from '#core/operations/procedure.ts';

/** A procedure of ours whose steps are begun only when an operator is at rest as well. */
export class GuardedProcedure implements Procedure {
  readonly #inner: Procedure;
  readonly #guard: () => Promise<Answer | undefined>;

  /** `guard`: why nothing must be begun now; undefined when it may. */
  constructor(inner: Procedure, guard: () => Promise<Answer | undefined>) {
    this.#inner = inner;
    this.#guard = guard;
  }

  verifyIdentity(): Promise<string | undefined> {
    return this.#inner.verifyIdentity();
  }

  isDone(context: StepContext): Promise<boolean> {
    return this.#inner.isDone(context);
  }

  hasActed(context: StepContext): Promise<boolean> {
    return this.#inner.hasActed(context);
  }

  prepare(context: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return this.#inner.prepare(context);
  }

  async gate(context: StepContext): Promise<Answer> {
    return (await this.#guard()) ?? this.#inner.gate(context);
  }

  act(context: StepContext): Promise<ActOutcome> {
    return this.#inner.act(context);
  }

  awaited(context: StepContext): Promise<Awaited> {
    return this.#inner.awaited(context);
  }

  finish(context: StepContext): Promise<readonly string[]> {
    return this.#inner.finish(context);
  }

  canAbort(context: StepContext): boolean {
    return this.#inner.canAbort?.(context) ?? false;
  }

  async abort(context: StepContext): Promise<readonly string[]> {
    return (await this.#inner.abort?.(context)) ?? [];
  }

  async leave(state: RunState, record: RunRecord): Promise<readonly string[]> {
    return (await this.#inner.leave?.(state, record)) ?? [];
  }
}
