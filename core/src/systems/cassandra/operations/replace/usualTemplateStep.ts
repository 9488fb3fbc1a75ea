import type { Answer, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { waiting } from '#core/systems/cassandra/operations/answers.ts';
import {
  readTemplate,
  unheld,
  writeTemplate,
  type TemplateNow,
} from '#core/systems/cassandra/operations/replace/firstBootTemplate.ts';
import { replacePartsOf } from '#core/systems/cassandra/operations/replace/replaceParts.ts';
import type { RingTarget } from '#core/systems/cassandra/operations/tending/ringTarget.ts';

export const USUAL_TEMPLATE = 'usual-template';

/**
 * Makes the template what it was before a node was replaced, once that has joined: no other pod is ever made with its option. The StatefulSet is
 * at OnDelete all the while, so that no pod is restarted by it.
 */
export class UsualTemplateStep implements StepKind {
  readonly #target: RingTarget;

  constructor(target: RingTarget) {
    this.#target = target;
  }

  async isDone(context: StepContext): Promise<boolean> {
    return (await this.#read(context)).isUsual;
  }

  hasActed(context: StepContext): Promise<boolean> {
    return this.isDone(context);
  }

  prepare({ memory }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return Promise.resolve(memory);
  }

  async gate(context: StepContext): Promise<Answer> {
    const parts = replacePartsOf(context.step);
    const template = await this.#read(context);
    return (
      unheld(template, parts) ?? {
        kind: 'yes',
        evidence: `${parts.pod} has joined, and ${parts.workload} is at OnDelete`,
      }
    );
  }

  async act(context: StepContext): Promise<ActOutcome> {
    const { container, before } = replacePartsOf(context.step);
    return writeTemplate(this.#target.cluster, await this.#read(context), container, before);
  }

  async awaited(context: StepContext): Promise<Answer> {
    const { workload } = replacePartsOf(context.step);
    const { isUsual, isObserved } = await this.#read(context);
    if (!isUsual) {
      const reason = `The template of ${workload} has the option of the replacement again: somebody has put it back.`;
      return { kind: 'stop', reason, fix: 'Take it out where it comes from.' };
    }
    if (isObserved) return { kind: 'yes', evidence: `the controller of ${workload} has seen it` };
    return waiting(`the controller of ${workload} to see it`, [], true);
  }

  async finish({ step }: StepContext): Promise<readonly string[]> {
    const { pod, workload } = replacePartsOf(step);
    const { older } = await this.#read({ step, memory: {} });
    const left = `${pod} has the option among its variables until it is restarted; a node that has joined ignores it, and says so in its log`;
    return [`The template of ${workload} is as it was`, ...(older.includes(pod) ? [left] : [])];
  }

  #read({ step }: StepContext): Promise<TemplateNow> {
    return readTemplate(this.#target.cluster, this.#target.namespace, replacePartsOf(step));
  }
}
