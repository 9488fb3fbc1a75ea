import type { PlannedStep, RunRecord, StepRecord } from '#core/operations/model.ts';
import { KIND } from '#core/operations/stepKinds.ts';
import { numberIn, numbersIn, textsIn } from '#core/operations/stepParameters.ts';
import type { ConfigureWish } from '#core/operations/wishes.ts';
import { readWholeValues } from '#core/systems/kafka/operations/configure/changeLists.ts';
import { SET, TEMPLATE, WRITE } from '#core/systems/kafka/operations/configure/configureSteps.ts';
import { BEFORE, BROKER } from '#core/systems/kafka/operations/configure/setSettings.ts';

const ALL = -1;

/**
 * What puts back what a run that is over has changed: a wish for all brokers and one for each that had a value of its own, in the order in
 * which they have to be done, because what is changed for all takes the values of single brokers away. Empty when it has changed nothing,
 * and when one of its steps or brokers cannot be read: anybody may have edited the journal.
 */
export function wishesToUndo(record: RunRecord): readonly ConfigureWish[] {
  const places = new Map<number, Map<string, string | null>>();
  for (const step of record.plan.steps) {
    const own = record.steps.find(({ id }) => id === step.id);
    if (!own || !hasChanged(step, own, record)) continue;
    const values = readWholeValues(BEFORE, own.memory);
    if (!values) return [];
    const place = placeOf(step);
    const before = places.get(place) ?? new Map<string, string | null>();
    // Of a way in several steps the first tells what was before.
    for (const { name, value } of values) if (!before.has(name)) before.set(name, value);
    places.set(place, before);
  }
  const order = [...places].filter(([, { size }]) => size > 0).toSorted(([a], [b]) => a - b);
  const wishes = order.flatMap(([place, settings]) => wishFor(place, Object.fromEntries(settings), record) ?? []);
  return wishes.length < order.length ? [] : wishes;
}

/** In a run that is over, a step that was only about to act did not; of those that are set at once, one that was cancelled was put back. */
function hasChanged({ parameters }: PlannedStep, { phase }: StepRecord, { state }: RunRecord): boolean {
  const kind = parameters[KIND];
  if (phase === 'gate' || phase === 'acting') return false;
  if (kind === SET) return phase !== 'awaiting' || state.kind !== 'cancelled';
  return kind === WRITE || kind === TEMPLATE;
}

/** What is written is for all brokers. */
function placeOf({ parameters }: PlannedStep): number {
  return parameters[KIND] === SET ? Math.max(ALL, numberIn(parameters, BROKER)) : ALL;
}

function wishFor(place: number, settings: ConfigureWish['settings'], { plan }: RunRecord): ConfigureWish | undefined {
  if (place === ALL) return { operation: 'configure', settings };
  const member = textsIn(plan.parameters, 'nodes')[numbersIn(plan.parameters, 'nodeIds').indexOf(place)];
  return member === undefined ? undefined : { operation: 'configure', settings, member };
}
