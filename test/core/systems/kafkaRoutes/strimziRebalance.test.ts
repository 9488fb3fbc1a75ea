import { describe, expect, it } from 'vitest';
import { textAt, valueAt, type JsonObject } from '#core/json.ts';
import type { RunRecord } from '#core/operations/model.ts';
import type { DrainWish, RebalanceWish } from '#core/operations/wishes.ts';
import { specOf, strimziDrain, strimziRebalance } from '#core/systems/kafka/operations/strimzi/rebalance.ts';
import { workloadManifest } from '../../../support/liveManifests.ts';
import { verdicts, type SimulatedKafka } from './simulatedKafka.ts';
import { kafkaAddress, Strimzi } from './strimziOperator.ts';

const WORD = 'strimzi.io/rebalance';
const full: RebalanceWish = { operation: 'rebalance', mode: 'full' };
const evacuate: DrainWish = { operation: 'drain', how: 'evacuate', members: ['shop-brokers-2'] };
const rebalances = { ...kafkaAddress, plural: 'kafkarebalances' };

/** Cruise Control behind Strimzi: proposals, moves, and how both are known to fail. */
class CruiseControl extends Strimzi {
  /** Rounds until a proposal is there; Infinity: never. */
  thinks = 2;
  /** How often it has no proposal first. */
  failures = 0;
  /** Rounds that it moves. */
  moves = 4;
  isRestartedWhileMoving = false;
  /** It says that it is done, and is not. */
  isLying = false;
  /** It drops the approval and proposes something else. */
  dropsApproval = 0;
  sessions = 0;
  private left = 0;

  constructor() {
    super();
    this.kafka.copies = 2;
    this.kafka.cluster.put(workloadManifest('Deployment', 'shop-cruise-control', { namespace: 'prod' }));
    this.kafka.every(5000, () => void this.lookAtRebalances());
  }

  async all(): Promise<readonly JsonObject[]> {
    return this.kafka.cluster.list(rebalances);
  }

  async states(): Promise<readonly string[]> {
    return (await this.all()).map((one) => textAt(one, 'status', 'conditions', '0', 'type') || stateOf(one));
  }

  private async lookAtRebalances(): Promise<void> {
    if (this.isDead) return;
    for (const one of await this.all()) await this.step(one);
  }

  private async step(one: JsonObject): Promise<void> {
    const word = textAt(one, 'metadata', 'annotations', WORD);
    const state = stateOf(one);
    if (word === 'refresh' || (state === '' && word === '')) return this.begin(one);
    if (state === 'PendingProposal') return this.think(one);
    if (state === 'ProposalReady' && word === 'approve') return this.approved(one);
    if (state === 'Rebalancing') return this.move(one, word);
  }

  private async begin(one: JsonObject): Promise<void> {
    this.left = this.thinks;
    await this.say(one, 'PendingProposal');
  }

  private async think(one: JsonObject): Promise<void> {
    if (this.failures > 0) {
      this.failures -= 1;
      return this.say(one, 'NotReady', 'CruiseControlRestException: connection refused');
    }
    this.left -= 1;
    if (this.left > 0) return;
    await this.propose(one);
  }

  private async propose(one: JsonObject): Promise<void> {
    this.sessions += 1;
    const optimizationResult = {
      numReplicaMovements: 10 + this.sessions,
      dataToMoveMB: 3400,
      onDemandBalancednessScoreBefore: 78.2,
      onDemandBalancednessScoreAfter: 91,
      afterBeforeLoadConfigMap: 'shop-load',
    };
    await this.say(one, 'ProposalReady', '', { sessionId: `session-${this.sessions}`, optimizationResult });
  }

  private async approved(one: JsonObject): Promise<void> {
    if (this.dropsApproval > 0) {
      this.dropsApproval -= 1;
      return this.propose(one);
    }
    this.left = this.moves;
    this.kafka.moving = 3;
    this.kafka.cluster.put({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'shop-progress', namespace: 'prod' },
      data: { completedByteMovementPercentage: '25', estimatedTimeToCompletionInMinutes: '7' },
    });
    await this.say(one, 'Rebalancing', '', { progress: { rebalanceProgressConfigMap: 'shop-progress' } });
  }

  private async move(one: JsonObject, word: string): Promise<void> {
    this.left -= 1;
    if (word !== 'stop' && !this.isRestartedWhileMoving && this.left > 0) return;
    this.kafka.moving = 0;
    if (word === 'stop') return this.say(one, 'Stopped');
    if (this.isRestartedWhileMoving) return this.say(one, 'NotReady', 'CruiseControlRestException: task lost');
    const brokers = valueAt(one, 'spec', 'brokers');
    const isEmptied = valueAt(one, 'spec', 'mode') === 'remove-brokers' && !this.isLying;
    if (isEmptied && Array.isArray(brokers)) for (const id of brokers) this.kafka.emptied.add(Number(id));
    await this.say(one, 'Ready');
  }

  private async say(one: JsonObject, type: string, message = '', more: object = {}): Promise<void> {
    const patch = {
      metadata: { annotations: { [WORD]: null } },
      status: { conditions: [{ type, status: 'True', message }], ...more },
    };
    await this.kafka.cluster.mergePatch({ ...rebalances, name: textAt(one, 'metadata', 'name') }, patch);
  }
}

const stateOf = (one: JsonObject): string => {
  const conditions = valueAt(one, 'status', 'conditions');
  return Array.isArray(conditions) ? textAt(conditions[0], 'type') : '';
};

type More = Parameters<SimulatedKafka['run']>[2];
const start = async (
  { kafka }: CruiseControl,
  wish: RebalanceWish | DrainWish,
  more: More = {},
): Promise<RunRecord> => {
  await kafka.clock.pass(100);
  if (wish.operation === 'drain') return kafka.run(strimziDrain, await kafka.plan(strimziDrain, wish), more);
  return kafka.run(strimziRebalance, await kafka.plan(strimziRebalance, wish), more);
};
const goOn = ({ kafka }: CruiseControl, earlier: RunRecord, more: More = {}): Promise<RunRecord> =>
  kafka.run(strimziRebalance, earlier.plan, { earlier, ...more });
const reasonOf = ({ state }: RunRecord): string => ('reason' in state ? state.reason : '');
const notesOf = ({ steps }: RunRecord): readonly string[] => steps.flatMap(({ notes }) => notes);

describe('a rebalance by Strimzi', () => {
  it('is proposed, shown, and moved only when somebody goes on', async () => {
    const control = new CruiseControl();
    const first = await start(control, full);
    expect(first.state).toMatchObject({
      kind: 'paused',
      fix: 'Look at it. Resume to approve it; cancel to take it back.',
    });
    expect(reasonOf(first)).toContain('11 replicas to move, 3400 MB to copy, balance now 78.2, balance afterwards 91');
    await control.kafka.clock.pass(600_000);
    expect((await control.all()).map(stateOf)).toEqual(['ProposalReady']);
    const second = await goOn(control, first);
    expect(second.state).toEqual({ kind: 'done' });
    expect((await control.all()).map(stateOf)).toEqual(['Ready']);
    expect(control.kafka.waits.join()).toContain('25 % of the bytes, about 7 min left, 3 partitions are being moved');
  });

  it('plans without any change, and everything holds', async () => {
    const control = new CruiseControl();
    await control.kafka.clock.pass(100);
    const plan = await control.kafka.plan(strimziRebalance, full);
    expect(new Set(Object.values(verdicts(plan)))).toEqual(new Set(['holds']));
    expect(await control.all()).toEqual([]);
    expect(plan.steps.map(({ id }) => id)).toEqual(['propose', 'approve']);
  });

  it('shows a proposal again that is no longer the one that was shown', async () => {
    const control = new CruiseControl();
    const first = await start(control, full);
    const [one] = await control.all();
    const address = { ...rebalances, name: textAt(one, 'metadata', 'name') };
    await control.kafka.cluster.mergePatch(address, { metadata: { annotations: { [WORD]: 'refresh' } } });
    const second = await goOn(control, first);
    expect(second.state.kind).toBe('paused');
    expect(reasonOf(second)).toContain('12 replicas to move');
    expect((await goOn(control, second)).state).toEqual({ kind: 'done' });
  });

  it('asks again for a proposal that failed, and pauses when it fails too often', async () => {
    const control = new CruiseControl();
    control.failures = 2;
    expect(reasonOf(await start(control, full))).toContain('11 replicas to move');
    const other = new CruiseControl();
    other.failures = 4;
    const paused = await start(other, full);
    expect(paused.state.kind).toBe('paused');
    expect(reasonOf(paused)).toContain('has failed 4 times to propose: CruiseControlRestException: connection refused');
    expect(reasonOf(await goOn(other, paused))).toContain('replicas to move');
  });

  it('pauses when the proposal is never ready', async () => {
    const control = new CruiseControl();
    control.thinks = Number.POSITIVE_INFINITY;
    const record = await start(control, full);
    expect(record.state.kind).toBe('paused');
    expect(reasonOf(record)).toContain('the proposal of Cruise Control (PendingProposal)');
  });

  it('shows it once more when the approval was dropped', async () => {
    const control = new CruiseControl();
    control.dropsApproval = 1;
    const second = await goOn(control, await start(control, full));
    expect(second.state.kind).toBe('paused');
    expect(notesOf(second).join()).toContain('The approval was not taken up');
    expect((await goOn(control, second)).state).toEqual({ kind: 'done' });
  });

  it('stops when Cruise Control is restarted while it moves', async () => {
    const control = new CruiseControl();
    control.isRestartedWhileMoving = true;
    const second = await goOn(control, await start(control, full));
    expect(second.state).toMatchObject({ kind: 'stopped' });
    expect(reasonOf(second)).toContain('NotReady: CruiseControlRestException: task lost');
  });

  it('is deleted when it is cancelled before anybody approved', async () => {
    const control = new CruiseControl();
    const first = await start(control, full);
    const second = await goOn(control, first, { control: { wish: 'cancel' } });
    expect(second.state).toEqual({ kind: 'cancelled' });
    expect(await control.all()).toEqual([]);
    const other = new CruiseControl();
    other.thinks = 1000;
    const wish = { wish: 'run' as 'run' | 'cancel' };
    const during = (): void => {
      if (other.kafka.waits.some((text) => text.includes('PendingProposal'))) wish.wish = 'cancel';
    };
    expect((await start(other, full, { control: wish, during })).state).toEqual({ kind: 'cancelled' });
    expect(await other.all()).toEqual([]);
  });

  it('is stopped when it is cancelled while it moves', async () => {
    const control = new CruiseControl();
    control.moves = 1000;
    const first = await start(control, full);
    const wish = { wish: 'run' as 'run' | 'cancel' };
    const second = await goOn(control, first, {
      control: wish,
      during: () => {
        if (control.kafka.moving > 0) wish.wish = 'cancel';
      },
    });
    expect(second.state).toEqual({ kind: 'cancelled' });
    expect((await control.all()).map(stateOf)).toEqual(['Stopped']);
    expect(notesOf(second).join()).toContain('what it has moved stays');
  });

  it('waits while the operator is down', async () => {
    const control = new CruiseControl();
    const plan = await (await control.kafka.clock.pass(100), control.kafka.plan(strimziRebalance, full));
    control.setOperator(0);
    const record = await control.kafka.run(strimziRebalance, plan);
    expect(record.state.kind).toBe('paused');
    expect(await control.all()).toEqual([]);
  });

  it('leaves a KafkaRebalance of somebody else alone', async () => {
    const control = new CruiseControl();
    await control.kafka.clock.pass(100);
    const plan = await control.kafka.plan(strimziRebalance, full);
    const metadata = { name: String(plan.parameters['rebalance']), namespace: 'prod' };
    control.kafka.cluster.put({ apiVersion: 'kafka.strimzi.io/v1', kind: 'KafkaRebalance', metadata, spec: {} });
    const record = await control.kafka.run(strimziRebalance, plan);
    expect(record.state.kind).toBe('stopped');
    expect(await control.all()).toHaveLength(1);
  });
});

describe('an evacuation by Strimzi', () => {
  it('is done when Kafka says that the broker holds nothing', async () => {
    const control = new CruiseControl();
    const first = await start(control, evacuate);
    expect(valueAt((await control.all())[0], 'spec')).toEqual({ mode: 'remove-brokers', brokers: [2] });
    const second = await goOn(control, first);
    expect(second.state).toEqual({ kind: 'done' });
    expect([...control.kafka.emptied]).toEqual([2]);
  });

  it('stops when Cruise Control says so and Kafka does not', async () => {
    const control = new CruiseControl();
    control.isLying = true;
    const second = await goOn(control, await start(control, evacuate));
    expect(reasonOf(second)).toContain('2 partitions still have a replica on broker 2');
  });

  it('fails beforehand when too few brokers would be left', async () => {
    const control = new CruiseControl();
    control.kafka.copies = 3;
    expect(verdicts(await control.kafka.plan(strimziDrain, evacuate))['left']).toBe('fails');
  });
});

describe('what Strimzi is not asked for', () => {
  it.each<[string, RebalanceWish | DrainWish, string]>([
    ['to even out racks only', { operation: 'rebalance', mode: 'racks only' }, 'has no rebalance "racks only"'],
    ['to empty nobody', { operation: 'rebalance', mode: 'off brokers' }, 'Name the brokers'],
    [
      'to empty a controller',
      { operation: 'rebalance', mode: 'off brokers', members: ['shop-controllers-3'] },
      'shop-controllers-3',
    ],
    ['to do what a file says', { ...full, reassignment: '{}' }, 'not what a file says'],
  ])('%s', async (_, wish, reason) => {
    await expect(start(new CruiseControl(), wish)).rejects.toThrow(reason);
  });

  it('anything that copies data without Cruise Control', async () => {
    const control = new CruiseControl();
    await control.kafka.cluster.mergePatch(kafkaAddress, { spec: { cruiseControl: null } });
    await expect(start(control, full)).rejects.toThrow('spec.cruiseControl');
    await expect(start(control, evacuate)).rejects.toThrow('spec.cruiseControl');
  });

  it('leaders: those are moved by the protocol, without it too', async () => {
    const control = new CruiseControl();
    await control.kafka.cluster.mergePatch(kafkaAddress, { spec: { cruiseControl: null } });
    control.kafka.take('shop-brokers-0');
    await control.kafka.clock.pass(20_000);
    // How fast topics grow is measured while it is planned.
    const planned = control.kafka.plan(strimziRebalance, { operation: 'rebalance', mode: 'leaders only' });
    await control.kafka.clock.pass(60_000);
    const plan = await planned;
    const kinds = plan.steps.map(({ parameters }) => parameters['kind']);
    expect(kinds).toContain('elect');
    expect(kinds).not.toContain('propose');
    expect(strimziRebalance.refusal(await control.kafka.data())).toBeUndefined();
  });
});

describe('the spec of a KafkaRebalance', () => {
  it('has what was wished for, and nothing else', () => {
    const usual = { mode: 'full', brokers: [], exclude: [], throttle: undefined } as const;
    expect(specOf(usual)).toEqual({ mode: 'full' });
    const more = {
      ...usual,
      mode: 'add-brokers',
      brokers: [3, 4],
      exclude: ['orders-*', 'a.b'],
      throttle: 1_000_000.4,
    } as const;
    expect(specOf(more)).toEqual({
      mode: 'add-brokers',
      brokers: [3, 4],
      excludedTopics: String.raw`orders-.*|a\.b`,
      replicationThrottle: 1_000_000,
    });
  });
});
