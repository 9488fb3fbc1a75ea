import { objectsOf, textAt, valueAt, type JsonObject } from '#core/json.ts';
import { ClusterProblem, type Cluster, type WatchQuery } from '#core/live/ports.ts';

/** Images of Reaper: `thelastpickle/cassandra-reaper`, `k8ssandra/cassandra-reaper`. */
const IMAGE = /(?:^|\/)cassandra-reaper(?:[:@-]|$)/;

/** Who repairs the ring on a schedule already: a Reaper of the namespace, by its resource or its pods. @throws ClusterProblem */
export async function reapersIn(cluster: Cluster, namespace: string): Promise<readonly string[]> {
  const kind = (group: string, version: string, plural: string): WatchQuery => ({
    group,
    version,
    plural,
    namespaced: true,
    namespace,
  });
  const [resources, pods] = await Promise.all([
    listed(cluster, kind('reaper.k8ssandra.io', 'v1alpha1', 'reapers')),
    listed(cluster, kind('', 'v1', 'pods')),
  ]);
  const running = pods.filter((pod) =>
    objectsOf(valueAt(pod, 'spec', 'containers')).some((container) => IMAGE.test(textAt(container, 'image'))),
  );
  return [
    ...resources.map((one) => `Reaper ${textAt(one, 'metadata', 'name')}`),
    ...running.map((one) => `pod ${textAt(one, 'metadata', 'name')}`),
  ];
}

async function listed(cluster: Cluster, query: WatchQuery): Promise<readonly JsonObject[]> {
  try {
    return await cluster.list(query);
  } catch (error) {
    if (error instanceof ClusterProblem && (error.kind === 'forbidden' || error.kind === 'absent')) return [];
    throw error;
  }
}
