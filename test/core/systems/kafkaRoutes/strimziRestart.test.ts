import { describe, expect, it } from 'vitest';
import { textAt, type JsonObject } from '#core/json.ts';
import type { RunRecord } from '#core/operations/model.ts';
import type { RestartWish } from '#core/operations/wishes.ts';
import { kafkaOperations } from '#core/systems/kafka/operations/index.ts';
import { strimziRestart } from '#core/systems/kafka/operations/strimzi/restart.ts';
import { verdicts, type SimulatedKafka } from './simulatedKafka.ts';
import { kafkaAddress, podAddress, ROLL, Strimzi } from './strimziOperator.ts';

const wish: RestartWish = { operation: 'restart', level: 'fully replicated' };

async function restarted(
  { kafka }: Strimzi,
  more: Parameters<SimulatedKafka['run']>[2] = {},
  wanted: Partial<RestartWish> = {},
): Promise<RunRecord> {
  return kafka.run(strimziRestart, await kafka.plan(strimziRestart, { ...wish, ...wanted }), more);
}

const order = [5, 4, 3].map((id) => `shop-controllers-${id}`);
const all = [
  'shop-controllers-4',
  'shop-controllers-3',
  'shop-controllers-5',
  'shop-brokers-2',
  'shop-brokers-1',
  'shop-brokers-0',
];
const notesOf = ({ steps }: RunRecord): readonly string[] => steps.flatMap(({ notes }) => notes);
const podsAsked = ({ kafka }: Strimzi): number =>
  kafka.cluster.writes.filter(
    ({ verb, body, options }) =>
      verb === 'patch' && options.dryRun !== true && textAt(body, 'metadata', 'annotations', ROLL) === 'true',
  ).length;

describe('the restart of a cluster of Strimzi', () => {
  it('asks for one pod after the other, controllers first, and evicts none', async () => {
    const strimzi = new Strimzi();
    const record = await restarted(strimzi);
    expect(record.state).toEqual({ kind: 'done' });
    expect(strimzi.kafka.taken).toEqual(all);
    expect(new Set(strimzi.kafka.taken.slice(0, 3))).toEqual(new Set(order));
    expect([strimzi.mostAsked, strimzi.evictions, strimzi.kafka.breaches]).toEqual([1, 0, []]);
    expect(notesOf(record)).toContain('Strimzi says ManualRollingUpdate: Pod was manually annotated to be rolled');
  });

  it('can be planned, and every precondition holds', async () => {
    const strimzi = new Strimzi();
    const data = await strimzi.kafka.data();
    expect(kafkaOperations.offers(data).find(({ operation }) => operation === 'restart')).toEqual({
      operation: 'restart',
    });
    const plan = await strimzi.kafka.plan(strimziRestart, wish);
    expect(new Set(Object.values(verdicts(plan)))).toEqual(new Set(['holds']));
    expect(plan.target.anchor).toMatchObject({ apiVersion: 'kafka.strimzi.io/v1', kind: 'Kafka', name: 'shop' });
    expect(plan.needsTypedName).toBe(false);
  });

  it('restarts what is named, in the order that was chosen', async () => {
    const strimzi = new Strimzi();
    const only = ['shop-brokers-0', 'shop-brokers-2'];
    const record = await restarted(strimzi, {}, { only, order: ['shop-brokers-0'] });
    expect(record.state).toEqual({ kind: 'done' });
    expect(strimzi.kafka.taken).toEqual(['shop-brokers-0', 'shop-brokers-2']);
    await expect(strimzi.kafka.plan(strimziRestart, { ...wish, pendingOnly: true })).rejects.toThrow('by itself');
  });

  it('asks again when the annotation was erased', async () => {
    const strimzi = new Strimzi();
    strimzi.erases = 2;
    const record = await restarted(strimzi, {}, { only: ['shop-brokers-0'] });
    expect(record.state).toEqual({ kind: 'done' });
    expect(podsAsked(strimzi)).toBe(3);
    expect(notesOf(record).filter((note) => note.includes('is gone and the pod is still the same'))).toHaveLength(2);
  });

  it('asks four times at most, then pauses; going on asks anew', async () => {
    const strimzi = new Strimzi();
    strimzi.erases = 4;
    const first = await restarted(strimzi, {}, { only: ['shop-brokers-0'] });
    expect(first.state.kind).toBe('paused');
    expect(first.state.kind === 'paused' && first.state.reason).toContain(
      'has dropped the question for shop-brokers-0',
    );
    expect(podsAsked(strimzi)).toBe(4);
    const second = await restarted(strimzi, { earlier: first }, { only: ['shop-brokers-0'] });
    expect(second.state).toEqual({ kind: 'done' });
    expect(strimzi.kafka.taken).toEqual(['shop-brokers-0']);
  });

  it('waits while the operator only logs that it failed, and the annotation stays', async () => {
    const strimzi = new Strimzi();
    strimzi.sleeps = 5;
    const record = await restarted(strimzi, {}, { only: ['shop-brokers-0'] });
    expect(record.state).toEqual({ kind: 'done' });
    expect(podsAsked(strimzi)).toBe(1);
    expect(strimzi.kafka.waits.join()).toContain('Strimzi to restart shop-brokers-0: at its next round');
  });

  it('pauses when the operator dies, and is gone on with when it is back', async () => {
    const strimzi = new Strimzi();
    const first = await restarted(strimzi, {
      during: () => strimzi.kafka.taken.length === 1 && !strimzi.isDead && strimzi.setOperator(0),
    });
    expect(first.state.kind).toBe('paused');
    expect(first.state.kind === 'paused' && first.state.reason).toContain(
      'strimzi/strimzi-cluster-operator has 0 of 1 ready',
    );
    expect(strimzi.kafka.taken).toHaveLength(1);
    strimzi.setOperator(1);
    const second = await strimzi.kafka.run(strimziRestart, first.plan, { earlier: first });
    expect(second.state).toEqual({ kind: 'done' });
    expect([strimzi.kafka.taken, strimzi.kafka.breaches, strimzi.mostAsked]).toEqual([all, [], 1]);
  });

  it('takes its question back when it is cancelled while nobody is there to hear it', async () => {
    const strimzi = new Strimzi();
    const control = { wish: 'run' as 'run' | 'cancel' };
    strimzi.sleeps = 1000;
    const record = await restarted(strimzi, {
      control,
      during: () => {
        if (strimzi.mostAsked === 1 && !strimzi.isDead) strimzi.setOperator(0);
        if (strimzi.kafka.waits.some((text) => text.includes('0 of 1 ready'))) control.wish = 'cancel';
      },
    });
    expect(record.state).toEqual({ kind: 'cancelled' });
    expect(notesOf(record).join()).toContain('the annotation is taken away');
    strimzi.sleeps = 0;
    strimzi.setOperator(1);
    await strimzi.kafka.clock.pass(120_000);
    expect(strimzi.kafka.taken).toEqual([]);
  });

  it('awaits what it asked for when it is cancelled while the operator is there', async () => {
    const strimzi = new Strimzi();
    const control = { wish: 'run' as 'run' | 'cancel' };
    const record = await restarted(strimzi, {
      control,
      during: () => (control.wish = strimzi.mostAsked > 0 ? 'cancel' : 'run'),
    });
    expect(record.state).toEqual({ kind: 'cancelled' });
    expect(strimzi.kafka.taken).toEqual([all[0]]);
    expect(strimzi.kafka.nodes.some(({ nodeId }) => strimzi.kafka.isOut(nodeId))).toBe(false);
  });

  it('waits while the resource says that it is not ready', async () => {
    const strimzi = new Strimzi();
    strimzi.complains = 4;
    const record = await restarted(strimzi);
    expect(record.state).toEqual({ kind: 'done' });
    expect(strimzi.kafka.waits.join()).toContain('shop is not ready (TimeoutException: broker 0)');
    expect([strimzi.kafka.taken, strimzi.kafka.breaches]).toEqual([all, []]);
  });

  it('waits while somebody has paused the reconciliation', async () => {
    const strimzi = new Strimzi();
    let isPaused = false;
    const record = await restarted(strimzi, {
      during: () => {
        if (strimzi.kafka.taken.length !== 1 || isPaused) return;
        isPaused = true;
        void strimzi.annotateKafka({ 'strimzi.io/pause-reconciliation': 'true' });
        strimzi.kafka.clock.after(
          120_000,
          () => void strimzi.annotateKafka({ 'strimzi.io/pause-reconciliation': null }),
        );
      },
    });
    expect(record.state).toEqual({ kind: 'done' });
    expect(strimzi.kafka.waits.join()).toContain('reconciliation of shop is paused');
  });

  it('asks for none while somebody else has asked for one', async () => {
    const strimzi = new Strimzi();
    let isAsked = false;
    const record = await restarted(strimzi, {
      during: () => {
        if (isAsked || strimzi.kafka.taken.length !== 1) return;
        isAsked = true;
        const address = { ...podAddress, name: 'shop-brokers-0' };
        void strimzi.kafka.cluster.mergePatch(address, { metadata: { annotations: { [ROLL]: 'true' } } });
      },
    });
    expect(record.state).toEqual({ kind: 'done' });
    expect([strimzi.mostAsked <= 2, strimzi.kafka.breaches]).toEqual([true, []]);
    // It was restarted since the plan was made, which is what was wanted.
    expect(strimzi.kafka.taken.filter((name) => name === 'shop-brokers-0')).toHaveLength(1);
  });

  it('stops at a pod that does not start again', async () => {
    const strimzi = new Strimzi();
    strimzi.kafka.broken.add(4);
    const record = await restarted(strimzi);
    expect(record.state).toMatchObject({
      kind: 'stopped',
      fix: 'Repair shop-controllers-4; nothing else is touched until then.',
    });
    expect(strimzi.kafka.taken).toEqual(['shop-controllers-4']);
  });

  it('stops when another Kafka resource has taken the name', async () => {
    const strimzi = new Strimzi();
    const plan = await strimzi.kafka.plan(strimziRestart, wish);
    strimzi.kafka.cluster.remove('Kafka', 'shop', 'prod');
    const now = { observedGeneration: 1, conditions: [{ type: 'Ready', status: 'True' }] };
    strimzi.kafka.cluster.put({
      apiVersion: 'kafka.strimzi.io/v1',
      kind: 'Kafka',
      metadata: { name: 'shop', namespace: 'prod', uid: 'other' },
      status: now,
    });
    const record = await strimzi.kafka.run(strimziRestart, plan);
    expect(record.state).toMatchObject({ kind: 'stopped' });
    expect(strimzi.kafka.taken).toEqual([]);
  });
});

describe('what is checked before Strimzi is asked', () => {
  type Change = (strimzi: Strimzi) => unknown;
  const at =
    (kind: string, name: string, more: JsonObject): Change =>
    ({ kafka }) =>
      kafka.cluster.put({
        apiVersion: 'kafka.strimzi.io/v1',
        kind,
        metadata: { name, namespace: 'prod', labels: { 'strimzi.io/cluster': 'shop' } },
        ...more,
      });
  it.each<[string, string, string, Change]>([
    ['the operator is down', 'operator', 'fails', (one) => one.setOperator(0)],
    ['the operator watches another namespace', 'operator', 'fails', (one) => one.setOperator(1, 'other')],
    ['the operator watches this one too', 'operator', 'holds', (one) => one.setOperator(1, 'other,prod')],
    [
      'nobody may look for the operator',
      'operator',
      'unknown',
      ({ kafka }) => (kafka.cluster.isForbidden = ({ resource }) => resource === 'deployments'),
    ],
    [
      'reconciliation is paused',
      'resource',
      'fails',
      (one) => one.annotateKafka({ 'strimzi.io/pause-reconciliation': 'true' }),
    ],
    [
      'the resource is not ready',
      'resource',
      'fails',
      (one) => one.setConditions({ type: 'NotReady', status: 'True' }),
    ],
    [
      'its last change is not taken up',
      'resource',
      'fails',
      ({ kafka }) => kafka.cluster.mergePatch(kafkaAddress, { metadata: { generation: 4 } }),
    ],
    [
      'a pod is asked for',
      'asked',
      'fails',
      ({ kafka }) =>
        kafka.cluster.mergePatch(
          { ...podAddress, name: 'shop-brokers-1' },
          { metadata: { annotations: { [ROLL]: 'true' } } },
        ),
    ],
    [
      'a rebalance is under way',
      'rebalance',
      'fails',
      at('KafkaRebalance', 'move', { status: { conditions: [{ type: 'Rebalancing', status: 'True' }] } }),
    ],
    [
      'pods may not be patched',
      'annotation',
      'fails',
      ({ kafka }) => (kafka.cluster.isForbidden = ({ verb, resource }) => verb === 'patch' && resource === 'pods'),
    ],
    [
      'no journal may be kept',
      'journal',
      'consent',
      ({ kafka }) => (kafka.cluster.isForbidden = ({ resource }) => resource === 'leases'),
    ],
  ])('%s', async (_, id, verdict, change) => {
    const strimzi = new Strimzi();
    await strimzi.kafka.clock.pass(100);
    await change(strimzi);
    const plan = await strimzi.kafka.plan(strimziRestart, wish);
    expect(verdicts(plan)[id]).toBe(verdict);
    if (verdict === 'fails') expect(plan.preconditions.find((one) => one.id === id)?.fix).toBeDefined();
  });
});
