import { objectsOf, textAt, textOf, valueAt } from '#core/json.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import type { Answer, PlannedStep, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import {
  isValue,
  readValues,
  valuesOf,
  writeValues,
  writtenNotes,
} from '#core/systems/kafka/operations/configure/changeLists.ts';
import { BEFORE, WANTED } from '#core/systems/kafka/operations/configure/setSettings.ts';
import { KEYS } from '#core/systems/kafka/operations/configure/writeSettings.ts';
import { containersOf, patchTemplate, type VariableChange } from '#core/operations/podTemplate.ts';
import { setAddress } from '#core/operations/scaledSet.ts';
import { isHeld, readStatefulSet, type StatefulSetNow } from '#core/operations/statefulSetNow.ts';
import { setBack } from '#core/operations/updateStrategy.ts';
import { textIn, textsIn } from '#core/operations/stepParameters.ts';

/** Of a step beside the settings and their variables (KEYS): the StatefulSet, its uid, and the container. */
export const CONTAINER = 'container';

/**
 * Writes settings into the pod template of a StatefulSet, as variables of the broker's container.
 *
 * 1. The gate asks that the StatefulSet is the one of the plan and at OnDelete, so that its controller restarts no pod by itself, and that
 *    these variables are as they were when the plan was made.
 * 2. The variables are changed, and nothing else of the template; the write counts only for the version of the StatefulSet that was read.
 * 3. It is done when they are read back and the controller has seen the new template.
 *
 * Pods take it as they are restarted, one by one, by the steps that follow.
 */
export class TemplateStep implements StepKind {
  readonly #cluster: Cluster;
  readonly #namespace: string;

  constructor(cluster: Cluster, namespace: string) {
    this.#cluster = cluster;
    this.#namespace = namespace;
  }

  async isDone(context: StepContext): Promise<boolean> {
    return this.#has(context, WANTED);
  }

  hasActed(context: StepContext): Promise<boolean> {
    return this.isDone(context);
  }

  async prepare(context: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    const wanted = readValues(WANTED, context.step.parameters);
    return writeValues(BEFORE, valuesOf(wanted, await this.#read(context)));
  }

  async gate(context: StepContext): Promise<Answer> {
    const { parameters } = context.step;
    const now = await this.#now(context.step);
    const { name, uid } = now.workload.meta;
    if (uid !== textIn(parameters, 'uid')) {
      const reason = `The StatefulSet ${name} is another one than when the plan was made.`;
      return { kind: 'stop', reason, fix: 'Make a new plan.' };
    }
    if (!isHeld(now.strategy)) return { kind: 'stop', ...setBack(now) };
    if (!now.isObserved)
      return { kind: 'wait', waitingFor: `the controller to see the newest ${name}`, measure: [], isNear: true };
    if (await this.#has(context, BEFORE)) return { kind: 'yes', evidence: `${name} is at OnDelete` };
    const reason = `Somebody has changed the variables of ${name} since the plan was made.`;
    return { kind: 'stop', reason, fix: 'Make a new plan for what is there now.' };
  }

  async act({ step }: StepContext): Promise<ActOutcome> {
    const name = textIn(step.parameters, 'workload');
    const address = setAddress(this.#namespace, name);
    try {
      const object = await this.#cluster.get(address);
      await patchTemplate(this.#cluster, object, textIn(step.parameters, CONTAINER), changesOf(step));
      return { kind: 'acted' };
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      if (error.kind === 'conflict') return { kind: 'again', waitingFor: `${name} not to be changed by others` };
      if (error.kind !== 'forbidden' && error.kind !== 'invalid') throw error;
      const reason = `The server refuses the change of ${name}: ${error.message}`;
      return { kind: 'stop', reason, fix: 'Ask for the right, or see what refuses it.' };
    }
  }

  async awaited(context: StepContext): Promise<Answer> {
    const { workload, isObserved } = await this.#now(context.step);
    const { name } = workload.meta;
    if (!(await this.#has(context, WANTED))) {
      const reason = `${name} does not have what was written into its template: somebody has put it back.`;
      return { kind: 'stop', reason, fix: 'Change it where it comes from.' };
    }
    if (isObserved) return { kind: 'yes', evidence: `the controller of ${name} has seen the new template` };
    return { kind: 'wait', waitingFor: `the controller to see the new template of ${name}`, measure: [], isNear: true };
  }

  finish({ step, memory }: StepContext): Promise<readonly string[]> {
    return Promise.resolve(writtenNotes(readValues(WANTED, step.parameters), readValues(BEFORE, memory)));
  }

  async #has(context: StepContext, prefix: string): Promise<boolean> {
    const found = await this.#read(context);
    return readValues(prefix, context.step.parameters).every((one) => isValue(one, found.get(one.name)));
  }

  async #read({ step }: StepContext): Promise<ReadonlyMap<string, string>> {
    const object = await this.#cluster.get(setAddress(this.#namespace, textIn(step.parameters, 'workload')));
    const container = containersOf(object).find((one) => textAt(one, 'name') === textIn(step.parameters, CONTAINER));
    const variables = objectsOf(valueAt(container, 'env'));
    const keys = textsIn(step.parameters, KEYS);
    return new Map(
      readValues(WANTED, step.parameters).flatMap(({ name }, index) => {
        const entry = variables.findLast((one) => textAt(one, 'name') === keys[index]);
        return entry ? [[name, textOf(entry['value'])] as const] : [];
      }),
    );
  }

  #now(step: PlannedStep): Promise<StatefulSetNow> {
    return readStatefulSet(this.#cluster, this.#namespace, textIn(step.parameters, 'workload'));
  }
}

function changesOf({ parameters }: PlannedStep): readonly VariableChange[] {
  const keys = textsIn(parameters, KEYS);
  return readValues(WANTED, parameters).map(({ value }, index) => ({ variable: keys[index] ?? '', value }));
}
