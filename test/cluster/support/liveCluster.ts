import process from 'node:process';
import { createClusterDirectory } from '#client/cluster/kubernetes.ts';
import { systemClock } from '#client/cluster/systemClock.ts';
import type { DataCluster, InsideFacts, LiveSystem } from '#core/live/model.ts';
import type { LiveObject, NamespaceObjects } from '#core/live/objects.ts';
import type { Cluster } from '#core/live/ports.ts';
import { builtInWatches, type Place } from '#core/live/resources.ts';
import { neverCancelled } from '#core/ports.ts';
import type { TestCluster } from './suite.ts';

const silent = (): void => undefined;

/** Works with the cluster under test as the product reaches it. */
export async function withCluster<Result>(
  { access }: TestCluster,
  work: (cluster: Cluster) => Promise<Result>,
): Promise<Result> {
  const directory = createClusterDirectory({
    kubeconfigPaths: () => [access.kubeconfig],
    environment: process.env,
    log: { error: silent, warn: silent, info: silent, debug: silent },
    watchFiles: false,
  });
  try {
    const contexts = await directory.contexts();
    const current = contexts.find(({ isCurrent }) => isCurrent) ?? contexts[0];
    if (!current) throw new Error('The kubeconfig of the cluster has no context.');
    return await work(await directory.open(current.name));
  } finally {
    directory.stop();
  }
}

/** The data clusters of a system in a namespace, as they are now. Custom resources are left out. */
export async function gatherNow(
  cluster: Cluster,
  system: LiveSystem,
  namespace: string,
): Promise<readonly DataCluster[]> {
  const byPlace = new Map<Place, LiveObject[]>();
  for (const { query, place, decode } of builtInWatches) {
    if (!query.namespaced) continue;
    const objects = await cluster.list({ ...query, namespace });
    const decoded = objects.flatMap((object) => decode(object) ?? []);
    byPlace.set(place, [...(byPlace.get(place) ?? []), ...decoded]);
  }
  const found = [...byPlace.values()].flat();
  const kindOf = <Kind extends LiveObject['kind']>(...kinds: readonly Kind[]) =>
    found.filter((object): object is Extract<LiveObject, { kind: Kind }> => kinds.some((kind) => kind === object.kind));
  const objects: NamespaceObjects = {
    namespace,
    pods: kindOf('Pod'),
    workloads: found.filter(isWorkload),
    services: kindOf('Service'),
    claims: kindOf('PersistentVolumeClaim'),
    budgets: kindOf('PodDisruptionBudget'),
    customs: [],
    helmSecrets: kindOf('Metadata'),
    nodes: new Map(),
    hidden: new Set(),
  };
  return system.gather(objects);
}

const isWorkload = (object: LiveObject): object is NamespaceObjects['workloads'][number] =>
  object.kind === 'StatefulSet' || object.kind === 'Deployment' || object.kind === 'DaemonSet';

export interface Inspected {
  readonly data: DataCluster;
  readonly inside: InsideFacts;
  /** `healthy: 3 of 3 nodes, all up and normal from every node`. */
  readonly verdict: string;
}

/** Gathers, asks and judges the one data cluster of a system in a namespace. */
export async function inspectNow(
  cluster: Cluster,
  system: LiveSystem,
  namespace: string,
  previous?: InsideFacts,
): Promise<Inspected> {
  const [data] = await gatherNow(cluster, system, namespace);
  if (!data || !system.inspect) throw new Error(`Nothing in ${namespace} can be asked.`);
  const access = { cluster, clock: systemClock, cancellation: neverCancelled, previous };
  const inside = await system.inspect(data, access);
  const { level, sentence } = system.health(data, inside, systemClock.now());
  return { data, inside, verdict: `${level}: ${sentence}` };
}
