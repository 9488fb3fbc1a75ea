import type { DataCluster, InsideFacts } from '#core/live/model.ts';
import { cassandraLive } from '#core/systems/cassandra/live.ts';
import { namespaceOf, NOW } from '#test/core/systems/cassandra/objects.ts';

/** The one ring, or the first, that these objects make. */
export function clusterOf(objects: Parameters<typeof namespaceOf>[0]): DataCluster {
  const [cluster] = cassandraLive.gather(namespaceOf(objects));
  if (!cluster) throw new Error('Nothing was found.');
  return cluster;
}

/** Its level and sentence. */
export const told = (cluster: DataCluster, inside?: InsideFacts): string => {
  const { level, sentence } = cassandraLive.health(cluster, inside, NOW);
  return `${level}: ${sentence}`;
};
