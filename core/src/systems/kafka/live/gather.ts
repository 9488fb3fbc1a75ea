import type { DataCluster } from '#core/live/model.ts';
import type { NamespaceObjects } from '#core/live/objects.ts';
import { gatherConfluent } from '#core/systems/kafka/live/confluent.ts';
import { gatherKoperator } from '#core/systems/kafka/live/koperator.ts';
import { gatherLegacy } from '#core/systems/kafka/live/legacy.ts';
import { compare, completeCluster } from '#core/systems/kafka/live/parts.ts';
import { gatherStrimzi } from '#core/systems/kafka/live/strimzi.ts';
import { gatherWorkloads } from '#core/systems/kafka/live/workloads.ts';

/** The Kafka clusters of a namespace: those of operators first, then what is left. */
export function gatherKafka(objects: NamespaceObjects): readonly DataCluster[] {
  const ofOperators = [gatherStrimzi, gatherConfluent, gatherKoperator, gatherLegacy].flatMap((gather) =>
    gather(objects),
  );
  const workloads = new Set(ofOperators.flatMap((parts) => parts.workloads));
  const pods = new Set(ofOperators.flatMap(({ members }) => members.flatMap(({ pod }) => pod ?? [])));
  const all = [...ofOperators, ...gatherWorkloads(objects, { workloads, pods })];
  return distinct(all.map((parts) => completeCluster(parts, objects))).toSorted(
    (a, b) => compare(a.name, b.name) || compare(a.key, b.key),
  );
}

/** A Kafka of Strimzi and a StatefulSet may have the same name. The first, which an operator runs, keeps the plain key. */
function distinct(clusters: readonly DataCluster[]): readonly DataCluster[] {
  const seen = new Set<string>();
  return clusters.map((cluster) => {
    let { key } = cluster;
    for (let number = 1; seen.has(key); number += 1)
      key = `${cluster.key}@${cluster.flavour}${number > 1 ? number : ''}`;
    seen.add(key);
    return key === cluster.key ? cluster : { ...cluster, key };
  });
}
