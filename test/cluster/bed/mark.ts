import { applyObjects } from './kubectl.ts';
import type { Cluster } from './cluster.ts';
import { versions } from './versions.ts';

/** The sign by which live suites know a cluster that they may break. */
export const mark = {
  namespace: 'kube-system',
  name: 'data-clusters-test-cluster',
  label: 'data-clusters.test-cluster',
} as const;

export type Driver = 'native' | 'kind';

/** Marks a cluster as one that tests may do anything to. */
export async function markTestCluster(cluster: Cluster, driver: Driver): Promise<void> {
  const data = {
    driver,
    cluster: cluster.name,
    kubernetes: versions.kubernetes[cluster.minor],
    nodes: String(cluster.hasNodes),
  };
  const metadata = { name: mark.name, namespace: mark.namespace, labels: { [mark.label]: 'true' } };
  await applyObjects(cluster, [{ apiVersion: 'v1', kind: 'ConfigMap', metadata, data }]);
}
