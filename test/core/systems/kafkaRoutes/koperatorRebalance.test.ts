import { describe, expect, it } from 'vitest';
import { textAt, valueAt, type JsonObject } from '#core/json.ts';
import type { RunRecord } from '#core/operations/model.ts';
import type { DrainWish, RebalanceWish } from '#core/operations/wishes.ts';
import { koperatorDrain, koperatorRebalance } from '#core/systems/kafka/operations/koperator/rebalance.ts';
import { Koperator, koperatorAddress } from './koperatorOperator.ts';
import { verdicts, type SimulatedKafka } from './simulatedKafka.ts';

const full: RebalanceWish = { operation: 'rebalance', mode: 'full' };
const evacuate: DrainWish = { operation: 'drain', how: 'evacuate', members: ['shop-2-aaa'] };
const tasks = { ...koperatorAddress, version: 'v1alpha1', plural: 'cruisecontroloperations' };

/** Koperator's tasks: begun once their operation stands in the status, stopped when they are deleted. */
class Tasks extends Koperator {
  rounds = 3;
  fails = false;

  constructor() {
    super();
    this.kafka.copies = 2;
    this.kafka.every(5000, () => void this.lookAtTasks());
  }

  async all(): Promise<readonly JsonObject[]> {
    return this.kafka.cluster.list(tasks);
  }

  private async lookAtTasks(): Promise<void> {
    const [one] = await this.all();
    if (!one) this.kafka.moving = 0;
    if (!one || this.isDead || textAt(one, 'status', 'currentTask', 'operation') === '') return;
    const state = textAt(one, 'status', 'currentTask', 'state');
    if (state.startsWith('Completed')) return;
    this.rounds -= 1;
    this.kafka.moving = 2;
    if (this.rounds > 0) return this.say(one, { state: 'InExecution' });
    this.kafka.moving = 0;
    if (this.fails) return this.say(one, { state: 'CompletedWithError', errorMessage: 'no valid windows' });
    if (textAt(one, 'status', 'currentTask', 'operation') === 'remove_broker')
      this.kafka.emptied.add(Number(textAt(one, 'status', 'currentTask', 'parameters', 'brokerid')));
    return this.say(one, { state: 'Completed' });
  }

  private async say(one: JsonObject, currentTask: object): Promise<void> {
    await this.kafka.cluster.mergePatch(
      { ...tasks, name: textAt(one, 'metadata', 'name') },
      { status: { currentTask } },
    );
  }
}

type More = Parameters<SimulatedKafka['run']>[2];
async function done(one: Tasks, wish: RebalanceWish | DrainWish, more: More = {}): Promise<RunRecord> {
  await one.kafka.clock.pass(100);
  if (wish.operation === 'drain')
    return one.kafka.run(koperatorDrain, await one.kafka.plan(koperatorDrain, wish), more);
  return one.kafka.run(koperatorRebalance, await one.kafka.plan(koperatorRebalance, wish), more);
}

describe('moves by Koperator', () => {
  it('are asked for by an object and the task in its status', async () => {
    const one = new Tasks();
    const record = await done(one, evacuate);
    expect(record.state).toEqual({ kind: 'done' });
    const [task] = await one.all();
    expect(valueAt(task, 'metadata', 'labels')).toEqual({ kafka_cr: 'shop' });
    expect(valueAt(task, 'spec')).toEqual({ errorPolicy: 'ignore' });
    expect(valueAt(task, 'status', 'currentTask')).toEqual({
      operation: 'remove_broker',
      parameters: { brokerid: '2' },
      state: 'Completed',
    });
    const ours = one.kafka.cluster.writes.filter(({ options }) => options.subresource === 'status');
    expect(ours.map(({ verb, address }) => `${verb} ${address.plural}`)).toEqual(['patch cruisecontroloperations']);
    expect([...one.kafka.emptied]).toEqual([2]);
  });

  it('need consent, because there is no proposal to look at', async () => {
    const one = new Tasks();
    await one.kafka.clock.pass(100);
    const plan = await one.kafka.plan(koperatorRebalance, full);
    expect(Object.entries(verdicts(plan)).filter(([, state]) => state !== 'holds')).toEqual([['unseen', 'consent']]);
    expect(await one.all()).toEqual([]);
  });

  it('stop when Cruise Control fails', async () => {
    const one = new Tasks();
    one.fails = true;
    const { state } = await done(one, full);
    expect(state).toMatchObject({ kind: 'stopped', reason: 'Cruise Control failed: no valid windows.' });
  });

  it('end when they are cancelled, by taking the object away', async () => {
    const one = new Tasks();
    one.rounds = 1000;
    const control = { wish: 'run' as 'run' | 'cancel' };
    const during = (): void => {
      if (one.kafka.moving > 0) control.wish = 'cancel';
    };
    const record = await done(one, full, { control, during });
    expect(record.state).toEqual({ kind: 'cancelled' });
    expect(await one.all()).toEqual([]);
  });

  it('are gone on with when the task was not written yet', async () => {
    const one = new Tasks();
    const patch = one.kafka.cluster.mergePatch.bind(one.kafka.cluster);
    let lost = 1;
    one.kafka.cluster.mergePatch = async (address, body, options) => {
      if (options?.subresource === 'status' && lost-- > 0) throw new Error('connection reset');
      return patch(address, body, options);
    };
    expect((await done(one, full)).state).toEqual({ kind: 'done' });
    expect(await one.all()).toHaveLength(1);
  });

  it('wait for the operations of others', async () => {
    const one = new Tasks();
    await one.kafka.clock.pass(100);
    const plan = await one.kafka.plan(koperatorRebalance, full);
    one.setOperator(1);
    one.kafka.cluster.put({
      apiVersion: 'kafka.banzaicloud.io/v1alpha1',
      kind: 'CruiseControlOperation',
      metadata: { name: 'another', namespace: 'prod', labels: { kafka_cr: 'shop' } },
      status: { currentTask: { operation: 'rebalance' } },
    });
    const record = await one.kafka.run(koperatorRebalance, plan);
    expect(one.kafka.waits).toContain('CruiseControlOperation another to be over');
    expect(record.plan.id).toBe(plan.id);
  });

  it('are refused without Cruise Control, and for topics that are to stay', async () => {
    const one = new Tasks();
    await expect(done(one, { ...full, exclude: ['orders'] })).rejects.toThrow('which topics are to stay');
    await one.kafka.cluster.mergePatch(koperatorAddress, { spec: { cruiseControlConfig: null } });
    await expect(done(one, full)).rejects.toThrow('spec.cruiseControlConfig');
  });
});
