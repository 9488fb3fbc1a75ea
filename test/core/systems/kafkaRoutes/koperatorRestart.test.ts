import { describe, expect, it } from 'vitest';
import { valueAt } from '#core/json.ts';
import type { RunRecord } from '#core/operations/model.ts';
import type { RestartWish } from '#core/operations/wishes.ts';
import { koperatorPlaces } from '#core/systems/kafka/operations/koperator/cluster.ts';
import { koperatorRestart } from '#core/systems/kafka/operations/koperator/restart.ts';
import { Koperator, koperatorAddress as address } from './koperatorOperator.ts';
import { verdicts, type SimulatedKafka } from './simulatedKafka.ts';

const KEY = 'data-clusters.io/restart';
const wish: RestartWish = { operation: 'restart', level: 'fully replicated' };
async function restarted(
  { kafka }: Koperator,
  more: Parameters<SimulatedKafka['run']>[2] = {},
  wanted: Partial<RestartWish> = {},
): Promise<RunRecord> {
  return kafka.run(koperatorRestart, await kafka.plan(koperatorRestart, { ...wish, ...wanted }), more);
}

const all = ['shop-1-aaa', 'shop-0-aaa', 'shop-2-aaa'];

describe('the restart of a cluster of Koperator', () => {
  it('asks for one broker after the other, and changes nothing else of it', async () => {
    const koperator = new Koperator();
    const record = await restarted(koperator);
    expect(record.state).toEqual({ kind: 'done' });
    expect([koperator.kafka.taken, koperator.kafka.breaches]).toEqual([all, []]);
    expect(valueAt(await koperator.resource(), 'spec', 'brokers')).toEqual([
      { id: 0, brokerConfigGroup: 'default', brokerConfig: { brokerAnnotations: { [KEY]: 'plan-1' } } },
      {
        id: 1,
        brokerConfigGroup: 'default',
        brokerConfig: { resourceRequirements: { limits: { cpu: '2' } }, brokerAnnotations: { [KEY]: 'plan-1' } },
      },
      {
        id: 2,
        brokerConfigGroup: 'default',
        readOnlyConfig: 'a=b',
        brokerConfig: { brokerAnnotations: { [KEY]: 'plan-1' } },
      },
    ]);
    const touched = koperator.kafka.cluster.writes.filter(({ address: { plural } }) => plural === 'pods');
    expect(touched).toEqual([]);
  });

  it('knows the brokers by their numbers, whatever their pods are called', async () => {
    const koperator = new Koperator();
    const plan = await koperator.kafka.plan(koperatorRestart, wish);
    await koperator.kafka.run(koperatorRestart, plan);
    const places = await koperatorPlaces(koperator.kafka.cluster, plan.target);
    expect(new Set(places.map(({ nodeId }) => nodeId))).toEqual(new Set([0, 1, 2]));
    expect(places.every(({ pod }) => /-b\d$/.test(pod))).toBe(true);
  });

  it('can be planned, and a second time', async () => {
    const koperator = new Koperator();
    const plan = await koperator.kafka.plan(koperatorRestart, wish);
    expect(
      new Set(
        Object.entries(verdicts(plan))
          .filter(([id]) => id !== 'quorum')
          .map(([, state]) => state),
      ),
    ).toEqual(new Set(['holds']));
    await koperator.kafka.run(koperatorRestart, plan);
    const again = await koperator.kafka.plan(koperatorRestart, wish, 'plan-2');
    expect((await koperator.kafka.run(koperatorRestart, again)).state).toEqual({ kind: 'done' });
    expect(koperator.kafka.taken).toHaveLength(6);
  });

  it('asks again when somebody has written the list of brokers without it', async () => {
    const koperator = new Koperator();
    const { brokers } = { brokers: valueAt(await koperator.resource(), 'spec', 'brokers') };
    koperator.setOperator(0);
    let isReverted = false;
    const plan = await koperator.kafka.plan(koperatorRestart, { ...wish, only: ['shop-0-aaa'] });
    koperator.setOperator(1);
    const record = await koperator.kafka.run(koperatorRestart, plan, {
      during: () => {
        const writes = koperator.kafka.cluster.writes.filter(
          ({ verb, body, options }) =>
            verb === 'patch' && options.dryRun !== true && valueAt(body, 'spec', 'brokers') !== undefined,
        );
        if (isReverted || writes.length !== 1) return;
        isReverted = true;
        void koperator.kafka.cluster.mergePatch(address, { spec: { brokers } });
      },
    });
    expect(record.state).toEqual({ kind: 'done' });
    expect(koperator.kafka.taken).toEqual(['shop-0-aaa']);
  });

  it('writes only what nobody has changed meanwhile', async () => {
    const koperator = new Koperator();
    const patch = koperator.kafka.cluster.mergePatch.bind(koperator.kafka.cluster);
    let races = 0;
    const plan = await koperator.kafka.plan(koperatorRestart, { ...wish, only: ['shop-0-aaa'] });
    koperator.kafka.cluster.mergePatch = async (where, body, options) => {
      if (valueAt(body, 'spec', 'brokers') !== undefined && races++ === 0)
        await patch(address, { spec: { clusterImage: 'newer' } });
      return patch(where, body, options);
    };
    expect((await koperator.kafka.run(koperatorRestart, plan)).state).toEqual({ kind: 'done' });
    expect(races).toBe(2);
    expect(valueAt(await koperator.resource(), 'spec', 'clusterImage')).toBe('newer');
  });

  it('pauses when the operator dies, and is gone on with', async () => {
    const koperator = new Koperator();
    const first = await restarted(koperator, {
      during: () => koperator.kafka.taken.length === 1 && !koperator.isDead && koperator.setOperator(0),
    });
    expect(first.state.kind).toBe('paused');
    koperator.setOperator(1);
    const second = await koperator.kafka.run(koperatorRestart, first.plan, { earlier: first });
    expect(second.state).toEqual({ kind: 'done' });
    expect([koperator.kafka.taken, koperator.kafka.breaches]).toEqual([all, []]);
  });

  it('waits while the rolling upgrade has errors, and says so', async () => {
    const koperator = new Koperator();
    const record = await restarted(koperator, {
      during: () => {
        if (koperator.kafka.taken.length !== 1 || koperator.errors > 0) return;
        koperator.errors = 1;
        koperator.kafka.clock.after(90_000, () => (koperator.errors = 0));
      },
    }).catch((error: unknown) => error);
    expect(koperator.kafka.waits.join()).toMatch(/ClusterRollingUpgrading|has 1 errors/);
    expect(record).toMatchObject({ plan: { operation: 'restart' } });
    expect(koperator.kafka.breaches).toEqual([]);
  });

  it('stops at a pod that does not start again', async () => {
    const koperator = new Koperator();
    koperator.kafka.broken.add(1);
    expect((await restarted(koperator)).state.kind).toBe('stopped');
    expect(koperator.kafka.taken).toEqual(['shop-1-aaa']);
  });

  it.each<[string, string, string, (one: Koperator) => unknown]>([
    [
      'it is at work',
      'resource',
      'fails',
      ({ kafka }) => kafka.cluster.mergePatch(address, { status: { state: 'ClusterReconciling' } }),
    ],
    [
      'the threshold lets nothing begin',
      'failure-threshold',
      'fails',
      ({ kafka }) => kafka.cluster.mergePatch(address, { spec: { rollingUpgradeConfig: { failureThreshold: 0 } } }),
    ],
    ['the operator is down', 'operator', 'fails', (one) => one.setOperator(0)],
    [
      'the resource may not be changed',
      'annotation',
      'fails',
      ({ kafka }) =>
        (kafka.cluster.isForbidden = ({ verb, resource }) => verb === 'patch' && resource === 'kafkaclusters'),
    ],
    [
      'Argo CD keeps it',
      'gitops',
      'consent',
      ({ kafka }) =>
        kafka.cluster.mergePatch(address, { metadata: { annotations: { 'argocd.argoproj.io/tracking-id': 'x' } } }),
    ],
  ])('is checked before: %s', async (_, id, verdict, change) => {
    const koperator = new Koperator();
    await koperator.kafka.clock.pass(100);
    await change(koperator);
    expect(verdicts(await koperator.kafka.plan(koperatorRestart, wish))[id]).toBe(verdict);
  });
});
