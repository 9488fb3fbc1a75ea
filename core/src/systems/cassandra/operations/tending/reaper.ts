import { isObject, objectsOf, textAt, valueAt, type JsonObject } from '#core/json.ts';
import type { DataCluster } from '#core/live/model.ts';
import { ClusterProblem, type Cluster, type ObjectAddress, type WatchQuery } from '#core/live/ports.ts';

/** Images of Reaper: `thelastpickle/cassandra-reaper`, `k8ssandra/cassandra-reaper`. */
const IMAGE = /(?:^|\/)cassandra-reaper(?:[:@-]|$)/;

/** The label of pods that k8ssandra-operator gives to those of its resource. */
const OWNER = 'k8ssandra.io/reaper';

const UMBRELLA = 'k8ssandra.io/cluster-name';
const UMBRELLA_NAMESPACE = 'k8ssandra.io/cluster-namespace';

/**
 * Who repairs the ring on a schedule already: a Reaper of the namespace, by its resource or its pods, or the one that the K8ssandraCluster of the
 * datacenter asks for, wherever it runs. A Reaper whose resource names another datacenter is none of ours. @throws ClusterProblem
 */
export async function reapersOf({ resource, namespace }: DataCluster, cluster: Cluster): Promise<readonly string[]> {
  const kind = (group: string, version: string, plural: string): WatchQuery => ({
    group,
    version,
    plural,
    namespaced: true,
    namespace,
  });
  const [resources, pods, above] = await Promise.all([
    listed(cluster, kind('reaper.k8ssandra.io', 'v1alpha1', 'reapers')),
    listed(cluster, kind('', 'v1', 'pods')),
    resource ? umbrellaOf(resource.meta, cluster) : undefined,
  ]);
  const isForeign = (one: JsonObject): boolean => {
    const datacenter = textAt(one, 'spec', 'datacenterRef', 'name');
    return datacenter !== '' && resource !== undefined && datacenter !== resource.meta.name;
  };
  const foreign = new Set(resources.filter(isForeign).map(nameOf));
  const running = pods.filter(
    (pod) =>
      objectsOf(valueAt(pod, 'spec', 'containers')).some((container) => IMAGE.test(textAt(container, 'image'))) &&
      !foreign.has(textAt(pod, 'metadata', 'labels', OWNER)),
  );
  const own = resources.filter((one) => !isForeign(one));
  // An empty one is one with the values of the operator.
  const isAbove = own.length + running.length === 0 && isObject(valueAt(above, 'spec', 'reaper'));
  return [
    ...own.map((one) => `Reaper ${nameOf(one)} is there`),
    ...running.map((one) => `pod ${nameOf(one)} is there`),
    ...(isAbove
      ? [`K8ssandraCluster ${nameOf(above)} has a Reaper (spec.reaper), which may run in another namespace`]
      : []),
  ];
}

/** How a repair is started there. Source: RepairRunResource of Reaper, 3.x. */
export const startAtReaper =
  'Start it at Reaper: forward port 8080 of its pod and use Repairs, Start a new repair, at /webui; or POST /repair_run with clusterName, keyspace and owner, then PUT /repair_run/ID/state/RUNNING.';

async function umbrellaOf(
  { labels, namespace }: { readonly labels: Readonly<Record<string, string>>; readonly namespace: string },
  cluster: Cluster,
): Promise<JsonObject | undefined> {
  const name = labels[UMBRELLA];
  if (name === undefined) return undefined;
  const address: ObjectAddress = {
    group: 'k8ssandra.io',
    version: 'v1alpha1',
    plural: 'k8ssandraclusters',
    namespaced: true,
    namespace: labels[UMBRELLA_NAMESPACE] ?? namespace,
    name,
  };
  try {
    return await cluster.get(address);
  } catch (error) {
    if (error instanceof ClusterProblem && (error.kind === 'forbidden' || error.kind === 'absent')) return undefined;
    throw error;
  }
}

const nameOf = (object: JsonObject | undefined): string => textAt(object, 'metadata', 'name');

async function listed(cluster: Cluster, query: WatchQuery): Promise<readonly JsonObject[]> {
  try {
    return await cluster.list(query);
  } catch (error) {
    if (error instanceof ClusterProblem && (error.kind === 'forbidden' || error.kind === 'absent')) return [];
    throw error;
  }
}
