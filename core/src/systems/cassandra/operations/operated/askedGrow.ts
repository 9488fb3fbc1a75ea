import type { Answer, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { textIn } from '#core/operations/stepParameters.ts';
import {
  askedPartsOf,
  type AskedScale,
  type CleanupWord,
} from '#core/systems/cassandra/operations/operated/askedScale.ts';
import { GrowStep } from '#core/systems/cassandra/operations/scale/growStep.ts';

/**
 * Asks an operator for some more nodes, at most one in each rack:
 *
 * 1. The gate asks that the size is that of the plan, that the operator is there and at rest by its own account, and that the ring is whole.
 * 2. The field that keeps the size becomes that of the step, for the version that was read. No StatefulSet is touched.
 * 3. Each node is awaited as after our own doing: joined and up by its Host ID for every peer, CQL open, one schema, ready, ring_delay over. Then
 *    the operator has to say that it is done.
 *
 * Properties: never asked while it is at work; the size is never changed back, because operators leave nodes half-way then. What is under way is
 * awaited, whatever is wished. A size that somebody else changes, the operator included, ends the run.
 */
export class AskedGrow implements StepKind {
  readonly #asked: AskedScale;
  readonly #grow: GrowStep;
  readonly #cleanup: CleanupWord;
  /** Pods that were found to have joined; the gate of the next step asks them all again. */
  readonly #joined = new Set<string>();

  constructor(asked: AskedScale, cleanup: CleanupWord) {
    this.#asked = asked;
    this.#grow = new GrowStep(asked.target, asked.sizes);
    this.#cleanup = cleanup;
  }

  async isDone(context: StepContext): Promise<boolean> {
    if ((await this.#asked.sizes.unrest()) !== undefined) return false;
    for (const one of eachPod(context)) if (!(await this.#grow.isDone(one))) return false;
    return true;
  }

  async hasActed({ step }: StepContext): Promise<boolean> {
    const parts = askedPartsOf(step);
    return (await this.#asked.read()).replicas >= parts.to;
  }

  prepare({ memory }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return Promise.resolve({ ...memory, askedAt: this.#asked.target.ring.now() });
  }

  async gate({ step }: StepContext): Promise<Answer> {
    return (await this.#asked.gate(askedPartsOf(step))).answer;
  }

  async act({ step }: StepContext): Promise<ActOutcome> {
    const parts = askedPartsOf(step);
    return this.#asked.sizes.set(await this.#asked.read(), parts.to);
  }

  async awaited(context: StepContext): Promise<Answer> {
    const trouble = await this.#asked.trouble(askedPartsOf(context.step));
    if (trouble) return trouble;
    for (const one of eachPod(context)) {
      const name = textIn(one.step.parameters, 'pod');
      if (this.#joined.has(name)) continue;
      const answer = await this.#grow.awaited(one);
      if (answer.kind !== 'yes') return this.#asked.told(answer);
      this.#joined.add(name);
    }
    const unfinished = await this.#asked.unfinished();
    if (unfinished) return this.#asked.told(unfinished);
    return { kind: 'yes', evidence: `${askedPartsOf(context.step).pods.join(', ')} have joined` };
  }

  async finish(context: StepContext): Promise<readonly string[]> {
    const notes: string[] = [];
    for (const one of eachPod(context)) notes.push(...(await this.#grow.joinedNotes(one)));
    return [...notes, await this.#cleanup(context)];
  }
}

/** The step as it would be for each of its nodes alone. */
function eachPod(context: StepContext): readonly StepContext[] {
  const { step } = context;
  return askedPartsOf(step).pods.map((pod) => ({
    ...context,
    step: { ...step, parameters: { ...step.parameters, pod } },
  }));
}
