import { beforeEach, expect, test, vi } from 'vitest';
import type { OperationPage } from '#client/operations/operationPage.ts';
import { pageActor } from '#client/operations/pageActor.ts';
import { Planner } from '#client/operations/planner.ts';
import type { Proposal } from '#client/operations/proposal.ts';
import { putBack } from '#client/operations/putBack.ts';
import { referenceOf } from '#client/operations/reference.ts';
import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import type { ConfigureWish } from '#core/operations/wishes.ts';
import { journalledRun, type ShownRun } from '#core/operations/shownRun.ts';
import { FakeClock, settle } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { clusterOf } from '#test/support/liveViews.ts';
import { planOf, recordOf } from '#test/support/operationRuns.ts';
import { answering } from './answering.ts';
import { FakeOperations } from './fakeOperations.ts';

const editor = vi.hoisted(() => ({ errors: [] as string[] }));
vi.mock('vscode', () => ({
  window: { showErrorMessage: async (message: string) => void editor.errors.push(message) },
}));

const orders = clusterOf('orders');
const reference = referenceOf('shop', planOf());
const forAll: ConfigureWish = { operation: 'configure', settings: { 'num.io.threads': null, 'num.partitions': '1' } };
const forOne: ConfigureWish = { operation: 'configure', settings: { 'log.retention.ms': '5' }, member: 'orders-1' };

let fake: FakeOperations;
let known: readonly DataCluster[];
let run: ShownRun | undefined;
let proposals: Proposal[];

beforeEach(() => {
  fake = new FakeOperations();
  fake.offered = [{ operation: 'configure' }];
  fake.undos = [forAll];
  known = [clusterOf('others'), orders];
  run = journalledRun(recordOf({ state: { kind: 'done' } }));
  proposals = [];
  editor.errors.length = 0;
});

/** Somebody presses the button of the page. */
async function press(...answers: readonly (string | undefined)[]): Promise<{ readonly left: number }> {
  const asker = answering(...answers);
  const contexts = {
    clusterOf: async () => new FakeCluster(),
    dataOf: async () => known,
    policyOf: () => ({ isProtected: false, isReadOnly: false }),
    isDemo: () => false,
  };
  const showProgress = async <Result>(_title: string, work: Promise<Result>): Promise<Result> => work;
  const operations = (): FakeOperations => fake;
  const planner = new Planner({ contexts, operations, clock: new FakeClock(), showProgress });
  const controller = { find: async () => run };
  const showPlan = (proposal: Proposal): void => void proposals.push(proposal);
  const ignore = (): void => undefined;
  const act = pageActor({
    // Of the controller only what this button uses is there.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    controller: controller as unknown as Parameters<typeof pageActor>[0]['controller'],
    operations,
    connect: async () => undefined,
    putBack: (asked) => putBack(asked, { controller, contexts, operations, planner, asker, showPlan }),
    log: { error: ignore, warn: ignore, info: ignore, debug: ignore },
  });
  // The button uses nothing else of a page.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  act('putBack', { reference } as unknown as OperationPage);
  await settle();
  return { left: asker.left() };
}

test('one wish is planned without a question, and its plan is shown like any other', async () => {
  await press();
  expect(fake.wishes).toEqual([forAll]);
  expect(proposals).toEqual([{ context: 'shop', plan: fake.planned, clusters: [orders] }]);
  expect(editor.errors).toEqual([]);
  expect(fake.runs).toEqual([]);
});

test('of several it is asked which is the first', async () => {
  fake.undos = [forAll, forOne];
  await press('orders-1: log.retention.ms');
  await press('all brokers: num.io.threads, num.partitions');
  expect(fake.wishes).toEqual([forOne, forAll]);
  expect(await press(undefined)).toEqual({ left: 0 });
  expect([fake.wishes.length, proposals.length, editor.errors]).toEqual([2, 2, []]);
});

test.each([
  ['the data cluster is gone', (): void => void (known = []), 'There is no data cluster orders in shop any more.'],
  ['the journal is gone', (): void => void (run = undefined), 'Nothing of this operation is written down any more.'],
  [
    'there is nothing',
    (): void => void (fake.undos = []),
    'Nothing that this run has changed can be put back by a plan.',
  ],
  [
    'an operator has taken it over',
    (): void => void (fake.offered = [{ operation: 'configure', refusal: 'An operator runs it.' }]),
    'An operator runs it.',
  ],
  [
    'it is so already',
    (): void =>
      void (fake.planned = new ClusterProblem('absent', 'Nothing is to be done: every broker has this value.')),
    'Nothing is to be done: every broker has this value. Nothing was changed.',
  ],
] as const)('where %s, that is told', async (_, happens, reason) => {
  happens();
  await press();
  expect(editor.errors).toHaveLength(1);
  expect(editor.errors[0]).toContain(`Put Back did not work. ${reason}`);
  expect(proposals).toEqual([]);
});
