import { expect, test } from 'vitest';
import { decodePod } from '#core/live/decode/pod.ts';
import { isSameBuild, keptParts } from '#core/live/sameBuild.ts';
import { podManifest } from '#test/support/liveManifests.ts';
import { inProd, watched } from '#test/support/watchedSession.ts';

test('a new state reaches the verdict before the namespace is gathered anew', async () => {
  const { cluster, clock, system, sentence, watch } = await watched();
  await clock.pass(1000);
  system.gathered.length = 0;
  const before = watch.view.clusters[0]?.cluster.members;
  for (const isReady of [false, true, false]) {
    cluster.put(podManifest('orders-1', inProd('orders'), { isReady }));
    await clock.pass(100);
    expect(sentence()).toBe(isReady ? '2 of 2 ready' : '1 of 2 ready');
  }
  expect(system.gathered).toEqual([]);
  expect(watch.view.clusters[0]?.cluster.members[0]).toBe(before?.[0]);
  await clock.pass(2000);
  expect(system.gathered).toEqual(['prod']);
  await clock.pass(60_000);
  expect(system.gathered).toEqual(['prod']);
});

test('a gathering between two changes loses neither', async () => {
  const { cluster, clock, sentence } = await watched({ flushMs: 1000 });
  await clock.pass(5000);
  const put = (isReady: boolean): void => cluster.put(podManifest('orders-1', inProd('orders'), { isReady }));
  put(false);
  await clock.pass(1500);
  put(true);
  await clock.pass(400);
  // Waits for the next second, and is overtaken by the gathering that is owed.
  put(false);
  await clock.pass(200);
  expect(sentence()).toBe('1 of 2 ready');
  put(true);
  await clock.pass(400);
  expect(sentence()).toBe('2 of 2 ready');
});

test('what is built otherwise is gathered at once', async () => {
  const { cluster, clock, system, watch } = await watched();
  await clock.pass(1000);
  system.gathered.length = 0;
  cluster.put(podManifest('orders-1', inProd('other')));
  await clock.pass(50);
  expect(system.gathered).toEqual(['prod']);
  expect(watch.view.clusters[0]?.members).toHaveLength(1);
});

test.each([
  ['readiness', { isReady: false }, true],
  ['an image', { image: 'apache/kafka:4.2.0' }, false],
  ['a phase', { phase: 'Failed' }, false],
])('a pod that changes %s', (_what, details, isSame) => {
  const decode = (more: Parameters<typeof podManifest>[2]) => decodePod(podManifest('a', inProd('a'), more));
  const [old, changed] = [decode({}), decode(details)];
  const fresh = changed && keptParts(old, changed);
  expect(fresh && isSameBuild(old, fresh)).toBe(isSame);
  expect(fresh?.kind === 'Pod' && fresh.containers === old?.containers).toBe(!('image' in details));
});
