import { afterEach } from 'vitest';
import type { Plan, Precondition, RunRecord, RunState } from '#core/operations/model.ts';
import type { ConfigureWish, NodeDrainWish, OperationWish, RollbackWish } from '#core/operations/wishes.ts';
import type { Operations, RunnerPorts, RunOrder } from '#core/operations/operations.ts';
import { CliHarness, type CliResult } from '#test/support/cliHarness.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { FakeDirectory } from '#test/support/fakeDirectory.ts';
import { FakeSystem } from '#test/support/fakeSystem.ts';
import { orders } from '#test/support/watchedSession.ts';
import { planOf } from '../core/operations/plans.ts';

const open: CliHarness[] = [];
afterEach(async () => {
  for (const harness of open.splice(0)) await harness.remove();
});

export const precondition = (state: Precondition['state'], fix?: string): Precondition => ({
  id: 'in-sync',
  title: 'Every replica is in sync',
  state,
  evidence: ['2 under-replicated: orders-1, orders-2'],
  ...(fix === undefined ? {} : { fix }),
});

export const planWith = (more: Partial<Plan> = {}): Plan => ({
  ...planOf(['orders-1', 'orders-0'].map((id) => ({ id, title: `Restart ${id}`, member: id, parameters: {} }))),
  title: 'Safe restart of Kafka orders',
  preconditions: [precondition('holds')],
  risks: ['A pod that does not start again ends the run there.'],
  ...more,
});

export const recordOf = (plan: Plan, state: RunState, more: Partial<RunRecord> = {}): RunRecord => ({
  plan,
  state,
  startedAt: Date.UTC(2026, 0, 1, 11),
  runner: 'ann@desk (1)',
  steps: [],
  ...more,
});

/** Operations of which a test says what they find and how a run goes. */
class FakeOperations implements Operations {
  planned = planWith();
  current: RunRecord | undefined;
  earlier: readonly RunRecord[] = [];
  state: RunState = { kind: 'done' };
  undos: readonly ConfigureWish[] = [];
  readonly wishes: OperationWish[] = [];
  readonly runs: RunOrder[] = [];
  readonly nodes: string[] = [];
  readonly nodeWishes: NodeDrainWish[] = [];
  readonly rollbacks: RollbackWish[] = [];
  readonly asked: string[] = [];
  /** Who holds the lock; nobody when it is undefined. */
  holder: string | undefined;
  /** What happens while it runs. */
  during: (ports: RunnerPorts, order: RunOrder) => Promise<void> = async () => undefined;

  plan: Operations['plan'] = async (wish) => {
    this.wishes.push(wish);
    return this.planned;
  };

  planRollback: Operations['planRollback'] = async (wish) => {
    this.rollbacks.push(wish);
    return this.planned;
  };

  run: Operations['run'] = async (order, ports) => {
    this.runs.push(order);
    await this.during(ports, order);
    return recordOf(order.plan, this.state);
  };

  history: Operations['history'] = async () =>
    this.current && { current: this.current, history: this.earlier, resourceVersion: '1' };

  offers: Operations['offers'] = () => [];
  planNodeDrain: Operations['planNodeDrain'] = async (wish) => {
    this.nodes.push(wish.node);
    this.nodeWishes.push(wish);
    return this.planned;
  };
  undoing: Operations['undoing'] = () => this.undos;
  files: Operations['files'] = () => [{ name: 'rollback.json', text: '{}' }];
  watchJournals: Operations['watchJournals'] = () => ({ stop: () => undefined });
  ask: Operations['ask'] = async (wish) => {
    this.asked.push(wish);
    return this.holder === undefined ? { kind: 'nobody' } : { kind: 'told', holder: this.holder };
  };
}

export interface Cli {
  readonly harness: CliHarness;
  readonly cluster: FakeCluster;
  readonly operations: FakeOperations;
  readonly run: (...args: readonly string[]) => Promise<CliResult>;
}

export async function cli(): Promise<Cli> {
  const harness = await CliHarness.create();
  open.push(harness);
  const cluster = new FakeCluster({ namespace: 'prod' });
  cluster.put(...orders());
  const clock = new FakeClock();
  const operations = new FakeOperations();
  const directory = new FakeDirectory(cluster);
  Object.assign(harness, { clock, directory, operations, systems: [new FakeSystem()] });
  const run = async (...args: readonly string[]): Promise<CliResult> => {
    const state = { isOver: false };
    const result = harness.run(args).finally(() => (state.isOver = true));
    while (!state.isOver) await clock.pass(10);
    return result;
  };
  return { harness, cluster, operations, run };
}
