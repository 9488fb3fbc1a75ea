import { objectOf, type JsonObject } from '#core/json.ts';
import { readJson } from '#core/live/fieldPath.ts';
import type { Cluster } from '#core/live/ports.ts';
import { isPartitionHold } from '#core/operations/helmRollback/holds.ts';
import { HAND_OVER, HOLD, KIND } from '#core/operations/helmRollback/steps.ts';
import type { Answer, PlannedStep, RunRecord, RunState, StepValue } from '#core/operations/model.ts';
import type { ActOutcome, StepContext } from '#core/operations/procedure.ts';
import {
  describeStrategy,
  isHeld,
  isSameStrategy,
  readStatefulSet,
  setOnDelete,
  setStrategy,
  type StatefulSetNow,
} from '#core/operations/statefulSetNow.ts';
import type { StepKind } from '#core/operations/stepKinds.ts';
import {
  mayBeHeld,
  RESTORE,
  setBack,
  strangerTo,
  updateStrategyKinds,
  written,
} from '#core/operations/updateStrategy.ts';

/** What keeps StatefulSets from rolling while Helm writes (holds.ts), and what ends it. */
export function holdKinds(
  cluster: Cluster,
): Readonly<Record<typeof HOLD | typeof HAND_OVER | typeof RESTORE, StepKind>> {
  return { [HOLD]: new Hold(cluster), [HAND_OVER]: new HandOver(cluster), [RESTORE]: restoreKind(cluster) };
}

abstract class HoldStep {
  protected readonly cluster: Cluster;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  protected read(step: Pick<PlannedStep, 'parameters'>): Promise<StatefulSetNow> {
    const { namespace, workload } = parametersOf(step);
    return readStatefulSet(this.cluster, namespace, workload);
  }

  finish(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }
}

class Hold extends HoldStep implements StepKind {
  async isDone({ step }: StepContext): Promise<boolean> {
    const { strategy } = await this.read(step);
    return isHeld(strategy) || isPartitionHold(strategy);
  }

  hasActed(context: StepContext): Promise<boolean> {
    return this.isDone(context);
  }

  prepare({ step }: StepContext): Promise<Readonly<Record<string, StepValue>>> {
    return Promise.resolve({ before: JSON.stringify(parametersOf(step).before) });
  }

  async gate({ step }: StepContext): Promise<Answer> {
    return mayBeHeld(await this.read(step), parametersOf(step));
  }

  async act({ step }: StepContext): Promise<ActOutcome> {
    const now = await this.read(step);
    return written(now.workload, setTo(this.cluster, now, parametersOf(step).hold));
  }

  async awaited({ step }: StepContext): Promise<Answer> {
    const now = await this.read(step);
    const { hold, workload } = parametersOf(step);
    if (!isHeld(now.strategy) && !isSameStrategy(now.strategy, hold) && !isPartitionHold(now.strategy))
      return { kind: 'stop', ...setBack(now) };
    if (!now.isObserved) return waiting(workload);
    return { kind: 'yes', evidence: `${workload} is at ${describeStrategy(now.strategy)}` };
  }

  /** Early ends, whoever's run it was that held it. */
  async leave(_state: RunState, record: RunRecord): Promise<readonly string[]> {
    const notes: string[] = [];
    for (const step of record.plan.steps.filter(({ parameters }) => parameters[KIND] === HOLD)) {
      const isOurs = record.steps.some(({ id, phase }) => id === step.id && phase !== 'gate');
      if (isOurs) notes.push(...(await this.#putBack(step)));
    }
    return notes;
  }

  async #putBack(step: PlannedStep): Promise<readonly string[]> {
    const now = await this.read(step);
    const { before, uid, workload } = parametersOf(step);
    const isStillHeld = isHeld(now.strategy) || isPartitionHold(now.strategy);
    if (now.workload.meta.uid !== uid || !isStillHeld) return [];
    if (now.older.length === 0 && now.isObserved) {
      await setTo(this.cluster, now, before);
      return [`${workload} is at ${describeStrategy(before)} again`];
    }
    if (!isHeld(now.strategy)) await setOnDelete(this.cluster, now.workload);
    const pods = now.older.slice(0, 5).join(', ');
    return [
      `${workload} stays at OnDelete (older template: ${pods === '' ? 'not known yet' : pods}): at ${describeStrategy(before)} its controller would restart pods by itself. Resume this run, or restart what is pending by Safe Restart.`,
    ];
  }
}

class HandOver extends HoldStep implements StepKind {
  async isDone({ step }: StepContext): Promise<boolean> {
    return isHeld((await this.read(step)).strategy);
  }

  hasActed(context: StepContext): Promise<boolean> {
    return this.isDone(context);
  }

  prepare(): Promise<Readonly<Record<string, StepValue>>> {
    return Promise.resolve({});
  }

  async gate({ step }: StepContext): Promise<Answer> {
    const now = await this.read(step);
    const stranger = strangerTo(parametersOf(step).uid, now);
    if (stranger) return stranger;
    if (!isHeld(now.strategy) && !isPartitionHold(now.strategy)) return { kind: 'stop', ...setBack(now) };
    if (!now.isObserved) return waiting(now.workload.meta.name);
    return { kind: 'yes', evidence: `${now.older.length} pods of ${now.workload.meta.name} are of an older template` };
  }

  async act({ step }: StepContext): Promise<ActOutcome> {
    const now = await this.read(step);
    return written(now.workload, setOnDelete(this.cluster, now.workload));
  }

  async awaited({ step }: StepContext): Promise<Answer> {
    const now = await this.read(step);
    if (!isHeld(now.strategy)) return { kind: 'stop', ...setBack(now) };
    if (!now.isObserved) return waiting(now.workload.meta.name);
    return { kind: 'yes', evidence: `${now.workload.meta.name} is at OnDelete` };
  }
}

/** The closing step of updateStrategy.ts, of a StatefulSet in the namespace that its step names. */
function restoreKind(cluster: Cluster): StepKind {
  const of = ({ step }: StepContext): StepKind =>
    updateStrategyKinds({ cluster, namespace: parametersOf(step).namespace })[RESTORE];
  return {
    isDone: (context) => of(context).isDone(context),
    hasActed: (context) => of(context).hasActed(context),
    prepare: (context) => of(context).prepare(context),
    gate: (context) => of(context).gate(context),
    act: (context) => of(context).act(context),
    awaited: (context) => of(context).awaited(context),
    finish: (context) => of(context).finish(context),
  };
}

/** What the new strategy leaves out is taken away, because a merge patch would keep it. */
function setTo(cluster: Cluster, { workload }: StatefulSetNow, strategy: JsonObject): Promise<JsonObject> {
  return setStrategy(cluster, workload, { rollingUpdate: null, ...strategy });
}

function waiting(workload: string): Answer {
  return { kind: 'wait', waitingFor: `the controller to see the change of ${workload}`, measure: [], isNear: true };
}

function parametersOf({ parameters }: Pick<PlannedStep, 'parameters'>): {
  namespace: string;
  workload: string;
  uid: string;
  before: JsonObject;
  hold: JsonObject;
} {
  const strategy = (name: string): JsonObject => objectOf(readJson(String(parameters[name] ?? '')));
  return {
    namespace: String(parameters['namespace'] ?? ''),
    workload: String(parameters['workload'] ?? ''),
    uid: String(parameters['uid'] ?? ''),
    before: strategy('before'),
    hold: strategy('hold'),
  };
}
