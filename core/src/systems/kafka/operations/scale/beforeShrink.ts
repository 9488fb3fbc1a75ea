import type { Answer, Awaited, RunRecord, RunState, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import { KIND, type StepKind } from '#core/operations/stepKinds.ts';

/** The kind of step that takes a broker away. */
export const SHRINK = 'shrink';

/**
 * A step of the evacuation. Once the first broker is taken away it counts as done: that began only when all were seen to hold nothing, and
 * whoever goes on with the run cannot ask a broker that is gone.
 */
export class BeforeShrink implements StepKind {
  readonly #step: StepKind;
  readonly #hasShrunk: () => Promise<boolean>;
  /** What it has to put back when a run ends early is still to be put back after the first broker is gone. */
  readonly #outlives: boolean;

  constructor(step: StepKind, hasShrunk: () => Promise<boolean>, options: { readonly outlives: boolean }) {
    this.#step = step;
    this.#hasShrunk = hasShrunk;
    this.#outlives = options.outlives;
  }

  async isDone(context: StepContext): Promise<boolean> {
    return (await this.#hasShrunk()) || this.#step.isDone(context);
  }

  hasActed(context: StepContext): Promise<boolean> {
    return this.#step.hasActed(context);
  }

  prepare(context: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return this.#step.prepare(context);
  }

  gate(context: StepContext): Promise<Answer> {
    return this.#step.gate(context);
  }

  act(context: StepContext): Promise<ActOutcome> {
    return this.#step.act(context);
  }

  awaited(context: StepContext): Promise<Awaited> {
    return this.#step.awaited(context);
  }

  async finish(context: StepContext): Promise<readonly string[]> {
    return (await this.#hasShrunk()) ? [] : this.#step.finish(context);
  }

  canAbort(context: StepContext): boolean {
    return this.#step.canAbort?.(context) ?? false;
  }

  async abort(context: StepContext): Promise<readonly string[]> {
    return (await this.#step.abort?.(context)) ?? [];
  }

  /** Throttles were put back before the first broker went; what is left is the cordon of those that are still there. */
  async leave(state: RunState, record: RunRecord): Promise<readonly string[]> {
    const gone = goneIn(record);
    if (gone.length > 0 && !this.#outlives) return [];
    return (await this.#step.leave?.(state, recordWithout(gone, record))) ?? [];
  }
}

function goneIn({ plan, steps }: RunRecord): readonly number[] {
  return plan.steps.flatMap(({ id, parameters }) => {
    const phase = steps.find((step) => step.id === id)?.phase;
    const isGone = parameters[KIND] === SHRINK && phase !== undefined && phase !== 'gate' && phase !== 'acting';
    return isGone && typeof parameters['nodeId'] === 'number' ? [parameters['nodeId']] : [];
  });
}

/** Nothing of brokers that are gone can be put back. */
function recordWithout(gone: readonly number[], record: RunRecord): RunRecord {
  const steps = record.steps.map((step) => {
    const { brokers } = step.memory;
    if (!Array.isArray(brokers)) return step;
    return { ...step, memory: { ...step.memory, brokers: brokers.map(Number).filter((id) => !gone.includes(id)) } };
  });
  return { ...record, steps };
}
