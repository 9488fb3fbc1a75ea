import { element, type DetailElement } from '#core/live/detail/html.ts';
import { timeAgo } from '#core/live/detail/words.ts';
import { buttonRow } from '#core/operations/page/buttons.ts';
import { changeSection } from '#core/operations/page/changes.ts';
import { comparisonSection } from '#core/operations/page/comparisons.ts';
import {
  circumstanceNotes,
  preconditionSection,
  riskSection,
  stepSection,
  titleOf,
  type PlanCircumstances,
} from '#core/operations/page/planParts.ts';
import { clean } from '#core/operations/page/words.ts';
import type { Plan } from '#core/operations/model.ts';
import { duration } from '#core/operations/report.ts';

export interface PlanPageInput extends PlanCircumstances {
  readonly plan: Plan;
  readonly isReadOnly: boolean;
  /** Whether files go with the plan. */
  readonly hasFiles: boolean;
  readonly now: number;
}

/** A plan as somebody reads it before saying yes. The harmless answer is the default. */
export function renderPlan(input: PlanPageInput): DetailElement {
  const { plan, hasFiles, now } = input;
  return element(
    'article',
    { 'aria-labelledby': 'title' },
    element(
      'header',
      {},
      titleOf(plan),
      circumstanceNotes(input),
      element('p', { class: 'verdict', role: 'status' }, verdictOf(plan)),
      element(
        'p',
        { class: 'origin' },
        'Everything was checked ',
        timeAgo(plan.madeAt, now),
        '; each step is checked again before it acts.',
      ),
    ),
    buttonRow([
      { action: 'close', title: 'Cancel', isDefault: true, isQuiet: true },
      { action: 'run', title: 'Run…', refusal: runRefusal(input) },
      { action: 'exportPlan', title: 'Export Plan as Markdown', isQuiet: true },
      ...(hasFiles ? [{ action: 'exportFiles', title: 'Export Files…', isQuiet: true } as const] : []),
    ]),
    preconditionSection(plan.preconditions),
    changeSection(plan.changes),
    comparisonSection(plan.preview),
    stepSection(plan),
    riskSection(plan.risks),
  );
}

/** Why a plan cannot be run from here; undefined when it can. */
export function runRefusal({ plan, isReadOnly }: Pick<PlanPageInput, 'plan' | 'isReadOnly'>): string | undefined {
  if (isReadOnly) return `${clean(plan.target.context)} is read-only by a setting, so nothing is changed there.`;
  const failing = plan.preconditions.filter(({ state }) => state === 'fails').map(({ title }) => clean(title));
  if (failing.length > 0) return `It cannot be started, because this does not hold: ${failing.join('; ')}.`;
  return plan.steps.length === 0 ? 'There is nothing to do: the plan has no step.' : undefined;
}

function verdictOf({ steps, preconditions, needsTypedName }: Plan): string {
  const all = steps.reduce((sum, { expectedMs }) => sum + expectedMs, 0);
  const what = steps.length === 0 ? 'Nothing has to be done.' : `Nothing is done yet. It takes about ${duration(all)}.`;
  if (preconditions.some(({ state }) => state === 'consent'))
    return `${what} Part of it needs your consent: read what it costs.`;
  return needsTypedName ? `${what} You will be asked for its name: read what it changes.` : what;
}
