import { objectOf, type JsonObject } from '#core/json.ts';
import { readJson } from '#core/live/fieldPath.ts';
import type { LiveWorkload } from '#core/live/objects.ts';
import { ClusterProblem, type Cluster } from '#core/live/ports.ts';
import type { Answer, PlannedStep, RunRecord, RunState, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import { KIND, type StepKind } from '#core/operations/stepKinds.ts';
import {
  describeStrategy,
  isHeld,
  isRollingOut,
  isSameStrategy,
  readStatefulSet,
  setOnDelete,
  setStrategy,
  type StatefulSetNow,
} from '#core/operations/statefulSetNow.ts';

/**
 * A new pod template in our order, with our gates:
 *
 * 1. `hold-strategy`: the update strategy of the StatefulSet becomes OnDelete, so that its controller replaces no pod by itself. What it
 *    was before, partition included, is in the plan and in the journal.
 * 2. Whoever plans it changes the template, if it is not changed yet, and restarts the pods one at a time (heldRestart.ts).
 * 3. `restore-strategy`: once no pod is of an older template, the strategy of before is put back.
 *
 * Properties: the strategy is never put back while a pod of an older template is left, or while the controller has not seen the newest
 * template, because it would then replace pods by itself, going by readiness alone. A run that ends early leaves OnDelete and says so.
 */
export const HOLD = 'hold-strategy';
export const RESTORE = 'restore-strategy';

export interface StrategyPorts {
  readonly cluster: Cluster;
  readonly namespace: string;
}

/** The kinds of step, to be given to ProcedureOfKinds. */
export function updateStrategyKinds(ports: StrategyPorts): Readonly<Record<typeof HOLD | typeof RESTORE, StepKind>> {
  return { [HOLD]: new HoldStrategy(ports), [RESTORE]: new RestoreStrategy(ports) };
}

export interface StrategySteps {
  /** Empty when it is OnDelete already. */
  readonly first: readonly PlannedStep[];
  /** Empty when there is nothing to put back. */
  readonly last: readonly PlannedStep[];
}

/**
 * The first and the last step of a plan that rolls a template of this StatefulSet. `pendingOnly`: the new template is there already, so
 * that nothing needs to be held once no pod is of an older one. `before` is the strategy to put back where that is not today's: an
 * earlier run has left OnDelete.
 */
export function strategySteps(
  { workload, strategy }: Pick<StatefulSetNow, 'workload' | 'strategy'>,
  options: { readonly pendingOnly: boolean; readonly before?: JsonObject },
): StrategySteps {
  const before = options.before ?? strategy;
  if (isHeld(before)) return { first: [], last: [] };
  const { name, uid } = workload.meta;
  const parameters = { workload: name, uid, before: JSON.stringify(before), pendingOnly: options.pendingOnly };
  const words = describeStrategy(before);
  const hold: PlannedStep = {
    id: `hold-${name}`,
    title: `Keep ${name} from replacing pods by itself`,
    gate: `the StatefulSet is the one of the plan, its strategy is ${words}, and no rollout is under way`,
    effect: `updateStrategy becomes OnDelete`,
    done: 'its controller has seen it',
    undo: `the strategy of before is put back (${words}), unless pods of an older template are left`,
    expectedMs: STRATEGY_MS,
    parameters: { ...parameters, [KIND]: HOLD },
  };
  const restore: PlannedStep = {
    id: `restore-${name}`,
    title: `Put back the update strategy of ${name}`,
    gate: 'no pod is of an older template, and the controller has seen the newest one',
    effect: `updateStrategy becomes ${words} again; with older pods left it stays OnDelete`,
    done: 'its controller has seen it',
    expectedMs: STRATEGY_MS,
    parameters: { ...parameters, [KIND]: RESTORE },
  };
  return { first: isHeld(strategy) ? [] : [hold], last: [restore] };
}

const STRATEGY_MS = 5000;

abstract class StrategyStep {
  protected readonly ports: StrategyPorts;

  constructor(ports: StrategyPorts) {
    this.ports = ports;
  }

  protected read(step: Pick<PlannedStep, 'parameters'>): Promise<StatefulSetNow> {
    return readStatefulSet(this.ports.cluster, this.ports.namespace, parametersOf(step).workload);
  }
}

class HoldStrategy extends StrategyStep implements StepKind {
  async isDone({ step }: StepContext): Promise<boolean> {
    const now = await this.read(step);
    if (isHeld(now.strategy)) return true;
    return parametersOf(step).pendingOnly && now.isObserved && now.older.length === 0;
  }

  async hasActed({ step }: StepContext): Promise<boolean> {
    return isHeld((await this.read(step)).strategy);
  }

  async prepare({ step }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    const { strategy } = await this.read(step);
    const { before } = parametersOf(step);
    return { before: JSON.stringify(isHeld(strategy) ? before : strategy) };
  }

  async gate({ step }: StepContext): Promise<Answer> {
    return mayBeHeld(await this.read(step), parametersOf(step));
  }

  async act({ step }: StepContext): Promise<ActOutcome> {
    const { workload } = await this.read(step);
    return written(workload, setOnDelete(this.ports.cluster, workload));
  }

  async awaited({ step }: StepContext): Promise<Answer> {
    const now = await this.read(step);
    const { workload } = now;
    if (!isHeld(now.strategy)) return { kind: 'stop', ...setBack(now) };
    if (!now.isObserved)
      return waiting(`the controller to see it`, [workload.meta.name, workload.observedGeneration ?? 0], true);
    return { kind: 'yes', evidence: `${workload.meta.name} is at OnDelete` };
  }

  async finish({ step, memory }: StepContext): Promise<readonly string[]> {
    if (memory['before'] === undefined) return [];
    const { workload } = parametersOf(step);
    return [`${workload} was at ${describeStrategy(objectOf(readJson(String(memory['before']))))}`];
  }

  /** Early ends, whoever's run it was that held it. */
  async leave(_state: RunState, record: RunRecord): Promise<readonly string[]> {
    const notes: string[] = [];
    for (const step of record.plan.steps.filter(({ parameters }) => parameters[KIND] === HOLD)) {
      const memory = record.steps.find(({ id, phase }) => id === step.id && phase !== 'gate')?.memory;
      if (memory?.['before'] !== undefined) notes.push(...(await putBack(step, this.ports)));
    }
    return notes;
  }
}

class RestoreStrategy extends StrategyStep implements StepKind {
  async isDone({ step }: StepContext): Promise<boolean> {
    return isSameStrategy((await this.read(step)).strategy, parametersOf(step).before);
  }

  hasActed(context: StepContext): Promise<boolean> {
    return this.isDone(context);
  }

  /** `left`: it is left at OnDelete, for a later run to put back. */
  async prepare({ step }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return { left: (await this.read(step)).older.length > 0 };
  }

  async gate({ step }: StepContext): Promise<Answer> {
    const now = await this.read(step);
    const { workload, before } = parametersOf(step);
    const stranger = strangerTo(parametersOf(step).uid, now);
    if (stranger) return stranger;
    if (!now.isObserved) return waiting(`the controller to see the newest template of ${workload}`, [], true);
    if (isHeld(now.strategy) || isSameStrategy(now.strategy, before))
      return { kind: 'yes', evidence: `${now.older.length} pods of ${workload} are of an older template` };
    const reason = `Somebody has set the update strategy of ${workload} to ${describeStrategy(now.strategy)}.`;
    return { kind: 'stop', reason, fix: `It was ${describeStrategy(before)}; set it to what it should be.` };
  }

  /** With older pods left it acts by leaving it alone, and says so at the end. */
  async act({ step }: StepContext): Promise<ActOutcome> {
    const now = await this.read(step);
    if (!now.isObserved) return { kind: 'again', waitingFor: 'the controller to see the newest template' };
    if (now.older.length > 0) return { kind: 'acted' };
    return written(now.workload, setStrategy(this.ports.cluster, now.workload, parametersOf(step).before));
  }

  async awaited({ step }: StepContext): Promise<Answer> {
    const { strategy, isObserved, older } = await this.read(step);
    const { before, workload } = parametersOf(step);
    if (isSameStrategy(strategy, before)) {
      if (!isObserved) return waiting('the controller to see it', [], true);
      return { kind: 'yes', evidence: `${workload} is at ${describeStrategy(before)} again` };
    }
    if (older.length > 0) return { kind: 'yes', evidence: `${workload} stays at ${describeStrategy(strategy)}` };
    return waiting(`the update strategy of ${workload} to be ${describeStrategy(before)}`, [], true);
  }

  async finish({ step }: StepContext): Promise<readonly string[]> {
    const now = await this.read(step);
    const { before, workload } = parametersOf(step);
    if (isSameStrategy(now.strategy, before)) return [`${workload} is at ${describeStrategy(before)} again`];
    return [leftHeld(now, before)];
  }
}

/** Resolves with what became of it. @throws ClusterProblem */
async function putBack(step: PlannedStep, { cluster, namespace }: StrategyPorts): Promise<readonly string[]> {
  const { workload, uid, before } = parametersOf(step);
  const now = await readStatefulSet(cluster, namespace, workload);
  if (now.workload.meta.uid !== uid || !isHeld(now.strategy)) return [];
  if (now.older.length > 0 || !now.isObserved) return [leftHeld(now, before)];
  await setStrategy(cluster, now.workload, before);
  return [`${workload} is at ${describeStrategy(before)} again`];
}

function leftHeld({ workload, older }: StatefulSetNow, before: JsonObject): string {
  const { name } = workload.meta;
  const shown = older.slice(0, 5).join(', ');
  const which =
    older.length === 0 ? 'its newest template is not seen by its controller yet' : `older template: ${shown}`;
  return `${name} stays at OnDelete (${which}): at ${describeStrategy(before)} its controller would restart pods by itself, without asking the system itself. Restart what is pending, or put the strategy back by hand.`;
}

/** Why a StatefulSet whose controller is at work is left alone. */
export function rollingOut({ meta, updatedReplicas, replicas }: LiveWorkload): { reason: string; fix: string } {
  return {
    reason: `${meta.name} is being rolled out by its controller: ${updatedReplicas} of ${replicas} pods have the new template.`,
    fix: 'Wait until it is over. Set updateStrategy to OnDelete before the next change of the template, and it is restarted from here.',
  };
}

/** OnDelete was undone while pods of an older template may be left. */
export function setBack({ workload, strategy, gitOps }: StatefulSetNow): { reason: string; fix: string } {
  const by = gitOps.length === 0 ? 'Somebody' : `Somebody, perhaps ${gitOps.join(' or ')},`;
  return {
    reason: `${by} has set the update strategy of ${workload.meta.name} back to ${describeStrategy(strategy)}; its controller may restart pods by itself.`,
    fix: 'Pause the synchronisation of what manages it, set OnDelete, and resume.',
  };
}

/** Another StatefulSet of the same name is none of ours. */
export function strangerTo(uid: string, { workload }: StatefulSetNow): Answer | undefined {
  if (workload.meta.uid === uid) return undefined;
  const reason = `The StatefulSet ${workload.meta.name} is another one than when the plan was made.`;
  return { kind: 'stop', reason, fix: 'Make a new plan.' };
}

/** Whether the strategy of a StatefulSet may be taken from it now: it is the one of the plan, as it was then, and nothing is rolled out. */
export function mayBeHeld(now: StatefulSetNow, planned: { readonly uid: string; readonly before: JsonObject }): Answer {
  const { name } = now.workload.meta;
  const stranger = strangerTo(planned.uid, now);
  if (stranger) return stranger;
  if (!isSameStrategy(now.strategy, planned.before)) {
    const reason = `The update strategy of ${name} is ${describeStrategy(now.strategy)}; it was ${describeStrategy(planned.before)} when the plan was made.`;
    return { kind: 'stop', reason, fix: 'Make a new plan.' };
  }
  if (isRollingOut(now.workload)) return { kind: 'stop', ...rollingOut(now.workload) };
  if (!now.isObserved) return waiting(`the controller to see the newest template of ${name}`, [], true);
  return { kind: 'yes', evidence: `${name} is at ${describeStrategy(now.strategy)}` };
}

/** A write that may be refused. What got no answer is left open. */
export async function written({ meta }: LiveWorkload, write: Promise<unknown>): Promise<ActOutcome> {
  try {
    await write;
    return { kind: 'acted' };
  } catch (error) {
    if (!(error instanceof ClusterProblem)) throw error;
    if (error.kind === 'conflict')
      return { kind: 'again', waitingFor: `${meta.name}, which somebody else has changed` };
    if (error.kind !== 'forbidden' && error.kind !== 'invalid' && error.kind !== 'absent') throw error;
    const reason = `The update strategy of ${meta.name} may not be changed: ${error.message}`;
    return { kind: 'stop', reason, fix: 'Ask for the right to patch StatefulSets, or see what refuses it.' };
  }
}

function parametersOf({ parameters }: Pick<PlannedStep, 'parameters'>): {
  workload: string;
  uid: string;
  before: JsonObject;
  pendingOnly: boolean;
} {
  return {
    workload: String(parameters['workload'] ?? ''),
    uid: String(parameters['uid'] ?? ''),
    before: objectOf(readJson(String(parameters['before'] ?? ''))),
    pendingOnly: parameters['pendingOnly'] === true,
  };
}

function waiting(waitingFor: string, measure: readonly (number | string)[], isNear: boolean): Answer {
  return { kind: 'wait', waitingFor, measure, isNear };
}
