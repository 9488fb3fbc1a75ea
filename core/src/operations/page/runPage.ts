import { element, type DetailChild, type DetailElement, type DetailNode } from '#core/live/detail/html.ts';
import { bar, section, table, type Column } from '#core/live/detail/parts.ts';
import { timeAgo } from '#core/live/detail/words.ts';
import { shareOf } from '#core/operations/followRun.ts';
import { buttonRow, type PageButton } from '#core/operations/page/buttons.ts';
import {
  circumstanceNotes,
  preconditionSection,
  riskSection,
  stepSection,
  titleOf,
  type PlanCircumstances,
} from '#core/operations/page/planParts.ts';
import { badge, clean, phases, runStates, stepText } from '#core/operations/page/words.ts';
import type { PlannedStep, StepRecord } from '#core/operations/model.ts';
import { duration } from '#core/operations/report.ts';
import { isUnfinished, type ShownRun } from '#core/operations/shownRun.ts';

export interface RunPageInput extends PlanCircumstances {
  readonly run: ShownRun;
  readonly isReadOnly: boolean;
  /** Why what is shown may be old; empty when it is told as it happens. */
  readonly interruption: string;
  /** Whether files go with the plan, such as the way back. */
  readonly hasFiles: boolean;
  /** Whether it is over and has changed something that a plan can put back. */
  readonly canPutBack: boolean;
  readonly now: number;
}

/** A run as it goes on, whoever runs it: how far it is, what it waits for, what was measured. */
export function renderRun(input: RunPageInput): DetailElement {
  const { run, now } = input;
  const { plan } = run.record;
  return element(
    'article',
    { 'aria-labelledby': 'title' },
    element('header', {}, titleOf(plan), circumstanceNotes(input), interruptionNote(input), verdict(run, now)),
    buttonRow([...buttonsOf(input), ...putBackOf(input), ...(input.hasFiles ? [files] : [])]),
    nowSection(run, now),
    progressSection(run, now),
    notesSection(run),
    element(
      'details',
      { 'data-key': 'plan' },
      element('summary', {}, 'The plan'),
      preconditionSection(plan.preconditions),
      stepSection(plan),
      riskSection(plan.risks),
    ),
  );
}

function interruptionNote({ interruption, run }: RunPageInput): readonly (DetailElement | false)[] {
  return [
    interruption !== '' && element('p', { class: 'note' }, clean(interruption)),
    run.obstacle !== undefined && element('p', { class: 'note', role: 'alert' }, clean(run.obstacle)),
  ];
}

/** Read out when it changes; the numbers that move are not in it. */
function verdict(run: ShownRun, now: number): DetailElement {
  const { state, plan, steps, startedAt, endedAt } = run.record;
  const open = plan.steps.filter(({ id }) => !steps.some((step) => step.id === id && step.phase === 'done'));
  const left = open.reduce((sum, { expectedMs }) => sum + expectedMs, 0);
  const times =
    endedAt === undefined
      ? state.kind === 'running'
        ? ['Began ', timeAgo(startedAt, now), `; the steps to come take about ${duration(left)}.`]
        : ['Began ', timeAgo(startedAt, now), '.']
      : ['Ended ', timeAgo(endedAt, now), `, after ${duration(endedAt - startedAt)}.`];
  return element(
    'div',
    {},
    element('p', { class: 'verdict', role: 'status' }, badge(runStates[state.kind]), ` ${sentenceOf(run)}`),
    state.kind === 'paused' || state.kind === 'stopped'
      ? element('p', { class: 'fix' }, element('strong', {}, 'What to do: '), clean(state.fix))
      : undefined,
    element('p', { class: 'origin' }, times),
  );
}

function sentenceOf(run: ShownRun): string {
  const { state, runner } = run.record;
  if (state.kind === 'paused' || state.kind === 'stopped') return clean(state.reason);
  if (state.kind === 'done') return 'Every step is done.';
  if (state.kind === 'cancelled') return 'It was ended between two steps; nothing is left in between.';
  if (run.place !== 'here') return `By ${clean(runner)}, as its journal in the cluster says, at ${stepText(run)}.`;
  return wishSentences[run.wish] ?? `By this window, at ${stepText(run)}.`;
}

const wishSentences: Readonly<Partial<Record<ShownRun['wish'], string>>> = {
  pause: 'It pauses before the next step; what is under way is brought to its end first.',
  cancel: 'It is being cancelled; what cannot be taken back is brought to its end first.',
  detach: 'This window is leaving it; the journal says how far it came.',
};

const files: PageButton = { action: 'exportFiles', title: 'Export Files…', isQuiet: true };

function putBackOf(input: RunPageInput): readonly PageButton[] {
  if (!input.canPutBack) return [];
  return [{ action: 'putBack', title: 'Put Back…', refusal: refusalOf(input), isQuiet: true }];
}

function refusalOf({ run, isReadOnly }: RunPageInput): string | undefined {
  return isReadOnly
    ? `${clean(run.record.plan.target.context)} is read-only by a setting, so nothing is changed there.`
    : undefined;
}

function buttonsOf(input: RunPageInput): readonly PageButton[] {
  const { record, place, wish } = input.run;
  const report: PageButton = { action: 'report', title: 'Show Report', isQuiet: true };
  const refusal = refusalOf(input);
  if (!isUnfinished(record)) return [report];
  if (place === 'nobody') {
    return [
      { action: 'resume', title: 'Resume…', refusal },
      { action: 'cancel', title: 'Cancel…', refusal, isQuiet: true },
      report,
    ];
  }
  if (place === 'elsewhere') {
    return [
      { action: 'pause', title: 'Ask to Pause', refusal },
      { action: 'cancel', title: 'Ask to Cancel', refusal, isQuiet: true },
      { action: 'resume', title: 'Take Over…', refusal, isQuiet: true },
      report,
    ];
  }
  return [
    ...(wish === 'run' ? [{ action: 'pause', title: 'Pause' } as const] : []),
    ...(wish === 'run' || wish === 'pause' ? [{ action: 'cancel', title: 'Cancel', isQuiet: true } as const] : []),
    ...(wish === 'cancel' ? [{ action: 'leave', title: 'Leave at Once', isQuiet: true } as const] : []),
    report,
  ];
}

/** The step under way, with what it waits for. */
function nowSection({ record, current }: ShownRun, now: number): DetailElement | undefined {
  const step = record.plan.steps.find(({ id }) => id === current?.id);
  if (!current || !step) return undefined;
  return section(
    'now',
    'Now',
    element('p', {}, element('strong', {}, clean(step.title)), ' ', badge(phases[current.phase])),
    current.waitingFor !== undefined &&
      element('p', { class: 'waiting' }, element('strong', {}, 'Waits for: '), clean(current.waitingFor)),
    element('p', { class: 'source' }, `In this phase for ${duration(now - current.since)}.`),
  );
}

interface StepRow {
  readonly number: number;
  readonly step: PlannedStep;
  readonly record: StepRecord | undefined;
}

function progressSection({ record }: ShownRun, now: number): DetailElement {
  const { done, all } = shareOf(record);
  const rows = record.plan.steps.map((step, index) => ({
    number: index + 1,
    step,
    record: record.steps.find(({ id }) => id === step.id),
  }));
  return section(
    'progress',
    'Steps',
    element('p', {}, bar(all === 0 ? 0 : done / all, `${done} of ${all} done`)),
    table('Steps of the plan', columnsAt(now), rows, ({ step }) => step.id),
  );
}

function columnsAt(now: number): readonly Column<StepRow>[] {
  return [
    { title: 'No.', cell: ({ number }) => String(number), isNumber: true },
    { title: 'Step', cell: ({ step }) => clean(step.title), isHead: true },
    { title: 'State', cell: ({ record }) => badge(phases[record?.phase ?? 'planned']) },
    { title: 'Began', cell: ({ record }): DetailNode => (record ? timeAgo(record.startedAt, now) : '') },
    { title: 'Took', cell: ({ record }): DetailChild => took(record), isNumber: true },
  ];
}

/** From its act until everything was whole again, as the report has it. */
function took(record: StepRecord | undefined): string {
  if (record?.actedAt === undefined || record.doneAt === undefined) return '';
  return duration(record.doneAt - record.actedAt);
}

function notesSection({ record }: ShownRun): DetailElement | undefined {
  const items = record.plan.steps.flatMap(({ id, title }) => {
    const notes = record.steps.find((step) => step.id === id)?.notes ?? [];
    return notes.map((note) => element('li', {}, element('strong', {}, `${clean(title)}: `), clean(note)));
  });
  return items.length === 0 ? undefined : section('notes', 'Notes', element('ul', {}, items));
}
