import type * as vscode from 'vscode';
import { afterEach, expect, test, vi } from 'vitest';
import { DetailPanels } from '#client/views/detail/detailPanels.ts';
import type { ContextWatch } from '#core/live/view.ts';
import { FakeWatch } from '#test/support/fakeWatches.ts';
import { clusterOf, judged, viewOf } from '#test/support/liveViews.ts';
import { FakePanel } from './fakePanel.ts';

vi.mock('vscode', async () => (await import('./fakePanel.ts')).fakeEditor);

const log = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), debug: vi.fn() };
const orders = clusterOf('orders');
const { key } = orders;
const watches = new Map<string, ContextWatch>();
let opened: DetailPanels | undefined;

afterEach(() => {
  opened?.dispose();
  watches.clear();
  FakePanel.all.length = 0;
});

function connect(context = 'shop'): FakeWatch {
  const watch = new FakeWatch(context, viewOf([judged(orders)]));
  watches.set(context, watch);
  return watch;
}

function show(): { readonly panels: DetailPanels; readonly panel: FakePanel } {
  const panels = new DetailPanels({
    // The fake editor makes addresses of any text.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    extensionUri: 'extension:' as unknown as vscode.Uri,
    watchOf: (context) => watches.get(context),
    clusterOf: () => undefined,
    isDemo: () => false,
    log,
  });
  opened = panels;
  panels.show('shop', key);
  const [panel] = FakePanel.all;
  if (!panel) throw new Error('no panel');
  return { panels, panel };
}

test('a data cluster has one page, which is brought to the front when it is asked for again', () => {
  connect();
  const { panels, panel } = show();
  panels.show('shop', key);
  expect([FakePanel.all.length, panel.revealed]).toEqual([1, 1]);
  panels.show('other', key);
  expect(FakePanel.all).toHaveLength(2);
  expect(panel.webview.html).toContain('extension:/media/detail/detail.js');
  expect(panel.text).toContain('orders');
});

test('the system is asked while somebody looks, and no longer', () => {
  const watch = connect();
  const { panels, panel } = show();
  expect([watch.asking, watch.listening]).toEqual([[key], [key]]);
  panel.look(false);
  expect([watch.asking, watch.listening]).toEqual([[], []]);
  expect(panels.has('shop')).toBe(true);
  panel.look(true);
  expect(watch.asking).toEqual([key]);
  panel.dispose();
  expect([watch.asking, watch.listening]).toEqual([[], []]);
  expect(panels.has('shop')).toBe(false);
});

test('a page follows the watch of its context: ended, begun again, replaced', () => {
  const first = connect();
  const { panels, panel } = show();
  watches.clear();
  panels.contextsChanged();
  expect(first.asking).toEqual([]);
  expect(panel.text).toContain('shop is not connected.');
  const second = connect();
  panels.contextsChanged();
  panels.contextsChanged();
  expect(second.asking).toEqual([key]);
  const third = connect();
  panels.contextsChanged();
  expect([second.asking, third.asking]).toEqual([[], [key]]);
});

test('the page may ask for an answer now, and for nothing else', () => {
  const watch = connect();
  const { panel } = show();
  for (const message of [undefined, 'inspect', { type: 'action', action: 'delete' }, { type: 'inspect' }]) {
    panel.send(message);
  }
  expect(watch.inspected).toEqual([]);
  panel.send({ type: 'action', action: 'inspect' });
  expect(watch.inspected).toEqual([key]);
});
