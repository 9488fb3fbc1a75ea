import { numberAt, textAt, type JsonObject } from '#core/json.ts';
import { messageText } from '#core/live/plainText.ts';
import { ClusterProblem, type Cluster, type ObjectAddress } from '#core/live/ports.ts';
import type { Answer, Awaited, PlannedStep } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import { actReplicas, otherSet, readScaledSet, scaledElsewhere, type ScaledSet } from '#core/operations/scaledSet.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import { numberIn, textIn, textsIn } from '#core/operations/stepParameters.ts';
import { askMaster, type MasterSays, type MasterSilent } from '#core/systems/spark/operations/standaloneMaster.ts';
import { wait } from '#core/systems/spark/operations/steps/answers.ts';
import type { Memory } from '#core/systems/spark/operations/steps/goals.ts';

export const SET_SIZE = 'set-size';
export const BOUNDS = 'bounds';

/**
 * The number of workers where nobody but their StatefulSet decides. Awaited until every one is ready or gone, and until the master counts as
 * many: a worker that is ready has opened its port, and the master decides whether it is one. A master that cannot be asked, because there is
 * no right to reach its port, keeps nothing from being done; the report says so.
 */
export class WorkersStep implements StepKind {
  readonly #cluster: Cluster;
  readonly #namespace: string;

  constructor(cluster: Cluster, namespace: string) {
    this.#cluster = cluster;
    this.#namespace = namespace;
  }

  async isDone({ step }: StepContext): Promise<boolean> {
    const { set, ready, there } = await this.#now(step);
    const { to } = wanted(step);
    return set.replicas === to && ready === to && there === to;
  }

  async hasActed({ step }: StepContext): Promise<boolean> {
    return (await this.#now(step)).set.replicas === wanted(step).to;
  }

  prepare(): Promise<Memory> {
    return Promise.resolve({});
  }

  async gate({ step }: StepContext): Promise<Answer> {
    const { set, ready } = await this.#now(step);
    const other = set.replicas === wanted(step).to ? undefined : otherSet(set, wanted(step));
    return other ?? { kind: 'yes', evidence: `${wanted(step).workload} has ${ready} of ${set.replicas} ready` };
  }

  async act({ step }: StepContext): Promise<ActOutcome> {
    return actReplicas(this.#cluster, (await this.#now(step)).set, wanted(step).to);
  }

  async awaited({ step }: StepContext): Promise<Awaited> {
    const { workload, to } = wanted(step);
    const { set, ready, there } = await this.#now(step);
    if (set.replicas !== to) return scaledElsewhere(workload, set, to);
    if (ready === to && there === to) return this.#counted(step, `${workload} has ${ready} of ${to} ready`);
    return wait(`the workers of ${workload}: ${ready} of ${to} are ready, ${there} are there`, [ready, there]);
  }

  async finish({ step }: StepContext): Promise<readonly string[]> {
    const { workload, from, to } = wanted(step);
    const master = await this.#master(step);
    const told =
      master.kind === 'says'
        ? `The master ${master.pod} counts ${master.aliveWorkers} workers that are alive`
        : `The master could not be asked: ${master.why}`;
    return [`${workload} had ${from} workers and has ${to}`, told];
  }

  async #counted(step: PlannedStep, evidence: string): Promise<Answer> {
    const master = await this.#master(step);
    const { to } = wanted(step);
    if (master.kind === 'silent') return { kind: 'yes', evidence: `${evidence}; the master could not be asked` };
    const { pod, aliveWorkers } = master;
    if (aliveWorkers === to) return { kind: 'yes', evidence: `${evidence}, and ${pod} counts as many` };
    return wait(`the master ${pod} to count ${to} workers: it counts ${aliveWorkers}`, [aliveWorkers]);
  }

  #master({ parameters }: PlannedStep): Promise<MasterSays | MasterSilent> {
    const port = numberIn(parameters, 'masterPort');
    return askMaster(this.#cluster, this.#namespace, textsIn(parameters, 'masters'), port);
  }

  async #now(step: PlannedStep): Promise<{ set: ScaledSet; ready: number; there: number }> {
    const set = await readScaledSet(this.#cluster, this.#namespace, wanted(step).workload);
    const ready = numberAt(set.object, 'status', 'readyReplicas') ?? 0;
    return { set, ready, there: numberAt(set.object, 'status', 'replicas') ?? 0 };
  }
}

function wanted({ parameters }: PlannedStep) {
  return {
    workload: textIn(parameters, 'workload'),
    uid: textIn(parameters, 'uid'),
    from: numberIn(parameters, 'from'),
    to: numberIn(parameters, 'to'),
  };
}

export function autoscalerAddress(namespace: string, name: string): ObjectAddress {
  return { group: 'autoscaling', version: 'v2', plural: 'horizontalpodautoscalers', namespaced: true, namespace, name };
}

/** The bounds between which a HorizontalPodAutoscaler chooses the number of workers; awaited until it has come inside them. */
export class BoundsStep implements StepKind {
  readonly #cluster: Cluster;
  readonly #namespace: string;

  constructor(cluster: Cluster, namespace: string) {
    this.#cluster = cluster;
    this.#namespace = namespace;
  }

  async isDone({ step }: StepContext): Promise<boolean> {
    return this.hasActed({ step, memory: {} });
  }

  async hasActed({ step }: StepContext): Promise<boolean> {
    const { min, max } = boundsOf(await this.#read(step));
    return min === numberIn(step.parameters, 'min') && max === numberIn(step.parameters, 'max');
  }

  async prepare({ step }: StepContext): Promise<Memory> {
    return { resourceVersion: textAt(await this.#read(step), 'metadata', 'resourceVersion') };
  }

  async gate({ step }: StepContext): Promise<Answer> {
    const object = await this.#read(step);
    const { min, max } = boundsOf(object);
    const name = textIn(step.parameters, 'autoscaler');
    const isSame = textAt(object, 'metadata', 'uid') === textIn(step.parameters, 'uid');
    const isAsPlanned = min === numberIn(step.parameters, 'fromMin') && max === numberIn(step.parameters, 'fromMax');
    if (isSame && isAsPlanned) return { kind: 'yes', evidence: `${name} keeps between ${min} and ${max}` };
    const reason = `${name} is another one than when the plan was made, or has other bounds: ${min} to ${max}.`;
    return { kind: 'stop', reason, fix: 'Make a new plan for what is there now.' };
  }

  async act({ step, memory }: StepContext): Promise<ActOutcome> {
    const name = textIn(step.parameters, 'autoscaler');
    const spec = { minReplicas: numberIn(step.parameters, 'min'), maxReplicas: numberIn(step.parameters, 'max') };
    const metadata = { uid: textIn(step.parameters, 'uid'), resourceVersion: textIn(memory, 'resourceVersion') };
    try {
      await this.#cluster.mergePatch(autoscalerAddress(this.#namespace, name), { metadata, spec });
      return { kind: 'acted' };
    } catch (error) {
      if (!(error instanceof ClusterProblem)) throw error;
      if (error.kind === 'conflict') return { kind: 'again', waitingFor: `${name}, which somebody else has changed` };
      if (error.kind === 'unreachable' || error.kind === 'server' || error.kind === 'busy') throw error;
      const reason = `${name} may not be changed: ${messageText(error.message)}.`;
      return {
        kind: 'stop',
        reason,
        fix: 'Ask for the right to patch HorizontalPodAutoscalers, or see what refuses it.',
      };
    }
  }

  async awaited({ step }: StepContext): Promise<Awaited> {
    const object = await this.#read(step);
    const [min, max] = [numberIn(step.parameters, 'min'), numberIn(step.parameters, 'max')];
    const now = boundsOf(object);
    const name = textIn(step.parameters, 'autoscaler');
    if (now.min !== min || now.max !== max) {
      const reason = `${name} keeps between ${now.min} and ${now.max} again: somebody else has changed it.`;
      return { kind: 'stop', reason, fix: 'Find out who keeps it, and change it there.' };
    }
    const current = numberAt(object, 'status', 'currentReplicas') ?? 0;
    if (current >= min && current <= max) return { kind: 'yes', evidence: `${name} has ${current} workers` };
    return wait(`${name} to come between ${min} and ${max}: it has ${current}`, [current]);
  }

  async finish({ step }: StepContext): Promise<readonly string[]> {
    const { parameters } = step;
    const [min, max] = [numberIn(parameters, 'fromMin'), numberIn(parameters, 'fromMax')];
    return [`${textIn(parameters, 'autoscaler')} kept between ${min} and ${max} before`];
  }

  #read(step: PlannedStep): Promise<JsonObject> {
    return this.#cluster.get(autoscalerAddress(this.#namespace, textIn(step.parameters, 'autoscaler')));
  }
}

/** One at least, unless something else is said. */
export function boundsOf(object: JsonObject): { readonly min: number; readonly max: number } {
  return { min: numberAt(object, 'spec', 'minReplicas') ?? 1, max: numberAt(object, 'spec', 'maxReplicas') ?? 1 };
}
