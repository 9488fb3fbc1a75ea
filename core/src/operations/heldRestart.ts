import type { Cluster } from '#core/live/ports.ts';
import type { Answer, PlannedStep, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { isHeld, readStatefulSet, type StatefulSetNow } from '#core/operations/statefulSetNow.ts';
import { setBack } from '#core/operations/updateStrategy.ts';

/** The kind of a restart that brings a pod to the newest template of a StatefulSet that is held (updateStrategy.ts). */
export const HELD_RESTART = 'restart-held';

/** What such a step has beside the parameters of the restart itself. */
export interface HeldRestartParameters {
  /** The pod's StatefulSet. */
  readonly workload: string;
  /** The revision all pods shall have; empty when the plan could not know it yet. */
  readonly revision: string;
}

export interface HeldRestartPorts {
  readonly cluster: Cluster;
  readonly namespace: string;
  /** How a pod is restarted. */
  readonly restart: StepKind;
}

/**
 * A restart that a pod comes back from with the newest template. Beside what every restart asks:
 *
 * - its gate wants that the StatefulSet is still at OnDelete, and that the newest template is still the one of the plan: a tool that
 *   keeps objects as they are written elsewhere may have undone it, and the controller may then take pods out by itself;
 * - it is done when the pod has the newest revision.
 */
export class HeldRestart implements StepKind {
  readonly #ports: HeldRestartPorts;

  constructor(ports: HeldRestartPorts) {
    this.#ports = ports;
  }

  async isDone(context: StepContext): Promise<boolean> {
    const { older, isObserved } = await this.#read(context);
    if (!isObserved || older.includes(String(context.step.parameters['pod']))) return false;
    return this.#ports.restart.isDone(context);
  }

  hasActed(context: StepContext): Promise<boolean> {
    return this.#ports.restart.hasActed(context);
  }

  prepare(context: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return this.#ports.restart.prepare(context);
  }

  async gate(context: StepContext): Promise<Answer> {
    const now = await this.#read(context);
    return this.#unheld(now, parametersOf(context.step)) ?? this.#ports.restart.gate(context);
  }

  act(context: StepContext): Promise<ActOutcome> {
    return this.#ports.restart.act(context);
  }

  async awaited(context: StepContext): ReturnType<StepKind['awaited']> {
    const answer = await this.#ports.restart.awaited(context);
    if (answer.kind !== 'yes') return answer;
    const { older } = await this.#read(context);
    const pod = String(context.step.parameters['pod']);
    if (!older.includes(pod)) return answer;
    const reason = `${pod} came back with an older template than that of ${parametersOf(context.step).workload}.`;
    return { kind: 'stop', reason, fix: 'See whether the template or the update strategy was changed meanwhile.' };
  }

  finish(context: StepContext): Promise<readonly string[]> {
    return this.#ports.restart.finish(context);
  }

  #read({ step }: StepContext): Promise<StatefulSetNow> {
    return readStatefulSet(this.#ports.cluster, this.#ports.namespace, parametersOf(step).workload);
  }

  #unheld(now: StatefulSetNow, { workload, revision }: HeldRestartParameters): Answer | undefined {
    if (!isHeld(now.strategy)) return { kind: 'stop', ...setBack(now) };
    if (!now.isObserved)
      return {
        kind: 'wait',
        waitingFor: `the controller to see the newest template of ${workload}`,
        measure: [],
        isNear: true,
      };
    if (revision === '' || now.workload.updateRevision === revision) return undefined;
    const reason = `The template of ${workload} was changed again since the plan was made.`;
    return { kind: 'stop', reason, fix: 'Look at what changed and make a new plan.' };
  }
}

function parametersOf({ parameters }: PlannedStep): HeldRestartParameters {
  return { workload: String(parameters['workload'] ?? ''), revision: String(parameters['revision'] ?? '') };
}
