import type {
  Plan,
  PlannedStep,
  RunRecord,
  RunState,
  StepPhase,
  StepRecord,
  StepValue,
} from '#core/operations/model.ts';

type Fields = Readonly<Record<string, unknown>>;

const phases: readonly StepPhase[] = ['gate', 'acting', 'awaiting', 'finishing', 'done'];

/** A journalled run; undefined unless everything that going on with it depends on can be read. */
export function readRunRecord(value: unknown): RunRecord | undefined {
  const record = fields(value);
  const plan = record && readPlan(record['plan']);
  const state = record && readState(record['state']);
  if (!record || !plan || !state || typeof record['startedAt'] !== 'number') return undefined;
  const steps = list(record['steps']).flatMap((step) => readStep(step) ?? []);
  return {
    plan,
    state,
    startedAt: record['startedAt'],
    ...(typeof record['endedAt'] === 'number' ? { endedAt: record['endedAt'] } : {}),
    runner: text(record['runner']),
    steps,
  };
}

function readPlan(value: unknown): Plan | undefined {
  const plan = fields(value);
  const target = fields(plan?.['target']);
  const anchor = fields(target?.['anchor']);
  if (!plan || plan['format'] !== 1 || typeof plan['id'] !== 'string' || !target || !anchor) return undefined;
  const texts = [
    target['context'],
    target['namespace'],
    target['key'],
    target['name'],
    target['system'],
    anchor['uid'],
  ];
  const steps = list(plan['steps']);
  if (texts.some((one) => typeof one !== 'string') || !steps.every(isPlannedStep)) return undefined;
  // What is only shown is taken as it is; the views escape every text.
  return { ...(plan as unknown as Plan), steps, preconditions: list(plan['preconditions']) as Plan['preconditions'] };
}

function isPlannedStep(value: unknown): value is PlannedStep {
  const step = fields(value);
  return step !== undefined && typeof step['id'] === 'string' && fields(step['parameters']) !== undefined;
}

function readState(value: unknown): RunState | undefined {
  const state = fields(value);
  const kind = state?.['kind'];
  if (kind === 'running' || kind === 'cancelled' || kind === 'done') return { kind };
  if (kind === 'paused' || kind === 'stopped')
    return { kind, reason: text(state?.['reason']), fix: text(state?.['fix']) };
  return undefined;
}

function readStep(value: unknown): StepRecord | undefined {
  const step = fields(value);
  const phase = phases.find((one) => one === step?.['phase']);
  if (!step || typeof step['id'] !== 'string' || phase === undefined) return undefined;
  return {
    id: step['id'],
    phase,
    startedAt: number(step['startedAt']) ?? 0,
    ...optional('actedAt', number(step['actedAt'])),
    ...optional('doneAt', number(step['doneAt'])),
    memory: readMemory(step['memory']),
    notes: list(step['notes']).flatMap((note) => (typeof note === 'string' ? [note] : [])),
  };
}

function readMemory(value: unknown): Readonly<Record<string, StepValue>> {
  const memory: Record<string, StepValue> = {};
  for (const [key, one] of Object.entries(fields(value) ?? {})) {
    if (typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean') memory[key] = one;
    else if (isListOf(one, 'string') || isListOf(one, 'number')) memory[key] = one;
  }
  return memory;
}

function isListOf(value: unknown, type: 'string'): value is readonly string[];
function isListOf(value: unknown, type: 'number'): value is readonly number[];
function isListOf(value: unknown, type: string): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === type);
}

function optional<Key extends string>(key: Key, value: number | undefined): Partial<Record<Key, number>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<Key, number>>);
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

function fields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}
