import process from 'node:process';
import { createClusterDirectory } from '#client/cluster/kubernetes.ts';
import { systemClock } from '#client/cluster/systemClock.ts';
import type { Cluster, Clock } from '#core/live/ports.ts';
import { watchContext } from '#core/live/session.ts';
import type { ContextWatch, JudgedCluster } from '#core/live/view.ts';
import type { TestCluster } from './suite.ts';

/** The cluster under test as the product sees it. */
export interface LiveContext {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly watch: ContextWatch;
  /** Asks the data cluster of that key from inside and returns it with the answer. */
  inspect(key: string): Promise<JudgedCluster>;
}

/** Opens the context of the suite's kubeconfig, and closes everything afterwards. */
export async function withLiveContext(test: TestCluster, run: (live: LiveContext) => Promise<void>): Promise<void> {
  const log = { error: test.note, warn: test.note, info: () => undefined, debug: () => undefined };
  const directory = createClusterDirectory({
    kubeconfigPaths: () => [test.access.kubeconfig],
    environment: process.env,
    log,
    watchFiles: false,
  });
  try {
    const contexts = await directory.contexts();
    const context = contexts.find(({ isCurrent }) => isCurrent) ?? contexts[0];
    if (!context) throw new Error('The kubeconfig has no context.');
    const cluster = await directory.open(context.name);
    const watch = watchContext(cluster, { clock: systemClock, log });
    try {
      await watch.ready;
      await run({ cluster, clock: systemClock, watch, inspect: (key) => inspect(watch, key) });
    } finally {
      watch.stop();
    }
  } finally {
    directory.stop();
  }
}

async function inspect(watch: ContextWatch, key: string): Promise<JudgedCluster> {
  await watch.inspect(key);
  const found = watch.view.clusters.find(({ cluster }) => cluster.key === key);
  if (!found) {
    const keys = watch.view.clusters.map(({ cluster }) => cluster.key).join(', ') || 'none';
    throw new Error(`There is no data cluster ${key}. There are: ${keys}.`);
  }
  return found;
}
