import { describe, expect, it } from 'vitest';
import {
  attributeNames,
  htmlTags,
  svgTags,
  textOf,
  type DetailElement,
  type DetailNode,
} from '#core/live/detail/html.ts';
import { renderPlan, type PlanPageInput } from '#core/operations/page/planPage.ts';
import { renderRun, type RunPageInput } from '#core/operations/page/runPage.ts';
import type { Plan, Precondition } from '#core/operations/model.ts';
import { journalledRun, type ShownRun } from '#core/operations/shownRun.ts';
import { NOW } from '#test/support/liveViews.ts';
import { planOf, recordOf, stepOf, targetOf } from '#test/support/operationRuns.ts';

const circumstances = { isDemo: false, isProtected: false, isReadOnly: false };

function planPage(plan: Partial<Plan> = {}, more: Partial<PlanPageInput> = {}): DetailElement {
  return renderPlan({ plan: planOf(plan), hasFiles: false, now: NOW + 180_000, ...circumstances, ...more });
}

function runPage(run: Partial<ShownRun> = {}, more: Partial<RunPageInput> = {}): DetailElement {
  const shown = { ...journalledRun(recordOf()), ...run };
  const nothing = { interruption: '', hasFiles: false, canPutBack: false };
  return renderRun({ run: shown, ...nothing, now: NOW, ...circumstances, ...more });
}

/** All texts, with one blank between them. */
function said(node: DetailNode): string {
  return textOf(node).replaceAll(/ {2,}/g, ' ').trim();
}

function elementsOf(node: DetailNode): readonly DetailElement[] {
  return typeof node === 'string' ? [] : [node, ...node.children.flatMap(elementsOf)];
}

interface Button {
  readonly title: string;
  readonly action: string | undefined;
  readonly isRefused: boolean;
  readonly isDefault: boolean;
}

function buttonsOf(page: DetailElement): readonly Button[] {
  return elementsOf(page)
    .filter(({ tag }) => tag === 'button')
    .map((button) => ({
      title: said(button),
      action: button.attributes['data-action'],
      isRefused: button.attributes['aria-disabled'] === 'true',
      isDefault: button.attributes['data-default'] === 'true',
    }));
}

const titles = (page: DetailElement): readonly string[] => buttonsOf(page).map(({ title }) => title);

const precondition = (state: Precondition['state']): Precondition => ({
  id: state,
  title: `What ${state}`,
  state,
  evidence: [`seen of ${state}`],
  ...(state === 'holds' ? {} : { fix: `mend ${state}` }),
});

describe('the page of a plan', () => {
  it('says what, where, what is checked, the steps in order, and the risks', () => {
    const text = said(
      planPage(
        { risks: ['A broker may not come back.'], preconditions: [precondition('holds')] },
        { isDemo: true, isProtected: true },
      ),
    );
    expect(text).toContain('Safe restart of Kafka orders Kafka orders in namespace prod of context shop');
    expect(text).toContain('Everything was checked 3 min ago');
    expect(text).toContain('a simulation inside the editor');
    expect(text).toContain('The context is protected');
    expect(text).toMatch(/Steps: 3, about 90 s .*Restart orders-0.*Restart orders-1.*Restart orders-2/);
    expect(text).toMatch(
      /Only when every replica besides those of orders-0 is in sync Done when orders-0 is back in sync Undo cannot be taken back/,
    );
    expect(text).toContain('A broker may not come back.');
  });

  it('tells what does not hold first, with what to do', () => {
    const states = ['holds', 'unknown', 'warns', 'consent', 'fails'] as const;
    const text = said(planPage({ preconditions: states.map(precondition) }));
    const places = ['fails', 'consent', 'warns', 'unknown', 'holds'].map((state) => text.indexOf(`seen of ${state}`));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(Math.min(...places)).toBeGreaterThan(0);
    expect(text).toContain('What to do: mend fails');
  });

  it('offers to run it, and the harmless answer is the default', () => {
    expect(buttonsOf(planPage({}, { hasFiles: true }))).toEqual([
      { title: 'Cancel', action: 'close', isRefused: false, isDefault: true },
      { title: 'Run…', action: 'run', isRefused: false, isDefault: false },
      { title: 'Export Plan as Markdown', action: 'exportPlan', isRefused: false, isDefault: false },
      { title: 'Export Files…', action: 'exportFiles', isRefused: false, isDefault: false },
    ]);
  });

  it.each([
    ['read-only', {}, { isReadOnly: true }, 'shop is read-only by a setting'],
    ['failing', { preconditions: [precondition('fails')] }, {}, 'because this does not hold: What fails.'],
    ['empty', { steps: [] }, {}, 'There is nothing to do'],
  ] as const)('refuses to run where it is %s, and says why', (_, plan, more, reason) => {
    const page = planPage(plan, more);
    expect(
      buttonsOf(page)
        .filter(({ isRefused }) => isRefused)
        .map(({ title }) => title),
    ).toEqual(['Run…']);
    expect(said(page)).toContain(reason);
  });

  it('draws before and after with the same numbers as text, and what is above the limit', () => {
    const items = [
      { label: 'orders-0', before: 3 * 1024 ** 3, after: 1024 ** 3 },
      { label: 'orders-1', before: 0, after: 2 * 1024 ** 3 },
    ];
    const page = planPage({ preview: [{ title: 'Disk', unit: 'bytes', items, limit: 2.5 * 1024 ** 3 }] });
    expect(said(page)).toMatch(
      /orders-0 3\.0 GiB \(above the limit\) 1\.0 GiB −2\.0 GiB orders-1 0 bytes 2\.0 GiB \+2\.0 GiB/,
    );
    const bars = elementsOf(page).filter(({ tag, attributes }) => tag === 'rect' && attributes['class'] !== 'track');
    expect(bars.map(({ attributes }) => [attributes['width'], attributes['class']])).toEqual([
      ['80', 'outofsync'],
      ['26.67', 'even'],
      ['0', 'even'],
      ['53.33', 'even'],
    ]);
  });
});

describe('the page of a run', () => {
  it('of this window says which step, what is waited for and since when', () => {
    const current = {
      id: 'orders-1',
      phase: 'awaiting',
      since: NOW - 12_000,
      waitingFor: '4 of 12 partitions',
    } as const;
    const page = runPage({ place: 'here', current });
    expect(said(page)).toContain('Running By this window, at step 2 of 3.');
    expect(said(page)).toContain('Restart orders-1 Has acted Waits for: 4 of 12 partitions In this phase for 12 s.');
    expect(said(page)).toContain('1 of 3 done');
    expect(said(page)).toContain('Restart orders-0: In sync again after 12 s.');
    expect(titles(page)).toEqual(['Pause', 'Cancel', 'Show Report']);
  });

  it('reads out the state, and not the numbers that move', () => {
    const current = { id: 'orders-1', phase: 'awaiting', since: NOW, waitingFor: '4 partitions' } as const;
    const spoken = elementsOf(runPage({ place: 'here', current })).filter(
      ({ attributes }) => attributes['role'] === 'status',
    );
    expect(spoken.map(said)).toEqual(['Running By this window, at step 2 of 3.']);
  });

  it.each([
    ['here, pausing', { place: 'here', wish: 'pause' }, ['Cancel', 'Show Report']],
    ['here, cancelling', { place: 'here', wish: 'cancel' }, ['Leave at Once', 'Show Report']],
    ['here, leaving', { place: 'here', wish: 'detach' }, ['Show Report']],
    ['elsewhere', { place: 'elsewhere' }, ['Ask to Pause', 'Ask to Cancel', 'Take Over…', 'Show Report']],
  ] as const)('offers what can be done with a run that is %s', (_, run, expected) => {
    expect(titles(runPage(run))).toEqual(expected);
  });

  it.each([
    [
      'paused',
      { kind: 'paused', reason: 'Nothing moves.', fix: 'Look at the broker.' },
      ['Resume…', 'Cancel…', 'Show Report'],
    ],
    ['stopped', { kind: 'stopped', reason: 'Another uid.', fix: 'Plan anew.' }, ['Resume…', 'Cancel…', 'Show Report']],
    ['done', { kind: 'done' }, ['Show Report']],
    ['cancelled', { kind: 'cancelled' }, ['Show Report']],
  ] as const)('offers what can be done with one that is %s', (_, state, expected) => {
    const page = runPage(journalledRun(recordOf({ state })));
    expect(titles(page)).toEqual(expected);
    if ('reason' in state) expect(said(page)).toContain(`${state.reason} What to do: ${state.fix}`);
  });

  it('has the files of its plan, such as the way back', () => {
    expect(titles(runPage({ place: 'here' }, { hasFiles: true }))).toEqual([
      'Pause',
      'Cancel',
      'Show Report',
      'Export Files…',
    ]);
  });

  it('can put back what it has changed, and says why not in a context that is read-only', () => {
    const ended = journalledRun(recordOf({ state: { kind: 'done' } }));
    const page = runPage(ended, { canPutBack: true, hasFiles: true });
    expect(titles(page)).toEqual(['Show Report', 'Put Back…', 'Export Files…']);
    expect(buttonsOf(page)[1]).toMatchObject({ action: 'putBack', isRefused: false, isDefault: false });
    const refused = runPage(ended, { canPutBack: true, isReadOnly: true });
    expect(buttonsOf(refused).map(({ title, isRefused }) => [title, isRefused])).toEqual([
      ['Show Report', false],
      ['Put Back…', true],
    ]);
    expect(said(refused)).toContain('shop is read-only by a setting, so nothing is changed there.');
  });

  it('changes nothing in a context that is read-only', () => {
    const refused = buttonsOf(runPage({ place: 'elsewhere' }, { isReadOnly: true })).filter(
      ({ isRefused }) => isRefused,
    );
    expect(refused.map(({ title }) => title)).toEqual(['Ask to Pause', 'Ask to Cancel', 'Take Over…']);
  });

  it('says whose run it is, why what is shown may be old, and why it could not be taken over', () => {
    const page = runPage(
      { place: 'elsewhere', obstacle: 'bob@desk runs it.' },
      { interruption: 'The connection is lost.' },
    );
    expect(said(page)).toContain('By ann@laptop (1), as its journal in the cluster says, at step 2 of 3.');
    expect(said(page)).toContain('The connection is lost.');
    expect(elementsOf(page).find(({ attributes }) => attributes['role'] === 'alert')?.children).toEqual([
      'bob@desk runs it.',
    ]);
  });
});

describe('texts of a cluster on these pages', () => {
  const evil = '<img src=x onerror=alert(1)>\u202e\n[x](command:y)';

  it('stay one line of plain text, in elements and attributes that may be made', () => {
    const plan = planOf({
      title: evil,
      target: targetOf({ name: evil, namespace: evil }),
      steps: [stepOf(evil, { gate: evil, effect: evil, done: evil, undo: evil })],
      risks: [evil],
      preconditions: [{ id: evil, title: evil, state: 'fails', evidence: [evil], fix: evil }],
      preview: [{ title: evil, unit: 'count', items: [{ label: evil, before: 1, after: 2 }] }],
    });
    const run = { ...journalledRun(recordOf({ plan, runner: evil })), obstacle: evil };
    const pages = [planPage(plan), runPage(run, { interruption: evil })];
    const tags = new Set<string>([...htmlTags, ...svgTags]);
    const names = new Set<string>(attributeNames);
    for (const node of pages.flatMap(elementsOf)) {
      expect(tags.has(node.tag)).toBe(true);
      for (const [name, value] of Object.entries(node.attributes)) {
        expect(names.has(name)).toBe(true);
        expect(value).not.toMatch(/[\n\u202e]/);
      }
      for (const child of node.children) if (typeof child === 'string') expect(child).not.toMatch(/[\n\u202e]/);
    }
  });
});
