import type { LiveService, LiveWorkload, NamespaceObjects } from '#core/live/objects.ts';
import { groupBy } from '#core/systems/kafka/live/groupBy.ts';
import { kafkaContainer, settingOf, workloadRole } from '#core/systems/kafka/live/node.ts';
import { isSelected } from '#core/systems/kafka/live/parts.ts';
import { splitList } from '#core/systems/kafka/brokerConfig.ts';

/** The workloads that links are looked for among. */
export interface Neighbours {
  readonly workloads: readonly LiveWorkload[];
  readonly statefulSets: ReadonlyMap<string, LiveWorkload>;
  readonly services: ReadonlyMap<string, LiveService>;
  /** Cluster ids that one set of controllers shares with brokers that have none. */
  readonly splitIds: ReadonlySet<string>;
}

export function neighboursOf(workloads: readonly LiveWorkload[], { services }: NamespaceObjects): Neighbours {
  const statefulSets = workloads.filter(({ kind }) => kind === 'StatefulSet');
  return {
    workloads,
    statefulSets: new Map(statefulSets.map((workload) => [workload.meta.name, workload])),
    services: new Map(services.map((service) => [service.meta.name, service])),
    splitIds: new Set([...groupBy(workloads, clusterIdOf)].filter(([, same]) => isSplit(same)).map(([id]) => id)),
  };
}

/**
 * What a workload says of the cluster it belongs to, as texts that are equal for workloads of one cluster.
 * A cluster id alone counts only between controllers and those that need some: people copy ids from examples.
 */
export function linksOf(workload: LiveWorkload, neighbours: Neighbours): readonly string[] {
  return [
    ...chartLinks(workload),
    ...quorumLinks(workload, neighbours),
    ...zooKeeperLinks(workload),
    ...idLinks(workload, neighbours),
  ];
}

/** Bitnami's chart and those like it: the workloads of a release that are parts of one Kafka. */
function chartLinks({ templateLabels }: LiveWorkload): readonly string[] {
  const instance = templateLabels['app.kubernetes.io/instance'];
  const name = templateLabels['app.kubernetes.io/name'];
  const isPart =
    (templateLabels['app.kubernetes.io/part-of'] ?? templateLabels['app.kubernetes.io/component']) !== undefined;
  return instance === undefined || name === undefined || !isPart ? [] : [`chart ${instance} ${name}`];
}

/** Whose controllers it follows: the addresses themselves, and the workload whose pods have those names. */
function quorumLinks(workload: LiveWorkload, neighbours: Neighbours): readonly string[] {
  const container = kafkaContainer(workload.containers);
  const written =
    settingOf(container, 'controller.quorum.voters') ?? settingOf(container, 'controller.quorum.bootstrap.servers');
  const hosts = splitList(written ?? '').flatMap((entry) => hostOf(entry.replace(/^\d+@/, '')) ?? []);
  const targets = hosts.flatMap((host) => workloadAt(host, neighbours) ?? []);
  const own = [workload, ...targets].map(({ meta }) => `workload ${meta.uid}`);
  return hosts.length > 0 ? [...own, `quorum ${hosts.toSorted().join(',')}`] : own;
}

/** `kafka-0.kafka` is a pod of the StatefulSet kafka; `kafka-controllers` is a Service in front of one. */
function workloadAt(host: string, { statefulSets, services, workloads }: Neighbours): LiveWorkload | undefined {
  const [first = '', second = ''] = host.split('.');
  const ofPod = /-\d+$/.test(first) ? statefulSets.get(first.replace(/-\d+$/, '')) : undefined;
  if (ofPod) return ofPod;
  const service = services.get(first) ?? services.get(second);
  return service && workloads.find(({ templateLabels }) => isSelected(service.selector, templateLabels));
}

/** The name of a host; undefined for one that every pod resolves to itself or that is filled in later. */
function hostOf(address: string): string | undefined {
  const host = address.replace(/:\d+$/, '').replace(/\$\((?:MY_)?POD_NAMESPACE\)/, 'namespace');
  return host === '' || /^(?:localhost|127\.|0\.0\.0\.0|\[)/.test(host) || host.includes('$') ? undefined : host;
}

/** Brokers that register at the same place of the same ZooKeeper are one cluster. */
function zooKeeperLinks({ containers }: LiveWorkload): readonly string[] {
  const written = settingOf(kafkaContainer(containers), 'zookeeper.connect');
  if (written === undefined || written.includes('$') || /(?:^|,)(?:localhost|127\.)/.test(written)) return [];
  const [servers = '', ...path] = written.split('/');
  return [`zookeeper ${[...splitList(servers)].toSorted().join(',')}/${path.join('/')}`];
}

function idLinks(workload: LiveWorkload, { splitIds }: Neighbours): readonly string[] {
  const id = clusterIdOf(workload);
  return id !== undefined && splitIds.has(id) ? [`id ${id}`] : [];
}

/** One set of controllers and brokers that have none: together they are one cluster. Two sets would be two. */
function isSplit(same: readonly LiveWorkload[]): boolean {
  const roles = same.map(({ containers, templateLabels }) => workloadRole(kafkaContainer(containers), templateLabels));
  const controllers = roles.filter((role) => role === 'controller');
  return controllers.length === 1 && roles.includes('broker') && !roles.includes('broker and controller');
}

function clusterIdOf({ containers }: LiveWorkload): string | undefined {
  const variables = kafkaContainer(containers)?.variables ?? {};
  const id = variables['CLUSTER_ID'] ?? variables['KAFKA_CLUSTER_ID'] ?? variables['KAFKA_KRAFT_CLUSTER_ID'];
  return id === undefined || id.includes('$') || id === '' ? undefined : id;
}
