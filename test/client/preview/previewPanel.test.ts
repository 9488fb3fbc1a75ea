import type * as vscode from 'vscode';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PreviewPanel } from '#client/preview/previewPanel.ts';
import type { PreviewResult } from '#core/protocol.ts';
import { FakePanel } from '#test/client/detail/fakePanel.ts';
import { application, previewOf } from '#test/core/preview/told.ts';
import { events } from './fakeEditor.ts';

vi.mock('vscode', async () => (await import('./fakeEditor.ts')).fakeEditor);

const log = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), debug: vi.fn() };
const etl = await previewOf(application('  driver: { memory: 2g }\n  executor: {}'));
const good: PreviewResult = { version: 1, index: 0, count: 1, documents: [{ state: 'preview', preview: etl }] };
const document = { uri: { path: '/ws/jobs.yaml', toString: () => 'file:///ws/jobs.yaml' } };

/** Lines that were asked about, and who waits for the answers. */
const asked: number[] = [];
let answers: ((result: PreviewResult) => void)[] = [];
let closed = 0;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  for (const panel of FakePanel.all.splice(0)) panel.dispose();
  vi.useRealTimers();
  asked.length = 0;
  answers = [];
  closed = 0;
});

function open(): { readonly panel: PreviewPanel; readonly page: FakePanel } {
  const request = (_request: unknown, { position }: { readonly position: { readonly line: number } }) => {
    asked.push(position.line);
    return new Promise((resolve) => answers.push(resolve));
  };
  // The fakes have the parts that the page uses.
  /* oxlint-disable typescript/no-unsafe-type-assertion */
  const sources = { extensionUri: 'extension:', server: { request }, log } as never;
  const editor = { document, selection: { active: { line: 2, character: 0 } } } as unknown as vscode.TextEditor;
  /* oxlint-enable typescript/no-unsafe-type-assertion */
  const panel = new PreviewPanel(sources, editor, () => closed++);
  const page = FakePanel.all.at(-1);
  if (!page) throw new Error('no page');
  return { panel, page };
}

async function answer(index: number, result = good): Promise<void> {
  answers[index]?.(result);
  await vi.advanceTimersByTimeAsync(0);
}

test('a page is there at once and is filled when the server answers', async () => {
  const { page } = open();
  expect(page.title).toBe('Preview: jobs.yaml');
  expect(page.webview.html).toContain('The preview is being made.');
  await answer(0);
  expect(page.text).toContain('2432 MiB');
});

test('a burst of keystrokes is one question, and only the last answer counts', async () => {
  const { page } = open();
  for (let key = 0; key < 5; key++) {
    events.fire('change', { document });
    await vi.advanceTimersByTimeAsync(50);
  }
  expect(asked).toEqual([2]);
  await vi.advanceTimersByTimeAsync(150);
  expect(asked).toEqual([2, 2]);
  await answer(1, { ...good, count: 3 });
  await answer(0, { ...good, count: 9 });
  expect(page.text).toContain('document 1 of 3');
});

test('the page follows the cursor from line to line, in its own file only', async () => {
  open();
  const move = (line: number, at: unknown = document): void =>
    events.fire('selection', { textEditor: { document: at }, selections: [{ active: { line, character: 1 } }] });
  move(2);
  move(9, { uri: { toString: () => 'file:///other.yaml' } });
  await vi.advanceTimersByTimeAsync(500);
  expect(asked).toEqual([2]);
  move(30);
  await vi.advanceTimersByTimeAsync(500);
  expect(asked).toEqual([2, 30]);
});

test('nobody is asked while nobody looks; what was typed is seen when somebody does', async () => {
  const { page } = open();
  page.look(false);
  events.fire('change', { document });
  await vi.advanceTimersByTimeAsync(500);
  expect(asked).toEqual([2]);
  page.look(true);
  await vi.advanceTimersByTimeAsync(500);
  expect(asked).toEqual([2, 2]);
});

test('a closed file is said, and a closed page hears nothing more', async () => {
  const { page } = open();
  await answer(0);
  events.fire('close', document);
  events.fire('close', { uri: { toString: () => 'file:///other.yaml' } });
  expect(closed).toBe(0);
  page.dispose();
  expect([closed, events.listening]).toEqual([1, 0]);
});
