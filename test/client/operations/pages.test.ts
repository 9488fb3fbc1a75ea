import type * as vscode from 'vscode';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OperationPages } from '#client/operations/operationPages.ts';
import type { PageContext } from '#client/operations/operationPage.ts';
import type { Proposal } from '#client/operations/proposal.ts';
import { referenceOf } from '#client/operations/reference.ts';
import { journalledRun, type ShownRun } from '#core/operations/shownRun.ts';
import { NOW } from '#test/support/liveViews.ts';
import { planOf, recordOf } from '#test/support/operationRuns.ts';
import { FakePanel } from '../detail/fakePanel.ts';

vi.mock('vscode', async () => {
  const { fakeEditor } = await import('../detail/fakePanel.ts');
  const registerWebviewPanelSerializer = () => ({ dispose: () => undefined });
  return { ...fakeEditor, window: { ...fakeEditor.window, registerWebviewPanelSerializer } };
});

const plan = planOf();
const proposal: Proposal = { context: 'shop', plan, clusters: [] };
const reference = referenceOf('shop', plan);
const connected: PageContext = {
  isDemo: false,
  isProtected: false,
  isReadOnly: false,
  isConnected: true,
  interruption: '',
};

let run: ShownRun | undefined;
let context: PageContext | undefined;
let acts: string[];
let pages: OperationPages;

beforeEach(() => {
  vi.useFakeTimers();
  run = undefined;
  context = connected;
  acts = [];
  pages = new OperationPages({
    // The fake editor makes addresses of any text.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    extensionUri: 'extension:' as unknown as vscode.Uri,
    find: ({ plan: id }) => (id === plan.id ? run : undefined),
    contextOf: () => context,
    hasFiles: () => false,
    canPutBack: ({ state }) => state.kind === 'done',
    now: () => NOW,
    act: (action, page) => acts.push(`${action} ${page.reference.plan}`),
  });
});

afterEach(() => {
  pages.dispose();
  FakePanel.all.length = 0;
  vi.useRealTimers();
});

function panel(): FakePanel {
  const found = FakePanel.all.at(-1);
  if (!found) throw new Error('There is a page.');
  return found;
}

function drawn(): string {
  pages.draw('shop');
  vi.advanceTimersByTime(100);
  return panel().text;
}

/** As the editor does with a page of before the window was loaded anew. */
function bringBack(state: unknown): FakePanel {
  const restored = new FakePanel('Safe restart of Kafka orders');
  // The fake has what a page of the extension uses.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  void pages.deserializeWebviewPanel(restored as unknown as vscode.WebviewPanel, state);
  restored.send({ type: 'ready' });
  return restored;
}

test('a plan becomes its run in the same page, which only then is kept for later', () => {
  pages.showPlan(proposal);
  expect(panel().webview.html).toContain('default-src &#39;none&#39;; style-src');
  expect(drawn()).toContain('Nothing is done yet.');
  expect(panel().state).toBeNull();
  run = { ...journalledRun(recordOf()), place: 'here' };
  expect(drawn()).toContain('Running By this window');
  expect(panel().state).toEqual({ ...reference, isDemo: false });
  pages.showRun(reference, 'again');
  expect([FakePanel.all.length, panel().revealed, pages.has('shop'), pages.isSeen(reference)]).toEqual([
    1,
    1,
    true,
    true,
  ]);
});

test('the page may ask for its own actions and for nothing else', () => {
  pages.showPlan(proposal);
  for (const action of ['run', 'delete', 'constructor', 7]) panel().send({ type: 'action', action });
  panel().send({ type: 'run' });
  expect(acts).toEqual(['run plan-1']);
});

test('times go on while it runs and somebody looks', () => {
  run = { ...journalledRun(recordOf()), place: 'here' };
  pages.showRun(reference, 'run');
  panel().text = '';
  vi.advanceTimersByTime(1000);
  expect(panel().text).toContain('Running');
  panel().look(false);
  panel().text = '';
  vi.advanceTimersByTime(5000);
  expect([panel().text, pages.isSeen(reference)]).toEqual(['', false]);
});

test('what a run has changed can be put back from its page once it is over', () => {
  run = { ...journalledRun(recordOf()), place: 'here' };
  pages.showRun(reference, 'run');
  expect(drawn()).not.toContain('Put Back…');
  run = journalledRun(recordOf({ state: { kind: 'done' } }));
  expect(drawn()).toContain('Put Back…');
  panel().send({ type: 'action', action: 'putBack' });
  expect(acts).toEqual(['putBack plan-1']);
});

test('closing a page ends its timers and nothing else', () => {
  run = { ...journalledRun(recordOf()), place: 'here' };
  pages.showRun(reference, 'run');
  panel().dispose();
  expect([vi.getTimerCount(), acts, pages.has('shop')]).toEqual([0, [], false]);
});

test('after the window was loaded anew it waits for the context, and connects when somebody says so', () => {
  context = undefined;
  const restored = bringBack({ ...reference, isDemo: false });
  expect(restored.text).toContain('shop is not connected.');
  restored.send({ type: 'action', action: 'connect' });
  expect(acts).toEqual(['connect plan-1']);
  context = connected;
  run = journalledRun(
    recordOf({ state: { kind: 'paused', reason: 'The runner was asked to leave it.', fix: 'Resume it.' } }),
  );
  expect(drawn()).toContain('Paused The runner was asked to leave it.');
});

test('what was practice has ended with its window', () => {
  const restored = bringBack({ ...reference, isDemo: true });
  expect(restored.text).toContain('the demo cluster begins anew with every window');
  expect(restored.state).toEqual({ ...reference, isDemo: true });
});

test('a page that keeps nothing, or nonsense, is closed', () => {
  for (const state of [null, undefined, 'x', { context: 'shop' }]) {
    const closed = vi.spyOn(FakePanel.prototype, 'dispose');
    bringBack(state);
    expect(closed).toHaveBeenCalledTimes(1);
    closed.mockRestore();
  }
  expect(pages.has('shop')).toBe(false);
});
