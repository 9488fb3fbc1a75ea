import { isObject, listOf, numberOf, objectOf, objectsOf, textOf, textsOf } from '#core/json.ts';
import type { JsonObject } from '#core/live/ports.ts';
import {
  operationNames,
  type Comparison,
  type Confirmation,
  type OperationTarget,
  type Plan,
  type PlannedChange,
  type PlannedStep,
  type Precondition,
  type RunRecord,
  type RunState,
  type StepPhase,
  type StepRecord,
  type StepValue,
  type SubjectId,
} from '#core/operations/model.ts';

const phases: readonly StepPhase[] = ['gate', 'acting', 'awaiting', 'finishing', 'done'];
const systems: readonly SubjectId[] = ['cassandra', 'kafka', 'spark', 'tfjob', 'kubernetes', 'helm'];
const units: readonly Comparison['unit'][] = ['count', 'bytes', 'percent'];
const verdicts: readonly Precondition['state'][] = ['holds', 'warns', 'consent', 'fails', 'unknown'];

/** A journalled run; undefined unless everything that going on with it depends on can be read. Anybody may have edited it. */
export function readRunRecord(value: unknown): RunRecord | undefined {
  if (!isObject(value)) return undefined;
  const plan = readPlan(value['plan']);
  const state = readState(objectOf(value['state']));
  const startedAt = numberOf(value['startedAt']);
  if (!plan || !state || startedAt === undefined) return undefined;
  const endedAt = numberOf(value['endedAt']);
  return {
    plan,
    state,
    startedAt,
    ...(endedAt === undefined ? {} : { endedAt }),
    runner: textOf(value['runner']),
    steps: objectsOf(value['steps']).flatMap((step) => readStep(step) ?? []),
  };
}

/** Parts of parts there are none. */
function readPlan(value: unknown, isPart = false): Plan | undefined {
  const plan = objectOf(value);
  const target = readTarget(objectOf(plan['target']));
  const operation = operationNames.find((name) => name === plan['operation']);
  const id = textOf(plan['id']);
  const planned = listOf(plan['steps']);
  const steps = planned.flatMap((step) => readPlannedStep(objectOf(step)) ?? []);
  // A plan of which a step is missing is another plan.
  const plannedParts = isPart ? [] : listOf(plan['parts']);
  const parts = plannedParts.flatMap((part) => readPlan(part, true) ?? []);
  if (parts.length < plannedParts.length) return undefined;
  if (plan['format'] !== 1 || !target || !operation || id === '' || steps.length < planned.length) return undefined;
  return {
    format: 1,
    id,
    operation,
    title: textOf(plan['title']),
    target,
    madeAt: numberOf(plan['madeAt']) ?? 0,
    parameters: readValues(plan['parameters']),
    preconditions: objectsOf(plan['preconditions']).map(readPrecondition),
    steps,
    risks: textsOf(plan['risks']),
    needsTypedName: plan['needsTypedName'] === true,
    ...('preview' in plan ? { preview: objectsOf(plan['preview']).map(readComparison) } : {}),
    ...('changes' in plan ? { changes: objectsOf(plan['changes']).map(readChange) } : {}),
    ...(parts.length > 0 ? { parts } : {}),
  };
}

function readTarget(target: JsonObject): OperationTarget | undefined {
  const system = systems.find((id) => id === target['system']);
  const anchor = objectOf(target['anchor']);
  const uid = textOf(anchor['uid']);
  if (!system || uid === '' || textOf(target['name']) === '') return undefined;
  return {
    context: textOf(target['context']),
    clusterIdentity: textOf(target['clusterIdentity']) || undefined,
    namespace: textOf(target['namespace']),
    system,
    key: textOf(target['key']),
    name: textOf(target['name']),
    anchor: {
      apiVersion: textOf(anchor['apiVersion']),
      kind: textOf(anchor['kind']),
      name: textOf(anchor['name']),
      uid,
    },
    systemIdentity: textOf(target['systemIdentity']) || undefined,
    ...(target['anchorGoes'] === true ? { anchorGoes: true } : {}),
  };
}

function readPlannedStep(step: JsonObject): PlannedStep | undefined {
  const id = textOf(step['id']);
  if (id === '') return undefined;
  return {
    id,
    title: textOf(step['title']),
    ...optionalText('member', step['member']),
    gate: textOf(step['gate']),
    effect: textOf(step['effect']),
    done: textOf(step['done']),
    ...optionalText('undo', step['undo']),
    expectedMs: numberOf(step['expectedMs']) ?? 0,
    parameters: readValues(step['parameters']),
  };
}

function readPrecondition(value: JsonObject): Precondition {
  return {
    id: textOf(value['id']),
    title: textOf(value['title']),
    state: verdicts.find((state) => state === value['state']) ?? 'unknown',
    evidence: textsOf(value['evidence']),
    ...optionalText('fix', value['fix']),
  };
}

const outcomes: readonly PlannedChange['how'][] = ['created', 'changed', 'deleted', 'kept', 'unknown'];

function readChange(value: JsonObject): PlannedChange {
  return {
    title: textOf(value['title']),
    how: outcomes.find((how) => how === value['how']) ?? 'unknown',
    fields: textsOf(value['fields']),
  };
}

function readComparison(value: JsonObject): Comparison {
  const limit = numberOf(value['limit']);
  return {
    title: textOf(value['title']),
    unit: units.find((unit) => unit === value['unit']) ?? 'count',
    items: objectsOf(value['items']).map((item) => ({
      label: textOf(item['label']),
      before: numberOf(item['before']) ?? 0,
      after: numberOf(item['after']) ?? 0,
    })),
    ...(limit === undefined ? {} : { limit }),
  };
}

function readState(state: JsonObject): RunState | undefined {
  const kind = state['kind'];
  if (kind === 'running' || kind === 'cancelled' || kind === 'done') return { kind };
  if (kind === 'paused' || kind === 'stopped') {
    const said = { reason: textOf(state['reason']), fix: textOf(state['fix']) };
    const asks = readConfirmation(objectOf(state['asks']));
    return kind === 'paused' && asks ? { kind, ...said, asks } : { kind, ...said };
  }
  return undefined;
}

function readConfirmation(asks: JsonObject): Confirmation | undefined {
  const typed = textOf(asks['typed']);
  return typed === '' ? undefined : { typed, step: textOf(asks['step']), remember: readValues(asks['remember']) };
}

function readStep(step: JsonObject): StepRecord | undefined {
  const phase = phases.find((one) => one === step['phase']);
  const id = textOf(step['id']);
  if (id === '' || phase === undefined) return undefined;
  const actedAt = numberOf(step['actedAt']);
  const doneAt = numberOf(step['doneAt']);
  return {
    id,
    phase,
    startedAt: numberOf(step['startedAt']) ?? 0,
    ...(actedAt === undefined ? {} : { actedAt }),
    ...(doneAt === undefined ? {} : { doneAt }),
    memory: readValues(step['memory']),
    notes: textsOf(step['notes']),
  };
}

function readValues(value: unknown): Readonly<Record<string, StepValue>> {
  return Object.fromEntries(
    Object.entries(objectOf(value)).filter((entry): entry is [string, StepValue] => isValue(entry[1])),
  );
}

function isValue(value: unknown): value is StepValue {
  if (!Array.isArray(value)) return ['string', 'number', 'boolean'].includes(typeof value);
  return value.every((one) => typeof one === 'string') || value.every((one) => typeof one === 'number');
}

function optionalText<Key extends string>(key: Key, value: unknown): { readonly [key in Key]?: string } {
  const found: { [key in Key]?: string } = {};
  if (typeof value === 'string') found[key] = value;
  return found;
}
