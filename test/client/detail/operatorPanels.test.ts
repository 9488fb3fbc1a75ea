import type * as vscode from 'vscode';
import { afterEach, expect, test, vi } from 'vitest';
import { OperatorPanels } from '#client/views/operators/operatorPanels.ts';
import type { FakeCluster } from '#test/support/fakeCluster.ts';
import { viewOf } from '#test/support/liveViews.ts';
import {
  clusterWith,
  OPS,
  operatorContext,
  operatorOf,
  operatorPod,
  operatorWorkload,
  POD,
} from '#test/support/operatorObjects.ts';
import { FakePanel } from './fakePanel.ts';

vi.mock('vscode', async () => (await import('./fakePanel.ts')).fakeEditor);

const log = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), debug: vi.fn() };
const name = { namespace: OPS, name: 'operator' };
const here = operatorContext(operatorOf(operatorWorkload()));
let panels: OperatorPanels | undefined;

afterEach(() => {
  panels?.dispose();
  FakePanel.all.length = 0;
  vi.useRealTimers();
});

function setUp(opened: () => ReturnType<ConstructorParameters<typeof OperatorPanels>[0]['opened']>): OperatorPanels {
  panels = new OperatorPanels({
    // The fake editor makes addresses of any text.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    extensionUri: 'extension:' as unknown as vscode.Uri,
    opened,
    isDemo: () => false,
    log,
  });
  return panels;
}

function countingCluster(): { readonly cluster: FakeCluster; readonly reads: string[] } {
  const cluster = clusterWith(operatorWorkload(), operatorPod());
  const reads: string[] = [];
  cluster.isForbidden = ({ verb, resource }) => {
    reads.push(`${verb} ${resource}`);
    return false;
  };
  return { cluster, reads };
}

function first(): FakePanel {
  const [panel] = FakePanel.all;
  if (!panel) throw new Error('no panel');
  return panel;
}

test('an operator is read when its page is opened and when somebody asks, not when something changes', async () => {
  const { cluster, reads } = countingCluster();
  const opened = setUp(() => ({ cluster, watch: { view: here } }));
  expect(reads).toEqual([]);
  opened.show('shop', name);
  await vi.waitFor(() => expect(first().text).toContain(POD));
  await vi.waitFor(() => expect(first().text).toContain('It was read'));
  const once = reads.length;
  expect(once).toBeGreaterThan(5);
  opened.show('shop', name);
  opened.contextsChanged();
  first().send({ type: 'action', action: 'delete' });
  expect([FakePanel.all.length, first().revealed, reads.length]).toEqual([1, 1, once]);
  first().send({ type: 'action', action: 'read' });
  await vi.waitFor(() => expect(reads.length).toBe(2 * once));
});

test('an operator that is not there yet is read once it is', async () => {
  const { cluster, reads } = countingCluster();
  let view = viewOf([]);
  const opened = setUp(() => ({ cluster, watch: { view } }));
  opened.show('shop', name);
  expect(first().webview.html).toContain('It is not in shop any more');
  expect(reads).toEqual([]);
  view = here;
  opened.contextsChanged();
  await vi.waitFor(() => expect(first().text).toContain(POD));
});

test('a page of a context that was left says so, and holds it no longer once it is closed', () => {
  const opened = setUp(() => undefined);
  opened.show('shop', name);
  expect(first().webview.html).toContain('shop is not connected.');
  expect(opened.has('shop')).toBe(true);
  first().dispose();
  expect(opened.has('shop')).toBe(false);
});
