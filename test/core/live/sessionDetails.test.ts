import { describe, expect, test } from 'vitest';
import { ClusterProblem } from '#core/live/ports.ts';
import { apiResource } from '#test/support/fakeApiResources.ts';
import { manifest } from '#test/support/liveManifests.ts';
import { orders, watched } from '#test/support/watchedSession.ts';

describe('kinds', () => {
  const definition = manifest(
    'apiextensions.k8s.io/v1',
    'CustomResourceDefinition',
    'rings.rings.test',
    {},
    {
      spec: { group: 'rings.test', names: { kind: 'Ring', plural: 'rings' }, versions: [{ name: 'v1' }] },
    },
  );

  test('that are not served are not asked for', async () => {
    const { cluster } = await watched();
    expect(cluster.queries.map(({ plural }) => plural)).not.toContain('rings');
  });

  test('that appear later are watched, also when they are served a moment late', async () => {
    const { cluster, clock, watch, sentence } = await watched();
    const served = cluster.served;
    cluster.put(definition);
    const withRings = cluster.served;
    cluster.served = served;
    await clock.pass(2000);
    expect(watch.view.definitions).toMatchObject([{ name: 'rings.rings.test', versions: [], flavour: 'ringmaster' }]);
    cluster.served = withRings;
    cluster.put(manifest('rings.test/v1', 'Ring', 'gold', { namespace: 'prod' }));
    await clock.pass(5000);
    expect(sentence('gold')).toBe('0 of undefined ready');
    expect(watch.view.definitions).toMatchObject([{ kind: 'Ring', versions: ['v1'] }]);
    const asked = cluster.discoveries;
    await clock.pass(600_000);
    expect(cluster.discoveries).toBe(asked);
  });

  test('discovery is not asked for ever about a kind that never comes', async () => {
    const { cluster, clock } = await watched();
    cluster.put(definition);
    cluster.served = cluster.served.filter(({ plural }) => plural !== 'rings');
    await clock.pass(3_600_000);
    expect(cluster.discoveries).toBe(6);
  });

  test('that vanish take their objects with them, and come back', async () => {
    const ring = apiResource('rings.test', 'v1', 'Ring');
    const { cluster, clock, watch } = await watched({}, (fake) => {
      fake.serve(ring);
      fake.put(manifest('rings.test/v1', 'Ring', 'gold', { namespace: 'prod' }));
    });
    expect(watch.view.clusters).toHaveLength(2);
    cluster.endWatches('rings');
    await clock.pass(50);
    expect(watch.view.clusters).toHaveLength(1);
    expect(watch.view.limits).toEqual([]);
  });
});

describe('asking the system itself', () => {
  const key = 'kafka/prod/orders';

  test('is done once at a time, and the answer becomes part of the verdict', async () => {
    const { system, watch, clock, sentence, changes } = await watched();
    let asked = 0;
    system.onInspect = async () => ({ askedAt: clock.now(), facts: { asked: (asked += 1) }, problems: [] });
    await Promise.all([watch.inspect(key), watch.inspect(key)]);
    expect([asked, sentence()]).toEqual([1, '2 of 2 ready, {"asked":1}']);
    expect(changes.at(-1)).toEqual({ keys: new Set([key]), rest: false });
  });

  test('that fails keeps the last answer and says so', async () => {
    const { system, watch, clock, sentence } = await watched();
    system.onInspect = async () => ({ askedAt: 7, facts: 'fine', problems: [] });
    await watch.inspect(key);
    system.onInspect = () => Promise.reject(new ClusterProblem('forbidden', 'exec\u0007 refused'));
    await watch.inspect(key);
    expect(sentence()).toBe('2 of 2 ready, "fine"');
    expect(watch.view.clusters[0]?.inside).toEqual({ askedAt: 7, facts: 'fine', problems: ['exec refused'] });
    expect(clock.waiting).toBeGreaterThan(0);
  });

  test('goes on until it is stopped', async () => {
    const { system, watch, clock } = await watched();
    let asked = 0;
    system.onInspect = async () => ({ askedAt: clock.now(), facts: (asked += 1), problems: [] });
    const keeper = watch.keepInspecting(key, 5000);
    await clock.pass(12_000);
    expect(asked).toBe(3);
    keeper.stop();
    await clock.pass(60_000);
    expect(asked).toBe(3);
    await watch.inspect('kafka/prod/nobody');
  });
});

describe('events', () => {
  const event = (name: string, about: object, lastTimestamp: string) =>
    manifest('v1', 'Event', name, { namespace: 'prod' }, { involvedObject: about, reason: name, lastTimestamp });

  test('of a cluster are told oldest first, and watched only while somebody listens', async () => {
    const { cluster, clock, watch } = await watched();
    const reasons: string[][] = [];
    const watchesEvents = () => cluster.queries.some(({ plural }) => plural === 'events');
    expect(watchesEvents()).toBe(false);
    cluster.put(event('Late', { kind: 'Pod', name: 'orders-1' }, '2026-01-01T10:00:00Z'));
    cluster.put(event('Early', { kind: 'StatefulSet', name: 'orders' }, '2026-01-01T09:00:00Z'));
    cluster.put(event('Foreign', { kind: 'Pod', name: 'other-1' }, '2026-01-01T09:30:00Z'));
    const listening = watch.watchEvents('kafka/prod/orders', (events) => {
      reasons.push(events.map(({ reason }) => reason));
    });
    await clock.pass(50);
    cluster.put(event('Foreign2', { kind: 'Pod', name: 'other-1' }, '2026-01-01T11:00:00Z'));
    cluster.put(event('Now', { kind: 'Pod', name: 'orders-0' }, '2026-01-01T11:00:00Z'));
    await clock.pass(50);
    expect(reasons).toEqual([
      ['Early', 'Late'],
      ['Early', 'Late', 'Now'],
    ]);
    listening.stop();
    expect(watchesEvents()).toBe(false);
  });

  test('that may not be read are a limit', async () => {
    const { clock, watch } = await watched({}, (fake) => {
      fake.isForbidden = ({ resource }) => resource === 'events';
    });
    const told: number[] = [];
    watch.watchEvents('kafka/prod/orders', (events) => void told.push(events.length));
    await clock.pass(50);
    expect(told).toEqual([0]);
    expect(watch.view.limits).toMatchObject([{ resource: 'events', namespace: 'prod' }]);
  });
});

test('an error in what judges a cluster hides nothing else', async () => {
  const { watch, system, cluster, clock } = await watched();
  system.remark = () => {
    throw new Error('a bug');
  };
  cluster.put(...orders(3));
  await clock.pass(50);
  expect(watch.view.clusters[0]?.health).toMatchObject({
    level: 'unknown',
    sentence: 'could not be judged: an error inside this program',
  });
});
