import type { LiveMember } from '#core/live/model.ts';
import type { LiveCustom, LivePod, NamespaceObjects } from '#core/live/objects.ts';
import { groupBy } from '#core/systems/kafka/live/groupBy.ts';
import { at, integerAt, listOf, parseDigits, textAt } from '#core/systems/kafka/live/json.ts';
import { kafkaContainer, roleOf, versionOfImage, type Role } from '#core/systems/kafka/live/node.ts';
import { isOwnedBy, type ClusterParts } from '#core/systems/kafka/live/parts.ts';

const GROUP = 'kafka.banzaicloud.io';

/** Clusters of Koperator: plain pods with random endings, numbered by a label. */
export function gatherKoperator(objects: NamespaceObjects): readonly ClusterParts[] {
  const customs = objects.customs.filter(({ group }) => group === GROUP);
  const clusters = customs.filter(({ customKind }) => customKind === 'KafkaCluster');
  const podsOf = groupBy(objects.pods, ({ meta }) =>
    meta.labels['brokerId'] === undefined ? undefined : meta.labels['kafka_cr'],
  );
  const names = new Set([...clusters.map(({ meta }) => meta.name), ...podsOf.keys()]);
  return [...names].map((name) => {
    const cluster = clusters.find(({ meta }) => meta.name === name);
    return describe(name, cluster, podsOf.get(name) ?? [], customs);
  });
}

function describe(
  name: string,
  cluster: LiveCustom | undefined,
  pods: readonly LivePod[],
  customs: readonly LiveCustom[],
): ClusterParts {
  const brokers = listOf(at(cluster?.spec, 'brokers'));
  const present = pods.map((pod) => makeMember(pod.meta.name, pod, parseDigits(pod.meta.labels['brokerId']), cluster));
  const numbers = new Set(present.map(({ index }) => index));
  const missing = brokers.flatMap((broker) => integerAt(broker, 'id') ?? []).filter((id) => !numbers.has(id));
  const members = [...present, ...missing.map((id) => makeMember(`${name}-${id}`, undefined, id, cluster))];
  return {
    flavour: 'koperator',
    name,
    resource: cluster,
    made: cluster?.meta,
    members,
    wanted: cluster ? brokers.length : undefined,
    version: versionOf(members),
    workloads: [],
    customs: customs.filter((custom) => isAbout(custom, name, cluster)),
  };
}

function makeMember(
  name: string,
  pod: LivePod | undefined,
  id: number | undefined,
  cluster: LiveCustom | undefined,
): LiveMember {
  const container = pod && kafkaContainer(pod.containers);
  const state = at(cluster?.status, 'brokersState', String(id));
  const broker = listOf(at(cluster?.spec, 'brokers')).find((entry) => integerAt(entry, 'id') === id);
  return {
    name,
    role: (pod && roleOfLabels(pod.meta.labels)) ?? roleOfBroker(broker) ?? 'broker',
    pod,
    index: id,
    rack: /^broker\.rack=(.+)$/.exec(textAt(state, 'rackAwarenessState'))?.[1] ?? '',
    group: textAt(broker, 'brokerConfigGroup'),
    container: container?.name ?? 'kafka',
    version: textAt(state, 'version') || (container ? versionOfImage(container.image) : ''),
  };
}

function roleOfLabels(labels: Readonly<Record<string, string>>): Role | undefined {
  const isBroker = labels['isBrokerNode'] === 'true';
  const isController = labels['isControllerNode'] === 'true';
  if (isBroker && isController) return 'broker and controller';
  return isBroker ? 'broker' : isController ? 'controller' : undefined;
}

function roleOfBroker(broker: unknown): Role | undefined {
  const roles = listOf(at(broker, 'brokerConfig', 'processRoles')).filter((role) => typeof role === 'string');
  return roles.length === 0 ? undefined : roleOf(roles.join(','));
}

/** The one version of all, else nothing: during an upgrade there are two. */
function versionOf(members: readonly LiveMember[]): string {
  const versions = new Set(members.map(({ version }) => version).filter((version) => version !== ''));
  return versions.size === 1 ? ([...versions][0] ?? '') : '';
}

function isAbout({ customKind, spec, meta }: LiveCustom, name: string, cluster: LiveCustom | undefined): boolean {
  if (customKind === 'KafkaTopic' || customKind === 'KafkaUser') return textAt(spec, 'clusterRef', 'name') === name;
  if (customKind !== 'CruiseControlOperation') return false;
  return isOwnedBy(meta, { kind: 'KafkaCluster', name, ...(cluster ? { uid: cluster.meta.uid } : {}) });
}
