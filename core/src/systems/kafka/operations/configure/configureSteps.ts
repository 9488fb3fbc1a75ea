import { KIND } from '#core/operations/stepKinds.ts';
import type { PlannedStep } from '#core/operations/model.ts';
import { valueText, writeValues, type SettingValue } from '#core/systems/kafka/operations/configure/changeLists.ts';
import type { FoundEffect } from '#core/systems/kafka/operations/configure/findEffects.ts';
import { parametersOf, type MapChange } from '#core/systems/kafka/operations/configure/findPlaces.ts';
import { BEFORE, BROKER, LATER, WANTED } from '#core/systems/kafka/operations/configure/setSettings.ts';
import type { TemplateChange } from '#core/systems/kafka/operations/configure/findTemplates.ts';
import { CONTAINER } from '#core/systems/kafka/operations/configure/templateStep.ts';
import { CONFIG_MAP } from '#core/systems/kafka/operations/configure/writeSettings.ts';
import { HELD_RESTART } from '#core/operations/heldRestart.ts';
import { RESTART } from '#core/systems/kafka/operations/restartOf.ts';
import { textIn } from '#core/operations/stepParameters.ts';
import { HOLD, RESTORE } from '#core/operations/updateStrategy.ts';
import type { DynamicPlace } from '#core/systems/kafka/operations/configure/brokerSettings.ts';

export const SET = 'set';
export const WRITE = 'write';
export const TEMPLATE = 'template';

const SET_MS = 3000;
const WRITE_MS = 2000;

interface Staged {
  readonly name: string;
  readonly before: string | undefined;
  readonly stages: readonly (string | null)[];
}

/** For all brokers first, then for each; as many steps a place as the longest way of a pool of threads has. */
export function stepsToSet(effects: readonly FoundEffect[]): readonly PlannedStep[] {
  const places = new Map<DynamicPlace, Staged[]>();
  for (const { wish, effect } of effects) {
    if (effect.kind !== 'dynamic') continue;
    for (const { place, before, stages } of effect.changes)
      places.set(place, [...(places.get(place) ?? []), { name: wish.name, before, stages }]);
  }
  const order = [...places].toSorted(([a], [b]) => rankOf(a) - rankOf(b));
  return order.flatMap(([place, staged]) => {
    const length = Math.max(...staged.map(({ stages }) => stages.length));
    return Array.from({ length }, (_, stage) => stepToSet(place, stage, staged));
  });
}

const rankOf = (place: DynamicPlace): number => (place === 'all' ? -1 : place);

function stepToSet(place: DynamicPlace, stage: number, staged: readonly Staged[]): PlannedStep {
  const here = staged.filter(({ stages }) => stage < stages.length);
  const wanted = here.map(({ name, stages }): SettingValue => ({ name, value: stages[stage] ?? null }));
  const before = here.map(({ name, stages, before: first }): SettingValue => {
    return { name, value: stage === 0 ? (first ?? null) : (stages[stage - 1] ?? null) };
  });
  const later = here.flatMap(({ name, stages }) =>
    stages.slice(stage + 1).map((value): SettingValue => ({ name, value })),
  );
  const texts = wanted.map(valueText).join(', ');
  const whom = place === 'all' ? 'all brokers' : `broker ${place}`;
  return {
    id: `set-${place}${stage === 0 ? '' : `-${stage + 1}`}`,
    title: `Set for ${whom}: ${texts}`,
    gate: `${whom} registered, and nobody has changed these settings since the plan was made`,
    effect: `the running brokers ${clauses(wanted, { set: 'take', unset: 'do without' }).join(' and ')} at once; none is restarted`,
    done: 'every broker itself tells the new values',
    undo: clauses(before, { set: 'back to', unset: 'take away again' }).join(', '),
    expectedMs: SET_MS,
    parameters: {
      [KIND]: SET,
      [BROKER]: place === 'all' ? -1 : place,
      ...writeValues(WANTED, wanted),
      ...writeValues(BEFORE, before),
      ...writeValues(LATER, later),
    },
  };
}

/** What is set and what is taken away, each with its own words before it: `back to a=1, b=2`, `take away again c`. */
function clauses(
  values: readonly SettingValue[],
  words: { readonly set: string; readonly unset: string },
): readonly string[] {
  const set = values.filter(({ value }) => value !== null).map(valueText);
  const unset = values.filter(({ value }) => value === null).map(({ name }) => name);
  return [
    ...(set.length === 0 ? [] : [`${words.set} ${set.join(', ')}`]),
    ...(unset.length === 0 ? [] : [`${words.unset} ${unset.join(', ')}`]),
  ];
}

export function stepsToWrite(changes: readonly MapChange[]): readonly PlannedStep[] {
  return changes.map((change): PlannedStep => {
    const { configMap, file, wishes } = change;
    const where = file === '' ? `ConfigMap ${configMap}` : `${file} in ConfigMap ${configMap}`;
    const texts = wishes.map(valueText).join(', ');
    return {
      id: `write-${configMap}${file === '' ? '' : `-${file}`}`,
      title: `Write into ${where}: ${texts}`,
      gate: 'the ConfigMap is as it was when the plan was made',
      effect: `${where} says ${texts}; brokers read it when they start, and none is touched by this`,
      done: 'it is read back as it was written',
      undo: `a plan that writes ${wishes.map(({ name, before }) => valueText({ name, value: before })).join(', ')}`,
      expectedMs: WRITE_MS,
      parameters: { [KIND]: WRITE, [CONFIG_MAP]: configMap, ...parametersOf(change) },
    };
  });
}

export function stepsToChangeTemplates(templates: readonly TemplateChange[]): readonly PlannedStep[] {
  return templates.map(({ workload, uid, container, wishes }): PlannedStep => {
    const texts = wishes.map(valueText).join(', ');
    return {
      id: `template-${workload}`,
      title: `Write into the pod template of ${workload}: ${texts}`,
      gate: `${workload} is at OnDelete, and its variables are as they were when the plan was made`,
      effect: `new pods of ${workload} get ${texts}; none is restarted by this`,
      done: 'it is read back, and the controller has seen it',
      undo: `a plan that writes ${wishes.map(({ name, before }) => valueText({ name, value: before })).join(', ')}`,
      expectedMs: WRITE_MS,
      parameters: { [KIND]: TEMPLATE, workload, uid, [CONTAINER]: container, ...parametersOf({ file: '', wishes }) },
    };
  });
}

/**
 * The steps of a restart as parts of this plan. Where a template changes, its StatefulSet is held before and released after, whether or not
 * the restart alone would have done so.
 */
export function stepsAround(
  restart: readonly PlannedStep[],
  templates: readonly TemplateChange[],
  between: readonly PlannedStep[],
): readonly PlannedStep[] {
  const changed = new Set(templates.map(({ workload }) => workload));
  const kindOf = ({ parameters }: PlannedStep): unknown => parameters[KIND];
  const planned = (kind: string): readonly PlannedStep[] => restart.filter((step) => kindOf(step) === kind);
  const missing = (kind: string, steps: readonly PlannedStep[]): readonly PlannedStep[] =>
    steps.filter(({ id }) => planned(kind).every((step) => step.id !== id));
  const early = (step: PlannedStep): PlannedStep =>
    changed.has(textIn(step.parameters, 'workload'))
      ? { ...step, parameters: { ...step.parameters, pendingOnly: false } }
      : step;
  const isHeldAlready = (workload: string): boolean =>
    planned(RESTORE).some(({ parameters }) => textIn(parameters, 'workload') === workload);
  const own = templates.filter(({ workload }) => !isHeldAlready(workload));
  return [
    ...planned(HOLD).map(early),
    ...missing(
      HOLD,
      own.flatMap(({ strategy }) => strategy.first),
    ),
    ...between,
    ...restart
      .filter((step) => kindOf(step) === RESTART || kindOf(step) === HELD_RESTART)
      .map((step) => stepToRestart(step, changed)),
    ...planned(RESTORE).map(early),
    ...missing(
      RESTORE,
      own.flatMap(({ strategy }) => strategy.last),
    ),
  ];
}

function stepToRestart(step: PlannedStep, changed: ReadonlySet<string>): PlannedStep {
  const pod = textIn(step.parameters, 'pod');
  const workload = /^(.*)-\d+$/.exec(pod)?.[1] ?? '';
  // The revision of a template that is not written yet is not known.
  const held = changed.has(workload) ? { [KIND]: HELD_RESTART, workload, revision: '' } : {};
  return {
    ...step,
    done: `${step.done}, and the broker tells the new values`,
    parameters: { ...step.parameters, ...held },
  };
}
