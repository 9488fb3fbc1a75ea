import { afterEach } from 'vitest';
import { watchContext, type WatchOptions } from '#core/live/session.ts';
import type { ContextChange, ContextWatch } from '#core/live/view.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { FakeSystem } from '#test/support/fakeSystem.ts';
import { podManifest, workloadManifest } from '#test/support/liveManifests.ts';

/** Where the test objects of an application are. */
export const inProd = (app: string) => ({ namespace: 'prod', labels: { app } });

/** A StatefulSet of ready pods. */
export function orders(replicas = 2) {
  const pods = Array.from({ length: replicas }, (_, index) => podManifest(`orders-${index}`, inProd('orders')));
  return [workloadManifest('StatefulSet', 'orders', inProd('orders'), { replicas }), ...pods];
}

/** A session over a cluster in memory whose clusters are its StatefulSets. */
export interface Watched {
  readonly cluster: FakeCluster;
  readonly clock: FakeClock;
  readonly system: FakeSystem;
  readonly watch: ContextWatch;
  readonly changes: ContextChange[];
  readonly sentence: (name?: string) => string | undefined;
}

const open: ContextWatch[] = [];
afterEach(() => {
  for (const watch of open.splice(0)) watch.stop();
});

export function start(cluster: FakeCluster, options: Partial<WatchOptions> = {}): Watched {
  const clock = new FakeClock();
  const system = new FakeSystem();
  const watch = watchContext(cluster, { clock, systems: [system], ...options });
  open.push(watch);
  const changes: ContextChange[] = [];
  watch.onDidChange((change) => void changes.push(change));
  const sentence = (name = 'orders') => watch.view.clusters.find((row) => row.cluster.name === name)?.health.sentence;
  return { cluster, clock, system, watch, changes, sentence };
}

/** One that has had its first view, where there can be one. */
export async function watched(
  options: Partial<WatchOptions> = {},
  prepare: (cluster: FakeCluster) => void = () => undefined,
) {
  const cluster = new FakeCluster();
  cluster.put(...orders());
  prepare(cluster);
  const session = start(cluster, options);
  await session.clock.pass(0);
  return session;
}
