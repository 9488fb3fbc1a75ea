import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LocalRun } from '#client/operations/localRun.ts';
import { operationsUi } from '#client/operations/operationsUi.ts';
import { questionOf } from '#client/operations/question.ts';
import { RunEnds } from '#client/operations/runEnds.ts';
import { OperationStatus } from '#client/operations/statusItem.ts';
import type { RunState } from '#core/operations/model.ts';
import { FakeClock, settle } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { planOf, targetOf } from '#test/support/operationRuns.ts';
import { FakeOperations } from './fakeOperations.ts';

interface Shown {
  readonly how: string;
  readonly message: string;
  readonly rest: readonly unknown[];
}

const editor = vi.hoisted(() => {
  const shown: Shown[] = [];
  const answer: { value: string | undefined } = { value: undefined };
  const show =
    (how: string) =>
    async (message: string, ...rest: readonly unknown[]) => {
      shown.push({ how, message, rest });
      return answer.value;
    };
  const items: { text: string; tooltip: string; command?: unknown; isGone: boolean }[] = [];
  return { shown, answer, show, items, commands: [] as (readonly unknown[])[] };
});

vi.mock('vscode', () => ({
  StatusBarAlignment: { Left: 1 },
  window: {
    showInformationMessage: editor.show('information'),
    showWarningMessage: editor.show('warning'),
    showInputBox: async (options: { readonly title: string }) => {
      editor.shown.push({ how: 'input', message: options.title, rest: [options] });
      return editor.answer.value;
    },
    createStatusBarItem: () => {
      const item = { text: '', tooltip: '', isGone: false, show: () => undefined, dispose: () => (item.isGone = true) };
      editor.items.push(item);
      return item;
    },
  },
  commands: { executeCommand: async (...args: readonly unknown[]) => editor.commands.push(args) },
}));

const texts = { show: vi.fn() };
// Only what shows a text is used here.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const ui = operationsUi(texts as unknown as Parameters<typeof operationsUi>[0]);
const plain = { isProtected: false, isDemo: false };

beforeEach(() => {
  editor.shown.length = 0;
  editor.items.length = 0;
  editor.commands.length = 0;
  editor.answer.value = undefined;
});

afterEach(() => vi.clearAllMocks());

describe('the question before a run', () => {
  it('is a modal dialog whose first button, which Enter takes, changes nothing', async () => {
    expect(await ui.confirm(questionOf(planOf(), 'run', plain))).toBe(false);
    const [dialog] = editor.shown;
    expect(dialog?.rest).toEqual([
      {
        modal: true,
        detail: 'Kafka orders in namespace prod of context shop.\n3 steps, one after the other, about 90 s in all.',
      },
      'Back to the Plan',
      'Run',
    ]);
    editor.answer.value = 'Back to the Plan';
    expect(await ui.confirm(questionOf(planOf(), 'run', plain))).toBe(false);
    editor.answer.value = 'Run';
    expect(await ui.confirm(questionOf(planOf(), 'run', plain))).toBe(true);
  });

  it('wants the very name where one is asked for', async () => {
    const question = questionOf(planOf(), 'run', { ...plain, isProtected: true });
    for (const [typed, isAgreed] of [
      ['orders', true],
      ['order', false],
      ['', false],
      [undefined, false],
    ] as const) {
      editor.answer.value = typed;
      expect(await ui.confirm(question)).toBe(isAgreed);
    }
  });

  it('says that practice is practice', () => {
    expect(questionOf(planOf(), 'resume', { ...plain, isDemo: true }).lines[1]).toBe(
      'This is practice: the cluster is simulated.',
    );
  });

  it('has no links or icons of a cluster', async () => {
    const evil = '[x](command:y) $(check)';
    const question = questionOf(planOf({ title: evil, target: targetOf({ name: evil }) }), 'run', plain);
    await ui.confirm(question);
    await ui.confirm({ ...question, typedName: evil });
    const [dialog, input] = editor.shown;
    expect(JSON.stringify(dialog)).not.toContain('](command');
    expect(input?.message).not.toContain('$(check)');
    expect(JSON.stringify(input)).toContain('"prompt":"Type [x] (command:y)');
  });
});

function runOf(operations: FakeOperations, title = 'Safe restart of Kafka orders'): LocalRun {
  return new LocalRun(
    { context: 'shop', plan: planOf({ title }), clusters: [], cluster: new FakeCluster() },
    { operations, clock: new FakeClock(), runner: 'me', changed: () => undefined },
  );
}

describe('the end of a run', () => {
  async function end(state: RunState, isSeen: boolean, wish?: 'detach'): Promise<void> {
    const operations = new FakeOperations();
    const run = runOf(operations);
    const ends = new RunEnds(() => isSeen);
    ends.follow(run);
    ends.follow(run);
    await settle();
    if (wish) run.ask(wish);
    operations.runs[0]?.end({ state });
    await settle();
  }

  it.each([
    [{ kind: 'done' }, 'information', 'Safe restart of Kafka orders: every step is done.'],
    [
      { kind: 'stopped', reason: 'Another uid.', fix: 'Plan anew.' },
      'warning',
      'Safe restart of Kafka orders stopped: Another uid. Plan anew.',
    ],
  ] as const)('is told once where nobody looks, and leads to its page', async (state, how, message) => {
    editor.answer.value = 'Show';
    await end(state, false);
    expect(editor.shown).toEqual([{ how, message, rest: ['Show'] }]);
    expect(editor.commands[0]).toMatchObject(['dataClusters.showOperation', { context: 'shop', plan: 'plan-1' }]);
  });

  it('is not told to who looks, nor to who has left it', async () => {
    await end({ kind: 'done' }, true);
    await end({ kind: 'paused', reason: '', fix: '' }, false, 'detach');
    expect(editor.shown).toEqual([]);
  });
});

describe('the status bar', () => {
  it('says what runs here and which step it is at, and nothing when nothing does', async () => {
    const operations = new FakeOperations();
    const run = runOf(operations);
    await settle();
    const [step] = run.plan.steps;
    const status = new OperationStatus();
    status.show([run]);
    const [item] = editor.items;
    expect(item?.text).toBe('$(sync~spin) orders: step 1 of 3');
    if (step) operations.runs[0]?.ports.listener({ kind: 'waiting', step, phase: 'gate', waitingFor: '$(x) 3', at: 1 });
    status.show([run]);
    expect([item?.text, item?.tooltip]).toEqual([
      '$(watch) orders: step 1 of 3, waiting',
      'Safe restart of Kafka orders, shop\nstep 1 of 3. Waits for: $(x) 3',
    ]);
    expect(item?.command).toMatchObject({ command: 'dataClusters.showOperation', arguments: [{ plan: 'plan-1' }] });
    status.show([run, runOf(operations)]);
    expect(item?.text).toBe('$(sync~spin) 2 operations');
    status.show([]);
    expect([item?.isGone, editor.items.length]).toEqual([true, 1]);
  });
});
