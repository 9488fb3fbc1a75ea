import type { LiveMember } from '#core/live/model.ts';
import type { LiveCustom, LivePod, NamespaceObjects } from '#core/live/objects.ts';
import { groupBy } from '#core/systems/kafka/live/groupBy.ts';
import { at, integerAt, listOf, textAt } from '#core/systems/kafka/live/json.ts';
import { kafkaContainer, ordinalOf, rackOfNode, versionOfImage, type Role } from '#core/systems/kafka/live/node.ts';
import type { ClusterParts } from '#core/systems/kafka/live/parts.ts';

const GROUPS = new Set(['kafka.strimzi.io', 'core.strimzi.io']);
/** Connect and the bridge name their own clusters in the same label. */
const OWN_KINDS = new Set(['KafkaNodePool', 'KafkaTopic', 'KafkaUser', 'KafkaRebalance', 'StrimziPodSet']);

/** Clusters of Strimzi: by their Kafka resource, or by their pods where those resources may not be read. */
export function gatherStrimzi(objects: NamespaceObjects): readonly ClusterParts[] {
  const customs = objects.customs.filter(({ group }) => GROUPS.has(group));
  const kafkas = customs.filter(({ customKind }) => customKind === 'Kafka');
  const podsOf = groupBy(objects.pods, clusterOfPod);
  const customsOf = groupBy(customs.filter(isOwnKind), ({ meta }) => meta.labels['strimzi.io/cluster']);
  const names = new Set([...kafkas.map(({ meta }) => meta.name), ...podsOf.keys()]);
  return [...names].map((name) =>
    describe(
      name,
      kafkas.find(({ meta }) => meta.name === name),
      podsOf.get(name) ?? [],
      customsOf.get(name) ?? [],
      objects,
    ),
  );
}

/** Pods of brokers and controllers only: not of ZooKeeper, the entity operator, Cruise Control or the exporter. */
function clusterOfPod({ meta }: LivePod): string | undefined {
  const cluster = meta.labels['strimzi.io/cluster'];
  return cluster !== undefined && meta.labels['strimzi.io/name'] === `${cluster}-kafka` ? cluster : undefined;
}

function isOwnKind({ customKind, meta }: LiveCustom): boolean {
  if (!OWN_KINDS.has(customKind)) return false;
  return customKind !== 'StrimziPodSet' || (meta.labels['strimzi.io/kind'] ?? 'Kafka') === 'Kafka';
}

function describe(
  name: string,
  kafka: LiveCustom | undefined,
  pods: readonly LivePod[],
  customs: readonly LiveCustom[],
  objects: NamespaceObjects,
): ClusterParts {
  const pools = customs.filter(({ customKind }) => customKind === 'KafkaNodePool');
  const expected = expectedNodes(name, kafka, pools);
  const rackLabel = textAt(kafka?.spec, 'kafka', 'rack', 'topologyKey');
  const present = new Map(pods.map((pod) => [pod.meta.name, pod]));
  const names = new Set([...expected.keys(), ...present.keys()]);
  const version = textAt(kafka?.status, 'kafkaVersion') || textAt(kafka?.spec, 'kafka', 'version');
  const members = [...names].map((podName) =>
    makeMember(podName, present.get(podName), expected.get(podName), rackLabel, version, objects),
  );
  return {
    flavour: 'strimzi',
    name,
    resource: kafka,
    made: kafka?.meta,
    members,
    wanted: wantedOf(kafka, pools),
    version: version || (members.find(({ version: own }) => own !== '')?.version ?? ''),
    // Until 0.35 the operator ran StatefulSets.
    workloads: objects.workloads.filter(({ meta }) => meta.labels['strimzi.io/name'] === `${name}-kafka`),
    customs,
  };
}

interface Expected {
  readonly pool: string;
  readonly role: Role;
}

/** Names of the pods that Strimzi makes: `shop-brokers-3` of a pool, `shop-kafka-0` without pools. */
function expectedNodes(
  name: string,
  kafka: LiveCustom | undefined,
  pools: readonly LiveCustom[],
): ReadonlyMap<string, Expected> {
  const ofPools = pools.flatMap((pool) => {
    const ids = listOf(at(pool.status, 'nodeIds')).filter((id) => typeof id === 'number');
    const expected = { pool: pool.meta.name, role: poolRole(pool) };
    return ids.map((id) => [`${name}-${pool.meta.name}-${id}`, expected] as const);
  });
  if (pools.length > 0) return new Map(ofPools);
  const replicas = integerAt(kafka?.spec, 'kafka', 'replicas') ?? 0;
  const expected: Expected = { pool: '', role: 'broker' };
  return new Map(Array.from({ length: Math.min(replicas, 1000) }, (_, index) => [`${name}-kafka-${index}`, expected]));
}

function wantedOf(kafka: LiveCustom | undefined, pools: readonly LiveCustom[]): number | undefined {
  if (pools.length === 0) return integerAt(kafka?.spec, 'kafka', 'replicas');
  return pools.reduce((sum, { spec }) => sum + (integerAt(spec, 'replicas') ?? 0), 0);
}

function poolRole({ spec, status }: LiveCustom): Role {
  const written = listOf(at(spec, 'roles'));
  const roles = new Set(written.length > 0 ? written : listOf(at(status, 'roles')));
  if (!roles.has('controller')) return 'broker';
  return roles.has('broker') ? 'broker and controller' : 'controller';
}

function makeMember(
  name: string,
  pod: LivePod | undefined,
  expected: Expected | undefined,
  rackLabel: string,
  version: string,
  objects: NamespaceObjects,
): LiveMember {
  const container = pod && kafkaContainer(pod.containers);
  return {
    name,
    role: (pod && roleOfLabels(pod.meta.labels)) ?? expected?.role ?? 'broker',
    pod,
    index: ordinalOf(name),
    rack: rackOfNode(pod, rackLabel, objects),
    group: pod?.meta.labels['strimzi.io/pool-name'] ?? expected?.pool ?? '',
    container: container?.name ?? 'kafka',
    version: (container && versionOfImage(container.image)) || (pod ? '' : version),
  };
}

/** Operators without node pools set neither label. */
function roleOfLabels(labels: Readonly<Record<string, string>>): Role | undefined {
  const isBroker = labels['strimzi.io/broker-role'] === 'true';
  const isController = labels['strimzi.io/controller-role'] === 'true';
  if (isBroker && isController) return 'broker and controller';
  return isBroker ? 'broker' : isController ? 'controller' : undefined;
}
