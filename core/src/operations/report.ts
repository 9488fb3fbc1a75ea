import { subjectTitle } from '#core/operations/subjectTitle.ts';
import { plainText } from '#core/live/plainText.ts';
import { formatTime } from '#core/time.ts';
import { sizeText } from '#core/live/sizes.ts';
import type {
  Comparison,
  Plan,
  PlannedChange,
  PlannedStep,
  Precondition,
  RunRecord,
  StepRecord,
} from '#core/operations/model.ts';

const marks: Readonly<Record<Precondition['state'], string>> = {
  holds: 'ok',
  warns: 'warning',
  consent: 'needs consent',
  fails: 'FAILS',
  unknown: 'could not tell',
};

/** The plan as a document that a person reads before saying yes. Markdown; every text of the cluster is escaped. */
export function describePlan(plan: Plan): string {
  return lines([
    `# ${escape(plan.title)}`,
    '',
    ...describeTarget(plan),
    '',
    '## Before anything is done',
    '',
    ...plan.preconditions.flatMap(describePrecondition),
    '',
    `## Steps (${plan.steps.length}, about ${duration(sum(plan.steps.map(({ expectedMs }) => expectedMs)))})`,
    '',
    ...plan.steps.flatMap(describeStep),
    ...section('## What changes', (plan.changes ?? []).flatMap(describeChange)),
    ...section('## Before and after', (plan.preview ?? []).flatMap(describeComparison)),
    ...section(
      '## What could go wrong',
      plan.risks.map((risk) => `- ${escape(risk)}`),
    ),
  ]);
}

/** What was done when, what was measured, and how it ended. */
export function describeRun(record: RunRecord): string {
  const { plan } = record;
  return lines([
    `# ${escape(plan.title)}: ${describeState(record)}`,
    '',
    ...describeTarget(plan),
    `- Run by: ${escape(record.runner)}`,
    `- Started: ${time(record.startedAt)}`,
    ...(record.endedAt === undefined
      ? []
      : [`- Ended: ${time(record.endedAt)}, after ${duration(record.endedAt - record.startedAt)}`]),
    '',
    '| Step | Acted | Whole again | Took |',
    '|---|---|---|---|',
    ...plan.steps.map((step) =>
      describeRow(
        step,
        record.steps.find(({ id }) => id === step.id),
      ),
    ),
    ...section(
      '## Notes',
      plan.steps.flatMap((step) => describeNotes(step, record)),
    ),
    ...section('## Checked before', plan.preconditions.flatMap(describePrecondition)),
  ]);
}

export function describeState({ state, plan, steps }: RunRecord): string {
  const finished = plan.steps.filter(({ id }) => steps.some((step) => step.id === id && step.phase === 'done')).length;
  const share = `${finished} of ${plan.steps.length} steps`;
  if (state.kind === 'done') return `done, ${share}`;
  if (state.kind === 'running') return `running, ${share}`;
  if (state.kind === 'cancelled') return `cancelled after ${share}; nothing is left in between`;
  return `${state.kind} after ${share}: ${escape(state.reason)} ${escape(state.fix)}`;
}

function describeTarget({ target, madeAt, id }: Plan): readonly string[] {
  return [
    `- Context: ${code(target.context)}, namespace ${code(target.namespace)}, ${subjectTitle(target)} ${code(target.name)}`,
    `- ${escape(target.anchor.kind)} ${code(target.anchor.name)}, uid ${code(target.anchor.uid)}`,
    ...(target.systemIdentity === undefined ? [] : [`- The system calls itself ${code(target.systemIdentity)}`]),
    `- Plan ${code(id)} of ${time(madeAt)}`,
  ];
}

function describePrecondition({ title, state, evidence, fix }: Precondition): readonly string[] {
  return [
    `- **${marks[state]}** ${escape(title)}`,
    ...evidence.map((one) => `  - ${escape(one)}`),
    ...(fix === undefined ? [] : [`  - What to do: ${escape(fix)}`]),
  ];
}

function describeStep(step: PlannedStep, index: number): readonly string[] {
  return [
    `${index + 1}. **${escape(step.title)}**, about ${duration(step.expectedMs)}`,
    `   - Only when: ${escape(step.gate)}`,
    `   - Does: ${escape(step.effect)}`,
    `   - Done when: ${escape(step.done)}`,
    `   - Undo: ${escape(step.undo ?? 'none')}`,
  ];
}

function describeRow(step: PlannedStep, record: StepRecord | undefined): string {
  const acted = record?.actedAt === undefined ? '' : time(record.actedAt);
  const done = record?.doneAt === undefined ? (record?.phase ?? 'not begun') : time(record.doneAt);
  const took =
    record?.actedAt === undefined || record.doneAt === undefined ? '' : duration(record.doneAt - record.actedAt);
  return `| ${escape(step.title)} | ${acted} | ${done} | ${took} |`;
}

function describeNotes(step: PlannedStep, { steps }: RunRecord): readonly string[] {
  const notes = steps.find(({ id }) => id === step.id)?.notes ?? [];
  return notes.map((note) => `- ${escape(step.title)}: ${escape(note)}`);
}

function section(heading: string, body: readonly string[]): readonly string[] {
  return body.length === 0 ? [] : ['', heading, '', ...body];
}

function describeChange({ title, how, fields }: PlannedChange): readonly string[] {
  return [`- **${changeWords[how]}** ${escape(title)}`, ...fields.map((field) => `  - ${escape(field)}`)];
}

/** What becomes of an object, in a word or two. */
export const changeWords: Readonly<Record<PlannedChange['how'], string>> = {
  created: 'created',
  changed: 'changed',
  deleted: 'DELETED',
  kept: 'kept',
  unknown: 'could not tell',
};

function describeComparison({ title, unit, items, limit }: Comparison): readonly string[] {
  return [
    `| ${escape(title)}${limit === undefined ? '' : `, at most ${figureText(limit, unit)}`} | Before | After |`,
    '|---|--:|--:|',
    ...items.map(
      ({ label, before, after }) => `| ${escape(label)} | ${figureText(before, unit)} | ${figureText(after, unit)} |`,
    ),
    '',
  ];
}

/** A figure of a comparison for people. */
export function figureText(value: number, unit: Comparison['unit']): string {
  if (unit === 'bytes') return sizeText(value);
  return unit === 'percent' ? `${Math.round(value)} %` : String(value);
}

/** Nothing a cluster says may become a link, a picture or a tag. */
function escape(text: string): string {
  return plainText(text).replaceAll(/[\\`*_{}[\]()#+!|<>~]/g, String.raw`\$&`);
}

function code(text: string): string {
  return `\`${plainText(text).replaceAll(/[`|]/g, "'")}\``;
}

function time(at: number): string {
  return formatTime(at).replace('T', ' ').replace('Z', ' UTC');
}

export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const lines = (texts: readonly string[]): string => `${texts.join('\n')}\n`;
