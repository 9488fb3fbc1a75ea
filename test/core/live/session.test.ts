import { describe, expect, test } from 'vitest';
import { ClusterProblem } from '#core/live/ports.ts';
import { FakeClock, START } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { manifest, podManifest, workloadManifest } from '#test/support/liveManifests.ts';
import { inProd, orders, start, watched } from '#test/support/watchedSession.ts';

describe('the first view', () => {
  test('is whole, and comes without waiting', async () => {
    const { watch, sentence, changes } = await watched();
    expect(watch.view).toMatchObject({ phase: 'live', version: { minor: '1.34' }, namespaces: undefined, limits: [] });
    expect(sentence()).toBe('2 of 2 ready');
    expect(changes.at(-1)).toEqual({ keys: new Set(['kafka/prod/orders']), rest: true });
    await watch.ready;
  });

  test('says nothing of a cluster before all lists are there', async () => {
    const { cluster, clock, watch, sentence } = await watched({}, (fake) => fake.hold('pods'));
    await clock.pass(60_000);
    expect([watch.view.phase, sentence()]).toEqual(['connecting', undefined]);
    cluster.release('pods');
    await clock.pass(0);
    expect([watch.view.phase, sentence()]).toEqual(['live', '2 of 2 ready']);
  });

  test('does not wait for ever for one kind', async () => {
    const { clock, watch, sentence, cluster } = await watched({}, (fake) => fake.hold('services'));
    expect(watch.view.phase).toBe('connecting');
    await clock.pass(10_000);
    expect([watch.view.phase, sentence()]).toEqual(['live', '2 of 2 ready']);
    cluster.release('services');
    await clock.pass(100);
    expect(watch.view.limits).toEqual([]);
  });
});

describe('changes', () => {
  test('are told once, for what changed, at once after a quiet time', async () => {
    const { cluster, clock, changes, sentence, system } = await watched({}, (fake) =>
      fake.put(workloadManifest('StatefulSet', 'other', { namespace: 'test' }, { replicas: 0 })),
    );
    await clock.pass(500);
    changes.length = 0;
    system.gathered.length = 0;
    cluster.put(podManifest('orders-1', inProd('orders'), { isReady: false }));
    await clock.pass(0);
    expect(sentence()).toBe('1 of 2 ready');
    cluster.put(podManifest('orders-1', inProd('orders')));
    cluster.remove('Pod', 'orders-0', 'prod');
    await clock.pass(49);
    expect(sentence()).toBe('1 of 2 ready');
    await clock.pass(1);
    expect(changes).toHaveLength(2);
    cluster.put(podManifest('orders-0', inProd('orders')));
    await clock.pass(50);
    expect(sentence()).toBe('2 of 2 ready');
    expect(new Set(system.gathered)).toEqual(new Set(['prod']));
  });

  test('are not held back by a first view that took long', async () => {
    const slow = new FakeClock();
    const work = { milliseconds: 0 };
    const clock = { now: () => slow.now() + work.milliseconds, after: slow.after.bind(slow) };
    const cluster = new FakeCluster();
    cluster.put(...orders());
    const { system, sentence } = start(cluster, { clock });
    system.remark = () => {
      work.milliseconds += 5000;
      return '';
    };
    await slow.pass(0);
    expect(sentence()).toBe('2 of 2 ready');
    cluster.put(podManifest('orders-1', inProd('orders'), { isReady: false }));
    await slow.pass(250);
    expect(sentence()).toBe('1 of 2 ready');
  });

  test('leave everything else the very same', async () => {
    const { cluster, clock, watch } = await watched({}, (fake) =>
      fake.put(
        workloadManifest('StatefulSet', 'other', inProd('other'), { replicas: 1 }),
        podManifest('other-0', inProd('other')),
      ),
    );
    const before = watch.view;
    cluster.put(podManifest('orders-1', inProd('orders'), { isReady: false }));
    await clock.pass(50);
    const [orderRow, otherRow] = watch.view.clusters;
    expect(orderRow).not.toBe(before.clusters[0]);
    expect(orderRow?.members[0]).toBe(before.clusters[0]?.members[0]);
    expect(orderRow?.members[1]).not.toBe(before.clusters[0]?.members[1]);
    expect(otherRow).toBe(before.clusters[1]);
    expect(watch.view.operators).toBe(before.operators);
  });

  test('that say nothing new are not told', async () => {
    const { cluster, clock, changes, watch } = await watched();
    changes.length = 0;
    const before = watch.view;
    cluster.put(manifest('v1', 'Service', 'elsewhere', { namespace: 'prod' }));
    cluster.put(manifest('v1', 'Node', 'node-1', {}, { status: { conditions: [{ type: 'Ready', status: 'True' }] } }));
    await clock.pass(50);
    expect([changes, watch.view]).toEqual([[], before]);
  });

  test('of time are told only where a sentence changes', async () => {
    const { clock, changes, system, sentence } = await watched();
    system.remark = (_cluster, now) => ` for ${Math.floor((now - START) / 60_000)} min`;
    await clock.pass(20_000);
    expect(sentence()).toBe('2 of 2 ready for 0 min');
    changes.length = 0;
    await clock.pass(20_000);
    expect(changes).toEqual([]);
    await clock.pass(40_000);
    expect(sentence()).toBe('2 of 2 ready for 1 min');
    expect(changes).toHaveLength(1);
  });

  test('a cluster that is deleted is gone', async () => {
    const { cluster, clock, watch, changes } = await watched();
    changes.length = 0;
    cluster.remove('StatefulSet', 'orders', 'prod');
    await clock.pass(50);
    expect(watch.view.clusters).toEqual([]);
    expect(changes).toEqual([{ keys: new Set(['kafka/prod/orders']), rest: false }]);
  });
});

describe('connections', () => {
  test('that break leave what is shown, and nothing flickers when they are back', async () => {
    const { cluster, clock, watch, sentence, changes } = await watched();
    const before = watch.view.clusters;
    cluster.interrupt();
    await clock.pass(50);
    expect(watch.view).toMatchObject({ phase: 'interrupted', problem: { kind: 'unreachable' } });
    expect(watch.view.clusters).toBe(before);
    cluster.remove('Pod', 'orders-1', 'prod');
    cluster.put(workloadManifest('StatefulSet', 'late', inProd('late'), { replicas: 0 }));
    changes.length = 0;
    cluster.recover();
    await clock.pass(50);
    expect(watch.view.phase).toBe('live');
    expect([sentence(), sentence('late')]).toEqual(['1 of 2 ready', '0 of 0 ready']);
    expect(changes).toHaveLength(1);
    cluster.interrupt();
    await clock.pass(50);
    const same = watch.view.clusters;
    cluster.recover();
    await clock.pass(50);
    expect(watch.view.clusters).toBe(same);
  });

  test('that were never there are tried again', async () => {
    const cluster = new FakeCluster();
    cluster.put(...orders());
    cluster.failure = new ClusterProblem('unreachable', 'connection refused');
    const { watch, clock, sentence } = start(cluster);
    await watch.ready;
    expect(watch.view).toMatchObject({ phase: 'interrupted', problem: { message: 'connection refused' } });
    cluster.failure = undefined;
    await clock.pass(1000);
    expect([watch.view.phase, watch.view.problem, sentence()]).toEqual(['live', undefined, '2 of 2 ready']);
  });

  test.each(['login', 'unauthenticated', 'certificate', 'configuration'] as const)(
    'that are refused for %s are not tried again',
    async (kind) => {
      const cluster = new FakeCluster();
      cluster.failure = new ClusterProblem(kind, 'no');
      const { watch, clock } = start(cluster);
      await watch.ready;
      expect(watch.view).toMatchObject({ phase: 'failed', problem: { kind } });
      expect([clock.waiting, cluster.queries]).toEqual([0, []]);
    },
  );

  test('end with the watch, and leave nothing behind', async () => {
    const { cluster, clock, watch, changes } = await watched();
    watch.watchEvents('kafka/prod/orders', () => undefined);
    watch.keepInspecting('kafka/prod/orders', 1000);
    await clock.pass(0);
    watch.stop();
    changes.length = 0;
    cluster.put(podManifest('orders-1', inProd('orders'), { isReady: false }));
    await clock.pass(60_000);
    expect([changes, clock.waiting, cluster.queries]).toEqual([[], 0, []]);
  });
});

describe('rights', () => {
  const clusterWide =
    (...plurals: readonly string[]) =>
    (fake: FakeCluster) => {
      fake.isForbidden = ({ resource, namespace }) => plurals.includes(resource) && namespace === undefined;
    };

  test('that end at a namespace are used there, each kind for itself', async () => {
    const { watch, sentence } = await watched({ namespaces: ['prod', 'test'] }, clusterWide('pods', 'services'));
    expect(sentence()).toBe('2 of 2 ready');
    expect(watch.view).toMatchObject({ phase: 'live', namespaces: ['prod', 'test'] });
    expect(watch.view.limits.map(({ resource, namespace }) => [resource, namespace])).toEqual([
      ['pods', undefined],
      ['services', undefined],
    ]);
    expect(watch.view.limits[0]?.reason).toContain('cannot list resource "pods" at the cluster scope');
  });

  test('the namespace of the context is where nobody names one', async () => {
    const cluster = new FakeCluster({ namespace: 'prod' });
    cluster.put(...orders());
    clusterWide('pods')(cluster);
    const { watch, clock, sentence } = start(cluster);
    await clock.pass(0);
    expect([watch.view.namespaces, sentence()]).toEqual([['prod'], '2 of 2 ready']);
  });

  test('that are missing hide a kind, and only that', async () => {
    const { watch, system } = await watched({ namespaces: ['prod'] }, (fake) => {
      fake.isForbidden = ({ resource }) => resource === 'nodes' || resource === 'persistentvolumeclaims';
    });
    expect(system.hidden).toEqual(['nodes', 'persistentvolumeclaims']);
    expect(watch.view.limits.map(({ resource, namespace = '*' }) => `${resource} ${namespace}`)).toEqual([
      'nodes *',
      'persistentvolumeclaims *',
      'persistentvolumeclaims prod',
    ]);
  });

  test('that are taken away become limits, and what they showed goes', async () => {
    const { cluster, clock, watch, sentence } = await watched({ namespaces: ['prod'] });
    cluster.isForbidden = ({ resource }) => resource === 'pods';
    cluster.enforce();
    await clock.pass(50);
    expect(sentence()).toBe('0 of 2 ready');
    expect(watch.view).toMatchObject({ phase: 'live', limits: [{ resource: 'pods' }, { namespace: 'prod' }] });
  });

  test('a narrow watch asks for nothing outside its namespaces', async () => {
    const { cluster, sentence } = await watched({ namespaces: ['prod'], isOnlyThose: true }, (fake) =>
      fake.put(workloadManifest('StatefulSet', 'elsewhere', { namespace: 'test' })),
    );
    expect([sentence(), sentence('elsewhere')]).toEqual(['2 of 2 ready', undefined]);
    const wide = cluster.queries.filter(({ namespace }) => namespace === undefined).map(({ plural }) => plural);
    expect(wide).toEqual(['nodes', 'customresourcedefinitions']);
  });
});
