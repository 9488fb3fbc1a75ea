import type { Answer, Awaited, RunRecord, RunState, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, Procedure, StepContext } from '#core/operations/procedure.ts';

/** What one kind of step does; see Procedure, whose methods these are. */
export interface StepKind extends Omit<Procedure, 'verifyIdentity' | 'leave'> {
  /** What is put back when a run with such steps ends early; see Procedure. */
  leave?(state: RunState, record: RunRecord): Promise<readonly string[]>;
}

/** The parameter of a step that names its kind. */
export const KIND = 'kind';

/** The parameter of a step that is true when the pod it takes out comes back under another name. */
export const NEW_NAMES = 'newNames';

/** A procedure whose plan has steps of several kinds, each told by its parameter `kind`. */
export class ProcedureOfKinds implements Procedure {
  readonly #kinds: Readonly<Record<string, StepKind>>;
  readonly verifyIdentity: Procedure['verifyIdentity'];

  constructor(kinds: Readonly<Record<string, StepKind>>, verifyIdentity: Procedure['verifyIdentity']) {
    this.#kinds = kinds;
    this.verifyIdentity = verifyIdentity;
  }

  isDone(context: StepContext): Promise<boolean> {
    return this.#of(context).isDone(context);
  }

  hasActed(context: StepContext): Promise<boolean> {
    return this.#of(context).hasActed(context);
  }

  prepare(context: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return this.#of(context).prepare(context);
  }

  gate(context: StepContext): Promise<Answer> {
    return this.#of(context).gate(context);
  }

  act(context: StepContext): Promise<ActOutcome> {
    return this.#of(context).act(context);
  }

  awaited(context: StepContext): Promise<Awaited> {
    return this.#of(context).awaited(context);
  }

  finish(context: StepContext): Promise<readonly string[]> {
    return this.#of(context).finish(context);
  }

  canAbort(context: StepContext): boolean {
    return this.#of(context).canAbort?.(context) ?? false;
  }

  async abort(context: StepContext): Promise<readonly string[]> {
    return (await this.#of(context).abort?.(context)) ?? [];
  }

  async leave(state: RunState, record: RunRecord): Promise<readonly string[]> {
    const notes: string[] = [];
    for (const kind of Object.values(this.#kinds)) notes.push(...((await kind.leave?.(state, record)) ?? []));
    return notes;
  }

  #of({ step }: StepContext): StepKind {
    const name = String(step.parameters[KIND] ?? '');
    const kind = Object.hasOwn(this.#kinds, name) ? this.#kinds[name] : undefined;
    if (kind) return kind;
    throw new Error(`The plan has a step of a kind that this version does not know: ${name}.`);
  }
}
