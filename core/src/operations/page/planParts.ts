import { element, type DetailElement } from '#core/live/detail/html.ts';
import { section } from '#core/live/detail/parts.ts';
import { counted } from '#core/live/plainText.ts';
import { badge, clean, placeText, verdicts } from '#core/operations/page/words.ts';
import type { Plan, PlannedStep, Precondition } from '#core/operations/model.ts';
import { duration } from '#core/operations/report.ts';

export interface PlanCircumstances {
  /** Labelled wherever the cluster is not a real one. */
  readonly isDemo: boolean;
  readonly isProtected: boolean;
}

/** What it is, and where: read before anything else. */
export function titleOf({ title, target }: Plan): readonly DetailElement[] {
  return [element('h1', { id: 'title' }, clean(title)), element('p', { class: 'origin' }, placeText(target))];
}

export function circumstanceNotes({ isDemo, isProtected }: PlanCircumstances): readonly (DetailElement | false)[] {
  return [
    isDemo && element('p', { class: 'note' }, 'This is practice: the cluster is a simulation inside the editor.'),
    isProtected && element('p', { class: 'note' }, 'The context is protected: the name is asked for before it runs.'),
  ];
}

/** What does not hold stands open, worst first; what holds can be looked at. */
export function preconditionSection(preconditions: readonly Precondition[]): DetailElement {
  const order = Object.keys(verdicts);
  const ranked = preconditions.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  const open = ranked.filter(({ state }) => state !== 'holds');
  const holding = ranked.filter(({ state }) => state === 'holds');
  const list = (items: readonly Precondition[]): DetailElement =>
    element('ul', { class: 'evidence' }, items.map(preconditionItem));
  return section(
    'preconditions',
    'Checked before anything is done',
    open.length > 0 && list(open),
    holding.length > 0 &&
      element(
        'details',
        { 'data-key': 'holding' },
        element(
          'summary',
          {},
          badge(verdicts.holds),
          ` ${counted(holding.length, 'check')}: ${holding.map(({ title }) => clean(title)).join('; ')}`,
        ),
        list(holding),
      ),
  );
}

function preconditionItem({ id, title, state, evidence, fix }: Precondition): DetailElement {
  const seen = evidence.map((one) => element('li', {}, clean(one)));
  return element(
    'li',
    { 'data-key': clean(id) },
    badge(verdicts[state]),
    ' ',
    element('strong', {}, clean(title)),
    seen.length > 0 && element('ul', {}, seen),
    fix !== undefined && element('p', { class: 'fix' }, element('strong', {}, 'What to do: '), clean(fix)),
  );
}

/** In the order in which they are taken; what each waits for and how it is taken back can be opened. */
export function stepSection({ steps }: Plan): DetailElement {
  const all = steps.reduce((sum, { expectedMs }) => sum + expectedMs, 0);
  return section(
    'steps',
    `Steps: ${steps.length}, about ${duration(all)}`,
    element('ol', { class: 'steps' }, steps.map(stepItem)),
  );
}

function stepItem(step: PlannedStep): DetailElement {
  return element(
    'li',
    { 'data-key': clean(step.id) },
    element('strong', {}, clean(step.title)),
    element('span', { class: 'source' }, `, about ${duration(step.expectedMs)}`),
    element('p', {}, clean(step.effect)),
    stepDetails(step),
  );
}

/** When it acts, what counts as done, and how it is taken back. */
function stepDetails({ gate, done, undo }: PlannedStep): DetailElement {
  const facts = [
    ['Only when', gate],
    ['Done when', done],
    ['Undo', undo ?? 'cannot be taken back'],
  ] as const;
  return element(
    'details',
    { 'data-key': 'conditions' },
    element('summary', {}, 'When it acts, when it is done, and how it is taken back'),
    element(
      'dl',
      {},
      facts.map(([name, text]) => [element('dt', {}, name), element('dd', {}, clean(text))]),
    ),
  );
}

export function riskSection(risks: readonly string[]): DetailElement | undefined {
  if (risks.length === 0) return undefined;
  const items = risks.map((risk) => element('li', {}, clean(risk)));
  return section('risks', 'What could go wrong', element('ul', {}, items));
}
